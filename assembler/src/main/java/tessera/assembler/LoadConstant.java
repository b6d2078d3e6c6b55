package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.Expression;
import tessera.isaspec.Isa;

/// How `li` makes a number that one instruction can not: the sequences of GNU as 2.40 for RV64. The
/// one place outside a specification that names instructions.
final class LoadConstant {

  /// An instruction of the sequence.
  ///
  /// @param source where its operand comes from
  record Step(String mnemonic, Source source, long immediate) {}

  /// The register operand of a step.
  enum Source {
    /// it has none
    NONE,
    /// the register that is always 0
    ZERO,
    /// what was made so far
    RESULT
  }

  private LoadConstant() {}

  /// {@return the sequence for a number}
  static List<Step> steps(long value) {
    if (value >= -2048 && value < 2048) {
      return List.of(new Step("addi", Source.ZERO, value));
    }
    List<Step> steps = new ArrayList<>();
    add(value, steps);
    return steps;
  }

  private static void add(long value, List<Step> steps) {
    long low = value << 52 >> 52;
    long high = value - low;
    if (value == (int) value) {
      if (high != 0) {
        steps.add(new Step("lui", Source.NONE, high >>> 12 & 0xfffff));
      }
      if (low != 0 || high == 0) {
        steps.add(new Step("addiw", high == 0 ? Source.ZERO : Source.RESULT, low));
      }
      return;
    }
    int shift = 12 + Long.numberOfTrailingZeros(high >> 12);
    add(high >> shift, steps);
    steps.add(new Step("slli", Source.RESULT, shift));
    if (low != 0) {
      steps.add(new Step("addi", Source.RESULT, low));
    }
  }

  /// {@return the words of the sequence, or null if `register` is none or the ISA lacks one of its
  /// instructions}
  ///
  /// @param compressed whether instructions of 2 bytes may be taken
  static @Nullable List<Encoder.Encoded<Expression>> encode(
      Isa isa, Mnemonics mnemonics, Operand register, long value, boolean compressed) {
    List<Encoder.Encoded<Expression>> words = new ArrayList<>();
    for (Step step : steps(value)) {
      List<Encoder.Encoded<Expression>> word = encode(isa, mnemonics, register, step, compressed);
      if (word == null) {
        return null;
      }
      words.addAll(word);
    }
    return words;
  }

  private static @Nullable List<Encoder.Encoded<Expression>> encode(
      Isa isa, Mnemonics mnemonics, Operand register, Step step, boolean compressed) {
    List<Operand> operands = new ArrayList<>();
    operands.add(register);
    switch (step.source()) {
      case NONE -> {}
      case ZERO -> operands.add(Operand.word("x0"));
      case RESULT -> operands.add(register);
    }
    operands.add(Operand.imm(step.immediate()));
    return TypedMatcher.encode(isa, mnemonics, step.mnemonic(), operands, compressed);
  }
}
