package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Set;

/// Rounding by definition, as an oracle: a real as a fraction, and of all floats the two around it.
///
/// @param den above 0
record Rational(BigInteger num, BigInteger den) {

  /// A float's bits, and the flags of making them.
  record Rounded(BigInteger bits, Set<Flag> flags) {}

  static Rational of(long n) {
    return new Rational(BigInteger.valueOf(n), BigInteger.ONE);
  }

  /// {@return the value of the finite float whose magnitude has these bits}
  static Rational magnitude(FloatFormat format, BigInteger bits) {
    int biased = bits.shiftRight(format.fraction()).intValue();
    BigInteger fraction =
        bits.and(BigInteger.ONE.shiftLeft(format.fraction()).subtract(BigInteger.ONE));
    BigInteger significand = biased == 0 ? fraction : fraction.setBit(format.fraction());
    return new Rational(significand, BigInteger.ONE)
        .scaled(Math.max(biased, 1) - format.bias() - format.fraction());
  }

  /// {@return the value of a finite float}
  static Rational of(FloatFormat format, BigInteger bits) {
    int sign = format.exponent() + format.fraction();
    Rational magnitude = magnitude(format, bits.clearBit(sign));
    return bits.testBit(sign) ? magnitude.negate() : magnitude;
  }

  Rational scaled(int by) {
    return by >= 0 ? new Rational(num.shiftLeft(by), den) : new Rational(num, den.shiftLeft(-by));
  }

  Rational negate() {
    return new Rational(num.negate(), den);
  }

  Rational add(Rational b) {
    return new Rational(num.multiply(b.den).add(b.num.multiply(den)), den.multiply(b.den));
  }

  Rational multiply(Rational b) {
    return new Rational(num.multiply(b.num), den.multiply(b.den));
  }

  Rational divide(Rational b) {
    BigInteger n = num.multiply(b.den);
    BigInteger d = den.multiply(b.num);
    return d.signum() < 0 ? new Rational(n.negate(), d.negate()) : new Rational(n, d);
  }

  int compare(Rational b) {
    return num.multiply(b.den).compareTo(b.num.multiply(den));
  }

  int signum() {
    return num.signum();
  }

  /// Says whether a positive number is below, at or above what is to be rounded.
  interface Target {
    /// {@return the sign of |x| - t}
    int compare(Rational t);
  }

  /// {@return the rounded value of a number that is not 0}
  Rounded round(FloatFormat format, Rounding mode) {
    Rational magnitude = signum() < 0 ? negate() : this;
    return round(magnitude::compare, signum() < 0, format, mode);
  }

  /// {@return the rounded value of a number that is known by comparison}
  static Rounded round(Target x, boolean negative, FloatFormat format, Rounding mode) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    BigInteger magnitude = round(x, negative, format, mode, flags);
    if (flags.contains(Flag.NX) && !flags.contains(Flag.OF)) {
      // Tiny: rounded with an exponent without bounds it lies below the least normal number.
      Target large = t -> x.compare(t.scaled(-1000));
      FloatFormat wide =
          new FloatFormat("wide", 15, format.fraction(), true, true, true, null, true, 128, null);
      BigInteger unbounded = round(large, negative, wide, mode, EnumSet.noneOf(Flag.class));
      Rational least = magnitude(format, BigInteger.ONE.shiftLeft(format.fraction()));
      if (magnitude(wide, unbounded).scaled(-1000).compare(least) < 0) {
        flags.add(Flag.UF);
      }
    }
    int sign = format.exponent() + format.fraction();
    return new Rounded(negative ? magnitude.setBit(sign) : magnitude, flags);
  }

  private static BigInteger round(
      Target x, boolean negative, FloatFormat format, Rounding mode, Set<Flag> flags) {
    BigInteger largest = format.largest();
    BigInteger low = BigInteger.ZERO;
    BigInteger high = largest.add(BigInteger.ONE); // stands for the next binade
    while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = low.add(high).shiftRight(1);
      if (x.compare(magnitude(format, middle)) >= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    Rational below = magnitude(format, low);
    Rational above = magnitude(format, low.add(BigInteger.ONE));
    if (x.compare(below) == 0) {
      return low;
    }
    flags.add(Flag.NX);
    boolean beyond = low.equals(largest) && x.compare(above) >= 0;
    int half = x.compare(below.add(above).scaled(-1));
    boolean up =
        switch (mode) {
          case RNE -> half > 0 || half == 0 && low.testBit(0);
          case RMM -> half >= 0;
          case RTZ -> false;
          case RDN -> negative;
          case RUP -> !negative;
          case ROD -> !low.testBit(0);
        };
    BigInteger rounded = up ? low.add(BigInteger.ONE) : low;
    if (beyond || rounded.compareTo(largest) > 0) {
      flags.add(Flag.OF);
      boolean toInfinity =
          switch (mode) {
            case RNE, RMM -> true;
            case RTZ, ROD -> false;
            case RDN -> negative;
            case RUP -> !negative;
          };
      return toInfinity ? format.infinity() : largest;
    }
    return rounded;
  }

  /// {@return the whole number that a mode makes of it}
  BigInteger whole(Rounding mode) {
    BigInteger[] parts = num.abs().divideAndRemainder(den);
    int half = parts[1].shiftLeft(1).compareTo(den);
    boolean inexact = parts[1].signum() != 0;
    boolean up =
        inexact
            && switch (mode) {
              case RNE -> half > 0 || half == 0 && parts[0].testBit(0);
              case RMM -> half >= 0;
              case RTZ -> false;
              case RDN -> signum() < 0;
              case RUP -> signum() > 0;
              case ROD -> !parts[0].testBit(0);
            };
    BigInteger magnitude = up ? parts[0].add(BigInteger.ONE) : parts[0];
    return signum() < 0 ? magnitude.negate() : magnitude;
  }

  boolean isWhole() {
    return num.remainder(den).signum() == 0;
  }
}
