package tessera.isaspec.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// A statement as written.
public sealed interface Statement {
  Span span();

  record Let(Term.Pattern pattern, @Nullable Term type, Term value, Span span)
      implements Statement {}

  record Var(String name, @Nullable Term type, Term value, Span span) implements Statement {}

  /// `operator` is `=`, `+=` or `|=`.
  record Assign(Term target, String operator, Term value, Span span) implements Statement {}

  record CallOnly(Term call, Span span) implements Statement {}

  record If(Term condition, List<Statement> then, List<Statement> otherwise, Span span)
      implements Statement {}

  record Choose(Term of, List<Case> cases, Span span) implements Statement {}

  record Case(Term.Pattern pattern, List<Statement> body) {}

  record Repeat(String index, Term.Range range, @Nullable Term max, List<Statement> body, Span span)
      implements Statement {}

  /// A declared loop.
  record Each(
      boolean resume,
      String loop,
      String index,
      Term.@Nullable Range range,
      boolean every,
      boolean agnostic,
      @Nullable String carry,
      @Nullable Term carryStart,
      List<Statement> body,
      Span span)
      implements Statement {}

  record Raise(String trap, List<Term.Arg> args, Span span) implements Statement {}

  record Require(Term condition, @Nullable Holed text, Span span) implements Statement {}

  record Await(Term condition, Span span) implements Statement {}

  record Jump(Term target, Span span) implements Statement {}

  record Return(Term value, Span span) implements Statement {}

  record Stop(Span span) implements Statement {}
}
