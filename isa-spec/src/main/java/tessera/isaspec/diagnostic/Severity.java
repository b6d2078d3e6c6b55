package tessera.isaspec.diagnostic;

/// How bad a diagnostic is: an error keeps the input from being used, a warning does not.
public enum Severity {
  ERROR,
  WARNING;

  /// {@return the word that is printed}
  public String word() {
    return switch (this) {
      case ERROR -> "error";
      case WARNING -> "warning";
    };
  }
}
