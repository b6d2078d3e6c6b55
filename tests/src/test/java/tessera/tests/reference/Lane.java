package tessera.tests.reference;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// One vector instruction in a world: where its operands lie, what makes it illegal, which elements
/// it writes (unprivileged manual, 31.3 to 31.5).
final class Lane {
  /// Where the operand beside vs2 comes from.
  enum Source {
    NONE,
    VECTOR,
    FLOAT,
    X,
    UIMM
  }

  /// What an instruction writes.
  enum Kind {
    ELEMENTS,
    /// a bit for each element, of one register
    MASK,
    /// element 0 of vd, from element 0 of vs1 and all active elements
    REDUCTION
  }

  /// How wide the operands are, in units of SEW; 0: there is none.
  ///
  /// @param wideD of vd
  /// @param wideB of vs2
  /// @param source of the other operand
  /// @param wideA of it
  /// @param readsD whether vd is an operand too
  /// @param apart whether vd must not overlap vs2
  /// @param merges whether v0 is data: all elements are active
  /// @param floats whether it needs the float unit and a valid frm
  /// @param sews where it exists
  record Shape(
      Kind kind,
      int wideD,
      int wideB,
      Source source,
      int wideA,
      boolean readsD,
      boolean apart,
      boolean merges,
      boolean floats,
      IntPredicate sews) {}

  /// What one element becomes.
  interface Element {
    long value(Lane lane);
  }

  private record Group(int register, int width, int eighths) {
    int registers() {
      return Math.max(1, eighths / 8);
    }

    int last() {
      return register + registers() - 1;
    }

    boolean overlaps(Group other) {
      return register <= other.last() && other.register <= last();
    }

    void aligned() {
      Step.require(eighths >= 1 && eighths <= 64, "EMUL of v" + register);
      Step.require(register % registers() == 0, "v" + register + " starts no group");
    }
  }

  final Step step;
  final World world;
  final Shape shape;
  final Flags flags;
  final int sew;
  final boolean brain;
  Mode mode = Mode.RNE;

  /// The element at hand, and its operands.
  int i;

  long b;
  long a;
  long d;

  private final boolean ones;

  private Lane(Step step, Shape shape, boolean brain, boolean ones) {
    this.step = step;
    this.world = step.world;
    this.flags = step.flags;
    this.shape = shape;
    this.sew = world.sew();
    this.brain = brain;
    this.ones = ones;
  }

  /// {@return a meaning}
  ///
  /// @param brain whether floats of SEW are bfloat16
  /// @param ones whether agnostic elements become all ones
  static Step.Meaning meaning(Shape shape, boolean brain, boolean ones, Element element) {
    return step -> new Lane(step, shape, brain, ones).run(element);
  }

  // ------------------------------------------------------------------ operands

  Format one() {
    return brain ? Format.BFLOAT : Format.of(sew);
  }

  Format two() {
    return brain ? Format.SINGLE : Format.of(2 * sew);
  }

  Datum datum(long bits, int wide) {
    return (wide == 2 ? two() : one()).read(bits);
  }

  Datum realB() {
    return datum(b, shape.wideB());
  }

  Datum realA() {
    return datum(a, shape.wideA());
  }

  Datum realD() {
    return datum(d, shape.wideD());
  }

  /// {@return the format of the result}
  Format to() {
    return shape.wideD() == 2 ? two() : one();
  }

  BigInteger wholeB(boolean signed) {
    return Scalars.whole(b, shape.wideB() * sew, signed);
  }

  int vl() {
    return (int) world.vl;
  }

  /// {@return another element of vs2}
  long b(int index) {
    return world.element(step.rs2(), index, shape.wideB() * sew);
  }

  boolean active(int index) {
    return !step.masked() || shape.merges() || world.bit(0, index);
  }

  private long operand() {
    int width = shape.wideA() * sew;
    return switch (shape.source()) {
      case NONE -> 0;
      case VECTOR -> world.element(step.rs1(), i, width);
      case FLOAT -> step.bits(shape.wideA() == 2 ? two() : one(), step.rs1());
      case X -> width == 64 ? world.x[step.rs1()] : world.x[step.rs1()] & (1L << width) - 1;
      case UIMM -> step.rs1();
    };
  }

  // ------------------------------------------------------------------ legality

  private void legal() {
    Step.require(world.vs != 0, "the vector unit is off");
    if (shape.floats()) {
      Step.require(world.fs != 0, "the float unit is off");
      mode = step.mode(7);
    }
    Step.require(world.vtype >= 0, "vill");
    Step.require(shape.sews().test(sew), "SEW " + sew);
    if (shape.kind() == Kind.REDUCTION) {
      Step.require(world.vstart == 0, "vstart of a reduction");
      reductionLegal();
    } else {
      elementwise();
    }
    int vlmax = world.vlen() * world.eighths() / 8 / sew;
    Step.require(world.vstart < vlmax, "vstart names no element (reserved)");
  }

