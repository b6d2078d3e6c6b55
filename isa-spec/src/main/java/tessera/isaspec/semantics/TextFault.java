package tessera.isaspec.semantics;

/// A text asks for something that has no meaning, and only executing it showed that: two writes of
/// one step that meet, an element outside its view. It is the text's mistake, not the guest's, so
/// it is no trap; whoever runs the instruction reports it. It carries no stack.
public final class TextFault extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String code;

  /// @param code the diagnostic's name (`double-write`, `index-range`, …)
  public TextFault(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /// {@return the diagnostic's name}
  public String code() {
    return code;
  }
}
