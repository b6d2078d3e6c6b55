package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.TestHart;
import tessera.isaspec.encoding.Decoded;

/// What the loops, windows and rules of the language make of the vector text, value by value, for
/// what is not left to comparisons with qemu.
class VectorSemanticsTest {
  private static final int VLEN = 128;
  private static final long BASE = 0x10000;
  private static final Isa ISA = isa(new Isa.Choices(true, false));
  private static final Isa ONES = isa(new Isa.Choices(true, true));
  private static final Isa LENIENT = isa(new Isa.Choices(false, false));

  private static Isa isa(Isa.Choices choices) {
    return Isa.load(
            Isa.Request.bundled("edge16")
                .isa("rv64imfdv_zicsr_zvfh_zvfbfwma_zvbb")
                .set(Map.of("VLEN", "" + VLEN))
                .choose(choices))
        .orThrow();
  }

  /// A hart with VLMAX or fewer elements of `8 << sew` bits in groups of 2^lmul registers.
  private static TestHart hart(Isa isa, int sew, int lmul, int policy, int vl) {
    TestHart hart = new TestHart(isa, isa.evaluator());
    hart.csrValue("mstatus", 3 << 13 | 3 << 9);
    hart.x(5, vl);
    hart.step(
        "vsetvli",
        Map.of("rd", 6L, "rs1", 5L, "vtypei", (long) (policy << 6 | sew << 3 | lmul & 7)));
    assertEquals(vl, hart.x(6), "vl");
    return hart;
  }

  private static void step(TestHart hart, String name, Object... operands) {
    Map<String, Long> given = new HashMap<>();
    for (int i = 0; i < operands.length; i += 2) {
      given.put((String) operands[i], ((Number) operands[i + 1]).longValue());
    }
    hart.step(name, given);
  }

  private static void illegal(TestHart hart, String name, Object... operands) {
    GuestTrap trap = assertThrows(GuestTrap.class, () -> step(hart, name, operands));
    assertEquals("illegal", trap.trap());
  }

  private static long element(TestHart hart, int register, int i, int width) {
    int each = VLEN / width;
    BigInteger all = hart.register("v", register + i / each);
    long value = all.shiftRight(i % each * width).longValue();
    return width == 64 ? value : value & (1L << width) - 1;
  }

  private static void element(TestHart hart, int register, int i, int width, long value) {
    int each = VLEN / width;
    BigInteger ones = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    int at = i % each * width;
    BigInteger all = hart.register("v", register + i / each);
    BigInteger bits = BigInteger.valueOf(value).and(ones).shiftLeft(at);
    hart.register("v", register + i / each, all.andNot(ones.shiftLeft(at)).or(bits));
  }

  // Masks and tails

  /// Of elements 0 to 15: 2 is before vstart, 5 is inactive, 10 and more are tail.
  @ParameterizedTest
  @CsvSource({"0, false, false", "1, false, true", "2, true, false", "3, true, true"})
  void policiesSayWhatAgnosticElementsBecome(int policy, boolean ma, boolean ta) {
    for (Isa isa : List.of(ISA, ONES)) {
      TestHart hart = hart(isa, 0, 0, policy, 10);
      for (int i = 0; i < 16; i++) {
        element(hart, 8, i, 8, 100L + i);
        element(hart, 9, i, 8, i);
        element(hart, 10, i, 8, 2L * i);
      }
      hart.register("v", 0, BigInteger.valueOf(0xffff & ~(1 << 5)));
      hart.csrValue("vstart", 3);
      step(hart, "vadd.vv", "vm", 0, "vd", 8, "vs2", 9, "vs1", 10);
      boolean ones = isa == ONES;
      for (int i = 0; i < 16; i++) {
        long old = 100L + i;
        long expected =
            i < 3
                ? old
                : i >= 10 ? ones && ta ? 255 : old : i == 5 ? ones && ma ? 255 : old : 3L * i;
        assertEquals(expected, element(hart, 8, i, 8), "element " + i + (ones ? " with ones" : ""));
      }
      assertEquals(0, hart.csrValue("vstart"));
    }
  }

  @Test
  void tailsOfMasksAreAgnosticWhateverVtypeSays() {
    for (Isa isa : List.of(ISA, ONES)) {
      TestHart hart = hart(isa, 0, 0, 0, 10);
      hart.register("v", 8, BigInteger.ZERO);
      step(hart, "vmseq.vv", "vm", 1, "vd", 8, "vs2", 9, "vs1", 9);
      BigInteger body = BigInteger.ONE.shiftLeft(10).subtract(BigInteger.ONE);
      BigInteger all = BigInteger.ONE.shiftLeft(VLEN).subtract(BigInteger.ONE);
      assertEquals(isa == ONES ? all : body, hart.register("v", 8));
    }
  }

