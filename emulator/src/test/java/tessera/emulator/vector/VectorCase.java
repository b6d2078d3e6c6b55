package tessera.emulator.vector;

import java.util.Map;
import java.util.Objects;
import java.util.Random;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.syntax.Operand;

/// One word, and the state that it meets: registers drawn from values at boundaries, any vtype, and
/// addresses near two pages of memory that have nothing around them.
final class VectorCase {
  static final long MEMORY = 0x1000_0000L;
  static final int BYTES = 8192;
  private static final long CODE = 0x2000;
  private static final int KEPT = 3; // the driver's own register
  private static final long[] WHOLE = {
    0, 1, -1, 2, Long.MAX_VALUE, Long.MIN_VALUE, 0x7fff_ffff, -0x8000_0000L, 127, -128, 0x5555, 3
  };
  private static final long[] HALVES = {
    0, 0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e00, 0x7d01, 1, 0x03ff, 0x0400, 0x7bff, 0x3c01,
    0x3800
  };
  private static final long[] SINGLES = {
    0,
    0x8000_0000L,
    0x3f80_0000,
    0xbf80_0000L,
    0x7f80_0000,
    0xff80_0000L,
    0x7fc0_0000,
    0x7f80_0001,
    1,
    0x007f_ffff,
    0x0080_0000,
    0x7f7f_ffff,
    0x3f80_0001,
    0x4f00_0000,
    0xcf00_0000L,
    0x3f00_0000,
    0x4f80_0000,
    0x3f7f_ffff,
    0x5f00_0000,
    0x3fc0_0000,
    0x477f_f000,
    0x3300_0000
  };
  private static final long[] DOUBLES = {
    0,
    Long.MIN_VALUE,
    0x3ff0L << 48,
    0xbff0L << 48,
    0x7ff0L << 48,
    0xfff0L << 48,
    0x7ff8L << 48,
    (0x7ff0L << 48) + 1,
    1,
    (1L << 52) - 1,
    1L << 52,
    0x7fefL << 48 | -1L >>> 16,
    (0x3ff0L << 48) + 1,
    0x41e0L << 48,
    0x43e0L << 48,
    0x3fe0L << 48,
    0x47ef_ffff_e000_0000L,
    0x36a0L << 48,
    0x3ff8L << 48,
    0xc1e0L << 48
  };

  final Instruction insn;
  final long word;
  final long[] x = new long[32];
  final long[] f = new long[32];
  final byte[] v;
  long fcsr;
  long vcsr;
  long vstart;
  long avl;
  long vtype;

  private VectorCase(Instruction insn, long word, int vlen) {
    this.insn = insn;
    this.word = word;
    this.v = new byte[32 * vlen / 8];
  }

  boolean stores() {
    return (word & 0x7f) == 0x27;
  }

  boolean loads() {
    return (word & 0x7f) == 0x07;
  }

  static VectorCase random(Instruction insn, int vlen, Random random) {
    long word = insn.encoding().match();
    for (Operand o : insn.operands()) {
      word = o.field().insert(word, drawn(o, random));
    }
    VectorCase c = new VectorCase(insn, word, vlen);
    c.registers(random);
    c.state(vlen, random);
    c.memory(random);
    return c;
  }

  private static int drawn(Operand o, Random random) {
    int value = random.nextInt(1 << o.field().width()) & coarse(o, random);
    RegisterFile file = o.operandClass().file();
    boolean x = file != null && file.name().equals("x");
    return x && value == KEPT ? KEPT + 2 : value;
  }

  /// {@return a case that mostly runs; some of each kind must not}
  static VectorCase mostlyLegal(
      Instruction insn, int vlen, Random random, Isa isa, Evaluator evaluator, byte[] template) {
    VectorCase c = random(insn, vlen, random);
    for (int i = 0; i < 60 && !c.isLegal(isa, evaluator, template); i++) {
      c = random(insn, vlen, random);
    }
    return c;
  }

