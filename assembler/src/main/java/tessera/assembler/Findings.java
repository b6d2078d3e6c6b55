package tessera.assembler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Input;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// What is wrong with some texts: found in any order by several stages, told in the order of the
/// texts, with the calls and files that led to each place.
final class Findings {
  /// How many calls in each other are told.
  private static final int MOST_CAUSES = 6;

  private final List<Source> texts;
  private final Diagnostics diagnostics = new Diagnostics();
  private final IdentityHashMap<Source, Input.Cause> causes = new IdentityHashMap<>();

  Findings(List<Source> texts) {
    this.texts = List.copyOf(texts);
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  /// Adds why statements were read that stand in no file given.
  void explain(IdentityHashMap<Source, Input.Cause> reasons) {
    causes.putAll(reasons);
  }

  /// {@return all findings, explained and in order}
  List<Diagnostic> sorted() {
    return diagnostics.all().stream()
        .sorted(
            Comparator.comparingInt((Diagnostic d) -> text(d.span()))
                .thenComparingInt(d -> first(d.span()))
                .thenComparingInt(d -> d.span() == null ? 0 : d.span().from()))
        .map(this::explained)
        .toList();
  }

  private int text(@Nullable Span span) {
    Span own = given(span);
    return own == null ? texts.size() : texts.indexOf(own.source());
  }

  private int first(@Nullable Span span) {
    Span own = given(span);
    return own == null ? 0 : own.from();
  }

  /// {@return the place in a file given that led to this one; null: there is none}
  private @Nullable Span given(@Nullable Span span) {
    Span at = span;
    while (at != null && !texts.contains(at.source())) {
      Input.Cause cause = causes.get(at.source());
      at = cause == null ? null : cause.at();
    }
    return at;
  }

  private Input.@Nullable Cause cause(@Nullable Span at) {
    return at == null ? null : causes.get(at.source());
  }

  private Diagnostic explained(Diagnostic diagnostic) {
    List<Input.Cause> all = new ArrayList<>();
    Input.Cause cause = cause(diagnostic.span());
    while (cause != null) {
      // A macro that calls itself is told once.
      if (all.isEmpty() || !all.getLast().at().equals(cause.at())) {
        all.add(cause);
      }
      cause = cause(cause.at());
    }
    Diagnostic result = diagnostic;
    for (int i = 0; i < all.size(); i++) {
      if (i < MOST_CAUSES || i == all.size() - 1) {
        result = result.note(all.get(i).at(), all.get(i).what());
      } else if (i == MOST_CAUSES) {
        result = result.note(null, "… " + (all.size() - MOST_CAUSES - 1) + " more …");
      }
    }
    return result;
  }
}
