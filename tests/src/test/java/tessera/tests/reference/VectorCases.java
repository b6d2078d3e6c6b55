package tessera.tests.reference;

import java.util.Objects;
import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Encoding;

/// Words and worlds for vector instructions: most are legal, all kinds of illegal ones among them.
final class VectorCases {
  private final Bench bench;
  private final Values values;

  VectorCases(Bench bench, Values values) {
    this.bench = bench;
    this.values = values;
  }

  /// {@return a world with vtype, vl, mask and registers, made before the word}
  World world() {
    World w = bench.world();
    for (int r = 0; r < 32; r++) {
      w.x[r] = r == 0 ? 0 : values.integer();
      w.f[r] = values.bits();
    }
    values.fill(w.v);
    w.fcsr = values.below(32) | (values.oneIn(40) ? values.below(8) : values.below(5)) << 5;
    w.fs = values.oneIn(60) ? 0 : 1 + values.below(3);
    w.vs = values.oneIn(60) ? 0 : 1 + values.below(3);
    w.vcsr = values.below(8);
    configure(w);
    int kind = values.below(4);
    for (int i = 0; kind < 3 && i < w.vlen(); i++) {
      w.bit(0, i, kind == 0 || kind == 1 && i % 2 == 0 || kind == 2 && values.oneIn(2));
    }
    return w;
  }

  private void configure(World w) {
    int most;
    do {
      int sew = values.oneIn(2) ? 1 : values.below(4); // half precision is what nobody else judges
      int lmul = values.below(8);
      w.vtype = (long) values.below(4) << 6 | sew << 3 | lmul;
      most = lmul == 4 || 8 << sew > 8 * w.eighths() ? 0 : w.vlen() * w.eighths() / 8 / w.sew();
    } while (most == 0);
    w.vl =
        switch (values.below(4)) {
          case 0 -> values.below(most + 1);
          case 1 -> Math.max(0, most - 1);
          default -> most;
        };
    w.vstart = values.oneIn(10) ? values.below(most) : 0;
    if (values.oneIn(80)) {
      w.vtype = 1L << 63;
      w.vl = 0;
    }
  }

  /// {@return a word; its registers mostly start groups}
  long word(Instruction insn, World w) {
    Encoding encoding = insn.encoding();
    long word = 0;
    do {
      word = encoding.match() | values.bits() & ~encoding.mask() & 0xffff_ffffL;
      int group = Math.max(1, w.eighths() / 8);
      group = values.oneIn(2) ? Math.min(8, 2 * group) : group;
      if (!values.oneIn(12)) {
        word &= ~((group - 1L) << 7 & ~encoding.mask());
        word &= ~((group - 1L) << 20 & ~encoding.mask());
        word &= insn.hasOperand("vs1") ? ~((group - 1L) << 15 & ~encoding.mask()) : -1;
      }
    } while (!insn.accepts(word));
    return word;
  }

  /// Fills the elements that a float instruction reads with operands that have to do with each
  /// other.
  void operands(World w, long word, Vectors.Row row) {
    Lane.Shape shape = row.shape();
    int sew = w.sew();
    if (w.vtype < 0 || !shape.sews().test(sew)) {
      return;
    }
    Step s = new Step(w, word);
    long shared = values.bits();
    for (int i = 0; i < w.vl; i++) {
      boolean scalar = shape.source() == Lane.Source.FLOAT;
      long[] three = i > 0 && scalar ? with(row, sew, shared) : three(row, sew);
      shared = i == 0 && scalar ? three[1] : shared;
      put(w, s.rd(), i, shape.kind() == Lane.Kind.ELEMENTS ? shape.wideD() * sew : 0, three[2]);
      if (shape.source() == Lane.Source.VECTOR) {
        put(w, s.rs1(), i, shape.wideA() * sew, three[1]);
      }
      put(w, s.rs2(), i, shape.wideB() * sew, three[0]);
    }
    if (shape.source() == Lane.Source.FLOAT) {
      w.f[s.rs1()] = values.register(format(row, sew, shape.wideA()), shared);
    }
  }

  private static void put(World w, int register, int i, int width, long value) {
    if (width > 0 && (register * w.vlen() + (i + 1) * width) / 8 <= w.v.length && register > 0) {
      w.element(register, i, width, value);
    }
  }

  private static Format format(Vectors.Row row, int sew, int wide) {
    return row.brain() ? wide == 2 ? Format.SINGLE : Format.BFLOAT : Format.of(wide * sew);
  }

  /// Operands of vs2, the other one, and vd.
  private long[] three(Vectors.Row row, int sew) {
    Lane.Shape shape = row.shape();
    if (sew == 8) { // conversions from and to bytes
      return new long[] {values.any(Format.HALF), values.bits(), values.any(Format.HALF)};
    }
    Format b = format(row, sew, Math.max(1, shape.wideB()));
    Format d = format(row, sew, shape.wideD());
    if (shape.wideB() == 2) {
      Format narrow = format(row, sew, 1);
      return new long[] {values.tie(b, narrow), values.any(narrow), values.any(d)};
    }
    if (values.oneIn(6)) {
      return new long[] {values.integer(), values.any(b), values.any(d)};
    }
    return values.three(b, d);
  }

  /// The same where the other operand is given.
  private long[] with(Vectors.Row row, int sew, long a) {
    long[] three = three(row, sew);
    three[1] = a;
    Lane.Shape shape = row.shape();
    if (shape.wideB() == 1 && values.oneIn(2)) {
      Format f = format(row, sew, 1);
      Format d = format(row, sew, shape.wideD());
      three[0] = values.like(f, a);
      long product = Ieee.product(d, f.read(a), f.read(three[0]), Mode.RNE, new Flags());
      three[2] = values.like(d, product);
    }
    return three;
  }

  /// {@return what differs in one case}
  Bench.Verdict check(Instruction insn, boolean ones) {
    World w = world();
    long word = word(insn, w);
    return check(insn, w, word, ones);
  }

  Bench.Verdict check(Instruction insn, World w, long word, boolean ones) {
    Vectors.Row bits = Vectors.BITS.find(insn.name());
    if (bits != null) {
      return bench.check(insn, w, word, bits.meaning(ones));
    }
    Vectors.Predicated move = Vectors.SCALAR_MOVES.find(insn.name());
    if (move != null) {
      return bench.check(insn, w, word, move.meaning(ones));
    }
    Vectors.Row row = Objects.requireNonNull(Vectors.FLOATS.find(insn.name()));
    operands(w, word, row);
    return bench.check(insn, w, word, row.meaning(ones));
  }
}
