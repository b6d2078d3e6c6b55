package tessera.tests.reference;

/// One instruction in a world, which it changes: fields of the word, registers, flags.
final class Step {
  /// The instruction is illegal there.
  static final class Illegal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Illegal(String why) {
      super(why, null, false, false);
    }
  }

  /// What one instruction does.
  interface Meaning {
    void run(Step step);
  }

  final World world;
  final long word;
  final Flags flags = new Flags();

  Step(World world, long word) {
    this.world = world;
    this.word = word;
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new Illegal(what);
    }
  }

  int field(int hi, int lo) {
    return (int) (word >>> lo) & (1 << hi - lo + 1) - 1;
  }

  int rd() {
    return field(11, 7);
  }

  int rs1() {
    return field(19, 15);
  }

  int rs2() {
    return field(24, 20);
  }

  int rs3() {
    return field(31, 27);
  }

  boolean masked() {
    return field(25, 25) == 0;
  }

  /// {@return the rounding mode of the rm field, 7 being that of frm (unprivileged manual, 20.2)}
  Mode mode() {
    return mode(field(14, 12));
  }

  Mode mode(int rm) {
    int code = rm == 7 ? (int) (world.fcsr >> 5 & 7) : rm;
    require(code <= 4, "rounding mode " + code);
    return Mode.values()[code];
  }

  void x(int r, long value) {
    world.x[r] = r == 0 ? 0 : value;
  }

  /// {@return a float register's bits, the canonical NaN where it is not boxed (20.5, NaN boxing)}
  static long unboxed(Format format, long register) {
    long box = format.width() == 64 ? 0 : -1L << format.width();
    return (register & box) == box ? format.low(register) : format.nan();
  }

  long bits(Format format, int r) {
    return unboxed(format, world.f[r]);
  }

  Datum real(Format format, int r) {
    return format.read(bits(format, r));
  }

  void real(Format format, int r, long bits) {
    world.f[r] = format.width() == 64 ? bits : bits | -1L << format.width();
  }

  /// Behind the instruction.
  void finish(int bytes) {
    world.fcsr |= flags.bits();
    world.pc += bytes;
  }
}
