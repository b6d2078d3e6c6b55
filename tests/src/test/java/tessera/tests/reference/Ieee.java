package tessera.tests.reference;

import java.math.BigInteger;
import tessera.tests.reference.Magnitude.Fraction;

/// The operations of IEEE 754 as RISC-V has them, by definition: an exact result, rounded once.
final class Ieee {
  private Ieee() {}

  private static boolean anyNan(Flags flags, Datum... operands) {
    boolean any = false;
    for (Datum d : operands) {
      if (d instanceof Datum.Nan(var signalling)) {
        any = true;
        flags.raise(signalling ? Flags.NV : 0);
      }
    }
    return any;
  }

  private static long invalid(Format to, Flags flags) {
    flags.raise(Flags.NV);
    return to.nan();
  }

  // ------------------------------------------------------------------ one rounding

  static long sum(Format to, Datum a, Datum b, Mode mode, Flags flags) {
    if (anyNan(flags, a, b)) {
      return to.nan();
    }
    if (a instanceof Datum.Infinity(var sign)) {
      boolean opposite = b instanceof Datum.Infinity(var other) && other != sign;
      return opposite ? invalid(to, flags) : to.infinity(sign);
    }
    if (b instanceof Datum.Infinity(var sign)) {
      return to.infinity(sign);
    }
    BigInteger numA = signed((Datum.Finite) a);
    BigInteger numB = signed((Datum.Finite) b);
    BigInteger denA = ((Datum.Finite) a).size().den();
    BigInteger denB = ((Datum.Finite) b).size().den();
    BigInteger num = numA.multiply(denB).add(numB.multiply(denA));
    // 6.3: an exact zero sum is positive, but negative when rounding down; like zeros keep their
    // sign
    boolean both = a.isZero() && b.isZero() && a.isNegative() == b.isNegative();
    boolean negative =
        num.signum() == 0 ? both ? a.isNegative() : mode == Mode.RDN : num.signum() < 0;
    return to.round(negative, new Fraction(num.abs(), denA.multiply(denB)), mode, flags);
  }

  private static BigInteger signed(Datum.Finite a) {
    return a.negative() ? a.size().num().negate() : a.size().num();
  }

  static long difference(Format to, Datum a, Datum b, Mode mode, Flags flags) {
    return sum(to, a, b.negated(), mode, flags);
  }

  static long product(Format to, Datum a, Datum b, Mode mode, Flags flags) {
    if (anyNan(flags, a, b)) {
      return to.nan();
    }
    return a instanceof Datum.Finite(var signA, var x)
            && b instanceof Datum.Finite(var signB, var y)
        ? to.round(signA != signB, x.times(y), mode, flags)
        : a.isZero() || b.isZero()
            ? invalid(to, flags)
            : to.infinity(a.isNegative() != b.isNegative());
  }

  /// {@return a * b + c}
  static long fused(Format to, Datum a, Datum b, Datum c, Mode mode, Flags flags) {
    boolean meaningless =
        a instanceof Datum.Infinity && b.isZero() || b instanceof Datum.Infinity && a.isZero();
    if (meaningless) {
      flags.raise(Flags.NV); // of infinity and zero, even where c is a quiet NaN
    }
    if (anyNan(flags, a, b, c) || meaningless) {
      return to.nan();
    }
    boolean negative = a.isNegative() != b.isNegative();
    Datum ab =
        a instanceof Datum.Finite(_, var x) && b instanceof Datum.Finite(_, var y)
            ? new Datum.Finite(negative, x.times(y))
            : new Datum.Infinity(negative);
    return sum(to, ab, c, mode, flags);
  }

  static long quotient(Format to, Datum a, Datum b, Mode mode, Flags flags) {
    if (anyNan(flags, a, b)) {
      return to.nan();
    }
    boolean negative = a.isNegative() != b.isNegative();
    if (a instanceof Datum.Infinity) {
      return b instanceof Datum.Infinity ? invalid(to, flags) : to.infinity(negative);
    }
    if (b instanceof Datum.Infinity) {
      return to.sign(negative);
    }
    if (b.isZero()) {
      if (a.isZero()) {
        return invalid(to, flags);
      }
      flags.raise(Flags.DZ);
      return to.infinity(negative);
    }
    Fraction x = ((Datum.Finite) a).size();
    Fraction y = ((Datum.Finite) b).size();
    return to.round(negative, x.over(y), mode, flags);
  }

  static long root(Format to, Datum a, Mode mode, Flags flags) {
    if (anyNan(flags, a)) {
      return to.nan();
    }
    if (a.isZero()) {
      return to.sign(a.isNegative());
    }
    if (a.isNegative()) {
      return invalid(to, flags);
    }
    return a instanceof Datum.Finite(_, var size)
        ? to.round(false, new Magnitude.Root(size), mode, flags)
        : to.infinity(false);
  }

  // ------------------------------------------------------------------ conversion

  static long convert(Format to, Datum a, Mode mode, Flags flags) {
    return switch (a) {
      case Datum.Nan _ -> {
        anyNan(flags, a);
        yield to.nan();
      }
      case Datum.Infinity(var negative) -> to.infinity(negative);
      case Datum.Finite(var negative, var size) -> to.round(negative, size, mode, flags);
    };
  }

