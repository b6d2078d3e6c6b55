package tessera.isaspec.semantics;

import java.math.BigInteger;

/// The real line plus what IEEE arithmetic needs around it (language.md 7): infinities, NaN, and
/// zeros with a sign or *cancelled*. A finite value is `mantissa * 2^exponent`.
///
/// @param kind what it is
/// @param negative the sign of a zero or infinity (of a finite number the mantissa has it)
/// @param invalid an invalid operation, or a signalling NaN, made it
public record ExactNumber(
    Kind kind, boolean negative, BigInteger mantissa, int exponent, boolean invalid) {

  /// What a number is.
  public enum Kind {
    FINITE,
    ZERO,
    /// a sum of opposite numbers or zeros: its sign is the rounding's to say
    CANCELLED,
    INFINITE,
    NAN
  }

  private static final int LONGEST = 1 << 20;

  private static final ExactNumber CANCELLED_ZERO =
      new ExactNumber(Kind.CANCELLED, false, BigInteger.ZERO, 0, false);

  /// {@return a NaN}
  public static ExactNumber nan(boolean invalid) {
    return new ExactNumber(Kind.NAN, false, BigInteger.ZERO, 0, invalid);
  }

  /// {@return a zero with a sign}
  public static ExactNumber zero(boolean negative) {
    return new ExactNumber(Kind.ZERO, negative, BigInteger.ZERO, 0, false);
  }

  /// {@return an infinity}
  public static ExactNumber infinity(boolean negative) {
    return new ExactNumber(Kind.INFINITE, negative, BigInteger.ZERO, 0, false);
  }

  /// {@return `mantissa * 2^exponent`; 0 becomes +0}
  public static ExactNumber of(BigInteger mantissa, int exponent) {
    if (mantissa.signum() == 0) {
      return zero(false);
    }
    int trailing = mantissa.getLowestSetBit();
    return new ExactNumber(
        Kind.FINITE,
        mantissa.signum() < 0,
        mantissa.shiftRight(trailing),
        exponent + trailing,
        false);
  }

  /// {@return a whole number; 0 enters as +0}
  public static ExactNumber of(BigInteger whole) {
    return of(whole, 0);
  }

  /// {@return the value of a float's bits}
  public static ExactNumber of(FloatFormat format, BigInteger bits) {
    int e = format.exponent();
    int f = format.fraction();
    BigInteger fraction = bits.and(Arithmetic.ones(f));
    int biased = bits.shiftRight(f).and(Arithmetic.ones(e)).intValue();
    boolean negative = format.signed() && bits.testBit(e + f);
    if (isNan(format, bits)) {
      return nan(format.ieee() && !bits.testBit(f - 1));
    }
    if (format.hasInfinity() && biased == (1 << e) - 1) {
      return infinity(negative);
    }
    boolean subnormal = biased == 0 && format.hasZero();
    BigInteger magnitude = subnormal ? fraction : fraction.setBit(f);
    if (magnitude.signum() == 0) {
      return zero(negative);
    }
    int exponent = (subnormal ? 1 : biased) - format.bias() - f;
    return of(negative ? magnitude.negate() : magnitude, exponent);
  }

  /// {@return whether a float's bits are a NaN}
  public static boolean isNan(FloatFormat format, BigInteger bits) {
    if (!format.hasNan()) {
      return false;
    }
    BigInteger magnitude = bits.and(Arithmetic.ones(format.exponent() + format.fraction()));
    BigInteger single = format.nan();
    return single != null
        ? magnitude.equals(single)
        : magnitude.compareTo(Arithmetic.ones(format.exponent()).shiftLeft(format.fraction())) > 0;
  }

  /// {@return whether it is a zero of any kind}
  public boolean isZero() {
    return kind == Kind.ZERO || kind == Kind.CANCELLED;
  }

  /// {@return whether it is a finite number or zero}
  public boolean isFinite() {
    return kind == Kind.FINITE || isZero();
  }

  /// {@return the sign: -1, 0 or 1; 0 for NaN}
  public int sign() {
    return switch (kind) {
      case FINITE -> mantissa.signum();
      case ZERO, CANCELLED, NAN -> 0;
      case INFINITE -> negative ? -1 : 1;
    };
  }

  /// {@return the exact sum; infinity - infinity is invalid}
  public ExactNumber add(ExactNumber other) {
    if (kind == Kind.NAN || other.kind == Kind.NAN) {
      return nan(invalid || other.invalid);
    }
    if (kind == Kind.INFINITE || other.kind == Kind.INFINITE) {
      boolean opposite = kind == other.kind && negative != other.negative;
      return opposite ? nan(true) : kind == Kind.INFINITE ? this : other;
    }
    if (isZero() && other.isZero()) {
      return kind == Kind.ZERO && this.equals(other) ? this : CANCELLED_ZERO;
    }
    if (isZero() || other.isZero()) {
      return isZero() ? other : this;
    }
    int e = Math.min(exponent, other.exponent);
    bounded((long) Math.max(exponent, other.exponent) - e);
    BigInteger sum =
        mantissa.shiftLeft(exponent - e).add(other.mantissa.shiftLeft(other.exponent - e));
    return sum.signum() == 0 ? CANCELLED_ZERO : of(sum, e);
  }

  /// {@return the exact product; zero times infinity is invalid}
  public ExactNumber multiply(ExactNumber other) {
    if (kind == Kind.NAN || other.kind == Kind.NAN) {
      return nan(invalid || other.invalid);
    }
    boolean sign = negative ^ other.negative;
    if (kind == Kind.INFINITE || other.kind == Kind.INFINITE) {
      return isZero() || other.isZero() ? nan(true) : infinity(sign);
    }
    if (isZero() || other.isZero()) {
      return kind == Kind.CANCELLED || other.kind == Kind.CANCELLED ? CANCELLED_ZERO : zero(sign);
    }
    bounded((long) mantissa.bitLength() + other.mantissa.bitLength());
    return of(mantissa.multiply(other.mantissa), exponent + other.exponent);
  }

  /// Exact numbers are as long as they must be, but not without end.
  private static void bounded(long bits) {
    if (bits > LONGEST) {
      throw new TextFault("too-large", "an exact number has more than " + LONGEST + " bits");
    }
  }

  /// {@return the number with every sign flipped}
  public ExactNumber negate() {
    return switch (kind) {
      case FINITE -> of(mantissa.negate(), exponent);
      case ZERO -> zero(!negative);
      case INFINITE -> infinity(!negative);
      case CANCELLED, NAN -> this;
    };
  }

  /// {@return the order of two numbers that are no NaN; zeros are equal}
  public int compare(ExactNumber other) {
    if (kind == Kind.INFINITE || other.kind == Kind.INFINITE) {
      int left = kind == Kind.INFINITE ? sign() : 0;
      int right = other.kind == Kind.INFINITE ? other.sign() : 0;
      return Integer.compare(left, right);
    }
    return add(other.negate()).sign();
  }

  /// {@return the greatest whole number that is not greater; of a finite number}
  public BigInteger floor() {
    return exponent >= 0 ? mantissa.shiftLeft(exponent) : mantissa.shiftRight(-exponent);
  }

  /// {@return whether it is a whole number}
  public boolean isWhole() {
    return isFinite() && (isZero() || exponent >= 0);
  }

  /// {@return the exponent of the leading bit of a finite number that is not 0}
  public int leading() {
    return exponent + mantissa.abs().bitLength() - 1;
  }
}
