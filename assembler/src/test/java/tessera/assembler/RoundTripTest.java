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
import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.OperandClass;

/// Words print as text that assembles to these very words.
class RoundTripTest {
  private static final Disassembler ALIASES = Disassembler.of(Bundled.ISA);
  private static final Disassembler PLAIN = Disassembler.withoutAliases(Bundled.ISA);

  @Provide
  Arbitrary<Decoded> insns() {
    return Arbitraries.randomValue(RoundTripTest::insn);
  }

  /// Half of the operands have only zeros or only ones, so that corners are met often.
  private static Decoded insn(Random random) {
    List<Instruction> instructions = Bundled.ISA.instructions();
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
      String text = ALIASES.source(insn) + "\n" + PLAIN.source(insn) + "\n";
      assertEquals(
          List.of(insn.word(), insn.word()),
          LongStream.of(Bundled.words(Bundled.object(text))).boxed().toList(),
          text);
    }
  }

  @Test
  void everyInstructionSurvivesTheRoundTrip() {
    Random random = new Random(1);
    for (Instruction instruction : Bundled.ISA.instructions()) {
      List<Decoded> insns =
          Stream.generate(() -> insn(instruction, random))
              .filter(RoundTripTest::isSayable)
              .limit(20)
              .toList();
      String text = String.join("\n", insns.stream().map(ALIASES::source).toList()) + "\n";
      assertEquals(
          insns.stream().map(Decoded::word).toList(),
          LongStream.of(Bundled.words(Bundled.object(text))).boxed().toList(),
          text);
    }
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
    Samples samples = new Samples(Bundled.ISA);
    for (Instruction instruction : Bundled.ISA.instructions()) {
      List<String> lines =
          samples.of(instruction).stream().filter(l -> !isReserved(l)).map(l -> l + "\n").toList();
      for (String line : lines) {
        Decoded decoded = decode("near: far: " + line);
        // Two instructions may share a mnemonic and be told apart by their operands.
        String mnemonic = line.strip().split(" ", 2)[0];
        assertTrue(
            decoded.instruction().spellings().stream().anyMatch(s -> s.mnemonic().equals(mnemonic)),
            line);
      }
    }
  }

  private static boolean isReserved(String line) {
    return Bundled.ASSEMBLER.object(List.of(Bundled.source(line))).diagnostics().stream()
        .anyMatch(d -> d.code().equals("reserved-encoding"));
  }

  private static Decoded decode(String text) {
    Decoded decoded = Bundled.ISA.decoder().decode(Bundled.words(Bundled.object(text))[0]);
    assertNotNull(decoded, text);
    return decoded;
  }
}