  /// vd and vs1 are single registers, and vd may overlap all (31.14).
  private void reductionLegal() {
    Group b = group(step.rs2(), shape.wideB());
    b.aligned();
    List<Group> sources = new ArrayList<>(List.of(b));
    sources.add(new Group(step.rs1(), shape.wideD() * sew, 8));
    if (step.masked()) {
      sources.add(new Group(0, 1, 8));
    }
    oneWidth(sources);
  }

  private Group group(int register, int wide) {
    return new Group(register, wide * sew, wide * world.eighths());
  }

  private void elementwise() {
    boolean mask = shape.kind() == Kind.MASK;
    Group d = mask ? new Group(step.rd(), 1, 8) : group(step.rd(), shape.wideD());
    List<Group> sources = new ArrayList<>();
    if (shape.wideB() > 0) {
      sources.add(group(step.rs2(), shape.wideB()));
    }
    if (shape.source() == Source.VECTOR) {
      sources.add(group(step.rs1(), shape.wideA()));
    }
    d.aligned();
    sources.forEach(Group::aligned);
    if (shape.apart()) {
      Step.require(!d.overlaps(sources.getFirst()), "vd overlaps vs2");
    }
    if (step.masked()) {
      Step.require(mask || d.register() != 0, "vd is the mask");
      sources.add(new Group(0, 1, 8));
    }
    for (Group s : sources) {
      Step.require(mayOverlap(d, s), "v" + d.register() + " overlaps v" + s.register());
    }
    if (shape.readsD()) {
      sources.add(d);
    }
    oneWidth(sources);
  }

  /// 31.5.2: with equal widths; a narrower result in the lowest part of its source; a wider one
  /// whose source lies in the highest part of it, and is no part of a register.
  private static boolean mayOverlap(Group d, Group s) {
    if (!d.overlaps(s) || d.width() == s.width()) {
      return true;
    }
    return d.width() < s.width()
        ? d.register() == s.register()
        : s.eighths() >= 8 && s.width() > 1 && d.last() == s.last();
  }

  /// 31.5.2: no register is a source of two widths; a mask has the width 1. Reserved.
  private static void oneWidth(List<Group> sources) {
    for (Group a : sources) {
      for (Group b : sources) {
        Step.require(!a.overlaps(b) || a.width() == b.width(), "two widths of one source");
      }
    }
  }

  // ------------------------------------------------------------------ execution

  private void run(Element element) {
    legal();
    int vl = vl();
    int start = (int) world.vstart;
    if (start < vl) {
      switch (shape.kind()) {
        case ELEMENTS -> elements(element, start, vl);
        case MASK -> mask(element, start, vl);
        case REDUCTION -> reduction(element);
      }
    }
    world.vstart = 0;
  }

  private long element(Element element) {
    a = operand();
    b = shape.wideB() > 0 ? b(i) : 0;
    d = shape.kind() == Kind.MASK ? 0 : world.element(step.rd(), i, shape.wideD() * sew);
    return element.value(this);
  }

  private void elements(Element element, int start, int vl) {
    int width = shape.wideD() * sew;
    Group d = group(step.rd(), shape.wideD());
    // Results go to a copy: no element sees another's result.
    World after = world.copy();
    for (i = start; i < vl; i++) {
      if (active(i)) {
        after.element(step.rd(), i, width, element(element));
      } else if (ones && world.maskAgnostic()) {
        after.element(step.rd(), i, width, -1);
      }
    }
    for (int k = vl;
        ones && world.tailAgnostic() && k < d.registers() * world.vlen() / width;
        k++) {
      after.element(step.rd(), k, width, -1);
    }
    System.arraycopy(after.v, 0, world.v, 0, world.v.length);
  }

  /// The tail of a mask is agnostic always, up to the end of the register (31.3.4.3).
  private void mask(Element element, int start, int vl) {
    World after = world.copy();
    for (i = start; i < vl; i++) {
      if (active(i)) {
        after.bit(step.rd(), i, element(element) != 0);
      } else if (ones && world.maskAgnostic()) {
        after.bit(step.rd(), i, true);
      }
    }
    for (int k = vl; ones && k < world.vlen(); k++) {
      after.bit(step.rd(), k, true);
    }
    System.arraycopy(after.v, 0, world.v, 0, world.v.length);
  }

  /// The accumulator is `d`; without an active element it is the scalar as it was (31.14).
  private void reduction(Element element) {
    int width = shape.wideD() * sew;
    d = world.element(step.rs1(), 0, width);
    for (i = 0; i < vl(); i++) {
      if (active(i)) {
        b = b(i);
        d = element.value(this);
      }
    }
    world.element(step.rd(), 0, width, d);
    for (int k = 1; ones && world.tailAgnostic() && k < world.vlen() / width; k++) {
      world.element(step.rd(), k, width, -1);
    }
  }
}
