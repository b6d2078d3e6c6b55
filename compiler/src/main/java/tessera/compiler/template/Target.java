package tessera.compiler.template;

/// What the machine that code is made for has.
public interface Target {
  /// Whether there is an instruction of this mnemonic.
  boolean has(String mnemonic);
}
