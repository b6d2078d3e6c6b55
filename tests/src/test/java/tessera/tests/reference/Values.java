package tessera.tests.reference;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tessera.tests.reference.Magnitude.Fraction;

/// Operands where mistakes hide: zeros, subnormals, neighbours of every format's bounds, ties,
/// cancellations, the limits of integers, NaNs of both kinds, registers that are not boxed.
final class Values {
  private final SplittableRandom random;

  private Values(SplittableRandom random) {
    this.random = random;
  }

  static Values of(long seed) {
    return new Values(new SplittableRandom(seed));
  }

  int below(int n) {
    return random.nextInt(n);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  long bits() {
    return random.nextLong();
  }

  /// {@return 64 bits that are an integer's edge more often than not}
  long integer() {
    int k = random.nextInt(64);
    return switch (random.nextInt(9)) {
      case 0 -> random.nextInt(3) - 1;
      case 1 -> (1L << k) + random.nextInt(3) - 1;
      case 2 -> -(1L << k) + random.nextInt(3) - 1;
      case 3 -> 0x8080_8080_8080_8080L >>> random.nextInt(8);
      case 4 -> (random.nextLong() >>> 40) << k; // few bits that mean something: exact and ties
      case 5 -> random.nextLong() & random.nextLong(1L << 1 + k % 62) << 1;
      default -> random.nextLong() >>> k;
    };
  }

  private static BigInteger big(long unsigned) {
    return new BigInteger(Long.toUnsignedString(unsigned));
  }

  private long nearest(Format f, boolean negative, Magnitude x) {
    return f.round(negative, x, oneIn(2) ? Mode.RTZ : Mode.RNE, new Flags());
  }

  /// {@return a float of some class}
  long any(Format f) {
    long sign = f.sign(oneIn(2));
    long fraction = bits() & (1L << f.fraction()) - 1;
    return switch (below(14)) {
      case 0 -> sign;
      case 1 -> sign | fraction; // subnormal
      case 2 -> sign | fraction >>> below(f.fraction()); // deep subnormal
      case 3 -> f.infinity(sign != 0);
      case 4 -> oneIn(2) ? f.nan() : sign | f.nan() | fraction;
      case 5 -> sign | f.infinity(false) | Math.max(1, fraction >>> 1);
      case 6, 7 -> near(f, sign | bound(f));
      case 8, 9 -> whole(f);
      case 10 -> sign | near(f, (long) f.bias() << f.fraction());
      case 11 -> sparse(f);
      default -> f.low(bits());
    };
  }

  /// {@return a float of a few bits around one}
  private long sparse(Format f) {
    long e = (long) f.bias() + below(2 * f.fraction()) - f.fraction();
    long fraction = (bits() & 7) << f.fraction() - 3;
    long most = (f.infinity(false) >>> f.fraction()) - 1;
    return f.sign(oneIn(2)) | Math.clamp(e, 0, most) << f.fraction() | fraction;
  }

  /// {@return a few units in the last place away}
  long near(Format f, long bits) {
    return f.low(bits + (oneIn(2) ? 0 : below(5) - 2));
  }

  /// {@return a least or greatest number of some format, or where that format's rounding turns}
  private long bound(Format f) {
    Format g = Format.values()[below(4)];
    Fraction unit = Fraction.scaled(BigInteger.ONE, g.least() - g.fraction());
    Fraction bound =
        switch (below(5)) {
          case 0 -> unit;
          case 1 -> unit.times(Fraction.scaled(BigInteger.ONE, -1));
          case 2 -> Fraction.scaled(BigInteger.ONE, g.least());
          case 3 -> ((Datum.Finite) g.read(g.largest(false))).size();
          default -> {
            // as far above the largest number as rounding goes
            BigInteger n = BigInteger.ONE.shiftLeft(g.fraction() + 2).subtract(BigInteger.ONE);
            yield Fraction.scaled(n, g.bias() - g.fraction() - 1);
          }
        };
    return nearest(f, false, bound);
  }

  /// {@return a whole number, halves and quarters around it, more often than not near an integer
  /// type's limit}
  private long whole(Format f) {
    BigInteger n =
        oneIn(2)
            ? big(integer())
            : BigInteger.ONE.shiftLeft(List.of(7, 8, 15, 16, 31, 32, 63, 64).get(below(8)));
    BigInteger quarters = n.shiftLeft(2).add(BigInteger.valueOf(below(9) - 4L));
    return nearest(f, oneIn(2), Fraction.scaled(quarters.abs(), -2));
  }

  /// {@return a float that has something to do with another of its format}
  long like(Format f, long other) {
    long size = other & ~f.sign(true);
    return switch (below(6)) {
      case 0 -> other;
      case 1 -> other ^ f.sign(true);
      case 2 -> near(f, other);
      case 3 -> near(f, other ^ f.sign(true));
      case 4 -> {
        // Another exponent, close enough for sticky bits to matter
        long e = (size >>> f.fraction()) + below(2 * f.fraction() + 6) - f.fraction() - 3;
        long most = (f.infinity(false) >>> f.fraction()) - 1;
        long fraction = oneIn(2) ? bits() & (1L << f.fraction()) - 1 : 0;
        yield f.sign(oneIn(2)) | Math.clamp(e, 0, most) << f.fraction() | fraction;
      }
      default -> any(f);
    };
  }

  /// {@return a float at or beside the middle of two neighbours of a narrower format}
  long tie(Format f, Format narrow) {
    if (narrow.fraction() >= f.fraction() || oneIn(3)) {
      return any(f);
    }
    long low = any(narrow);
    return switch (narrow.read(low)) {
      case Datum.Nan _, Datum.Infinity _ -> any(f);
      case Datum.Finite(var negative, var size) -> {
        int e = size.isZero() ? narrow.least() : Math.max(size.log2(), narrow.least());
        BigInteger units = size.in(e - narrow.fraction()).whole().shiftLeft(1).add(BigInteger.ONE);
        Fraction middle = Fraction.scaled(units, e - narrow.fraction() - 1);
        yield near(f, nearest(f, negative, middle));
      }
    };
  }

  /// {@return three operands of a * b + c or less, the third in a format of its own}
  long[] three(Format f, Format third) {
    long a = any(f);
    long b = oneIn(2) ? any(f) : oneIn(2) ? sparse(f) : like(f, a);
    long c;
    if (oneIn(2)) {
      // what the product nearly is: cancellation, ties, tiny differences
      long product =
          Ieee.product(third, f.read(a), f.read(b), Mode.values()[below(5)], new Flags());
      c = like(third, product);
    } else {
      c = oneIn(2) && f == third ? like(f, a) : any(third);
    }
    if (oneIn(4)) {
      // a quotient or a root that is exact, or nearly
      a =
          near(
              f,
              Ieee.product(f, f.read(b), f.read(oneIn(2) ? b : sparse(f)), Mode.RNE, new Flags()));
    }
    return new long[] {a, b, c};
  }

  /// {@return a register that holds a float: at times not boxed, or boxed for a wider format}
  long register(Format f, long bits) {
    if (f.width() == 64) {
      return bits;
    }
    long boxed = bits | -1L << f.width();
    return switch (below(24)) {
      case 0 -> bits; // not boxed at all
      case 1 -> boxed & ~(1L << f.width() + below(64 - f.width()));
      case 2 -> bits();
      default -> boxed;
    };
  }

  /// Fills bytes with elements of one kind.
  void fill(byte[] bytes) {
    List<Format> formats = new ArrayList<>(List.of(Format.values()));
    for (int at = 0; at < bytes.length; at += 8) {
      Format f = formats.get(below(4));
      long value = oneIn(3) ? bits() : oneIn(2) ? integer() : any(f) | any(f) << 64 - f.width();
      for (int i = 0; i < 8; i++) {
        bytes[at + i] = (byte) (value >>> 8 * i);
      }
    }
  }
}
