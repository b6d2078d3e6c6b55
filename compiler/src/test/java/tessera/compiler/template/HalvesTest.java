package tessera.compiler.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Tensor;

class HalvesTest {
  private static final JavaLanes ON = new JavaLanes();

  @Test
  void everyF16IsReadAndWritten() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Halves.ofF16(ON, bits);
      assertEquals(Float.float16ToFloat((short) bits), value);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Halves.bitsOfF16(ON, value).shortValue());
      }
      assertEquals(value, Halves.roundToF16(ON, value));
    }
    assertEquals(0x7e00, Halves.bitsOfF16(ON, Float.NaN) & 0x7fff);
  }

  @Test
  void everyBf16IsReadAndWritten() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Halves.ofBf16(ON, bits);
      assertEquals(Float.intBitsToFloat(bits << 16), value);
      assertEquals((short) bits, Halves.bitsOfBf16(ON, value).shortValue());
      assertEquals(value, Halves.roundToBf16(ON, value));
    }
  }

  @Property(tries = 20_000)
  void roundsToNearestEven(@ForAll int bits) {
    float x = Float.intBitsToFloat(bits);
    assertEquals(Tensor.scalar(DType.F16, x).real(0), (double) Halves.roundToF16(ON, x));
    assertEquals(Tensor.scalar(DType.BF16, x).real(0), (double) Halves.roundToBf16(ON, x));
  }

  /// Numbers near the halfway points of `f16`, below the normal ones, and around the largest.
  @Property(tries = 20_000)
  void tiesGoToEven(@ForAll short bits, @ForAll byte off) {
    float value = Float.float16ToFloat(bits);
    float beside = Float.intBitsToFloat(Float.floatToRawIntBits(value) + 0x1000 + off / 64);
    assertEquals(Tensor.scalar(DType.F16, beside).real(0), (double) Halves.roundToF16(ON, beside));
  }
}
