package tessera.emulator.kernel;

import tessera.emulator.Hart;
import tessera.isaspec.semantics.Flag;

/// The matrix product element by element, as the text says it: the twin that faster bodies are
/// tested against, and what runs where there is no Vector API.
final class PlainMatmul implements Kernel {
  private static final int NV = Cells.bit(Flag.NV);
  private static final int OF = Cells.bit(Flag.OF);

  private final MatmulCall call;
  private int flags;

  PlainMatmul(MatmulCall call) {
    this.call = call;
  }

  @Override
  public int run(Hart hart, long[] values, int from) {
    byte[] z = hart.bytes(call.z().file());
    byte[] p = hart.bytes(call.p().file());
    byte[] q = hart.bytes(call.q().file());
    flags = 0;
    for (int i = from; i < call.m(values); i++) {
      int row = call.p().offset(i, 0);
      for (int j = 0; j < call.n(values); j++) {
        int at = call.z().offset(i, j);
        int start = call.overwrites(values) ? 0 : Cells.read(z, at);
        int sum = cell(p, row, q, call.q().offset(j, 0), start, values);
        Cells.write(z, at, sum);
      }
    }
    return flags;
  }

  /// {@return the flags raised since [#run], or [#clear], began}
  int flags() {
    return flags;
  }

  void clear() {
    flags = 0;
  }

  /// {@return the bits of one element, from the bits that it starts with}
  int cell(byte[] p, int row, byte[] q, int column, int start, long[] values) {
    int c = call.c(values);
    boolean neg = call.negates(values);
    if (c == 0) {
      return start;
    }
    return switch (call.step()) {
      case MODULAR -> modular(p, row, q, column, start, c, neg);
      case QUANTUM -> quantum(p, row, q, column, start, c, neg);
      case FUSED -> fused(p, row, q, column, start, c, neg);
    };
  }

  private int modular(byte[] p, int row, byte[] q, int column, int start, int c, boolean neg) {
    int sum = 0;
    for (int k = 0; k < c; k++) {
      int a = call.a() == Element.I8 ? p[row + k] : p[row + k] & 0xff;
      int b = call.b() == Element.I8 ? q[column + k] : q[column + k] & 0xff;
      sum += a * b;
    }
    return neg ? start - sum : start + sum;
  }

  private int quantum(byte[] p, int row, byte[] q, int column, int start, int c, boolean neg) {
    noteSignalling(start);
    float acc = Float.intBitsToFloat(start);
    for (int k = 0; k < c; k += 2) {
      double first = product(p, row, q, column, k, neg);
      double d = first;
      if (k + 1 < c) {
        double second = product(p, row, q, column, k + 1, neg);
        noteInvalid(first, second, first + second);
        d = nearlySum(first, second);
      }
      float rounded = (float) d;
      noteOverflow(Double.isFinite(d), rounded);
      float sum = acc + rounded;
      noteInvalid(acc, rounded, sum);
      noteOverflow(Float.isFinite(acc) && Float.isFinite(rounded), sum);
      acc = sum;
    }
    return Cells.canonical(acc);
  }

  private double product(byte[] p, int row, byte[] q, int column, int k, boolean neg) {
    int at = row + k * call.a().bytes();
    int to = column + k * call.b().bytes();
    if (call.a().isSignalling(p, at) || call.b().isSignalling(q, to)) {
      flags |= NV;
    }
    double a = call.a().read(p, at);
    double b = call.b().read(q, to);
    double product = neg ? -(a * b) : a * b;
    noteInvalid(a, b, product);
    return product;
  }

  /// {@return a double that rounds to the float that the exact sum of two doubles rounds to: where
  /// the sum is not exact, its last bit is odd, which no float's halfway point is}
  static double nearlySum(double a, double b) {
    double s = a + b;
    double part = s - a;
    double error = a - (s - part) + (b - part);
    long bits = Double.doubleToRawLongBits(s);
    if (error == 0 || Double.isNaN(error) || (bits & 1) == 1) {
      return s;
    }
    return Double.longBitsToDouble(error > 0 == s > 0 ? bits + 1 : bits - 1);
  }

  private int fused(byte[] p, int row, byte[] q, int column, int start, int c, boolean neg) {
    noteSignalling(start);
    float acc = Float.intBitsToFloat(start);
    for (int k = 0; k < c; k++) {
      int at = row + 4 * k;
      int to = column + 4 * k;
      noteSignalling(Cells.read(p, at));
      noteSignalling(Cells.read(q, to));
      float a = neg ? -Element.F32.read(p, at) : Element.F32.read(p, at);
      float b = Element.F32.read(q, to);
      float sum = Math.fma(a, b, acc);
      // A product of floats is exact as a double, so it shows what is invalid and what overflows
      double product = (double) a * b;
      noteInvalid(a, b, product);
      noteInvalid(product, acc, sum);
      noteOverflow(Float.isFinite(acc) && Double.isFinite(product), sum);
      acc = sum;
    }
    return Cells.canonical(acc);
  }

  private void noteSignalling(int bits) {
    if (Cells.isSignalling(bits)) {
      flags |= NV;
    }
  }

  private void noteInvalid(double a, double b, double result) {
    if (Double.isNaN(result) && !Double.isNaN(a) && !Double.isNaN(b)) {
      flags |= NV;
    }
  }

  private void noteOverflow(boolean finite, float result) {
    if (finite && Float.isInfinite(result)) {
      flags |= OF;
    }
  }
}
