package tessera.isaspec.encoding;

import tessera.isaspec.Instruction;

/// A word that is an instruction.
///
/// @param word the fetched bits, zero-extended
public record Decoded(Instruction instruction, long word) {

  /// {@return the value of an operand, as semantics see it: a register's number, an immediate's or
  /// offset's value (sign-extended where its class is signed)}
  public long operand(String field) {
    return instruction.operand(field).decode(word);
  }

  /// {@return the length in bytes}
  public int bytes() {
    return instruction.encoding().bytes();
  }
}
