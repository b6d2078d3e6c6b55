package tessera.emulator.kernel;

import java.math.BigInteger;
import java.util.List;

/// A number as floats have it, without any width: sign * magnitude * 2^exponent, an infinity, or a
/// NaN. Written for tests only, from the rules of the tile extension (xta.md 6) and IEEE 754.
record Dyadic(Kind kind, boolean negative, BigInteger magnitude, int exponent) {
  enum Kind {
    FINITE,
    INFINITE,
    QUIET,
    SIGNALLING
  }

  /// What was raised.
  static final class Raised {
    boolean invalid;
    boolean overflow;
  }

  static Dyadic finite(boolean negative, BigInteger magnitude, int exponent) {
    return new Dyadic(Kind.FINITE, negative, magnitude, exponent);
  }

  static Dyadic whole(long value) {
    return finite(value < 0, BigInteger.valueOf(value).abs(), 0);
  }

  static Dyadic special(Kind kind, boolean negative) {
    return new Dyadic(kind, negative, BigInteger.ZERO, 0);
  }

  /// Decodes an IEEE format.
  static Dyadic decode(long bits, int exponentBits, int fractionBits) {
    long fraction = bits & (1L << fractionBits) - 1;
    int biased = (int) (bits >>> fractionBits) & (1 << exponentBits) - 1;
    boolean negative = (bits >>> (exponentBits + fractionBits) & 1) == 1;
    if (biased == (1 << exponentBits) - 1) {
      Kind nan = (fraction >>> (fractionBits - 1) & 1) == 1 ? Kind.QUIET : Kind.SIGNALLING;
      return special(fraction == 0 ? Kind.INFINITE : nan, negative);
    }
    int bias = (1 << (exponentBits - 1)) - 1;
    long magnitude = biased == 0 ? fraction : fraction | 1L << fractionBits;
    return finite(
        negative, BigInteger.valueOf(magnitude), Math.max(biased, 1) - bias - fractionBits);
  }

  boolean isNan() {
    return kind == Kind.QUIET || kind == Kind.SIGNALLING;
  }

  boolean isZero() {
    return kind == Kind.FINITE && magnitude.signum() == 0;
  }

  Dyadic negate() {
    return new Dyadic(kind, !negative, magnitude, exponent);
  }

  Dyadic times(Dyadic other, Raised raised) {
    raised.invalid |= kind == Kind.SIGNALLING || other.kind == Kind.SIGNALLING;
    if (isNan() || other.isNan()) {
      return special(Kind.QUIET, false);
    }
    boolean sign = negative ^ other.negative;
    if (kind == Kind.INFINITE || other.kind == Kind.INFINITE) {
      boolean invalid = isZero() || other.isZero();
      raised.invalid |= invalid;
      return special(invalid ? Kind.QUIET : Kind.INFINITE, sign);
    }
    return finite(sign, magnitude.multiply(other.magnitude), exponent + other.exponent);
  }

  /// The exact sum: a zero is negative only if every term is.
  static Dyadic sum(List<Dyadic> terms, Raised raised) {
    boolean plus = false;
    boolean minus = false;
    for (Dyadic t : terms) {
      raised.invalid |= t.kind == Kind.SIGNALLING;
      plus |= t.kind == Kind.INFINITE && !t.negative;
      minus |= t.kind == Kind.INFINITE && t.negative;
    }
    if (terms.stream().anyMatch(Dyadic::isNan)) {
      return special(Kind.QUIET, false);
    }
    if (plus || minus) {
      raised.invalid |= plus && minus;
      return special(plus && minus ? Kind.QUIET : Kind.INFINITE, minus);
    }
    int low = terms.stream().mapToInt(Dyadic::exponent).min().orElseThrow();
    BigInteger total = BigInteger.ZERO;
    for (Dyadic t : terms) {
      BigInteger shifted = t.magnitude.shiftLeft(t.exponent - low);
      total = t.negative ? total.subtract(shifted) : total.add(shifted);
    }
    boolean negative =
        total.signum() == 0 ? terms.stream().allMatch(Dyadic::negative) : total.signum() < 0;
    return finite(negative, total.abs(), low);
  }

  /// The bits of the nearest f32, ties to even.
  int toFloat(Raised raised) {
    int sign = negative ? 0x8000_0000 : 0;
    switch (kind) {
      case QUIET, SIGNALLING -> {
        return 0x7fc0_0000;
      }
      case INFINITE -> {
        return sign | 0x7f80_0000;
      }
      case FINITE -> {}
    }
    int low = Math.max(exponent + magnitude.bitLength() - 24, -149);
    BigInteger rounded = magnitude;
    if (low > exponent) {
      int shift = low - exponent;
      rounded = magnitude.shiftRight(shift);
      BigInteger rest = magnitude.subtract(rounded.shiftLeft(shift));
      int half = rest.compareTo(BigInteger.ONE.shiftLeft(shift - 1));
      if (half > 0 || half == 0 && rounded.testBit(0)) {
        rounded = rounded.add(BigInteger.ONE);
      }
    } else {
      rounded = magnitude.shiftLeft(exponent - low);
    }
    if (rounded.bitLength() + low > 128) {
      raised.overflow = true;
      return sign | 0x7f80_0000;
    }
    int value = rounded.intValueExact();
    // A carry into the exponent is the next exponent
    return sign | (value < 1 << 23 ? value : (low + 149 << 23) + value);
  }
}