  @Test
  void aSegmentLoadHasATailInEachField() {
    TestHart hart = hart(ONES, 0, 7, 1, 3); // mf2: 8 elements, the rest of the register is tail
    hart.x(10, BASE);
    step(hart, "vlseg2e8.v", "vm", 1, "vd", 8, "rs1", 10);
    for (int field = 0; field < 2; field++) {
      for (int i = 0; i < 16; i++) {
        assertEquals(i < 3 ? 0 : 255, element(hart, 8 + field, i, 8));
      }
    }
  }

  @Test
  void anEmptyLoopWritesNothing() {
    TestHart hart = hart(ONES, 0, 0, 3, 4);
    hart.register("v", 8, BigInteger.TEN);
    hart.csrValue("vstart", 4);
    step(hart, "vadd.vv", "vm", 1, "vd", 8, "vs2", 9, "vs1", 10);
    assertEquals(BigInteger.TEN, hart.register("v", 8));
    assertEquals(0, hart.csrValue("vstart"));
  }

  @Test
  void lanesBelowTheFirstStayAndRunningValuesCount() {
    TestHart hart = hart(ONES, 0, 0, 3, 6);
    for (int i = 0; i < 16; i++) {
      element(hart, 8, i, 8, 100L + i);
      element(hart, 9, i, 8, 1L + i);
      element(hart, 12, i, 8, 50L + i);
    }
    step(hart, "vslideup.vi", "vm", 1, "vd", 8, "vs2", 9, "imm", 2);
    assertEquals(List.of(100L, 101L, 1L, 2L, 3L, 4L, 255L), elements(hart, 8, 7));
    hart.register("v", 10, BigInteger.valueOf(0b110101));
    step(hart, "vcompress.vm", "vd", 12, "vs2", 9, "vs1", 10);
    assertEquals(List.of(1L, 3L, 5L, 6L, 255L, 255L, 255L), elements(hart, 12, 7));
    step(hart, "viota.m", "vm", 1, "vd", 8, "vs2", 10);
    assertEquals(List.of(0L, 1L, 1L, 2L, 2L, 3L, 255L), elements(hart, 8, 7));
  }

  private static List<Long> elements(TestHart hart, int register, int n) {
    return java.util.stream.IntStream.range(0, n)
        .mapToObj(i -> element(hart, register, i, 8))
        .toList();
  }

  // Legality

  @Test
  void reservedIsRefusedOrRun() {
    Object[] store = {"vm", 0, "vs3", 0, "rs1", 10};
    for (Isa isa : List.of(ISA, LENIENT)) {
      TestHart hart = hart(isa, 0, 0, 0, 4);
      hart.x(10, BASE);
      hart.register("v", 0, BigInteger.valueOf(0x0405060f));
      if (isa == ISA) {
        illegal(hart, "vse8.v", store);
        hart.csrValue("vstart", 16);
        illegal(hart, "vadd.vv", "vm", 1, "vd", 8, "vs2", 9, "vs1", 10);
      } else {
        step(hart, "vse8.v", store);
        assertEquals(0x0405060f, hart.load(BASE, 4, AccessKind.LOAD));
        hart.csrValue("vstart", 16);
        step(hart, "vadd.vv", "vm", 1, "vd", 8, "vs2", 9, "vs1", 10);
      }
    }
  }

  @Test
  void overlapsAreLegalWhereTheManualSaysSo() {
    TestHart hart = hart(ISA, 0, 1, 0, 4); // e8, m2
    step(
        hart,
        "vwadd.vv",
        "vm",
        1,
        "vd",
        8,
        "vs2",
        10,
        "vs1",
        12); // a wide result over its upper half
    illegal(hart, "vwadd.vv", "vm", 1, "vd", 8, "vs2", 8, "vs1", 12);
    step(
        hart, "vnsrl.wi", "vm", 1, "vd", 8, "vs2", 8, "imm", 1); // a narrow one over the lower half
    illegal(hart, "vnsrl.wi", "vm", 1, "vd", 10, "vs2", 8, "imm", 1);
    step(hart, "vmseq.vv", "vm", 1, "vd", 8, "vs2", 8, "vs1", 12);
    illegal(hart, "vmseq.vv", "vm", 1, "vd", 9, "vs2", 8, "vs1", 12);
    illegal(hart, "vadd.vv", "vm", 0, "vd", 0, "vs2", 8, "vs1", 12); // v0 is the mask
    step(hart, "vredsum.vs", "vm", 0, "vd", 0, "vs2", 8, "vs1", 12); // a scalar may be anywhere
    illegal(hart, "vadd.vv", "vm", 1, "vd", 9, "vs2", 8, "vs1", 12); // no group of two starts there
    illegal(hart, "vrgather.vv", "vm", 1, "vd", 8, "vs2", 8, "vs1", 12);
    hart.csrValue("vstart", 1);
    illegal(hart, "vredsum.vs", "vm", 1, "vd", 0, "vs2", 8, "vs1", 12);
  }

