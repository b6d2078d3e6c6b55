package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToIntFunction;

/// Makes floats and whole numbers of exact ones (IEEE 754 by its definition), collecting the flags.
public final class Rounder {
  private final Set<Flag> flags = EnumSet.noneOf(Flag.class);

  /// {@return the flags raised since the last `clear`}
  public Set<Flag> flags() {
    return flags;
  }

  /// Forgets the flags.
  public void clear() {
    flags.clear();
  }

  /// Raises a flag.
  public void raise(Flag flag) {
    flags.add(flag);
  }

  /// {@return the bits of the float nearest to `value` in the mode's sense}
  public BigInteger toFloat(ExactNumber value, FloatFormat format, Rounding mode) {
    return switch (value.kind()) {
      case NAN -> notANumber(value, format);
      case INFINITE -> infinity(format, value.negative());
      case ZERO -> signed(BigInteger.ZERO, format, value.negative());
      case CANCELLED -> signed(BigInteger.ZERO, format, mode == Rounding.RDN);
      case FINITE -> finite(value, format, mode);
    };
  }

  /// A format without NaN gives its largest number, and says that the operation was invalid.
  private BigInteger notANumber(ExactNumber value, FloatFormat format) {
    if (value.invalid() || !format.hasNan()) {
      raise(Flag.NV);
    }
    return format.hasNan() ? format.canonicalNan() : format.largest();
  }

  private static BigInteger infinity(FloatFormat format, boolean negative) {
    return signed(format.hasInfinity() ? format.infinity() : format.largest(), format, negative);
  }

  private static BigInteger signed(BigInteger magnitude, FloatFormat format, boolean negative) {
    return negative && format.signed()
        ? magnitude.setBit(format.exponent() + format.fraction())
        : magnitude;
  }

  private BigInteger finite(ExactNumber value, FloatFormat format, Rounding mode) {
    int least = 1 - format.bias();
    int unit = Math.max(value.leading(), least) - format.fraction();
    BigInteger magnitude = roundAt(value, unit, mode);
    boolean inexact = !isMultiple(value, unit);
    // Rounding may carry into the next binade.
    int leading = magnitude.signum() == 0 ? Integer.MIN_VALUE : unit + magnitude.bitLength() - 1;
    BigInteger largest = format.largest();
    int top = format.largestExponent() - format.bias();
    if (leading > top || leading == top && encode(magnitude, unit, format).compareTo(largest) > 0) {
      return overflow(format, value.negative(), mode);
    }
    if (inexact) {
      raise(Flag.NX);
      if (tiny(value, format, mode)) {
        raise(Flag.UF);
      }
    }
    return signed(encode(magnitude, unit, format), format, value.negative());
  }

  /// Tininess after rounding: rounded with an unbounded exponent it would lie below the least
  /// normal.
  private static boolean tiny(ExactNumber value, FloatFormat format, Rounding mode) {
    int least = 1 - format.bias();
    if (value.leading() >= least) {
      return false;
    }
    int unit = value.leading() - format.fraction();
    BigInteger magnitude = roundAt(value, unit, mode);
    return unit + magnitude.bitLength() - 1 < least;
  }

  private BigInteger overflow(FloatFormat format, boolean negative, Rounding mode) {
    raise(Flag.OF);
    raise(Flag.NX);
    boolean largest =
        switch (mode) {
          case RNE, RMM -> false;
          case RTZ, ROD -> true;
          case RDN -> !negative;
          case RUP -> negative;
        };
    return largest ? signed(format.largest(), format, negative) : infinity(format, negative);
  }

  private static BigInteger encode(BigInteger magnitude, int unit, FloatFormat format) {
    if (magnitude.bitLength() <= format.fraction()) {
      return magnitude; // subnormal, or zero
    }
    int shift = magnitude.bitLength() - 1 - format.fraction();
    int biased = unit + shift + format.fraction() + format.bias();
    BigInteger fraction = magnitude.shiftRight(shift).clearBit(format.fraction());
    return BigInteger.valueOf(biased).shiftLeft(format.fraction()).or(fraction);
  }

  private static boolean isMultiple(ExactNumber value, int unit) {
    return value.exponent() >= unit;
  }

  /// {@return |value| in units of 2^unit, rounded}
  private static BigInteger roundAt(ExactNumber value, int unit, Rounding mode) {
    BigInteger magnitude = value.mantissa().abs();
    int shift = unit - value.exponent();
    if (shift <= 0) {
      return magnitude.shiftLeft(-shift);
    }
    BigInteger quotient = magnitude.shiftRight(shift);
    BigInteger rest = magnitude.and(Arithmetic.ones(shift));
    if (rest.signum() == 0) {
      return quotient;
    }
    int half = rest.compareTo(BigInteger.ONE.shiftLeft(shift - 1));
    boolean up =
        switch (mode) {
          case RNE -> half > 0 || half == 0 && quotient.testBit(0);
          case RMM -> half >= 0;
          case RTZ -> false;
          case RDN -> value.negative();
          case RUP -> !value.negative();
          case ROD -> false;
        };
    if (mode == Rounding.ROD) {
      return quotient.setBit(0);
    }
    return up ? quotient.add(BigInteger.ONE) : quotient;
  }

