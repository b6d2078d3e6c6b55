package tessera.compiler.importer;

/// Ends the translation of one node, with the reason; never leaves this package.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Whose fault it is.
  enum Kind {
    /// The model is right, but we cannot compile this.
    UNSUPPORTED,
    /// The model breaks a rule of ONNX.
    INVALID
  }

  private final Kind kind;
  private final String reason;

  private Refusal(Kind kind, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  static Refusal unsupported(String reason) {
    return new Refusal(Kind.UNSUPPORTED, reason);
  }

  static Refusal invalid(String reason) {
    return new Refusal(Kind.INVALID, reason);
  }

  Kind kind() {
    return kind;
  }

  String reason() {
    return reason;
  }
}
