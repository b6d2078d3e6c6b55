package tessera.emulator.kernel;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Products of bytes, added modulo 2^32. They go through the float multiplier, which is the fastest
/// there is, in stretches of k that are exact.
final class VectorModular extends VectorMatmul {
  /// 256 * 255 * 255 < 2^24
  private static final int EXACT = 256;

  VectorModular(MatmulCall call) {
    super(call);
  }

  @Override
  int product(byte[] z, byte[] p, byte[] q, long[] values, int from) {
    int m = call.m(values);
    int n = call.n(values);
    int c = call.c(values);
    int width = padded(n, LANES);
    float[] a = panels.a(p, from, m, c, call.negates(values));
    float[] b = panels.b(q, n, c, width);
    room(m * width);
    for (int k = 0; k < c; k += EXACT) {
      Arrays.fill(acc, from * width, m * width, 0);
      multiply(a, c, b, width, k, Math.min(c, k + EXACT), from, m);
      boolean overwrite = k == 0 && call.overwrites(values);
      for (int i = from; i < m; i++) {
        add(z, i, n, width, overwrite);
      }
    }
    return 0;
  }

  private void add(byte[] z, int i, int n, int width, boolean overwrite) {
    for (int j = 0, block = 0; j < n; block++) {
      int at = panels.z(i, block);
      int end = Math.min(n, j + panels.run());
      for (; j + LANES <= end; j += LANES, at += 4 * LANES) {
        FloatVector sums = FloatVector.fromArray(F, acc, i * width + j);
        IntVector sum = (IntVector) sums.convert(VectorOperators.F2I, 0);
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
}
