package tessera.emulator.interpreter;

import java.math.BigInteger;
import tessera.emulator.kernel.Kernel;
import tessera.isaspec.semantics.ExactNumber;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Rounder;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Type;

/// Float operations on bits, one rounding each, with exact flags.
///
/// The host computes to nearest even and tells no flags, so it serves where the result is a normal
/// number above the least one (then neither overflow nor underflow can be) or an exact zero, and
/// where what rounding took away can be computed without error: then `NX` is whether that is 0.
/// Everything else goes the slow way, over exact numbers.
final class Floats {
  static final int NV = Kernel.bit(Flag.NV);
  static final int NX = Kernel.bit(Flag.NX);

  // Between these magnitudes an error term of a double operation is itself exact.
  private static final double LEAST = 0x1p-900;
  private static final double MOST = 0x1p1000;

  /// One operand.
  interface Op1 {
    long apply(Frame f, long a);
  }

  /// Two operands.
  interface Op2 {
    long apply(Frame f, long a, long b);
  }

  /// Three operands.
  interface Op3 {
    long apply(Frame f, long a, long b, long c);
  }

  private Floats() {}

  static boolean isSingle(FloatFormat format) {
    return format.exponent() == 8 && format.fraction() == 23 && isPlain(format);
  }

  static boolean isDouble(FloatFormat format) {
    return format.exponent() == 11 && format.fraction() == 52 && isPlain(format);
  }

  private static boolean isPlain(FloatFormat format) {
    return format.ieee()
        && format.hasInfinity()
        && format.hasZero()
        && format.signed()
        && format.stored() == null;
  }

  // ------------------------------------------------------------------ exact numbers

  /// {@return the value of a float's bits}
  static ExactNumber exact(FloatFormat format, long bits) {
    BigInteger all = big(bits);
    FloatFormat stored = format.stored();
    if (stored == null) {
      return ExactNumber.of(format, all);
    }
    // Read through one rounding to nearest even: a tf32 lies in an f32.
    ExactNumber whole = ExactNumber.of(stored, all);
    return whole.kind() == ExactNumber.Kind.FINITE
        ? ExactNumber.of(format, new Rounder().toFloat(whole, format, Rounding.RNE))
        : whole;
  }

  private static BigInteger big(long bits) {
    return bits >= 0
        ? BigInteger.valueOf(bits)
        : BigInteger.valueOf(bits & Long.MAX_VALUE).setBit(Long.SIZE - 1);
  }

  /// {@return the float's bits of an exact number}
  static long round(Frame f, ExactNumber value, FloatFormat format, Rounding mode) {
    Rounder rounder = new Rounder();
    long bits = rounder.toFloat(value, format, mode).longValue();
    raise(f, rounder);
    return bits;
  }

  /// {@return the bits of an exact number rounded to a whole one and saturated}
  static long toWhole(Frame f, ExactNumber value, Type.Bits type, Rounding mode) {
    Rounder rounder = new Rounder();
    long bits = rounder.toWhole(value, type, mode).longValue();
    raise(f, rounder);
    return bits & ones(type.width());
  }

  /// {@return an exact number rounded to a whole one}
  static ExactNumber toIntegral(Frame f, ExactNumber value, Rounding mode) {
    Rounder rounder = new Rounder();
    ExactNumber whole = rounder.toIntegral(value, mode);
    raise(f, rounder);
    return whole;
  }

  static void raise(Frame f, Rounder rounder) {
    for (Flag flag : rounder.flags()) {
      f.flags |= Kernel.bit(flag);
    }
  }

  static long ones(int width) {
    return width >= 64 ? -1 : (1L << width) - 1;
  }

  /// {@return a quotient to within a sticky bit, so that it rounds as the true one in every mode}
  static ExactNumber quotient(ExactNumber a, ExactNumber b, int precision) {
    boolean negative = a.negative() != b.negative();
    if (a.kind() == ExactNumber.Kind.NAN || b.kind() == ExactNumber.Kind.NAN) {
      return ExactNumber.nan(a.invalid() || b.invalid());
    }
    boolean infinite = a.kind() == ExactNumber.Kind.INFINITE;
    if (infinite && b.kind() == ExactNumber.Kind.INFINITE || a.isZero() && b.isZero()) {
      return ExactNumber.nan(true);
    }
    if (infinite || b.isZero()) {
      return ExactNumber.infinity(negative);
    }
    if (a.isZero() || b.kind() == ExactNumber.Kind.INFINITE) {
      return ExactNumber.zero(negative);
    }
    BigInteger m = a.mantissa().abs();
    BigInteger n = b.mantissa().abs();
    int shift = Math.max(0, precision + 3 + n.bitLength() - m.bitLength());
    BigInteger[] parts = m.shiftLeft(shift).divideAndRemainder(n);
    return sticky(parts[0], parts[1].signum() != 0, a.exponent() - b.exponent() - shift, negative);
  }

