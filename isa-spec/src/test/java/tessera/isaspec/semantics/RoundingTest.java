package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Exact numbers and their rounding against the JVM (to nearest even) and against fractions (every
/// mode, and the flags).
class RoundingTest {
  private static final int TRIES = 500;
  private static final FloatFormat F32 = ieee("f32", 8, 23);
  private static final FloatFormat F64 = ieee("f64", 11, 52);
  private static final List<FloatFormat> FORMATS =
      List.of(
          F32, F64, ieee("f16", 5, 10), ieee("bf16", 8, 7), ieee("e5m2", 5, 2), ieee("e4m3", 4, 3));

  private static FloatFormat ieee(String name, int exponent, int fraction) {
    int width = 1 + exponent + fraction;
    return new FloatFormat(name, exponent, fraction, true, true, true, null, true, width, null);
  }

  /// Bits of floats, many of them special: zeros, subnormals, boundaries, infinities, NaNs.
  static Arbitrary<Long> bits(FloatFormat format) {
    int fraction = format.fraction();
    int width = format.width();
    long ones = (1L << fraction) - 1;
    long top = (1L << format.exponent()) - 1;
    Arbitrary<Long> exponents =
        Arbitraries.oneOf(
            Arbitraries.of(0L, 1L, top - 1, top, top >> 1, (top >> 1) + 1),
            Arbitraries.longs().between(0, top));
    Arbitrary<Long> fractions =
        Arbitraries.oneOf(
            Arbitraries.of(
                0L, 1L, ones, ones - 1, 1L << (fraction - 1), (1L << (fraction - 1)) + 1),
            Arbitraries.longs().between(0, ones));
    return exponents.flatMap(e ->
        fractions.flatMap(
            f -> Arbitraries.of(0L, 1L).map(s -> s << (width - 1) | e << fraction | f)));
  }

  @Provide
  static Arbitrary<Long> singles() {
    return bits(F32);
  }

  @Provide
  static Arbitrary<Long> doubles() {
    return bits(F64);
  }

  @Provide
  static Arbitrary<FloatFormat> formats() {
    return Arbitraries.of(FORMATS);
  }

  private static ExactNumber exact(FloatFormat format, long bits) {
    return ExactNumber.of(format, new BigInteger(Long.toUnsignedString(bits)));
  }

  private static long single(ExactNumber number) {
    return new Rounder().toFloat(number, F32, Rounding.RNE).longValue();
  }

  private static long canonical(float value) {
    return Float.isNaN(value) ? 0x7fc00000L : Float.floatToRawIntBits(value) & 0xffffffffL;
  }

  @Property(tries = TRIES)
  void singlesAgreeWithTheJvm(
      @ForAll("singles") long a, @ForAll("singles") long b, @ForAll("singles") long c) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float z = Float.intBitsToFloat((int) c);
    ExactNumber p = exact(F32, a);
    ExactNumber q = exact(F32, b);
    assertEquals(canonical(x + y), single(p.add(q)));
    assertEquals(canonical(x - y), single(p.add(q.negate())));
    assertEquals(canonical(x * y), single(p.multiply(q)));
    assertEquals(canonical(Math.fma(x, y, z)), single(p.multiply(q).add(exact(F32, c))));
  }

  @Property(tries = TRIES)
  void doublesAgreeWithTheJvm(
      @ForAll("doubles") long a, @ForAll("doubles") long b, @ForAll("doubles") long c) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double z = Double.longBitsToDouble(c);
    ExactNumber p = exact(F64, a);
    ExactNumber q = exact(F64, b);
    assertEquals(canonical(x + y), rounded(p.add(q)));
    assertEquals(canonical(x * y), rounded(p.multiply(q)));
    assertEquals(canonical(Math.fma(x, y, z)), rounded(p.multiply(q).add(exact(F64, c))));
    float narrow = (float) x;
    assertEquals(canonical(narrow), single(p));
  }

  private static long canonical(double value) {
    return Double.isNaN(value) ? 0x7ff8000000000000L : Double.doubleToRawLongBits(value);
  }

  private static long rounded(ExactNumber number) {
    return new Rounder().toFloat(number, F64, Rounding.RNE).longValue();
  }

  @Property(tries = TRIES)
  void everyFormatAndModeAgreesWithFractions(
      @ForAll("formats") FloatFormat format,
      @ForAll Rounding mode,
      @ForAll("singles") long a,
      @ForAll("singles") long b) {
    ExactNumber product = exact(F32, a).multiply(exact(F32, b));
    ExactNumber sum = exact(F32, a).add(product);
    for (ExactNumber number : List.of(exact(F32, a), product, sum)) {
      if (number.kind() != ExactNumber.Kind.FINITE) {
        continue;
      }
      Rational fraction = new Rational(number.mantissa(), BigInteger.ONE).scaled(number.exponent());
      Rational.Rounded wanted = fraction.round(format, mode);
      Rounder rounder = new Rounder();
      assertEquals(wanted.bits(), rounder.toFloat(number, format, mode));
      assertEquals(wanted.flags(), rounder.flags());
      assertEquals(
          fraction.whole(mode),
          whole(rounder.toIntegral(number, mode)),
          "to a whole number, " + mode);
    }
  }

  private static BigInteger whole(ExactNumber number) {
    return number.isZero() ? BigInteger.ZERO : number.floor();
  }

  @Property(tries = TRIES)
  void readingAndRoundingIsTheIdentity(
      @ForAll("formats") FloatFormat format, @ForAll Rounding mode, @ForAll long any) {
    BigInteger bits = BigInteger.valueOf(any).and(Arithmetic.ones(format.width()));
    if (ExactNumber.isNan(format, bits)) {
      return;
    }
    Rounder rounder = new Rounder();
    assertEquals(bits, rounder.toFloat(ExactNumber.of(format, bits), format, mode));
    assertEquals(EnumSet.noneOf(Flag.class), rounder.flags());
  }

  @Property(tries = TRIES)
  void orderIsThatOfTheJvm(@ForAll("doubles") long a, @ForAll("doubles") long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    if (!Double.isNaN(x) && !Double.isNaN(y)) {
      assertEquals(x < y ? -1 : x > y ? 1 : 0, exact(F64, a).compare(exact(F64, b)));
    }
  }

  @Property(tries = TRIES)
  void wholeNumbersSaturate(@ForAll("doubles") long a, @ForAll Rounding mode) {
    ExactNumber number = exact(F64, a);
    for (Type.Bits type : List.of(Type.sint(32), Type.uint(32), Type.sint(64), Type.uint(64))) {
      Rounder rounder = new Rounder();
      BigInteger got = rounder.toWhole(number, type, mode);
      Type.Int range = range(type);
      switch (number.kind()) {
        case NAN -> assertEquals(range.max(), got);
        case INFINITE -> assertEquals(number.negative() ? range.min() : range.max(), got);
        case ZERO, CANCELLED -> assertEquals(BigInteger.ZERO, got);
        case FINITE -> {
          Rational fraction =
              new Rational(number.mantissa(), BigInteger.ONE).scaled(number.exponent());
          BigInteger whole = fraction.whole(mode);
          BigInteger clamped = whole.max(range.min()).min(range.max());
          assertEquals(clamped, got);
          EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
          if (!clamped.equals(whole)) {
            flags.add(Flag.NV);
          } else if (!fraction.isWhole()) {
            flags.add(Flag.NX);
          }
          assertEquals(flags, rounder.flags());
        }
      }
    }
  }

  private static Type.Int range(Type.Bits type) {
    boolean sint = type.reading() == Type.Reading.SINT;
    BigInteger max = Arithmetic.ones(sint ? type.width() - 1 : type.width());
    return new Type.Int(sint ? max.not() : BigInteger.ZERO, max);
  }
}