  /// {@return a whole number, as an exact one that keeps the sign of zero}
  public ExactNumber toIntegral(ExactNumber value, Rounding mode) {
    if (value.kind() != ExactNumber.Kind.FINITE) {
      return value;
    }
    BigInteger magnitude = roundAt(value, 0, mode);
    if (!isMultiple(value, 0)) {
      raise(Flag.NX);
    }
    if (magnitude.signum() == 0) {
      return ExactNumber.zero(value.negative());
    }
    return ExactNumber.of(value.negative() ? magnitude.negate() : magnitude);
  }

  /// {@return a whole number of `type`, saturated; NV alone where it does not fit, and for NaN,
  /// which gives the greatest}
  public BigInteger toWhole(ExactNumber value, Type.Bits type, Rounding mode) {
    boolean sint = type.reading() == Type.Reading.SINT;
    BigInteger greatest = Arithmetic.ones(sint ? type.width() - 1 : type.width());
    BigInteger least = sint ? greatest.add(BigInteger.ONE).negate() : BigInteger.ZERO;
    if (value.kind() == ExactNumber.Kind.NAN || value.kind() == ExactNumber.Kind.INFINITE) {
      raise(Flag.NV);
      return value.kind() == ExactNumber.Kind.INFINITE && value.negative() ? least : greatest;
    }
    if (value.isZero()) {
      return BigInteger.ZERO;
    }
    BigInteger magnitude = roundAt(value, 0, mode);
    BigInteger whole = value.negative() ? magnitude.negate() : magnitude;
    if (whole.compareTo(greatest) > 0 || whole.compareTo(least) < 0) {
      raise(Flag.NV);
      return value.negative() ? least : greatest;
    }
    if (!isMultiple(value, 0)) {
      raise(Flag.NX);
    }
    return whole;
  }

  /// {@return a whole number clamped into `type`, raising SAT when it was}
  public BigInteger saturate(BigInteger value, Type.Bits type) {
    boolean sint = type.reading() == Type.Reading.SINT;
    BigInteger greatest = Arithmetic.ones(sint ? type.width() - 1 : type.width());
    BigInteger least = sint ? greatest.add(BigInteger.ONE).negate() : BigInteger.ZERO;
    BigInteger clamped = value.max(least).min(greatest);
    if (!clamped.equals(value)) {
      raise(Flag.SAT);
    }
    return clamped;
  }

  /// {@return an exact whole number clamped into `type`, raising SAT when it was; NaN gives the
  /// greatest, with NV}
  public BigInteger saturate(ExactNumber value, Type.Bits type) {
    return switch (value.kind()) {
      case FINITE, ZERO, CANCELLED -> {
        if (!value.isWhole()) {
          throw new IllegalStateException("saturate wants a whole number, got " + value);
        }
        yield saturate(value.isZero() ? BigInteger.ZERO : value.floor(), type);
      }
      case INFINITE -> {
        BigInteger far = BigInteger.ONE.shiftLeft(type.width() + 1);
        yield saturate(value.negative() ? far.negate() : far, type);
      }
      case NAN -> {
        raise(Flag.NV);
        yield Arithmetic.ones(
            type.reading() == Type.Reading.SINT ? type.width() - 1 : type.width());
      }
    };
  }

  /// Finds a number that rounds as f(x) does in every mode and format of at most `precision` bits,
  /// from the sign of f(x) - t alone: the leading bits of f(x), and one more bit where something
  /// follows them.
  ///
  /// @param compare the sign of f(x) - t for a finite t
  /// @param precision bits of the widest format's significand
  public static ExactNumber search(ToIntFunction<ExactNumber> compare, int precision) {
    int sign = compare.applyAsInt(ExactNumber.zero(false));
    if (sign == 0) {
      return ExactNumber.zero(false);
    }
    ToIntFunction<ExactNumber> magnitude =
        sign > 0 ? compare : t -> -compare.applyAsInt(t.negate());
    int leading = leadingExponent(magnitude);
    BigInteger bits = BigInteger.ONE;
    int unit = leading;
    for (int i = 0; i < precision + 2; i++) {
      unit--;
      BigInteger next = bits.shiftLeft(1).setBit(0);
      bits = magnitude.applyAsInt(ExactNumber.of(next, unit)) >= 0 ? next : bits.shiftLeft(1);
    }
    boolean more = magnitude.applyAsInt(ExactNumber.of(bits, unit)) != 0;
    BigInteger sticky = more ? bits.shiftLeft(1).setBit(0) : bits.shiftLeft(1);
    return ExactNumber.of(sign > 0 ? sticky : sticky.negate(), unit - 1);
  }

  /// {@return the e with 2^e <= f < 2^(e+1)}
  private static int leadingExponent(ToIntFunction<ExactNumber> magnitude) {
    int low = -(1 << 15);
    int high = 1 << 15;
    while (high - low > 1) {
      int middle = (low + high) >> 1;
      if (magnitude.applyAsInt(ExactNumber.of(BigInteger.ONE, middle)) >= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
