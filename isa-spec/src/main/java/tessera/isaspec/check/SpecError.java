package tessera.isaspec.check;

import java.util.List;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// Findings that end the check of the construct at hand; whoever goes on with the next one collects
/// them. It carries no stack. Without a finding it says that the construct cannot be checked since
/// what it uses was already found to be wrong.
final class SpecError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Diagnostic> diagnostics;

  SpecError(List<Diagnostic> diagnostics) {
    super(diagnostics.isEmpty() ? "" : diagnostics.getFirst().message(), null, false, false);
    this.diagnostics = List.copyOf(diagnostics);
  }

  SpecError(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  SpecError(String code, Span span, String message) {
    this(Diagnostic.error(code, span, message));
  }

  SpecError(String code, Span span, String message, String help) {
    this(Diagnostic.error(code, span, message).help(help));
  }

  /// {@return the error of a construct that uses a broken one}
  static SpecError reported() {
    return new SpecError(List.of());
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