  /// {@return a square root to within a sticky bit}
  static ExactNumber root(ExactNumber a, int precision) {
    if (a.kind() == ExactNumber.Kind.NAN || a.isZero()) {
      return a.kind() == ExactNumber.Kind.CANCELLED ? ExactNumber.zero(false) : a;
    }
    if (a.negative()) {
      return ExactNumber.nan(true);
    }
    if (a.kind() == ExactNumber.Kind.INFINITE) {
      return a;
    }
    BigInteger m = a.mantissa();
    int shift = Math.max(0, 2 * (precision + 3) - m.bitLength());
    shift += a.exponent() - shift & 1;
    BigInteger[] parts = m.shiftLeft(shift).sqrtAndRemainder();
    return sticky(parts[0], parts[1].signum() != 0, (a.exponent() - shift) / 2, false);
  }

  private static ExactNumber sticky(BigInteger bits, boolean more, int exponent, boolean negative) {
    BigInteger all = more ? bits.shiftLeft(1).setBit(0) : bits.shiftLeft(1);
    return ExactNumber.of(negative ? all.negate() : all, exponent - 1);
  }

  // ------------------------------------------------------------------ choosing

  /// {@return the rounded sum}
  static Op2 add(FloatFormat format, Rounding mode) {
    Op2 slow = (f, a, b) -> round(f, exact(format, a).add(exact(format, b)), format, mode);
    if (mode != Rounding.RNE) {
      return slow;
    }
    if (isSingle(format)) {
      return (f, a, b) -> add32(f, a, b, slow);
    }
    return isDouble(format) ? (f, a, b) -> add64(f, a, b, slow) : slow;
  }

  /// {@return the rounded product}
  static Op2 multiply(FloatFormat format, Rounding mode) {
    Op2 slow = (f, a, b) -> round(f, exact(format, a).multiply(exact(format, b)), format, mode);
    if (mode != Rounding.RNE) {
      return slow;
    }
    if (isSingle(format)) {
      return (f, a, b) -> multiply32(f, a, b, slow);
    }
    return isDouble(format) ? (f, a, b) -> multiply64(f, a, b, slow) : slow;
  }

  /// {@return `a * b + c`, rounded once}
  static Op3 fma(FloatFormat format, Rounding mode) {
    Op3 slow =
        (f, a, b, c) -> {
          ExactNumber product = exact(format, a).multiply(exact(format, b));
          return round(f, product.add(exact(format, c)), format, mode);
        };
    if (mode != Rounding.RNE) {
      return slow;
    }
    if (isSingle(format)) {
      return (f, a, b, c) -> fma32(f, a, b, c, slow);
    }
    return isDouble(format) ? (f, a, b, c) -> fma64(f, a, b, c, slow) : slow;
  }

  /// {@return the rounded quotient}
  static Op2 divide(FloatFormat format, Rounding mode) {
    int precision = format.fraction() + 2;
    Op2 slow =
        (f, a, b) ->
            round(f, quotient(exact(format, a), exact(format, b), precision), format, mode);
    if (mode != Rounding.RNE) {
      return slow;
    }
    if (isSingle(format)) {
      return (f, a, b) -> divide32(f, a, b, slow);
    }
    return isDouble(format) ? (f, a, b) -> divide64(f, a, b, slow) : slow;
  }

  /// {@return the rounded square root}
  static Op1 root(FloatFormat format, Rounding mode) {
    int precision = format.fraction() + 2;
    Op1 slow = (f, a) -> round(f, root(exact(format, a), precision), format, mode);
    if (mode != Rounding.RNE) {
      return slow;
    }
    if (isSingle(format)) {
      return (f, a) -> root32(f, a, slow);
    }
    return isDouble(format) ? (f, a) -> root64(f, a, slow) : slow;
  }

  /// {@return a float in another format}
  static Op1 convert(FloatFormat from, FloatFormat to, Rounding mode) {
    Op1 slow = (f, a) -> round(f, exact(from, a), to, mode);
    if (isSingle(from) && isDouble(to)) {
      return (f, a) -> {
        float x = Float.intBitsToFloat((int) a);
        return Float.isNaN(x) ? slow.apply(f, a) : Double.doubleToRawLongBits(x);
      };
    }
    if (isDouble(from) && isSingle(to) && mode == Rounding.RNE) {
      return (f, a) -> narrow(f, a, slow);
    }
    boolean truncated = to.exponent() == 8 && to.fraction() == 7 && isPlain(to);
    return isSingle(from) && truncated && mode == Rounding.RNE ? (f, a) -> halve(f, a, slow) : slow;
  }

