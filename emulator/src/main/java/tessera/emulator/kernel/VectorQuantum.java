package tessera.emulator.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The exact sum of two products, rounded to f32, then added with one more rounding.
final class VectorQuantum extends VectorMatmul {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final int WIDE = D.length();

  /// floats for as many lanes as there are doubles
  private static final VectorSpecies<Float> H =
      VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));

  /// Products of values with 8 significant bits have 16, and lie no further apart than exponents
  /// do; their sum has one more: with this much spread it fits the 53 of a double.
  private static final int SPREAD = 36;

  VectorQuantum(MatmulCall call) {
    super(call);
  }

  @Override
  int product(byte[] z, byte[] p, byte[] q, long[] values, int from) {
    int m = call.m(values);
    int n = call.n(values);
    int c = call.c(values);
    int width = padded(n, WIDE);
    double[] a = panels.wideA(p, from, m, c, call.negates(values));
    int spread = panels.spread();
    double[] b = panels.wideB(q, n, c, width);
    boolean near = spread + panels.spread() <= SPREAD;
    load(z, values, from, width);
    int i = from;
    for (; near && i + 4 <= m; i += 4) {
      for (int j = 0; j < width; j += WIDE) {
        fourNear(a, i * c, b, width, j, c, acc, i * width + j);
      }
    }
    for (; i < m; i++) {
      for (int j = 0; j < width; j += WIDE) {
        oneFar(a, i * c, b, width, j, c, acc, i * width + j);
      }
    }
    return store(z, p, q, values, from, width);
  }

  /// Four rows of quanta whose sums are exact in a double.
  private static void fourNear(
      double[] a, int row, double[] b, int width, int j, int c, float[] acc, int at) {
    FloatVector c0 = FloatVector.fromArray(H, acc, at);
    FloatVector c1 = FloatVector.fromArray(H, acc, at + width);
    FloatVector c2 = FloatVector.fromArray(H, acc, at + 2 * width);
    FloatVector c3 = FloatVector.fromArray(H, acc, at + 3 * width);
    int k = 0;
    for (; k + 1 < c; k += 2) {
      DoubleVector first = DoubleVector.fromArray(D, b, k * width + j);
      DoubleVector second = DoubleVector.fromArray(D, b, (k + 1) * width + j);
      c0 = c0.add(near(a, row + k, first, second));
      c1 = c1.add(near(a, row + c + k, first, second));
      c2 = c2.add(near(a, row + 2 * c + k, first, second));
      c3 = c3.add(near(a, row + 3 * c + k, first, second));
    }
    if (k < c) {
      DoubleVector last = DoubleVector.fromArray(D, b, k * width + j);
      c0 = c0.add(alone(a[row + k], last));
      c1 = c1.add(alone(a[row + c + k], last));
      c2 = c2.add(alone(a[row + 2 * c + k], last));
      c3 = c3.add(alone(a[row + 3 * c + k], last));
    }
    c0.intoArray(acc, at);
    c1.intoArray(acc, at + width);
    c2.intoArray(acc, at + 2 * width);
    c3.intoArray(acc, at + 3 * width);
  }

  private static FloatVector near(double[] a, int at, DoubleVector first, DoubleVector second) {
    DoubleVector product = DoubleVector.broadcast(D, a[at]).mul(first);
    return rounded(DoubleVector.broadcast(D, a[at + 1]).fma(second, product));
  }

  private static FloatVector alone(double a, DoubleVector b) {
    return rounded(DoubleVector.broadcast(D, a).mul(b));
  }

  private static FloatVector rounded(DoubleVector sums) {
    return (FloatVector) sums.convertShape(VectorOperators.D2F, H, 0);
  }

  /// Quanta whose sums may need more than a double: as [PlainMatmul#nearlySum].
  private static void oneFar(
      double[] a, int row, double[] b, int width, int j, int c, float[] acc, int at) {
    FloatVector sum = FloatVector.fromArray(H, acc, at);
    int k = 0;
    for (; k + 1 < c; k += 2) {
      DoubleVector first =
          DoubleVector.broadcast(D, a[row + k]).mul(DoubleVector.fromArray(D, b, k * width + j));
      DoubleVector second =
          DoubleVector.broadcast(D, a[row + k + 1])
              .mul(DoubleVector.fromArray(D, b, (k + 1) * width + j));
      DoubleVector s = first.add(second);
      DoubleVector part = s.sub(first);
      DoubleVector error = first.sub(s.sub(part)).add(second.sub(part));
      sum = sum.add(rounded(odd(s, error)));
    }
    if (k < c) {
      sum = sum.add(alone(a[row + k], DoubleVector.fromArray(D, b, k * width + j)));
    }
    sum.intoArray(acc, at);
  }

  private static DoubleVector odd(DoubleVector s, DoubleVector error) {
    // Neither holds where the error is NaN, that is where the sum is no number
    VectorMask<Double> up = error.compare(VectorOperators.GT, 0);
    VectorMask<Double> down = error.compare(VectorOperators.LT, 0);
    VectorMask<Double> inexact = up.or(down);
    if (!inexact.anyTrue()) {
      return s;
    }
    LongVector bits = s.reinterpretAsLongs();
    VectorMask<Long> even = bits.and(1).compare(VectorOperators.EQ, 0);
    VectorMask<Long> moves = even.and(inexact.cast(even.vectorSpecies()));
    VectorMask<Long> away = up.cast(even.vectorSpecies()).xor(bits.compare(VectorOperators.LT, 0));
    LongVector moved = bits.sub(1).blend(bits.add(1), away);
    return bits.blend(moved, moves).reinterpretAsDoubles();
  }
}