  @Test
  void fractionsOfRegistersAreModes() {
    TestHart hart = hart(ISA, 0, 5, 0, 2); // e8, mf8: two elements of 128 bits
    illegal(hart, "vzext.vf2", "vm", 1, "vd", 8, "vs2", 9); // a sixteenth of a register
    hart.x(5, 4);
    step(hart, "vsetvli", "rd", 6, "rs1", 5, "vtypei", 1 << 3 | 5); // e16 does not fit an eighth
    assertEquals(1L << 63, hart.csrValue("vtype"));
    assertEquals(0, hart.csrValue("vl"));
    illegal(hart, "vadd.vv", "vm", 1, "vd", 8, "vs2", 9, "vs1", 10);
    hart.x(10, BASE);
    step(hart, "vl1re8.v", "vd", 8, "rs1", 10); // does not ask for vtype
  }

  /// rd, rs1, AVL, vtype before, vtype asked, vl.
  @ParameterizedTest
  @CsvSource({
    "6, 5, 100, 0, 0, 16", "6, 5, 7, 0, 0, 7", "6, 0, 7, 0, 0, 16", "0, 0, 7, 0, 0, 5",
    "0, 0, 7, 0, 9, 5", "0, 0, 7, 0, 8, -1", "6, 5, 0, 0, 3, 0", "6, 5, 9, 0, 32, -1"
  })
  void vlIsWhatIsAskedUpToVlmax(int rd, int rs1, int avl, int before, int asked, int vl) {
    TestHart hart = hart(ISA, before >> 3, before & 7, 0, 5);
    hart.x(5, avl);
    step(hart, "vsetvli", "rd", rd, "rs1", rs1, "vtypei", asked);
    assertEquals(Math.max(vl, 0), hart.csrValue("vl"));
    assertEquals(vl < 0 ? 1L << 63 : asked, hart.csrValue("vtype"));
    assertEquals(rd == 0 ? 0 : Math.max(vl, 0), hart.x(rd));
  }

  // Steps

