package tessera.emulator.kernel;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import tessera.emulator.Hart;

/// The matrix product with the columns of a row side by side in a vector. Each column takes its k
/// in order, so floats come out bit for bit as in [PlainMatmul].
///
/// Flags are not watched on the way: an element whose flag would be raised ends infinite or as NaN,
/// and so every element that does is computed again, by the plain twin.
///
/// One class for each way of adding, so that the compiler sees each alone: a vector that it does
/// not keep in a register costs more than it saves.
abstract sealed class VectorMatmul implements Kernel
    permits VectorModular, VectorFused, VectorQuantum {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Byte> B = ByteVector.SPECIES_PREFERRED;
  static final int LANES = F.length();

  final MatmulCall call;
  final Panels panels;
  private final PlainMatmul plain;

  /// sums, `width` columns a row
  float[] acc = {};

  VectorMatmul(MatmulCall call) {
    this.call = call;
    this.plain = new PlainMatmul(call);
    this.panels = new Panels(call);
  }

  static Kernel of(MatmulCall call) {
    return switch (call.step()) {
      case MODULAR -> new VectorModular(call);
      case FUSED -> new VectorFused(call);
      case QUANTUM -> new VectorQuantum(call);
    };
  }

  @Override
  public final int run(Hart hart, long[] values, int from) {
    if (call.c(values) == 0) {
      return plain.run(hart, values, from);
    }
    return product(
        hart.bytes(call.z().file()),
        hart.bytes(call.p().file()),
        hart.bytes(call.q().file()),
        values,
        from);
  }

  /// Does what [Kernel#run] says, on the files; there is at least one k.
  abstract int product(byte[] z, byte[] p, byte[] q, long[] values, int from);

  static int padded(int n, int lanes) {
    return (n + lanes - 1) / lanes * lanes;
  }

  final void room(int cells) {
    acc = acc.length < cells ? new float[cells] : acc;
  }

  /// Adds to `acc` the products of k from `low` to `high` - 1, four rows at a time.
  final void multiply(float[] a, int c, float[] b, int width, int low, int high, int from, int m) {
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

  /// Reads what the accumulators start with.
  final void load(byte[] z, long[] values, int from, int width) {
    int m = call.m(values);
    int n = call.n(values);
    room(m * width);
    if (call.overwrites(values)) {
      Arrays.fill(acc, from * width, m * width, 0);
      return;
    }
    for (int i = from; i < m; i++) {
      for (int j = 0, block = 0; j < n; block++) {
        int at = panels.z(i, block);
        int end = Math.min(n, j + panels.run());
        for (; j + LANES <= end; j += LANES, at += 4 * LANES) {
          ByteVector.fromArray(B, z, at).reinterpretAsFloats().intoArray(acc, i * width + j);
        }
        for (; j < end; j++, at += 4) {
          acc[i * width + j] = Float.intBitsToFloat(Cells.read(z, at));
        }
      }
    }
  }

  /// Writes the results; what is not finite comes from the plain twin, with its flags.
  final int store(byte[] z, byte[] p, byte[] q, long[] values, int from, int width) {
    int m = call.m(values);
    int n = call.n(values);
    plain.clear();
    for (int i = from; i < m; i++) {
      for (int j = 0, block = 0; j < n; block++) {
        int at = panels.z(i, block);
        int end = Math.min(n, j + panels.run());
        for (; j + LANES <= end; j += LANES, at += 4 * LANES) {
          IntVector bits = FloatVector.fromArray(F, acc, i * width + j).reinterpretAsInts();
          VectorMask<Integer> finite =
              bits.and(0x7fff_ffff).compare(VectorOperators.LT, 0x7f80_0000);
          if (!finite.allTrue()) {
            break;
          }
          bits.reinterpretAsBytes().intoArray(z, at);
        }
        for (; j < end; j++, at += 4) {
          float value = acc[i * width + j];
          int bits =
              Float.isFinite(value)
                  ? Float.floatToRawIntBits(value)
                  : again(z, at, p, i, q, j, values);
          Cells.write(z, at, bits);
        }
      }
    }
    return plain.flags();
  }

  private int again(byte[] z, int at, byte[] p, int i, byte[] q, int j, long[] values) {
    int start = call.overwrites(values) ? 0 : Cells.read(z, at);
    return plain.cell(p, panels.rowOfA(i), q, panels.rowOfB(j), start, values);
  }
}
