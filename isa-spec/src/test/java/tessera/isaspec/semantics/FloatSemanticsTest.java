package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tessera.isaspec.Isa;
import tessera.isaspec.TestHart;

/// The text of F, run on a hart: results and flags against fractions and the JVM, boxing, rounding
/// modes, and what makes it illegal.
class FloatSemanticsTest {
  private static final int TRIES = 200;
  private static final long BOX = 0xffffffff_00000000L;
  private static final long NAN = 0x7fc00000L;
  private static final FloatFormat F32 =
      new FloatFormat("f32", 8, 23, true, true, true, null, true, 32, null);

  private static final TestHart FRESH = fresh();

  private static TestHart fresh() {
    Isa isa = Isa.bundled("edge16");
    TestHart fresh = new TestHart(isa, isa.evaluator());
    fresh.csrValue("mstatus", 0x2000);
    return fresh;
  }

  @Provide
  static Arbitrary<Long> singles() {
    return RoundingTest.bits(F32);
  }

  @Provide
  static Arbitrary<Long> words() {
    return Arbitraries.oneOf(
        Arbitraries.longs(),
        Arbitraries.longs().between(-3, 3),
        Arbitraries.integers().between(0, 63).map(b -> (1L << b) - 1));
  }

  private static TestHart hart(long... floats) {
    TestHart hart = FRESH.copy();
    for (int i = 0; i < floats.length; i++) {
      hart.register("f", i + 1, unsigned(BOX | floats[i]));
    }
    return hart;
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  private static long f(TestHart hart, int r) {
    long bits = hart.register("f", r).longValue();
    assertEquals(BOX, bits & BOX, "a result is boxed");
    return bits & ~BOX;
  }

  private static Set<Flag> flags(TestHart hart) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    long bits = hart.csrValue("fflags");
    for (Flag flag : new Flag[] {Flag.NX, Flag.UF, Flag.OF, Flag.DZ, Flag.NV}) {
      if ((bits & 1) != 0) {
        flags.add(flag);
      }
      bits >>= 1;
    }
    return flags;
  }

  private static boolean isNan(long a) {
    return Float.isNaN(Float.intBitsToFloat((int) a));
  }

  private static boolean isSignalling(long a) {
    return isNan(a) && (a & 0x400000) == 0;
  }

  private static boolean isFinite(long a) {
    return Float.isFinite(Float.intBitsToFloat((int) a));
  }

  private static Rational rational(long a) {
    return Rational.of(F32, BigInteger.valueOf(a));
  }

  private static boolean negative(long a) {
    return a >>> 31 != 0;
  }

  /// Compares f4 and the flags with a fraction; the sign of a zero result is not asked.
  private static void assertRounded(TestHart hart, Rational wanted, Rounding mode, String what) {
    if (wanted.signum() == 0) {
      assertEquals(0, f(hart, 4) & 0x7fffffff, what);
      assertEquals(Set.of(), flags(hart), what);
    } else {
      Rational.Rounded rounded = wanted.round(F32, mode);
      assertEquals(rounded.bits().longValue(), f(hart, 4), what);
      assertEquals(rounded.flags(), flags(hart), what);
    }
  }

  private static Rounding mode(int code) {
    return Rounding.values()[code];
  }

  @Provide
  static Arbitrary<Integer> modes() {
    return Arbitraries.integers().between(0, 4);
  }

  @Property(tries = TRIES)
  void arithmetic(
      @ForAll("singles") long a,
      @ForAll("singles") long b,
      @ForAll("singles") long c,
      @ForAll("modes") int mode) {
    for (String op : new String[] {"fadd.s", "fsub.s", "fmul.s", "fdiv.s"}) {
      TestHart hart = hart(a, b);
      hart.csrValue("frm", mode);
      hart.step(op, Map.of("rd", 4L, "rs1", 1L, "rs2", 2L, "rm", 7L));
      if (!isFinite(a) || !isFinite(b) || op.equals("fdiv.s") && rational(b).signum() == 0) {
        assertSpecial(hart, op, a, b);
      } else {
        Rational p = rational(a);
        Rational q = rational(b);
        Rational wanted =
            switch (op) {
              case "fadd.s" -> p.add(q);
              case "fsub.s" -> p.add(q.negate());
              case "fmul.s" -> p.multiply(q);
              default -> p.divide(q);
            };
        assertRounded(hart, wanted, mode(mode), op);
      }
    }
    if (isFinite(a) && isFinite(b) && isFinite(c)) {
      for (int k = 0; k < 4; k++) {
        String op = new String[] {"fmadd.s", "fmsub.s", "fnmsub.s", "fnmadd.s"}[k];
        TestHart hart = hart(a, b, c);
        hart.step(op, Map.of("rd", 4L, "rs1", 1L, "rs2", 2L, "rs3", 3L, "rm", (long) mode));
        Rational product = rational(a).multiply(rational(b));
        Rational wanted =
            (k >= 2 ? product.negate() : product)
                .add(k % 2 == 1 ? rational(c).negate() : rational(c));
        assertRounded(hart, wanted, mode(mode), op);
      }
    }
  }

