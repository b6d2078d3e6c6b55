package tessera.assembler.parser;

import tessera.isaspec.diagnostic.Diagnostic;

/// A statement that can not be read. Carries no stack: it is a user's mistake, and whoever reads
/// the statement turns it into its diagnostic.
public final class SyntaxError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Diagnostic diagnostic;

  public SyntaxError(Diagnostic diagnostic) {
    super(diagnostic.message(), null, false, false);
    this.diagnostic = diagnostic;
  }

  /// {@return what is wrong}
  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
