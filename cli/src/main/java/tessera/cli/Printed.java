package tessera.cli;

import java.util.List;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;

/// Diagnostics as text for standard error.
final class Printed {
  private Printed() {}

  /// {@return the text of all; one without a place begins with `subject`}
  static String text(String subject, List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    boolean placed = false;
    for (Diagnostic diagnostic : diagnostics) {
      placed |= diagnostic.span() != null;
      if (diagnostic.span() == null) {
        out.append(Renderer.printable(subject)).append(": ").append(Renderer.render(diagnostic));
      }
    }
    if (placed) {
      out.append(Renderer.render(diagnostics.stream().filter(d -> d.span() != null).toList()));
    }
    return out.toString();
  }
}
