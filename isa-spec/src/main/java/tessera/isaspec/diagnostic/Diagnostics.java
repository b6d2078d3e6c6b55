package tessera.isaspec.diagnostic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects the diagnostics of one input; the same finding at the same place counts once, whatever
/// number of expansions leads to it.
public final class Diagnostics {
  private record Origin(String code, @Nullable Span span, String message) {}

  private final List<Diagnostic> found = new ArrayList<>();
  private final Set<Origin> seen = new LinkedHashSet<>();
  private int errors;

  /// Adds a finding, unless an equal one at its place is there already.
  public void add(Diagnostic diagnostic) {
    String words = diagnostic.span() == null ? diagnostic.message() : "";
    if (seen.add(new Origin(diagnostic.code(), diagnostic.span(), words))) {
      found.add(diagnostic);
      errors += diagnostic.isError() ? 1 : 0;
    }
  }

  /// Adds several findings.
  public void addAll(List<Diagnostic> diagnostics) {
    diagnostics.forEach(this::add);
  }

  /// {@return whether an error is among them}
  public boolean hasErrors() {
    return errors > 0;
  }

  /// {@return the number of errors}
  public int errors() {
    return errors;
  }

  /// {@return all findings in the order they were made}
  public List<Diagnostic> all() {
    return List.copyOf(found);
  }
}