  /// {@return a float as a whole number, saturated}
  static Op1 toWhole(FloatFormat from, Type.Bits type, Rounding mode) {
    if (isSingle(from) && mode != Rounding.ROD) {
      return (f, a) -> whole(f, Float.intBitsToFloat((int) a), type, mode);
    }
    if (isDouble(from) && mode != Rounding.ROD) {
      return (f, a) -> whole(f, Double.longBitsToDouble(a), type, mode);
    }
    return (f, a) -> toWhole(f, exact(from, a), type, mode);
  }

  /// {@return a whole number of at most 64 bits as a float}
  ///
  /// @param unsigned whether its 64 bits are read as unsigned
  static Op1 fromWhole(boolean unsigned, FloatFormat to, Rounding mode) {
    Op1 slow =
        (f, a) -> {
          BigInteger value = unsigned ? big(a) : BigInteger.valueOf(a);
          return round(f, ExactNumber.of(value), to, mode);
        };
    boolean single = isSingle(to);
    if (mode != Rounding.RNE || !single && !isDouble(to)) {
      return slow;
    }
    int precision = single ? 24 : 53;
    return (f, a) -> {
      if (unsigned && a < 0) {
        return slow.apply(f, a);
      }
      long magnitude = Math.abs(a);
      int significant =
          64 - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude);
      if (a != 0 && significant > precision) {
        f.flags |= NX;
      }
      return single ? bits((float) a) : Double.doubleToRawLongBits((double) a);
    };
  }

  // ------------------------------------------------------------------ single precision

  private static boolean isOrdinary(float r) {
    float magnitude = Math.abs(r);
    return magnitude > Float.MIN_NORMAL && magnitude <= Float.MAX_VALUE;
  }

  private static long bits(float r) {
    return Float.floatToRawIntBits(r) & 0xffffffffL;
  }

  /// The error of `s = a + b` (Knuth), exact where nothing overflows.
  private static double error(double a, double b, double s) {
    double part = s - a;
    return (a - (s - part)) + (b - part);
  }

  private static long add32(Frame f, long a, long b, Op2 slow) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float r = x + y;
    if (isOrdinary(r)) {
      double s = (double) x + y;
      if (s != r || error(x, y, s) != 0) {
        f.flags |= NX;
      }
      return bits(r);
    }
    return r == 0 ? bits(r) : slow.apply(f, a, b);
  }

  private static long multiply32(Frame f, long a, long b, Op2 slow) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float r = x * y;
    if (isOrdinary(r)) {
      if ((double) x * y != r) {
        f.flags |= NX;
      }
      return bits(r);
    }
    return r == 0 && (x == 0 || y == 0) ? bits(r) : slow.apply(f, a, b);
  }

  private static long fma32(Frame f, long a, long b, long c, Op3 slow) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float z = Float.intBitsToFloat((int) c);
    float r = Math.fma(x, y, z);
    if (isOrdinary(r)) {
      double p = (double) x * y;
      double s = p + z;
      if (s != r || error(p, z, s) != 0) {
        f.flags |= NX;
      }
      return bits(r);
    }
    return slow.apply(f, a, b, c);
  }

  private static long divide32(Frame f, long a, long b, Op2 slow) {
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float r = x / y;
    if (isOrdinary(r) && y != 0) {
      if ((double) r * y != x) {
        f.flags |= NX;
      }
      return bits(r);
    }
    return slow.apply(f, a, b);
  }

  private static long root32(Frame f, long a, Op1 slow) {
    float x = Float.intBitsToFloat((int) a);
    float r = (float) Math.sqrt(x);
    if (isOrdinary(r)) {
      if ((double) r * r != x) {
        f.flags |= NX;
      }
      return bits(r);
    }
    return slow.apply(f, a);
  }

  // ------------------------------------------------------------------ double precision

  private static boolean isMiddling(double r) {
    double magnitude = Math.abs(r);
    return magnitude > LEAST && magnitude < MOST;
  }

  private static long add64(Frame f, long a, long b, Op2 slow) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x + y;
    if (isMiddling(r) && Math.abs(x) < MOST) {
      if (error(x, y, r) != 0) {
        f.flags |= NX;
      }
      return Double.doubleToRawLongBits(r);
    }
    return r == 0 ? Double.doubleToRawLongBits(r) : slow.apply(f, a, b);
  }

  private static long multiply64(Frame f, long a, long b, Op2 slow) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x * y;
    if (isMiddling(r)) {
      if (Math.fma(x, y, -r) != 0) {
        f.flags |= NX;
      }
      return Double.doubleToRawLongBits(r);
    }
    boolean zero = r == 0 && (x == 0 || y == 0);
    return zero ? Double.doubleToRawLongBits(r) : slow.apply(f, a, b);
  }

  private static long fma64(Frame f, long a, long b, long c, Op3 slow) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double z = Double.longBitsToDouble(c);
    double r = Math.fma(x, y, z);
    double p = x * y;
    if (p == 0 && (x == 0 || y == 0) && isMiddling(z)) {
      return c;
    }
    if (isMiddling(r) && isMiddling(p) && (z == 0 || isMiddling(z))) {
      if (!isExactFma(x, y, z, p, r)) {
        f.flags |= NX;
      }
      return Double.doubleToRawLongBits(r);
    }
    return slow.apply(f, a, b, c);
  }

  /// The error of a fused multiply-add is the sum of two doubles (Boldo and Muller); here it only
  /// matters whether it is 0.
  private static boolean isExactFma(double x, double y, double z, double p, double r) {
    double low = Math.fma(x, y, -p);
    double sum = z + low;
    double rest = error(z, low, sum);
    double all = p + sum;
    double high = (all - r) + error(p, sum, all);
    return high + rest == 0;
  }

  private static long divide64(Frame f, long a, long b, Op2 slow) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x / y;
    if (isMiddling(r) && isMiddling(x) && isMiddling(y)) {
      if (Math.fma(-r, y, x) != 0) {
        f.flags |= NX;
      }
      return Double.doubleToRawLongBits(r);
    }
    return slow.apply(f, a, b);
  }

  private static long root64(Frame f, long a, Op1 slow) {
    double x = Double.longBitsToDouble(a);
    double r = Math.sqrt(x);
    if (isMiddling(x) && x > 0) {
      if (Math.fma(-r, r, x) != 0) {
        f.flags |= NX;
      }
      return Double.doubleToRawLongBits(r);
    }
    return slow.apply(f, a);
  }

  // ------------------------------------------------------------------ conversions

  private static long narrow(Frame f, long a, Op1 slow) {
    double x = Double.longBitsToDouble(a);
    float r = (float) x;
    if (isOrdinary(r)) {
      if (r != x) {
        f.flags |= NX;
      }
      return bits(r);
    }
    return x == 0 ? bits(r) : slow.apply(f, a);
  }

  /// A single in the format that is its upper half.
  private static long halve(Frame f, long a, Op1 slow) {
    int exponent = (int) (a >>> 23) & 0xff;
    if (exponent < 2 || exponent > 253) {
      return (a & 0x7fffffffL) == 0 ? a >>> 16 : slow.apply(f, a);
    }
    if ((a & 0xffff) != 0) {
      f.flags |= NX;
    }
    return a + 0x7fff + (a >>> 16 & 1) >>> 16 & 0xffff;
  }

  private static long whole(Frame f, double x, Type.Bits type, Rounding mode) {
    boolean signed = type.reading() == Type.Reading.SINT;
    int width = type.width();
    double t =
        switch (mode) {
          case RNE -> Math.rint(x);
          case RTZ -> x < 0 ? Math.ceil(x) : Math.floor(x);
          case RDN -> Math.floor(x);
          case RUP -> Math.ceil(x);
          case RMM -> away(x);
          case ROD -> throw new IllegalArgumentException("no such whole number");
        };
    double end = Math.scalb(1.0, signed ? width - 1 : width);
    if (Double.isNaN(x) || t >= end || t < (signed ? -end : 0)) {
      f.flags |= NV;
      long greatest = ones(signed ? width - 1 : width);
      return x < 0 ? signed ? greatest + 1 & ones(width) : 0 : greatest;
    }
    if (t != x) {
      f.flags |= NX;
    }
    boolean upper = t >= 0x1p63;
    return (upper ? (long) (t - 0x1p63) | Long.MIN_VALUE : (long) t) & ones(width);
  }

  /// To the nearest whole number, halves away from zero.
  private static double away(double x) {
    double t = x < 0 ? Math.ceil(x) : Math.floor(x);
    return Math.abs(x - t) >= 0.5 ? t + Math.signum(x) : t;
  }
}
