package tessera.emulator;

import java.util.Map;
import java.util.Random;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Instruction words for tests.
public final class Words {
  private static final int TRIES = 200;

  private Words() {}

  /// {@return the word of an instruction with these operands, the others 0}
  public static long of(Isa isa, String name, Map<String, Long> operands) {
    Instruction insn = isa.instruction(name);
    if (insn == null) {
      throw new IllegalArgumentException(name);
    }
    long word = insn.encoding().match();
    for (Operand operand : insn.operands()) {
      Long value = operands.get(operand.name());
      word = value == null ? word : operand.encode(word, value);
    }
    return word;
  }

  /// {@return a word of an instruction with random operands that its conditions on fields accept;
  /// the number of a CSR mostly is one that exists}
  public static long random(Isa isa, Instruction insn, Random random) {
    long word = random(insn, random);
    for (Operand operand : insn.operands()) {
      boolean csr =
          operand.operandClass().readings().stream()
              .anyMatch(r -> r instanceof OperandClass.Reading.CsrName);
      if (csr && random.nextInt(8) != 0) {
        int number = isa.csrs().get(random.nextInt(isa.csrs().size())).number();
        word = operand.encode(word, number);
      }
    }
    return word;
  }

  /// {@return a word of an instruction with random operands that its conditions on fields accept}
  public static long random(Instruction insn, Random random) {
    long word = 0;
    for (int i = 0; i < TRIES; i++) {
      long bits = random.nextLong() & (insn.encoding().length() == 16 ? 0xffff : 0xffffffffL);
      word = bits & ~insn.encoding().mask() | insn.encoding().match();
      if (insn.accepts(word)) {
        return word;
      }
    }
    return word;
  }
}
