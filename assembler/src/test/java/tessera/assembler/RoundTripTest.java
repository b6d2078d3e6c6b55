package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tessera.elf.Elf;
import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.OperandClass;

/// Words print as text that assembles to these very words.
class RoundTripTest {
  private static final Disassembler ALIASES = Disassembler.of(Bundled.ALL);
  private static final Assembler ASSEMBLER = Assembler.of(Bundled.ALL);
  private static final Disassembler PLAIN = Disassembler.withoutAliases(Bundled.ALL);

  @Provide
  Arbitrary<Decoded> insns() {
    return Arbitraries.randomValue(RoundTripTest::insn);
  }

  /// Half of the operands have only zeros or only ones, so that corners are met often.
  private static Decoded insn(Random random) {
    List<Instruction> instructions = Bundled.ALL.instructions();
    return insn(instructions.get(random.nextInt(instructions.size())), random);
  }

  private static Decoded insn(Instruction instruction, Random random) {
    while (true) {
      long word = instruction.encoding().match();
      for (var operand : instruction.operands()) {
        long bits = random.nextInt(4) == 0 ? 0 : random.nextInt(3) == 0 ? -1 : random.nextLong();
        word = operand.field().insert(word, bits);
      }
      if (instruction.accepts(word)) {
        return new Decoded(instruction, word);
      }
    }
  }

  @Property(tries = 1000)
  void printedWordsAssembleToThemselves(@ForAll("insns") Decoded insn) {
    if (isSayable(insn)) {
      String text = source(List.of(insn), ALIASES) + source(List.of(insn), PLAIN);
      assertEquals(List.of(insn.word(), insn.word()), words(text), text);
    }
  }

  @Test
  void everyInstructionSurvivesTheRoundTrip() {
    Random random = new Random(1);
    for (Instruction instruction : Bundled.ALL.instructions()) {
      List<Decoded> insns =
          Stream.generate(() -> insn(instruction, random))
              .filter(RoundTripTest::isSayable)
              .limit(20)
              .toList();
      String text = source(insns, ALIASES);
      assertEquals(insns.stream().map(Decoded::word).toList(), words(text), text);
    }
  }

  /// Long ones stay long, short ones say so.
  private static String source(List<Decoded> insns, Disassembler disassembler) {
    StringBuilder text = new StringBuilder();
    for (Decoded insn : insns) {
      String option = insn.bytes() == 2 ? "rvc" : "norvc";
      text.append(".option push\n.option ").append(option).append('\n');
      text.append(disassembler.source(insn)).append("\n.option pop\n");
    }
    return text.toString();
  }

  private static List<Long> words(String text) {
    return LongStream.of(Bundled.words(object(text))).boxed().toList();
  }

  /// Whether every operand with a list of texts has one for its value: a reserved rounding mode has
  /// none.
  private static boolean isSayable(Decoded insn) {
    return insn.instruction().operands().stream()
        .allMatch(o ->
            o.operandClass().readings().stream()
                .noneMatch(r ->
                    r instanceof OperandClass.Reading.Texts(var texts)
                        && texts.stream().noneMatch(t -> t.value() == o.decode(insn.word()))));
  }

  @Test
  void everyInstructionIsReadBackInItsSamples() {
    Samples samples = new Samples(Bundled.ALL);
    for (Instruction instruction : Bundled.ALL.instructions()) {
      List<String> lines =
          samples.of(instruction).stream().filter(l -> !isReserved(l)).map(l -> l + "\n").toList();
      for (String line : lines) {
        // A long one stays long
        String option = instruction.encoding().bytes() == 2 ? "" : ".option norvc\n";
        Decoded decoded = decode(option + "near: far: " + line);
        // Two instructions may share a mnemonic and be told apart by their operands.
        String mnemonic = line.strip().split(" ", 2)[0];
        assertTrue(
            decoded.instruction().spellings().stream().anyMatch(s -> s.mnemonic().equals(mnemonic)),
            line);
      }
    }
  }

  private static Elf object(String text) {
    return ASSEMBLER.object(List.of(Bundled.source(text))).orElseThrow();
  }

  private static boolean isReserved(String line) {
    return ASSEMBLER.object(List.of(Bundled.source(line))).diagnostics().stream()
        .anyMatch(d -> d.code().equals("reserved-encoding"));
  }

  private static Decoded decode(String text) {
    Decoded decoded = Bundled.ALL.decoder().decode(Bundled.words(object(text))[0]);
    assertNotNull(decoded, text);
    return decoded;
  }
}