  private boolean isLegal(Isa isa, Evaluator evaluator, byte[] template) {
    Decoded decoded = isa.decoder().decode(word);
    if (decoded == null) {
      return false;
    }
    Hart hart = hart(isa, evaluator, template);
    Bound bound = evaluator.meaning(decoded, hart);
    return bound != null
        && bound.conditions().stream()
            .allMatch(k -> evaluator.value(k.holds(), decoded, hart, Map.of()).signum() != 0);
  }

  /// Registers of groups are multiples of something, mostly.
  private static int coarse(Operand o, Random random) {
    RegisterFile file = o.operandClass().file();
    boolean vector = file != null && file.name().equals("v");
    return vector ? -1 << random.nextInt(4) : -1;
  }

  private void registers(Random random) {
    int bytes = v.length / 32;
    for (int r = 0; r < 32; r++) {
      int width = 1 << random.nextInt(4);
      for (int at = 0; at < bytes; at += width) {
        long value = element(width, random);
        for (int b = 0; b < width; b++) {
          v[r * bytes + at + b] = (byte) (value >>> 8 * b);
        }
      }
    }
    for (int i = 1; i < 32; i++) {
      x[i] = element(8, random);
    }
    for (int i = 0; i < 32; i++) {
      f[i] = scalar(random);
    }
    x[KEPT] = 0;
  }

