package tessera.conformance;

import java.util.List;
import java.util.SplittableRandom;

/// Values that find mistakes: the edges of their types more often than the middle.
public final class Randomness {
  private final SplittableRandom random;

  private Randomness(SplittableRandom random) {
    this.random = random;
  }

  /// {@return a source that gives the same for the same seed}
  public static Randomness of(long seed) {
    return new Randomness(new SplittableRandom(seed));
  }

  /// {@return 0 to n - 1}
  public int below(int n) {
    return random.nextInt(n);
  }

  /// {@return true once in n times}
  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /// {@return true in so many of a hundred times}
  public boolean percent(int n) {
    return random.nextInt(100) < n;
  }

  /// {@return any 64 bits}
  public long bits() {
    return random.nextLong();
  }

  /// {@return one of them}
  public <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /// {@return a whole number of `width` bits, zero-extended}
  public long integer(int width) {
    int k = random.nextInt(width);
    long value =
        switch (random.nextInt(14)) {
          case 0 -> 0;
          case 1 -> 1;
          case 2 -> -1;
          case 3 -> 1L << width - 1;
          case 4 -> (1L << width - 1) - 1;
          case 5 -> (1L << width - 1) + 1;
          case 6 -> 1L << k;
          case 7 -> (1L << k) - 1;
          case 8 -> -(1L << k);
          case 9 -> 0x5555_5555_5555_5555L << (k & 1);
          case 10 -> random.nextInt(64);
          case 11 -> -random.nextInt(64);
          default -> random.nextLong() >>> random.nextInt(64);
        };
    return width == 64 ? value : value & (1L << width) - 1;
  }

  /// {@return the bits of a binary float of 16, 32 or 64 bits, of some class}
  public long real(int width) {
    int fraction = width == 16 ? 10 : width == 32 ? 23 : 52;
    int exponents = width - 1 - fraction;
    long top = (1L << exponents) - 1;
    long bias = top >>> 1;
    long low = (1L << fraction) - 1;
    long sign = random.nextInt(2);
    long e;
    long f = integer(fraction) & low;
    switch (random.nextInt(12)) {
      case 0 -> {
        e = 0;
        f = 0;
      }
      case 1 -> e = 0; // subnormal
      case 2 -> {
        e = 0;
        f = random.nextBoolean() ? 1 : low;
      }
      case 3 -> {
        e = top;
        f = 0;
      }
      case 4 -> {
        e = top;
        f = random.nextBoolean() ? 1L << fraction - 1 : f | 1;
      }
      case 5 -> {
        e = random.nextBoolean() ? 1 : top - 1;
        f = random.nextBoolean() ? 0 : low;
      }
      case 6 -> { // whole numbers, halves, the limits of integers
        e = bias + random.nextInt(Math.min(66, (int) bias));
        f &= ~(low >>> Math.min(fraction, random.nextInt(fraction + 1)));
      }
      case 7 -> { // near one
        e = bias + random.nextInt(3) - 1;
        f = random.nextBoolean() ? random.nextInt(4) : low - random.nextInt(4);
      }
      case 8 -> e = Math.max(0, bias + random.nextInt(2 * fraction) - fraction);
      default -> e = random.nextLong(top + 1);
    }
    return (sign << exponents | Math.min(e, top)) << fraction | f;
  }

  /// {@return 64 bits of a float register: a boxed float, a double, or anything}
  public long floatRegister() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> -1L << 32 | real(32);
      case 3, 4, 5 -> real(64);
      case 6 -> -1L << 16 | real(16);
      default -> random.nextBoolean() ? real(32) | integer(32) << 32 : random.nextLong();
    };
  }

  /// Fills bytes with elements of one kind.
  public void fill(byte[] bytes, int from, int length) {
    int kind = random.nextInt(10);
    int width = 8 << random.nextInt(4);
    for (int i = 0; i < length; i += width / 8) {
      long value =
          switch (kind) {
            case 0 -> 0;
            case 1 -> -1L;
            case 2 -> random.nextInt(Math.min(256, 4 * length)); // indices
            case 3, 4 -> random.nextLong();
            case 5, 6, 7 -> width == 8 ? integer(8) : real(width);
            default -> integer(width);
          };
      for (int b = 0; b < width / 8 && i + b < length; b++) {
        bytes[from + i + b] = (byte) (value >>> 8 * b);
      }
    }
  }

  /// Fills bytes with small numbers of one width.
  public void indices(byte[] bytes, int from, int length) {
    int width = 1 << random.nextInt(4);
    int most = random.nextBoolean() ? 256 : 64;
    for (int i = 0; i < length; i++) {
      bytes[from + i] = (byte) (i % width == 0 ? random.nextInt(most) : 0);
    }
  }

  /// {@return an independent source}
  public Randomness split() {
    return new Randomness(random.split());
  }
}
