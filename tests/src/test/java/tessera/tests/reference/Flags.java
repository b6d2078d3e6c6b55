package tessera.tests.reference;

/// The accrued exceptions of one instruction, as bits of fflags (unprivileged manual, 20.2).
final class Flags {
  static final int NX = 1;
  static final int UF = 2;
  static final int OF = 4;
  static final int DZ = 8;
  static final int NV = 16;

  private int bits;

  void raise(int flags) {
    bits |= flags;
  }

  int bits() {
    return bits;
  }

  /// {@return the flags by name}
  static String text(long bits) {
    StringBuilder out = new StringBuilder("{");
    String[] names = {"NX", "UF", "OF", "DZ", "NV"};
    for (int i = 0; i < names.length; i++) {
      if ((bits >> i & 1) != 0) {
        out.append(out.length() > 1 ? " " : "").append(names[i]);
      }
    }
    return out.append('}').toString();
  }
}