  private static long scalar(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> element(8, random);
      case 1 -> element(2, random) | -1L << 16;
      default -> element(4, random) & 0xffff_ffffL | -1L << 32;
    };
  }

  private static long element(int width, Random random) {
    int kind = random.nextInt(8);
    if (kind < 2) {
      return random.nextLong();
    }
    if (kind < 4) {
      return WHOLE[random.nextInt(WHOLE.length)];
    }
    if (kind < 5) {
      return random.nextLong() >>> random.nextInt(64);
    }
    long[] floats = width == 2 ? HALVES : width == 4 ? SINGLES : width == 8 ? DOUBLES : WHOLE;
    long value = floats[random.nextInt(floats.length)];
    return kind == 7 ? value + random.nextInt(9) - 4 : value;
  }

  private void state(int vlen, Random random) {
    int sew;
    int lmul;
    do {
      sew = random.nextInt(4);
      lmul = random.nextInt(8);
    } while (vlmax(vlen, sew, lmul) == 0 || lmul == 4);
    vtype = (long) sew << 3 | lmul | (long) random.nextInt(4) << 6;
    int most = vlmax(vlen, sew, lmul);
    avl =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> 1;
          case 2, 3 -> most;
          case 4 -> Math.max(0, most - 1);
          default -> random.nextInt(most + 1);
        };
    vstart = random.nextInt(6) == 0 ? random.nextInt(most) : 0;
    if (random.nextInt(40) == 0) {
      vtype |= 1L << 63;
    }
    int frm = random.nextInt(12) == 0 ? random.nextInt(8) : random.nextInt(5);
    fcsr = (long) frm << 5 | random.nextInt(32);
    vcsr = random.nextInt(8);
  }

  static int vlmax(int vlen, int sew, int lmul) {
    int eighths = new int[] {8, 16, 32, 64, 0, 1, 2, 4}[lmul];
    return 8 << sew > 8 * eighths ? 0 : vlen * eighths / (64 << sew);
  }

  private void memory(Random random) {
    if (!stores() && !loads()) {
      return;
    }
    int rs1 = (int) (word >>> 15 & 31);
    int rs2 = (int) (word >>> 20 & 31);
    int mop = (int) (word >>> 26 & 3);
    long align = -1L << random.nextInt(4);
    boolean far = random.nextInt(5) == 0;
    x[rs1] = MEMORY + (far ? random.nextInt(BYTES) : 2048 + random.nextInt(1024)) & align;
    if (mop == 2 && rs2 != rs1) {
      x[rs2] = random.nextInt(8) == 0 ? x[rs2] : random.nextInt(200) - 100 & align;
    }
    if ((mop & 1) != 0) {
      offsets(1 << width((int) (word >>> 12 & 7)), rs2, align, random);
    }
    x[0] = 0;
    x[KEPT] = 0;
  }

  private static int width(int eew) {
    return eew == 0 ? 0 : eew - 4;
  }

  /// Makes the offsets of an indexed access small.
  private void offsets(int width, int group, long align, Random random) {
    int bytes = v.length / 32;
    for (int at = group * bytes;
        at + width <= Math.min(v.length, (group + 8) * bytes);
        at += width) {
      long value = random.nextInt(40) == 0 ? random.nextInt(65536) : random.nextInt(2048) & align;
      for (int b = 0; b < width; b++) {
        v[at + b] = (byte) (value >>> 8 * b);
      }
    }
  }

  /// {@return a hart in this state}
  Hart hart(Isa isa, Evaluator evaluator, byte[] template) {
    Memory memory = Memory.of(MEMORY, BYTES, 1L << 20);
    memory.map(Region.memory("ram", Region.Kind.RAM, MEMORY, BYTES, Region.READ | Region.WRITE));
    memory.map(
        Region.memory(
            "code",
            Region.Kind.RAM,
            CODE,
            Memory.PAGE,
            Region.READ | Region.WRITE | Region.EXECUTE));
    memory.store(CODE, 4, word, AccessKind.STORE);
    Hart hart = Hart.of(isa, memory, 0);
    memory.write(MEMORY, template, 0, BYTES);
    hart.writeCsr(csr(isa, "mstatus"), 3L << 13 | 3L << 9);
    RegisterFile xs = file(isa, "x");
    hart.writeRegister(xs, 5, avl);
    hart.writeRegister(xs, 6, vtype);
    hart.pc(CODE);
    Decoded set = isa.decoder().decode(0x8062_f057L); // vsetvl x0, t0, t1
    evaluator.step(Objects.requireNonNull(set), hart);
    for (int i = 1; i < 32; i++) {
      hart.writeRegister(xs, i, x[i]);
      hart.writeRegister(file(isa, "f"), i, f[i]);
    }
    hart.writeRegister(file(isa, "f"), 0, f[0]);
    System.arraycopy(v, 0, hart.bytes(file(isa, "v")), 0, v.length);
    evaluator.writeCsr(csr(isa, "fcsr"), fcsr, hart);
    evaluator.writeCsr(csr(isa, "vcsr"), vcsr, hart);
    evaluator.writeCsr(csr(isa, "vstart"), vstart, hart);
    hart.pc(CODE);
    return hart;
  }

  static RegisterFile file(Isa isa, String name) {
    return Objects.requireNonNull(isa.registerFile(name));
  }

  static Csr csr(Isa isa, String name) {
    Csr csr = isa.csr(name);
    if (csr == null) {
      throw new IllegalArgumentException("no CSR " + name);
    }
    return csr;
  }

  String vtypeText() {
    return vtype < 0
        ? "ill"
        : "e"
            + (8 << (vtype >> 3 & 7))
            + " m"
            + new String[] {"1", "2", "4", "8", "-", "f8", "f4", "f2"}[(int) vtype & 7]
            + ((vtype & 64) != 0 ? " ta" : " tu")
            + ((vtype & 128) != 0 ? " ma" : " mu");
  }

  @Override
  public String toString() {
    return insn.name()
        + " "
        + Long.toHexString(word)
        + " ("
        + vtypeText()
        + ", avl "
        + avl
        + ", vstart "
        + vstart
        + ", fcsr "
        + Long.toHexString(fcsr)
        + ", vcsr "
        + vcsr
        + ") "
        + insn.operands().stream().map(o -> o.name() + "=" + o.decode(word)).toList();
  }
}
