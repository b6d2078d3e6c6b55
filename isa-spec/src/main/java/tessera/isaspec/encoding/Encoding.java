package tessera.isaspec.encoding;

/// Which words are an instruction: those with `(word & mask) == match`.
///
/// @param length in bits, 16 or 32
/// @param mask the bits that are fixed; ignored bits and operands are not
/// @param match their values
public record Encoding(int length, long mask, long match) {

  /// {@return whether the word has the fixed bits}
  public boolean matches(long word) {
    return (word & mask) == match;
  }

  /// {@return the length in bytes}
  public int bytes() {
    return length / 8;
  }
}
