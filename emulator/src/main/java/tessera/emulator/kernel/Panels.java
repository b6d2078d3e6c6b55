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
  private final int run;
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
    this.run = call.z().run();
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

  /// {@return the columns of the accumulator that lie side by side, from each multiple of it}
  int run() {
    return run;
  }

  /// {@return the byte of accumulator (i, block * [#run])}
  int z(int i, int block) {
    return blocksOfZ[i * blocks + block];
  }

  /// {@return rows from `from` of A, row after row, negated where that is asked}
  float[] a(byte[] file, int from, int m, int c, boolean negated) {
    a = a.length < m * c ? new float[m * c] : a;
    for (int i = from; i < m; i++) {
      spread(call.a(), file, rowsOfA[i], c, a, i * c, 1);
    }
    if (negated) {
      for (int i = from * c; i < m * c; i++) {
        a[i] = -a[i];
      }
    }
    return a;
  }

  /// {@return B by k, `width` columns a row, of which n are filled}
  float[] b(byte[] file, int n, int c, int width) {
    b = b.length < width * c ? new float[width * c] : b;
    for (int j = 0; j < n; j++) {
      spread(call.b(), file, rowsOfB[j], c, b, j, width);
    }
    return b;
  }

  /// Decodes a row of c elements to every `step`-th place.
  private static void spread(
      Element type, byte[] file, int at, int c, float[] to, int first, int step) {
    switch (type) {
      case I8 -> signedBytes(file, at, c, to, first, step);
      case U8 -> {
        for (int k = 0, place = first; k < c; k++, place += step) {
          to[place] = file[at + k] & 0xff;
        }
      }
      case BF16 -> {
        for (int k = 0, place = first; k < c; k++, place += step) {
          to[place] = Float.intBitsToFloat(Cells.readHalf(file, at + 2 * k) << 16);
        }
      }
      case F32 -> {
        for (int k = 0, place = first; k < c; k++, place += step) {
          to[place] = Float.intBitsToFloat(Cells.read(file, at + 4 * k));
        }
      }
    }
  }

  private static void signedBytes(byte[] file, int at, int c, float[] to, int first, int step) {
    for (int k = 0, place = first; k < c; k++, place += step) {
      to[place] = file[at + k];
    }
  }

  /// {@return as [#a], in doubles; [#spread] then tells of their exponents}
  double[] wideA(byte[] file, int from, int m, int c, boolean negated) {
    wideA = wideA.length < m * c ? new double[m * c] : wideA;
    startSpread();
    for (int i = from; i < m; i++) {
      wide(call.a(), file, rowsOfA[i], c, wideA, i * c, 1);
    }
    if (negated) {
      for (int i = from * c; i < m * c; i++) {
        wideA[i] = -wideA[i];
      }
    }
    return wideA;
  }

  /// {@return as [#b], in doubles; [#spread] then tells of their exponents}
  double[] wideB(byte[] file, int n, int c, int width) {
    wideB = wideB.length < width * c ? new double[width * c] : wideB;
    startSpread();
    for (int j = 0; j < n; j++) {
      wide(call.b(), file, rowsOfB[j], c, wideB, j, width);
    }
    return wideB;
  }

  private void startSpread() {
    least = 0x7fff;
    most = 1 << 7;
  }

  private void wide(Element type, byte[] file, int at, int c, double[] to, int first, int step) {
    int low = least;
    int high = most;
    for (int k = 0, place = first; k < c; k++, place += step) {
      // All have 8 significant bits at most, so the upper half of a float holds them
      int half =
          type == Element.BF16
              ? Cells.readHalf(file, at + 2 * k)
              : Float.floatToRawIntBits(type.read(file, at + k)) >> 16;
      to[place] = Float.intBitsToFloat(half << 16);
      int magnitude = half & 0x7fff;
      low = Math.min(low, magnitude - 1 & 0x7fff);
      high = Math.max(high, magnitude);
    }
    least = low;
    most = high;
  }

  /// {@return the distance between the largest and the smallest exponent of the panel made last;
  /// large where a value is not finite}
  int spread() {
    int smallest = Math.min(Math.max(1, least + 1 >> 7), most >> 7);
    return most >= 0x7f80 ? 1 << 10 : (most >> 7) - smallest;
  }
}