  /// Infinities, NaNs and divisions by zero: the JVM says what comes out.
  private static void assertSpecial(TestHart hart, String op, long a, long b) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float wanted =
        switch (op) {
          case "fadd.s" -> x + y;
          case "fsub.s" -> x - y;
          case "fmul.s" -> x * y;
          default -> x / y;
        };
    boolean made = Float.isNaN(wanted) && !isNan(a) && !isNan(b);
    boolean invalid = made || isSignalling(a) || isSignalling(b);
    boolean byZero = op.equals("fdiv.s") && y == 0 && isFinite(a) && x != 0;
    assertEquals(Float.isNaN(wanted) ? NAN : Float.floatToRawIntBits(wanted) & ~BOX, f(hart, 4));
    assertEquals(invalid ? Set.of(Flag.NV) : byZero ? Set.of(Flag.DZ) : Set.of(), flags(hart), op);
  }

  @Property(tries = TRIES)
  void zerosKeepTheirSigns(@ForAll("singles") long a, @ForAll("modes") int mode) {
    TestHart hart = hart(a, a ^ 0x80000000L, 0, 0);
    if (isFinite(a)) {
      hart.step("fadd.s", Map.of("rd", 4L, "rs1", 1L, "rs2", 2L, "rm", (long) mode));
      assertEquals(mode == 2 ? 0x80000000L : 0, f(hart, 4), "x + -x");
      hart.step("fmul.s", Map.of("rd", 4L, "rs1", 1L, "rs2", 3L, "rm", (long) mode));
      assertEquals(a & 0x80000000L, f(hart, 4), "x * +0");
    }
  }

  @Property(tries = TRIES)
  void roots(@ForAll("singles") long a, @ForAll("modes") int mode) {
    TestHart hart = hart(a);
    hart.step("fsqrt.s", Map.of("rd", 4L, "rs1", 1L, "rm", (long) mode));
    float x = Float.intBitsToFloat((int) a);
    if (!isFinite(a) || x <= 0) {
      float wanted = (float) Math.sqrt(x);
      boolean invalid = isSignalling(a) || x < 0;
      assertEquals(Float.isNaN(wanted) ? NAN : Float.floatToRawIntBits(wanted) & ~BOX, f(hart, 4));
      assertEquals(invalid ? Set.of(Flag.NV) : Set.of(), flags(hart));
      return;
    }
    Rational square = rational(a);
    Rational.Rounded wanted =
        Rational.round(t -> square.compare(t.multiply(t)), false, F32, mode(mode));
    assertEquals(wanted.bits().longValue(), f(hart, 4));
    assertEquals(wanted.flags(), flags(hart));
    if (mode == 0) {
      assertEquals(Float.floatToRawIntBits((float) Math.sqrt(x)), (int) f(hart, 4));
    }
  }

  @Property(tries = TRIES)
  void conversionsToWholeNumbers(@ForAll("singles") long a, @ForAll("modes") int mode) {
    Map<String, Type.Bits> all =
        Map.of(
            "fcvt.w.s",
            Type.sint(32),
            "fcvt.wu.s",
            Type.uint(32),
            "fcvt.l.s",
            Type.sint(64),
            "fcvt.lu.s",
            Type.uint(64));
    all.forEach((insn, type) -> {
      TestHart hart = hart(a);
      hart.step(insn, Map.of("rd", 7L, "rs1", 1L, "rm", (long) mode));
      boolean sint = type.reading() == Type.Reading.SINT;
      BigInteger max = Arithmetic.ones(sint ? type.width() - 1 : type.width());
      BigInteger min = sint ? max.not() : BigInteger.ZERO;
      BigInteger wanted;
      Set<Flag> flags = Set.of();
      if (isFinite(a)) {
        BigInteger whole = rational(a).whole(mode(mode));
        wanted = whole.max(min).min(max);
        flags =
            !wanted.equals(whole)
                ? Set.of(Flag.NV)
                : rational(a).isWhole() ? Set.of() : Set.of(Flag.NX);
      } else {
        wanted = isNan(a) || !negative(a) ? max : min;
        flags = Set.of(Flag.NV);
      }
      long sextended = type.width() == 32 ? wanted.intValue() : wanted.longValue();
      assertEquals(sextended, hart.x(7), insn);
      assertEquals(flags, flags(hart), insn);
    });
  }

  @Property(tries = TRIES)
  void conversionsFromWholeNumbers(@ForAll("words") long n, @ForAll("modes") int mode) {
    Map<String, BigInteger> all =
        Map.of(
            "fcvt.s.w", BigInteger.valueOf(n << 32 >> 32),
            "fcvt.s.wu", BigInteger.valueOf(n & 0xffffffffL),
            "fcvt.s.l", BigInteger.valueOf(n),
            "fcvt.s.lu", unsigned(n));
    all.forEach((insn, value) -> {
      TestHart hart = hart();
      hart.x(5, n);
      hart.step(insn, Map.of("rd", 4L, "rs1", 5L, "rm", (long) mode));
      assertRounded(hart, new Rational(value, BigInteger.ONE), mode(mode), insn);
    });
  }

  @Property(tries = TRIES)
  void signsMinimaAndComparisons(@ForAll("singles") long a, @ForAll("singles") long b) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    boolean signalling = isSignalling(a) || isSignalling(b);
    long magnitude = a & 0x7fffffff;
    check("fsgnj.s", a, b, magnitude | b & 0x80000000L, false);
    check("fsgnjn.s", a, b, magnitude | ~b & 0x80000000L, false);
    check("fsgnjx.s", a, b, a ^ b & 0x80000000L, false);
    float least = isNan(a) ? y : isNan(b) ? x : Math.min(x, y);
    float most = isNan(a) ? y : isNan(b) ? x : Math.max(x, y);
    check("fmin.s", a, b, isNan(a) && isNan(b) ? NAN : bits(least), signalling);
    check("fmax.s", a, b, isNan(a) && isNan(b) ? NAN : bits(most), signalling);
    compare("feq.s", a, b, x == y, signalling);
    compare("flt.s", a, b, x < y, isNan(a) || isNan(b));
    compare("fle.s", a, b, x <= y, isNan(a) || isNan(b));
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & ~BOX;
  }

  private static void check(String insn, long a, long b, long wanted, boolean invalid) {
    TestHart hart = hart(a, b);
    hart.step(insn, Map.of("rd", 4L, "rs1", 1L, "rs2", 2L));
    assertEquals(wanted, f(hart, 4), insn);
    assertEquals(invalid ? Set.of(Flag.NV) : Set.of(), flags(hart), insn);
  }

  private static void compare(String insn, long a, long b, boolean wanted, boolean invalid) {
    TestHart hart = hart(a, b);
    hart.step(insn, Map.of("rd", 7L, "rs1", 1L, "rs2", 2L));
    assertEquals(wanted ? 1 : 0, hart.x(7), insn);
    assertEquals(invalid ? Set.of(Flag.NV) : Set.of(), flags(hart), insn);
  }

  @Property(tries = TRIES)
  void classes(@ForAll("singles") long a) {
    TestHart hart = hart(a);
    hart.step("fclass.s", Map.of("rd", 7L, "rs1", 1L));
    float x = Float.intBitsToFloat((int) a);
    int wanted;
    if (Float.isNaN(x)) {
      wanted = isSignalling(a) ? 8 : 9;
    } else {
      boolean subnormal = x != 0 && Math.abs(x) < Float.MIN_NORMAL;
      int k = Float.isInfinite(x) ? 0 : x == 0 ? 3 : subnormal ? 2 : 1;
      wanted = negative(a) ? k : 7 - k;
    }
    assertEquals(1L << wanted, hart.x(7));
  }

  @Property(tries = 50)
  void whatIsNotBoxedIsNan(@ForAll long any) {
    TestHart hart = FRESH.copy();
    hart.register("f", 1, unsigned(any));
    hart.register("f", 2, unsigned(BOX));
    hart.step("fadd.s", Map.of("rd", 4L, "rs1", 1L, "rs2", 2L));
    if ((any & BOX) != BOX) {
      assertEquals(NAN, f(hart, 4));
      assertEquals(Set.of(), flags(hart), "the canonical NaN is quiet");
    }
    hart.step("fmv.x.w", Map.of("rd", 7L, "rs1", 1L));
    assertEquals(any << 32 >> 32, hart.x(7), "moves take the low bits as they are");
  }

  @Property(tries = 20)
  void legality(@ForAll("singles") long a) {
    TestHart off = hart(a, a);
    off.csrValue("mstatus", 0);
    assertIllegal(off, "fadd.s", 0);
    assertIllegal(off, "fsgnj.s", 0);
    TestHart hart = hart(a, a);
    assertIllegal(hart, "fadd.s", 5);
    assertIllegal(hart, "fadd.s", 6);
    hart.csrValue("frm", 5);
    assertIllegal(hart, "fadd.s", 7);
    hart.step("fadd.s", Map.of("rd", 4L, "rs1", 1L, "rs2", 2L, "rm", 1L));
    assertEquals(3, hart.csrValue("mstatus") >> 13 & 3, "the float state is dirty");
  }

  private static void assertIllegal(TestHart hart, String insn, long rm) {
    Map<String, Long> operands =
        insn.equals("fadd.s")
            ? Map.of("rd", 4L, "rs1", 1L, "rs2", 2L, "rm", rm)
            : Map.of("rd", 4L, "rs1", 1L, "rs2", 2L);
    TestHart before = hart.copy();
    GuestTrap trap = assertThrows(GuestTrap.class, () -> hart.step(insn, operands));
    assertEquals("illegal", trap.trap());
    assertEquals(before.contents(), hart.contents());
  }
}
