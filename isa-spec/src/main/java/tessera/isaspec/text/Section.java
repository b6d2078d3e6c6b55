package tessera.isaspec.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// A section of an instruction or form as written.
public sealed interface Section {
  Span span();

  record Enc(List<EncPart> parts, Span span) implements Section {}

  /// `field = value` or `field : class`.
  record EncPart(String field, @Nullable Term value, @Nullable String operandClass, Span span) {}

  record Asm(List<Holed> templates, Span span) implements Section {}

  record Mnemonic(Holed name, Span span) implements Section {}

  record Requires(List<String> extensions, Span span) implements Section {}

  record Legal(boolean reserved, Term condition, @Nullable Holed text, Span span)
      implements Section {}

  record UseEnv(String env, List<Term.Arg> args, Span span) implements Section {}

  record View(String name, Term window, @Nullable Term type, Span span) implements Section {}

  record Let(Term.Pattern pattern, @Nullable Term type, Term value, Span span) implements Section {}

  record Op(List<Statement> body, Span span) implements Section {}

  record Cost(List<Figure> figures, Span span) implements Section {}

  record Figure(String key, Term value, Span span) {}

  record Hint(Term condition, Span span) implements Section {}

  record Intrinsic(Holed prototype, Span span) implements Section {}

  record Doc(String text, Span span) implements Section {}

  /// @param named whether only a line that names it is shortened so
  record Expands(Target target, boolean named, Span span) implements Section {}

  /// An instruction with arguments, of `expands` and `alias`.
  record Target(Holed name, List<Term.Arg> args, Span span) {}
}