  static long fromWhole(Format to, BigInteger n, Mode mode, Flags flags) {
    return to.round(n.signum() < 0, Fraction.of(n.abs()), mode, flags);
  }

  /// {@return the nearest whole number in range; beyond it and for NaN an invalid operation alone
  /// (unprivileged manual, 20.7)}
  static BigInteger toWhole(Datum a, int width, boolean signed, Mode mode, Flags flags) {
    BigInteger most = BigInteger.ONE.shiftLeft(signed ? width - 1 : width).subtract(BigInteger.ONE);
    BigInteger least = signed ? most.not() : BigInteger.ZERO;
    if (!(a instanceof Datum.Finite(var negative, var size))) {
      flags.raise(Flags.NV);
      return a.isNegative() ? least : most;
    }
    BigInteger whole = whole(negative, size, mode);
    if (whole.compareTo(most) > 0 || whole.compareTo(least) < 0) {
      flags.raise(Flags.NV);
      return negative ? least : most;
    }
    flags.raise(size.in(0).tail() == Magnitude.EXACT ? 0 : Flags.NX);
    return whole;
  }

  private static BigInteger whole(boolean negative, Fraction size, Mode mode) {
    BigInteger whole = mode.whole(size.in(0), negative);
    return negative ? whole.negate() : whole;
  }

  /// {@return the whole number in the same format; the sign stays, also of zero (Zfa)}
  static long integral(Format f, Datum a, Mode mode, boolean tells, Flags flags) {
    if (!(a instanceof Datum.Finite(var negative, var size))) {
      return convert(f, a, mode, flags);
    }
    flags.raise(tells && size.in(0).tail() != Magnitude.EXACT ? Flags.NX : 0);
    BigInteger whole = mode.whole(size.in(0), negative);
    return f.round(negative, Fraction.of(whole), mode, flags);
  }

  /// {@return the low 32 bits of the whole number towards zero, sign-extended; flags are those of
  /// the conversion to 32 bits (Zfa)}
  static long modular(Datum a, Flags flags) {
    toWhole(a, 32, true, Mode.RTZ, flags);
    return a instanceof Datum.Finite(var negative, var size)
        ? whole(negative, size, Mode.RTZ).intValue()
        : 0;
  }

  // ------------------------------------------------------------------ no rounding

  /// {@return the sign of a - b; neither is a NaN}
  static int compare(Datum a, Datum b) {
    if (a instanceof Datum.Finite x && b instanceof Datum.Finite y) {
      BigInteger left = signed(x).multiply(y.size().den());
      return left.compareTo(signed(y).multiply(x.size().den()));
    }
    return Integer.compare(rank(a), rank(b));
  }

  private static int rank(Datum a) {
    return a instanceof Datum.Infinity(var negative) ? negative ? -1 : 1 : 0;
  }

  /// Equality, or an order.
  enum Relation {
    EQ,
    LT,
    LE
  }

  /// {@return whether it holds; with a NaN it does not}
  ///
  /// @param quiet only a signalling NaN is invalid
  static boolean holds(Relation relation, Datum a, Datum b, boolean quiet, Flags flags) {
    if (anyNan(flags, a, b)) {
      flags.raise(quiet ? 0 : Flags.NV);
      return false;
    }
    int order = compare(a, b);
    return switch (relation) {
      case EQ -> order == 0;
      case LT -> order < 0;
      case LE -> order <= 0;
    };
  }

  /// {@return the lesser or greater of two floats; -0 is below +0}
  ///
  /// @param spreads a NaN makes a NaN (Zfa); otherwise the number wins (IEEE 754-2019, 9.6)
  static long extreme(Format f, long a, long b, boolean most, boolean spreads, Flags flags) {
    Datum x = f.read(a);
    Datum y = f.read(b);
    if (anyNan(flags, x, y)) {
      boolean none = spreads || x instanceof Datum.Nan && y instanceof Datum.Nan;
      return none ? f.nan() : x instanceof Datum.Nan ? b : a;
    }
    int order = compare(x, y);
    if (order == 0) {
      order = Boolean.compare(y.isNegative(), x.isNegative());
    }
    return most == order > 0 ? a : b;
  }

  /// {@return the ten bits of fclass (unprivileged manual, 20.9)}
  static long classOf(Format f, long bits) {
    boolean negative = (bits >>> f.width() - 1 & 1) != 0;
    return switch (f.read(bits)) {
      case Datum.Nan(var signalling) -> signalling ? 1 << 8 : 1 << 9;
      case Datum.Infinity _ -> negative ? 1 : 1 << 7;
      case Datum.Finite(_, var size) -> {
        if (size.isZero()) {
          yield negative ? 1 << 3 : 1 << 4;
        }
        boolean subnormal = size.log2() < f.least();
        yield subnormal ? negative ? 1 << 2 : 1 << 5 : negative ? 1 << 1 : 1 << 6;
      }
    };
  }
}
