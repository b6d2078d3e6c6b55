package tessera.tests.reference;

import java.math.BigInteger;

/// A binary format: interchange formats of IEEE 754, 3.4, and bfloat16.
enum Format {
  HALF(5, 10),
  BFLOAT(8, 7),
  SINGLE(8, 23),
  DOUBLE(11, 52);

  private final int exponent;
  private final int fraction;

  Format(int exponent, int fraction) {
    this.exponent = exponent;
    this.fraction = fraction;
  }

  /// {@return the IEEE format of so many bits}
  static Format of(int width) {
    return switch (width) {
      case 16 -> HALF;
      case 32 -> SINGLE;
      case 64 -> DOUBLE;
      default -> throw new IllegalArgumentException("no float has " + width + " bits");
    };
  }

  /// {@return the format that a mnemonic's suffix names}
  static Format of(String suffix) {
    return switch (suffix) {
      case "h" -> HALF;
      case "s", "w" -> SINGLE;
      case "d" -> DOUBLE;
      case "bf16" -> BFLOAT;
      default -> throw new IllegalArgumentException(suffix);
    };
  }

  int width() {
    return 1 + exponent + fraction;
  }

  int fraction() {
    return fraction;
  }

  int bias() {
    return (1 << exponent - 1) - 1;
  }

  /// {@return the exponent of the least normal number}
  int least() {
    return 1 - bias();
  }

  long sign(boolean negative) {
    return negative ? 1L << width() - 1 : 0;
  }

  long infinity(boolean negative) {
    return sign(negative) | (1L << exponent) - 1 << fraction;
  }

  long largest(boolean negative) {
    return infinity(negative) - 1;
  }

  /// {@return the canonical NaN: positive, quiet, nothing else set (unprivileged manual, 20.3)}
  long nan() {
    return infinity(false) | 1L << fraction - 1;
  }

  /// {@return the low bits that are the float}
  long low(long bits) {
    return width() == 64 ? bits : bits & (1L << width()) - 1;
  }

  Datum read(long bits) {
    long f = bits & (1L << fraction) - 1;
    int e = (int) (bits >>> fraction) & (1 << exponent) - 1;
    boolean negative = (bits >>> width() - 1 & 1) != 0;
    if (e == (1 << exponent) - 1) {
      return f == 0 ? new Datum.Infinity(negative) : new Datum.Nan((f >>> fraction - 1) == 0);
    }
    long significand = e == 0 ? f : f | 1L << fraction;
    int scale = Math.max(e, 1) - bias() - fraction;
    return new Datum.Finite(
        negative, Magnitude.Fraction.scaled(BigInteger.valueOf(significand), scale));
  }

  /// {@return the bits of a real rounded to this format, with what that raises}
  ///
  /// Tininess is detected after rounding: where the number, rounded as if exponents had no bounds,
  /// lies below the least normal one (unprivileged manual, 20.2).
  long round(boolean negative, Magnitude x, Mode mode, Flags flags) {
    if (x.isZero()) {
      return sign(negative);
    }
    int e = x.log2();
    int unit = Math.max(e, least()) - fraction;
    Magnitude.Part part = x.in(unit);
    BigInteger rounded = mode.whole(part, negative);
    // One more in the fraction carries into the exponent; a subnormal has the least exponent's
    // unit.
    BigInteger bits =
        BigInteger.valueOf(unit + fraction + bias() - 1L).shiftLeft(fraction).add(rounded);
    if (bits.compareTo(BigInteger.valueOf(infinity(false))) >= 0) {
      flags.raise(Flags.OF | Flags.NX);
      return mode.overflowsToInfinity(negative) ? infinity(negative) : largest(negative);
    }
    if (part.tail() != Magnitude.EXACT) {
      BigInteger unbounded = mode.whole(x.in(e - fraction), negative);
      boolean tiny = unbounded.bitLength() - 1 + e - fraction < least();
      flags.raise(tiny ? Flags.UF | Flags.NX : Flags.NX);
    }
    return sign(negative) | bits.longValueExact();
  }
}
