package tessera.assembler;

import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.Expression;
import tessera.isaspec.RegisterFile;

/// An operand for [AsmBuilder#insn].
public sealed interface Operand {

  /// Register `number` of a file.
  record Register(RegisterFile file, int number) implements Operand {}

  /// A number; for a target, the distance in bytes.
  record Number(long value) implements Operand {}

  /// A register, CSR or other word as it is written in text: `a0`, `mt4`, `e8`, `rtz`, `v0.t`.
  record Word(String text) implements Operand {}

  /// An address, or by a relocation function a part of it.
  ///
  /// @param function `lo`, `pcrel_hi`, …; null for a target or the symbol of a pseudo-instruction
  record Address(@Nullable String function, Expression expression) implements Operand {}

  /// {@return a register by number}
  static Operand register(RegisterFile file, int number) {
    return new Register(file, number);
  }

  /// {@return a number}
  static Operand imm(long value) {
    return new Number(value);
  }

  /// {@return a word as it is written in text}
  static Operand word(String text) {
    return new Word(text);
  }
}
