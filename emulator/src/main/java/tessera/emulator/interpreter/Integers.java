package tessera.emulator.interpreter;

/// Operations on 64 bits with the architecture's corner cases.
final class Integers {
  private Integers() {}

  static long div(long a, long b) {
    return b == 0 ? -1 : a / b;
  }

  static long divu(long a, long b) {
    return b == 0 ? -1 : Long.divideUnsigned(a, b);
  }

  static long rem(long a, long b) {
    return b == 0 ? a : a % b;
  }

  static long remu(long a, long b) {
    return b == 0 ? a : Long.remainderUnsigned(a, b);
  }

  static long minu(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static long maxu(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  /// The upper half of a signed by an unsigned number.
  static long mulhsu(long a, long b) {
    return Math.multiplyHigh(a, b) + (b < 0 ? a : 0);
  }

  static long div32(int a, int b) {
    return b == 0 ? -1 : a / b;
  }

  static long rem32(int a, int b) {
    return b == 0 ? a : a % b;
  }

  static long divu32(int a, int b) {
    return b == 0 ? -1 : Integer.divideUnsigned(a, b);
  }

  static long remu32(int a, int b) {
    return b == 0 ? a : Integer.remainderUnsigned(a, b);
  }
}
