package tessera.emulator.kernel;

/// One fused multiply-add for each k.
final class VectorFused extends VectorMatmul {
  VectorFused(MatmulCall call) {
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
    load(z, values, from, width);
    multiply(a, c, b, width, 0, c, from, m);
    return store(z, p, q, values, from, width);
  }
}
