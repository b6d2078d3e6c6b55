package tessera.emulator.kernel;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import tessera.emulator.Hart;

/// The matrix product with the columns of a row side by side in a vector. Each column takes its k
/// in order, so floats come out bit for bit as in [PlainMatmul].
///
/// Flags are not watched on the way: an element whose flag would be raised ends infinite or as NaN,
/// and so every element that does is computed again, by the plain twin.
final class VectorMatmul implements Kernel {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  /// floats for as many lanes as there are doubles
  private static final VectorSpecies<Float> H =
      VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));

  private static final int LANES = F.length();
  private static final int WIDE = D.length();

  /// Sums of as many products of bytes are exact in a float: 256 * 255 * 255 < 2^24.
  private static final int EXACT = 256;

  /// Two products of values with 8 significant bits each differ by at most 2 * 7 + 1 bits beside
  /// their exponents, and their sum has 2 more: with this much spread it fits the 53 of a double.
  private static final int SPREAD = 36;

  private final MatmulCall call;
  private final PlainMatmul plain;
  private final Panels panels;
  private float[] acc = {};
  private int[] starts = {};

  private VectorMatmul(MatmulCall call) {
    this.call = call;
    this.plain = new PlainMatmul(call);
    this.panels = new Panels(call);
  }

  static Kernel of(MatmulCall call) {
    return new VectorMatmul(call);
  }

  @Override
  public int run(Hart hart, long[] values, int from) {
    if (call.c(values) == 0) {
      return plain.run(hart, values, from);
    }
    byte[] z = hart.bytes(call.z().file());
    byte[] p = hart.bytes(call.p().file());
    byte[] q = hart.bytes(call.q().file());
    return switch (call.step()) {
      case MODULAR -> modular(z, p, q, values, from);
      case FUSED -> fused(z, p, q, values, from);
      case QUANTUM -> quantum(z, p, q, values, from);
    };
  }

  // ------------------------------------------------------------------ whole numbers

  private int modular(byte[] z, byte[] p, byte[] q, long[] values, int from) {
    int m = call.m(values);
    int n = call.n(values);
    int c = call.c(values);
    int width = (n + LANES - 1) / LANES * LANES;
    float[] a = panels.a(p, from, m, c, call.negates(values));
    float[] b = panels.b(q, n, c, width);
    room(m * width);
    for (int k = 0; k < c; k += EXACT) {
      Arrays.fill(acc, from * width, m * width, 0);
      multiply(a, c, b, width, k, Math.min(c, k + EXACT), from, m);
      boolean overwrite = k == 0 && call.overwrites(values);
      for (int i = from; i < m; i++) {
        addWhole(z, i, n, width, overwrite);
      }
    }
    return 0;
  }

  private void addWhole(byte[] z, int i, int n, int width, boolean overwrite) {
    for (int j = 0; j < n; ) {
      int at = panels.z(i, j);
      int end = j + panels.side(j, n);
      for (; j + LANES <= end; j += LANES, at += 4 * LANES) {
        IntVector sum =
            (IntVector)
                FloatVector.fromArray(F, acc, i * width + j).convert(VectorOperators.F2I, 0);
        if (!overwrite) {
          sum = sum.add(ByteVector.fromArray(B, z, at).reinterpretAsInts());
        }
        sum.reinterpretAsBytes().intoArray(z, at);
      }
      for (; j < end; j++, at += 4) {
        int old = overwrite ? 0 : Cells.read(z, at);
        Cells.write(z, at, old + (int) acc[i * width + j]);
      }
    }
  }

  /// Adds to `acc` the products of k from `low` to `high` - 1, four rows at a time.
  private void multiply(
      float[] a, int c, float[] b, int width, int low, int high, int from, int m) {
    int i = from;
    for (; i + 4 <= m; i += 4) {
      for (int j = 0; j < width; j += LANES) {
        fourRows(a, i * c, c, b, width, j, low, high, acc, i * width + j);
      }
    }
    for (; i < m; i++) {
      for (int j = 0; j < width; j += LANES) {
        oneRow(a, i * c, b, width, j, low, high, acc, i * width + j);
      }
    }
  }

  private static void fourRows(
      float[] a,
      int row,
      int c,
      float[] b,
      int width,
      int j,
      int low,
      int high,
      float[] acc,
      int at) {
    FloatVector c0 = FloatVector.fromArray(F, acc, at);
    FloatVector c1 = FloatVector.fromArray(F, acc, at + width);
    FloatVector c2 = FloatVector.fromArray(F, acc, at + 2 * width);
    FloatVector c3 = FloatVector.fromArray(F, acc, at + 3 * width);
    for (int k = low; k < high; k++) {
      FloatVector column = FloatVector.fromArray(F, b, k * width + j);
      c0 = FloatVector.broadcast(F, a[row + k]).fma(column, c0);
      c1 = FloatVector.broadcast(F, a[row + c + k]).fma(column, c1);
      c2 = FloatVector.broadcast(F, a[row + 2 * c + k]).fma(column, c2);
      c3 = FloatVector.broadcast(F, a[row + 3 * c + k]).fma(column, c3);
    }
    c0.intoArray(acc, at);
    c1.intoArray(acc, at + width);
    c2.intoArray(acc, at + 2 * width);
    c3.intoArray(acc, at + 3 * width);
  }

  private static void oneRow(
      float[] a, int row, float[] b, int width, int j, int low, int high, float[] acc, int at) {
    FloatVector c0 = FloatVector.fromArray(F, acc, at);
    for (int k = low; k < high; k++) {
      FloatVector column = FloatVector.fromArray(F, b, k * width + j);
      c0 = FloatVector.broadcast(F, a[row + k]).fma(column, c0);
    }
    c0.intoArray(acc, at);
  }

  // ------------------------------------------------------------------ floats

  private int fused(byte[] z, byte[] p, byte[] q, long[] values, int from) {
    int m = call.m(values);
    int n = call.n(values);
    int c = call.c(values);
    int width = (n + LANES - 1) / LANES * LANES;
    float[] a = panels.a(p, from, m, c, call.negates(values));
    float[] b = panels.b(q, n, c, width);
    load(z, values, from, width);
    multiply(a, c, b, width, 0, c, from, m);
    return store(z, p, q, values, from, width);
  }

  private int quantum(byte[] z, byte[] p, byte[] q, long[] values, int from) {
    int m = call.m(values);
    int n = call.n(values);
    int c = call.c(values);
    int width = (n + WIDE - 1) / WIDE * WIDE;
    double[] a = panels.wideA(p, from, m, c, call.negates(values));
    int spread = panels.spread();
    double[] b = panels.wideB(q, n, c, width);
    spread += panels.spread();
    load(z, values, from, width);
    for (int i = from; i < m; i++) {
      for (int j = 0; j < width; j += WIDE) {
        if (spread <= SPREAD) {
          nearQuanta(a, i * c, b, width, j, c, acc, i * width + j);
        } else {
          farQuanta(a, i * c, b, width, j, c, acc, i * width + j);
        }
      }
    }
    return store(z, p, q, values, from, width);
  }

  /// Quanta whose sums are exact in a double.
  private static void nearQuanta(
      double[] a, int row, double[] b, int width, int j, int c, float[] acc, int at) {
    FloatVector sum = FloatVector.fromArray(H, acc, at);
    int k = 0;
    for (; k + 1 < c; k += 2) {
      DoubleVector first =
          DoubleVector.broadcast(D, a[row + k]).mul(DoubleVector.fromArray(D, b, k * width + j));
      DoubleVector both =
          DoubleVector.broadcast(D, a[row + k + 1])
              .fma(DoubleVector.fromArray(D, b, (k + 1) * width + j), first);
      sum = sum.add((FloatVector) both.convertShape(VectorOperators.D2F, H, 0));
    }
    if (k < c) {
      sum = sum.add(last(a, row + k, b, k * width + j));
    }
    sum.intoArray(acc, at);
  }

  /// Quanta whose sums may need more than a double: as [PlainMatmul#nearlySum].
  private static void farQuanta(
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
      sum = sum.add((FloatVector) odd(s, error).convertShape(VectorOperators.D2F, H, 0));
    }
    if (k < c) {
      sum = sum.add(last(a, row + k, b, k * width + j));
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

  private static FloatVector last(double[] a, int row, double[] b, int column) {
    DoubleVector product =
        DoubleVector.broadcast(D, a[row]).mul(DoubleVector.fromArray(D, b, column));
    return (FloatVector) product.convertShape(VectorOperators.D2F, H, 0);
  }

  private void room(int cells) {
    if (acc.length < cells) {
      acc = new float[cells];
      starts = new int[cells];
    }
  }

  /// Reads what the accumulators start with.
  private void load(byte[] z, long[] values, int from, int width) {
    int m = call.m(values);
    int n = call.n(values);
    room(m * width);
    if (call.overwrites(values)) {
      Arrays.fill(acc, from * width, m * width, 0);
      Arrays.fill(starts, from * width, m * width, 0);
      return;
    }
    for (int i = from; i < m; i++) {
      for (int j = 0; j < n; ) {
        int at = panels.z(i, j);
        int end = j + panels.side(j, n);
        for (; j < end; j++, at += 4) {
          int bits = Cells.read(z, at);
          starts[i * width + j] = bits;
          acc[i * width + j] = Float.intBitsToFloat(bits);
        }
      }
    }
  }

  /// Writes the results; what is not finite comes from the plain twin, with its flags.
  private int store(byte[] z, byte[] p, byte[] q, long[] values, int from, int width) {
    int m = call.m(values);
    int n = call.n(values);
    plain.clear();
    for (int i = from; i < m; i++) {
      for (int j = 0; j < n; ) {
        int at = panels.z(i, j);
        int end = j + panels.side(j, n);
        for (; j < end; j++, at += 4) {
          float value = acc[i * width + j];
          int bits =
              Float.isFinite(value)
                  ? Float.floatToRawIntBits(value)
                  : plain.cell(
                      p, panels.rowOfA(i), q, panels.rowOfB(j), starts[i * width + j], values);
          Cells.write(z, at, bits);
        }
      }
    }
    return plain.flags();
  }
}
