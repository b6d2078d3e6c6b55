package tessera.isaspec.check;

import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// A finding that ends the check of the construct at hand; whoever goes on with the next one
/// collects it. It carries no stack.
final class SpecError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Diagnostic diagnostic;

  SpecError(Diagnostic diagnostic) {
    super(diagnostic.message(), null, false, false);
    this.diagnostic = diagnostic;
  }

  SpecError(String code, Span span, String message) {
    this(Diagnostic.error(code, span, message));
  }

  SpecError(String code, Span span, String message, String help) {
    this(Diagnostic.error(code, span, message).help(help));
  }

  Diagnostic diagnostic() {
    return diagnostic;
  }
}
