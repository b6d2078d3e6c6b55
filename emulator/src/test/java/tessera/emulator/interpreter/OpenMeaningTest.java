package tessera.emulator.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tessera.emulator.Words;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;

/// What comes of a meaning that is open in all fields is what comes of one that is bound for the
/// word.
class OpenMeaningTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").isa("rv64imafdc_zicsr_zba_zbb_zbs_zicond_zcb_xta"))
          .orThrow();

  private static MicroOps.Found micro(Decoded decoded, Bound bound) {
    return MicroOps.of(ISA, bound.body(), decoded.bytes(), 2);
  }

  @Test
  void givesTheSameMicroOperationAndConditions() {
    Random random = new Random(1);
    int compared = 0;
    for (Instruction insn : ISA.instructions()) {
      Bound open = Binding.open(ISA, insn);
      for (int i = 0; open != null && i < 20; i++) {
        long word = Words.random(insn, random);
        Decoded decoded = new Decoded(insn, word);
        Bound quick = Binding.of(decoded, open).bound();
        Bound bound = Binding.of(ISA, decoded, _ -> Binding.NO_VALUE).bound();
        assertNotNull(quick);
        assertNotNull(bound);
        if (micro(decoded, quick).op() != MicroOps.NONE) {
          String what = insn + " " + Long.toHexString(word);
          assertEquals(micro(decoded, bound), micro(decoded, quick), what);
          assertEquals(holds(bound), holds(quick), what);
          compared++;
        }
      }
    }
    assertTrue(compared > 1500, "compared " + compared);
  }

  private static List<String> holds(Bound bound) {
    return bound.conditions().stream().map(c -> c.holds().toString()).toList();
  }
}