  /// A fault at each element leaves vstart there; mended, the instruction goes on to the same end.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "vle16.v",
        "vse16.v",
        "vlseg3e8.v",
        "vsseg2e32.v",
        "vlse32.v",
        "vsse8.v",
        "vluxei8.v",
        "vsoxei8.v",
        "vlm.v",
        "vsm.v",
        "vl2re32.v",
        "vs1r.v"
      })
  void memoryGoesOnWhereItTrapped(String name) {
    Instruction insn = Objects.requireNonNull(ISA.instruction(name));
    int restarts = 0;
    for (int cut = 1; cut < 120; cut++) {
      TestHart whole = prepared();
      TestHart parted = prepared();
      Decoded decoded = decoded(whole, insn);
      Evaluator evaluator = ISA.evaluator();
      evaluator.step(decoded, whole);
      parted.end = BASE + cut;
      try {
        evaluator.step(decoded, parted);
      } catch (GuestTrap trap) {
        assertEquals("access_fault", trap.trap());
        restarts += parted.csrValue("vstart") > 0 ? 1 : 0;
        parted.end = Long.MAX_VALUE;
        evaluator.step(decoded, parted);
      }
      parted.end = Long.MAX_VALUE;
      assertEquals(whole.contents(), parted.contents(), name + " cut at " + cut);
      assertEquals(0, parted.csrValue("vstart"));
    }
    assertTrue(restarts > 0, name + " was never stopped inside");
  }

  private static TestHart prepared() {
    TestHart hart = hart(ISA, 0, 0, 0, 11);
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      hart.store(BASE + i, 1, random.nextInt(256), AccessKind.STORE);
    }
    for (int r = 0; r < 32; r++) {
      hart.register("v", r, new BigInteger(VLEN, random));
    }
    for (int i = 0; i < 16; i++) {
      element(hart, 4, i, 8, 7L * i);
    }
    hart.x(10, BASE);
    hart.x(11, 9);
    return hart;
  }

  private static Decoded decoded(TestHart hart, Instruction insn) {
    Map<String, Long> operands = new HashMap<>();
    Map<String, Long> wanted =
        Map.of("vm", 1L, "vd", 8L, "vs3", 8L, "rs1", 10L, "rs2", 11L, "vs2", 4L);
    wanted.forEach((name, value) -> {
      if (insn.hasOperand(name)) {
        operands.put(name, value);
      }
    });
    return hart.decoded(insn.name(), operands);
  }

  @Test
  void faultsBehindTheFirstElementOnlyShorten() {
    TestHart hart = prepared();
    hart.end = BASE + 5;
    step(hart, "vle8ff.v", "vm", 1, "vd", 8, "rs1", 10);
    assertEquals(5, hart.csrValue("vl"));
    assertEquals(0, hart.csrValue("vstart"));
    hart.end = BASE;
    GuestTrap trap =
        assertThrows(GuestTrap.class, () -> step(hart, "vle8ff.v", "vm", 1, "vd", 8, "rs1", 10));
    assertEquals("access_fault", trap.trap());
    assertEquals(5, hart.csrValue("vl"));
  }

  // Values that qemu 7.2 can not be asked for

  @Test
  void fixedPointRoundsAsItsModesSay() {
    Random random = new Random(9);
    for (int vxrm = 0; vxrm < 4; vxrm++) {
      TestHart hart = hart(ISA, 3, 0, 0, 2);
      hart.csrValue("vxrm", vxrm);
      for (int n = 0; n < 50; n++) {
        long value = n < 8 ? n - 4 : random.nextLong() >> random.nextInt(64);
        int shift = n < 8 ? 1 : random.nextInt(64);
        element(hart, 9, 0, 64, value);
        element(hart, 10, 0, 64, shift);
        step(hart, "vssra.vv", "vm", 1, "vd", 8, "vs2", 9, "vs1", 10);
        BigDecimal exact =
            new BigDecimal(value).divide(new BigDecimal(BigInteger.ONE.shiftLeft(shift)));
        BigInteger floor = exact.setScale(0, RoundingMode.FLOOR).toBigInteger();
        boolean whole = exact.compareTo(new BigDecimal(floor)) == 0;
        BigInteger expected =
            switch (vxrm) {
              case 0 ->
                  exact.add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR).toBigInteger();
              case 1 -> exact.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
              case 2 -> floor;
              default -> whole ? floor : floor.setBit(0);
            };
        assertEquals(
            expected.longValue(), element(hart, 8, 0, 64), value + " >> " + shift + " by " + vxrm);
      }
    }
  }

  @Test
  void conversionsTowardsZeroSaturate() {
    TestHart hart = hart(ISA, 3, 0, 0, 2);
    double[] values = {
      0.9, -0.9, 1.5, -2.5, 1e300, -1e300, Double.POSITIVE_INFINITY, 123456.75, -0.0
    };
    for (double value : values) {
      element(hart, 9, 0, 64, Double.doubleToRawLongBits(value));
      step(hart, "vfcvt.rtz.x.f.v", "vm", 1, "vd", 8, "vs2", 9);
      assertEquals((long) value, element(hart, 8, 0, 64), "signed " + value);
      step(hart, "vfcvt.rtz.xu.f.v", "vm", 1, "vd", 8, "vs2", 9);
      BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
      BigInteger expected =
          Double.isInfinite(value)
              ? most
              : new BigDecimal(value).toBigInteger().max(BigInteger.ZERO).min(most);
      assertEquals(expected.longValue(), element(hart, 8, 0, 64), "unsigned " + value);
    }
    element(hart, 9, 0, 64, Double.doubleToRawLongBits(Double.NaN));
    step(hart, "vfcvt.rtz.x.f.v", "vm", 1, "vd", 8, "vs2", 9);
    assertEquals(Long.MAX_VALUE, element(hart, 8, 0, 64));
  }

  @Test
  void bf16IsTheUpperHalfRounded() {
    TestHart hart = hart(ISA, 1, 0, 0, 4);
    Random random = new Random(4);
    for (int n = 0; n < 300; n++) {
      int bits =
          n < 6
              ? List.of(0x3f808000, 0x3f818000, 0x7f7fffff, 0x00008000, 0x80000001, 0x7f800000)
                  .get(n)
              : random.nextInt();
      float value = Float.intBitsToFloat(bits);
      element(hart, 8, 0, 32, bits);
      step(hart, "vfncvtbf16.f.f.w", "vm", 1, "vd", 12, "vs2", 8);
      int expected = Float.isNaN(value) ? 0x7fc0 : bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
      assertEquals(expected & 0xffff, element(hart, 12, 0, 16), Integer.toHexString(bits));
      step(hart, "vfwcvtbf16.f.f.v", "vm", 1, "vd", 8, "vs2", 12);
      assertEquals(((long) expected & 0xffff) << 16, element(hart, 8, 0, 32));
    }
  }

  @Test
  void bf16ProductsAreAddedWithOneRounding() {
    TestHart hart = hart(ISA, 1, 0, 0, 4);
    Random random = new Random(8);
    for (int n = 0; n < 300; n++) {
      int a = 0x3f00 + random.nextInt(0x200) | random.nextInt(2) << 15;
      int b = 0x3f00 + random.nextInt(0x200) | random.nextInt(2) << 15;
      float d = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 20));
      element(hart, 10, 0, 16, a);
      element(hart, 11, 0, 16, b);
      element(hart, 8, 0, 32, Float.floatToRawIntBits(d));
      step(hart, "vfwmaccbf16.vv", "vm", 1, "vd", 8, "vs1", 10, "vs2", 11);
      BigDecimal exact =
          new BigDecimal(Float.intBitsToFloat(a << 16))
              .multiply(new BigDecimal(Float.intBitsToFloat(b << 16)))
              .add(new BigDecimal(d));
      assertEquals(
          exact.floatValue(),
          Float.intBitsToFloat((int) element(hart, 8, 0, 32)),
          a + " " + b + " " + d);
    }
  }

  @Test
  void bitsOfElements() {
    Random random = new Random(6);
    for (int n = 0; n < 60; n++) {
      int a = n < 3 ? n - 1 : random.nextInt() >>> random.nextInt(32);
      int b = random.nextInt();
      unary("vbrev.v", a, Integer.reverse(a));
      unary("vrev8.v", a, Integer.reverseBytes(a));
      unary("vbrev8.v", a, Integer.reverseBytes(Integer.reverse(a)));
      unary("vclz.v", a, Integer.numberOfLeadingZeros(a));
      unary("vctz.v", a, Integer.numberOfTrailingZeros(a));
      unary("vcpop.v", a, Integer.bitCount(a));
      binary("vrol.vv", a, b, Integer.rotateLeft(a, b));
      binary("vror.vv", a, b, Integer.rotateRight(a, b));
      binary("vandn.vv", a, b, a & ~b);
    }
    TestHart hart = hart(ISA, 2, 0, 0, 4);
    element(hart, 10, 0, 32, 0x89abcdefL);
    step(hart, "vror.vi", "vm", 1, "vd", 8, "vs2", 10, "imm", 36);
    assertEquals(0xf89abcdeL, element(hart, 8, 0, 32));
    step(hart, "vwsll.vi", "vm", 1, "vd", 8, "vs2", 10, "imm", 8);
    assertEquals(0x89abcdef00L, element(hart, 8, 0, 64));
  }

  private static void unary(String name, int a, int expected) {
    TestHart hart = hart(ISA, 2, 0, 0, 4);
    element(hart, 10, 1, 32, a);
    step(hart, name, "vm", 1, "vd", 8, "vs2", 10);
    assertEquals(expected & 0xffff_ffffL, element(hart, 8, 1, 32), name + " " + a);
  }

  private static void binary(String name, int a, int b, int expected) {
    TestHart hart = hart(ISA, 2, 0, 0, 4);
    element(hart, 10, 1, 32, a);
    element(hart, 11, 1, 32, b);
    step(hart, name, "vm", 1, "vd", 8, "vs2", 10, "vs1", 11);
    assertEquals(expected & 0xffff_ffffL, element(hart, 8, 1, 32), name + " " + a + " " + b);
  }

  /// VLEN 128 to 4096: the greatest group holds as many bytes as eight registers.
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512, 1024, 2048, 4096})
  void registersMayHaveAnyLength(int vlen) {
    Isa isa =
        Isa.load(
                Isa.Request.bundled("edge16").isa("rv64imfdv_zicsr").set(Map.of("VLEN", "" + vlen)))
            .orThrow();
    TestHart hart = new TestHart(isa, isa.evaluator());
    hart.csrValue("mstatus", 3 << 13 | 3 << 9);
    step(hart, "vsetvli", "rd", 6, "rs1", 0, "vtypei", 3);
    assertEquals(vlen, hart.x(6));
    assertEquals(vlen / 8, hart.csrValue("vlenb"));
    step(hart, "vid.v", "vm", 1, "vd", 8);
    BigInteger last = hart.register("v", 15).shiftRight(vlen - 8);
    assertEquals(vlen - 1 & 255, last.intValue());
  }
}
