package tessera.tests.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;

/// Functions of one half or bfloat16, at every one of its 65,536 values: so the tables of
/// estimates, which the reference derives from what they are to minimise, are seen in whole.
class HalvesTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("tiny4").isa(Texts.everything()).set(Map.of("VLEN", "1024")))
          .orThrow();
  private static final Bench BENCH = new Bench(ISA);
  private static final long E16_M4 = 1 << 3 | 2;
  private static final int LENGTH = 256;

  @ParameterizedTest
  @ValueSource(strings = {"vfrec7.v", "vfrsqrt7.v", "vfsqrt.v", "vfwcvt.f.f.v", "vfwcvtbf16.f.f.v"})
  void everyValue(String name) {
    Instruction insn = Objects.requireNonNull(ISA.instruction(name));
    Vectors.Row row = Objects.requireNonNull(Vectors.FLOATS.find(name));
    long word = insn.encoding().match() | 1 << 25 | 8 << 20 | 16 << 7;
    int ran = 0;
    for (int first = 0; first < 1 << 16; first += LENGTH) {
      World w = BENCH.world();
      w.vtype = E16_M4;
      w.vl = LENGTH;
      w.fcsr = 32L * (first / LENGTH % 5);
      for (int i = 0; i < LENGTH; i++) {
        w.element(8, i, 16, first + i);
      }
      Bench.Verdict verdict = BENCH.check(insn, w, word, row.meaning(false));
      if (verdict.wrong() != null) {
        fail(verdict.wrong());
      }
      ran += verdict.ran() ? LENGTH : 0;
    }
    assertEquals(1 << 16, ran);
    BENCH.next();
  }
}
