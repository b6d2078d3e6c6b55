package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What `li` expands to makes the number.
class LoadConstantTest {

  private static long run(long value) {
    long result = 0;
    for (LoadConstant.Step step : LoadConstant.steps(value)) {
      long source = step.source() == LoadConstant.Source.RESULT ? result : 0;
      result =
          switch (step.mnemonic()) {
            case "lui" -> (int) (step.immediate() << 12);
            case "addi" -> source + step.immediate();
            case "addiw" -> (int) (source + step.immediate());
            case "slli" -> source << step.immediate();
            default -> throw new AssertionError(step);
          };
    }
    return result;
  }

  @Property
  void makesEveryNumber(@ForAll long value, @ForAll int shift) {
    assertEquals(value, run(value));
    assertEquals(value >> (shift & 63), run(value >> (shift & 63)));
    assertEquals(1L << (shift & 63), run(1L << (shift & 63)));
  }

  @Example
  void makesTheCorners() {
    for (long value :
        new long[] {
          0,
          2047,
          2048,
          -2048,
          -2049,
          0x7fffffff,
          0x7ffff800,
          0x80000000L,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          0x7ffffffffffff800L
        }) {
      assertEquals(value, run(value));
    }
  }
}
