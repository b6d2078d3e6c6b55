package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// The sections of an instruction with those it inherits, each with the scope it was written in. A
/// single-valued section that is restated wins over the form's; `legal` accumulates.
final class Layers {
  /// A section and its scope.
  record In<T>(T section, Scope scope) {}

  final Map<String, In<Section.EncPart>> values = new LinkedHashMap<>();
  final Map<String, In<Section.EncPart>> classes = new LinkedHashMap<>();
  final Map<String, In<Section.Let>> lets = new LinkedHashMap<>();
  final Map<String, In<Section.View>> views = new LinkedHashMap<>();
  final List<In<Section.Legal>> legals = new ArrayList<>();
  final List<In<Section.Hint>> hints = new ArrayList<>();
  final List<String> requires = new ArrayList<>();
  final Map<String, In<Section.Figure>> cost = new LinkedHashMap<>();
  @Nullable In<Section.UseEnv> env;
  @Nullable In<Section.Asm> asm;
  @Nullable In<Section.Mnemonic> mnemonic;
  @Nullable In<Section.Op> op;
  @Nullable In<Section.Intrinsic> intrinsic;
  @Nullable In<Section.Expands> expands;
  String doc = "";

  /// Adds the sections of one form or of the instruction itself, after those of its base.
  void add(List<Section> sections, Scope scope) {
    Map<String, Span> single = new LinkedHashMap<>();
    for (Section section : sections) {
      String kind = kind(section);
      Span earlier = kind == null ? null : single.putIfAbsent(kind, section.span());
      if (earlier != null) {
        throw new SpecError(
            tessera.isaspec.diagnostic.Diagnostic.error(
                    "section-twice", section.span(), "a second " + kind + " in one definition")
                .note(earlier, "the first is here")
                .help("join them, or delete one"));
      }
      add(section, scope);
    }
  }

  private static @Nullable String kind(Section section) {
    return switch (section) {
      case Section.Asm _ -> "`asm`";
      case Section.Mnemonic _ -> "`mnemonic`";
      case Section.UseEnv _ -> "`env`";
      case Section.Op _ -> "`op`";
      case Section.Intrinsic _ -> "`intrinsic`";
      case Section.Doc _ -> "`doc`";
      case Section.Expands _ -> "`expands`";
      case Section.View v -> "view '" + v.name() + "'";
      case Section.Enc _,
          Section.Requires _,
          Section.Legal _,
          Section.Let _,
          Section.Cost _,
          Section.Hint _ ->
          null;
    };
  }

  private void add(Section section, Scope scope) {
    switch (section) {
      case Section.Enc s -> s.parts().forEach(p -> enc(p, scope));
      case Section.Asm s -> asm = new In<>(s, scope);
      case Section.Mnemonic s -> mnemonic = new In<>(s, scope);
      case Section.Requires s -> requires.addAll(s.extensions());
      case Section.Legal s -> legals.add(new In<>(s, scope));
      case Section.UseEnv s -> env = new In<>(s, scope);
      case Section.View s -> views.put(s.name(), new In<>(s, scope));
      case Section.Let s -> names(s.pattern()).forEach(n -> lets.put(n, new In<>(s, scope)));
      case Section.Op s -> op = new In<>(s, scope);
      case Section.Cost s -> s.figures().forEach(f -> cost.put(f.key(), new In<>(f, scope)));
      case Section.Hint s -> hints.add(new In<>(s, scope));
      case Section.Intrinsic s -> intrinsic = new In<>(s, scope);
      case Section.Doc s -> doc = s.text();
      case Section.Expands s -> expands = new In<>(s, scope);
    }
  }

  private void enc(Section.EncPart part, Scope scope) {
    if (part.value() != null) {
      values.put(part.field(), new In<>(part, scope));
    } else {
      classes.put(part.field(), new In<>(part, scope));
      values.remove(part.field());
    }
  }

  private static List<String> names(Term.Pattern pattern) {
    return switch (pattern) {
      case Term.Pattern.Bind(var name, _) -> List.of(name);
      case Term.Pattern.Constant _ -> List.of();
      case Term.Pattern.Tuple(var parts) -> parts.stream().flatMap(p -> names(p).stream()).toList();
    };
  }

  /// {@return every name that the sections mention: a view that nobody mentions demands nothing}
  Set<String> mentioned() {
    Set<String> names = new HashSet<>();
    if (op != null) {
      op.section().body().forEach(s -> Occurrences.statement(s, names::add));
    }
    legals.forEach(l -> Occurrences.term(l.section().condition(), names::add));
    lets.values().forEach(l -> Occurrences.term(l.section().value(), names::add));
    cost.values().forEach(f -> Occurrences.term(f.section().value(), names::add));
    return names;
  }
}
