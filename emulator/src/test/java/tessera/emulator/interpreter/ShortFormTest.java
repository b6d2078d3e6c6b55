package tessera.emulator.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tessera.emulator.Words;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.syntax.Expansion;

/// A short form runs as fast as what it stands for: as the same micro-operation, of two bytes.
class ShortFormTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("tiny4").isa("rv64imfdc_zicsr")).orThrow();
  private static final int SHORT = 0x80;

  private static long op(Instruction insn, long word) {
    Decoded decoded = new Decoded(insn, word);
    Bound bound = Binding.of(ISA, decoded, _ -> Binding.NO_VALUE).bound();
    assertNotNull(bound);
    return MicroOps.of(ISA, bound.body(), decoded.bytes(), 2).op();
  }

  /// Whether a jump goes where it would go anyway: what is next depends on the length.
  private static boolean isNext(Instruction insn, long word) {
    long to = insn.operand("to").decode(word);
    return to == 2 || to == 4;
  }

  @Test
  void aShortFormIsTheMicroOperationOfItsExpansion() {
    Random random = new Random(1);
    int compared = 0;
    for (Instruction insn : ISA.instructions()) {
      Expansion expansion = insn.expansion();
      for (int i = 0; expansion != null && i < 100; i++) {
        long word = Words.random(insn, random);
        long wide = op(expansion.target(), expansion.word(word).orElseThrow());
        long target = expansion.word(word).orElseThrow();
        boolean near = expansion.target().hasOperand("to") && isNext(expansion.target(), target);
        if (wide != MicroOps.NONE && !near) {
          assertEquals(wide | SHORT, op(insn, word), () -> insn + " " + Long.toHexString(word));
          compared++;
        }
      }
    }
    assertTrue(compared > 2000, "compared " + compared);
  }
}
