package tessera.emulator.kernel;

import java.util.Arrays;

/// Where the rows of a call's operands begin, worked out once, and room for operands in the order
/// in which vectors want them: a row of A after the other, and for each k the columns of B side by
/// side.
final class Panels {
  private final MatmulCall call;
  private final int[] rowsOfA;
  private final int[] rowsOfB;
  private final int[] blocksOfZ;
  private final int blocks;
  private float[] a = {};
  private float[] b = {};
  private double[] wideA = {};
  private double[] wideB = {};
  private int least;
  private int most;

  Panels(MatmulCall call) {
    this.call = call;
    this.rowsOfA = rows(call.p());
    this.rowsOfB = rows(call.q());
    int run = call.z().run();
    this.blocks = (int) ((call.z().extent(1) + run - 1) / run);
    this.blocksOfZ = new int[(int) call.z().extent(0) * blocks];
    for (int i = 0; i < blocksOfZ.length; i++) {
      blocksOfZ[i] = call.z().offset(i / blocks, (long) (i % blocks) * run);
    }
  }

  private static int[] rows(ViewLayout layout) {
    int[] rows = new int[(int) layout.extent(0)];
    Arrays.setAll(rows, i -> layout.offset(i, 0));
    return rows;
  }

  int rowOfA(int i) {
    return rowsOfA[i];
  }

  int rowOfB(int j) {
    return rowsOfB[j];
  }

  /// {@return the byte of accumulator (i, j)}
  int z(int i, int j) {
    int run = call.z().run();
    return blocksOfZ[i * blocks + j / run] + j % run * 4;
  }

  /// {@return the number of columns from j on, of n, that lie side by side}
  int side(int j, int n) {
    int run = call.z().run();
    return Math.min(n - j, run - j % run);
  }

  /// {@return rows from `from` of A, row after row, negated where that is asked}
  float[] a(byte[] file, int from, int m, int c, boolean negated) {
    a = a.length < m * c ? new float[m * c] : a;
    for (int i = from; i < m; i++) {
      row(call.a(), file, rowsOfA[i], c, a, i * c);
    }
    if (negated) {
      for (int i = from * c; i < m * c; i++) {
        a[i] = -a[i];
      }
    }
    return a;
  }

  private static void row(Element type, byte[] file, int at, int c, float[] to, int offset) {
    switch (type) {
      case I8 -> {
        for (int k = 0; k < c; k++) {
          to[offset + k] = file[at + k];
        }
      }
      case U8 -> {
        for (int k = 0; k < c; k++) {
          to[offset + k] = file[at + k] & 0xff;
        }
      }
      case BF16, F32 -> {
        for (int k = 0; k < c; k++) {
          to[offset + k] = type.read(file, at + k * type.bytes());
        }
      }
    }
  }

  /// {@return B by k, `width` columns a row, of which n are filled}
  float[] b(byte[] file, int n, int c, int width) {
    b = b.length < width * c ? new float[width * c] : b;
    for (int j = 0; j < n; j++) {
      column(call.b(), file, rowsOfB[j], c, b, j, width);
    }
    return b;
  }

  private static void column(
      Element type, byte[] file, int at, int c, float[] to, int offset, int width) {
    switch (type) {
      case I8 -> {
        for (int k = 0; k < c; k++) {
          to[k * width + offset] = file[at + k];
        }
      }
      case U8 -> {
        for (int k = 0; k < c; k++) {
          to[k * width + offset] = file[at + k] & 0xff;
        }
      }
      case BF16, F32 -> {
        for (int k = 0; k < c; k++) {
          to[k * width + offset] = type.read(file, at + k * type.bytes());
        }
      }
    }
  }

  /// {@return as [#a], in doubles; [#spread] then tells of their exponents}
  double[] wideA(byte[] file, int from, int m, int c, boolean negated) {
    wideA = wideA.length < m * c ? new double[m * c] : wideA;
    startSpread();
    for (int i = from; i < m; i++) {
      for (int k = 0; k < c; k++) {
        float value = call.a().read(file, rowsOfA[i] + k * call.a().bytes());
        spread(value);
        wideA[i * c + k] = negated ? -value : value;
      }
    }
    return wideA;
  }

  /// {@return as [#b], in doubles; [#spread] then tells of their exponents}
  double[] wideB(byte[] file, int n, int c, int width) {
    wideB = wideB.length < width * c ? new double[width * c] : wideB;
    startSpread();
    for (int j = 0; j < n; j++) {
      for (int k = 0; k < c; k++) {
        float value = call.b().read(file, rowsOfB[j] + k * call.b().bytes());
        spread(value);
        wideB[k * width + j] = value;
      }
    }
    return wideB;
  }

  private void startSpread() {
    least = Integer.MAX_VALUE;
    most = 1 << 23;
  }

  private void spread(float value) {
    int magnitude = Float.floatToRawIntBits(value) & 0x7fff_ffff;
    least = Math.min(least, magnitude == 0 ? least : magnitude);
    most = Math.max(most, magnitude);
  }

  /// {@return the distance between the largest and the smallest exponent of the panel made last;
  /// large where a value is not finite}
  int spread() {
    int smallest = Math.min(Math.max(1, least >> 23), most >> 23);
    return most >= 0x7f80_0000 ? 1 << 10 : (most >> 23) - smallest;
  }
}
