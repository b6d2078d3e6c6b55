package tessera.tests.reference;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tessera.conformance.Places;
import tessera.conformance.dut.InProcess;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.Texts;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;

/// Runs one word in a world on the plain evaluator and on the interpreter, and says what differs
/// from what the reference makes of it.
final class Bench {
  /// All that the bundled texts define, on the smallest machine.
  static final Isa EVERYTHING =
      Isa.load(Isa.Request.bundled("tiny4").isa(Texts.everything())).orThrow();

  private static final int SLOTS = 500;

  /// Runs the instruction at the pc, and gives the trap or null.
  private interface Run {
    @Nullable String step(Hart hart);
  }

  private record Subject(String name, Run run, Hart hart) {}

  private final Isa isa;
  private final Evaluator evaluator;
  private final List<Subject> subjects = new ArrayList<>();
  private final RegisterFile x;
  private final RegisterFile f;
  private final RegisterFile v;
  private final Csr mstatus;
  private int slot;
  private int words;

  Bench(Isa isa) {
    this.isa = isa;
    this.evaluator = isa.evaluator();
    this.x = requireNonNull(isa.registerFile("x"));
    this.f = requireNonNull(isa.registerFile("f"));
    this.v = requireNonNull(isa.registerFile("v"));
    this.mstatus = csr("mstatus");
    renew();
  }

  private void renew() {
    Engine interpreter = Interpreter.of(isa, Kernels.none());
    subjects.clear();
    add("evaluator", this::evaluate);
    add("interpreter", hart -> trap(interpreter.run(hart, 1)));
  }

  private void add(String name, Run run) {
    subjects.add(new Subject(name, run, InProcess.hart(isa, Places.CODE)));
  }

  private @Nullable String evaluate(Hart hart) {
    long pc = hart.pc();
    Decoded decoded = isa.decoder().decode(hart.memory().load(pc, 4, AccessKind.FETCH));
    try {
      evaluator.step(requireNonNull(decoded), hart);
      return null;
    } catch (GuestTrap trap) {
      hart.pc(pc);
      return trap.trap();
    }
  }

  private static @Nullable String trap(Exit exit) {
    return switch (exit) {
      case Exit.BudgetSpent _ -> null;
      case Exit.Trapped(var trap) -> trap.trap();
      case Exit.Halted _,
          Exit.Signalled _,
          Exit.Endless _,
          Exit.Waiting _,
          Exit.MemoryExhausted _ ->
          exit.toString();
    };
  }

  private Csr csr(String name) {
    return requireNonNull(isa.csr(name));
  }

  Isa isa() {
    return isa;
  }

  /// {@return a world of this ISA's sizes, its pc where code may lie}
  World world() {
    World world = World.of(v.width());
    world.pc = Places.CODE + 8L * slot;
    return world;
  }

  /// Lets the next worlds have code elsewhere; a new interpreter now and then forgets the words it
  /// has met.
  void next() {
    slot = (slot + 1) % SLOTS;
    if (++words % (20 * SLOTS) == 0) {
      renew();
    }
  }

  /// Whether the reference let the instruction run, and what differs.
  record Verdict(boolean ran, @Nullable String wrong) {}

  /// {@return what differs from the reference}
  Verdict check(Instruction insn, World before, long word, Step.Meaning meaning) {
    int bytes = insn.encoding().length() / 8;
    World expected = before.copy();
    Step step = new Step(expected, word);
    String illegal = null;
    try {
      meaning.run(step);
      step.finish(bytes);
    } catch (Step.Illegal why) {
      illegal = why.getMessage();
      expected = before.copy();
    }
    StringBuilder wrong = new StringBuilder();
    for (Subject subject : subjects) {
      String trap = run(subject, before, word);
      List<String> differences = differences(before, expected, subject.hart());
      if (!java.util.Objects.equals(trap, illegal == null ? null : "illegal")) {
        differences.add(
            0,
            "traps: "
                + trap
                + ", expected "
                + (illegal == null ? "no trap" : "illegal, by " + illegal));
      }
      for (String difference : differences) {
        wrong.append("\n  ").append(subject.name()).append(": ").append(difference);
      }
    }
    String text = wrong.isEmpty() ? null : described(insn, before, word) + wrong;
    return new Verdict(illegal == null, text);
  }

  private @Nullable String run(Subject subject, World before, long word) {
    install(before, subject.hart());
    Memory memory = subject.hart().memory();
    if (memory.load(before.pc, 4, AccessKind.FETCH) != word) {
      byte[] code = new byte[4];
      Memory.put(code, 0, 4, word);
      memory.fill(before.pc, code, 0, 4);
    }
    return subject.run().step(subject.hart());
  }

  private void install(World w, Hart hart) {
    for (int r = 0; r < 32; r++) {
      if (r > 0) {
        hart.writeRegister(x, r, w.x[r]);
      }
      hart.writeRegister(f, r, w.f[r]);
    }
    System.arraycopy(w.v, 0, hart.bytes(v), 0, w.v.length);
    hart.writeCsr(csr("fcsr"), w.fcsr);
    hart.writeCsr(csr("vtype"), w.vtype);
    hart.writeCsr(csr("vl"), w.vl);
    hart.writeCsr(csr("vstart"), w.vstart);
    hart.writeCsr(csr("vcsr"), w.vcsr);
    hart.writeCsr(mstatus, (long) w.fs << 13 | (long) w.vs << 9);
    hart.pc(w.pc);
    hart.memory().fill(Places.ARENA, w.memory, 0, w.memory.length);
  }

  private List<String> differences(World before, World expected, Hart hart) {
    List<String> out = new ArrayList<>();
    for (int r = 0; r < 32; r++) {
      compare(out, "x" + r, expected.x[r], hart.readRegister(x, r));
      compare(out, "f" + r, expected.f[r], hart.readRegister(f, r));
    }
    vectors(out, before, expected, hart.bytes(v));
    flags(out, expected.fcsr, hart.readCsr(csr("fcsr")));
    compare(out, "vtype", expected.vtype, hart.readCsr(csr("vtype")));
    compare(out, "vl", expected.vl, hart.readCsr(csr("vl")));
    compare(out, "vstart", expected.vstart, hart.readCsr(csr("vstart")));
    compare(out, "vcsr", expected.vcsr, hart.readCsr(csr("vcsr")));
    compare(out, "pc", expected.pc, hart.pc());
    long status = hart.readCsr(mstatus);
    boolean floats = !java.util.Arrays.equals(before.f, expected.f) || before.fcsr != expected.fcsr;
    boolean vector = !java.util.Arrays.equals(before.v, expected.v);
    unit(out, "FS", before.fs, floats, (int) (status >> 13 & 3));
    unit(out, "VS", before.vs, vector, (int) (status >> 9 & 3));
    byte[] memory = new byte[expected.memory.length];
    hart.memory().read(Places.ARENA, memory, 0, memory.length);
    int at = java.util.Arrays.mismatch(expected.memory, memory);
    if (at >= 0) {
      compare(out, "memory at arena + " + at, expected.memory[at] & 0xff, memory[at] & 0xff);
    }
    return out;
  }

  /// A changed unit is dirty; one that is unchanged may be called dirty too (privileged manual,
  /// 3.1.6.6).
  private static void unit(List<String> out, String name, int before, boolean changed, int now) {
    boolean right = now == 3 && before != 0 || !changed && now == before;
    if (!right) {
      out.add("mstatus." + name + " is " + now + ", was " + before);
    }
  }

  private static void flags(List<String> out, long expected, long actual) {
    if (expected != actual) {
      out.add(
          "flags expected "
              + Flags.text(expected & 31)
              + " actual "
              + Flags.text(actual & 31)
              + (expected >> 5 == actual >> 5 ? "" : ", frm " + (actual >> 5)));
    }
  }

  private static void compare(List<String> out, String what, long expected, long actual) {
    if (expected != actual) {
      out.add(
          what + " expected " + Long.toHexString(expected) + " actual " + Long.toHexString(actual));
    }
  }

  /// At most three elements, with what lies at the same places of the operands.
  private void vectors(List<String> out, World before, World expected, byte[] actual) {
    World now = World.of(v.width());
    System.arraycopy(actual, 0, now.v, 0, actual.length);
    int sew = before.sew();
    int told = 0;
    for (int r = 0; r < 32; r++) {
      for (int i = 0; i < v.width() / sew; i++) {
        long e = expected.element(r, i, sew);
        long a = now.element(r, i, sew);
        if (e != a && told++ < 3) {
          out.add(
              String.format(
                  Locale.ROOT,
                  "v%d[%d] (e%d) before %x expected %x actual %x",
                  r,
                  i,
                  sew,
                  before.element(r, i, sew),
                  e,
                  a));
        }
      }
    }
  }

  private static String described(Instruction insn, World w, long word) {
    Step s = new Step(w, word);
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "%s (%08x), frm %d, flags %s",
            insn.name(),
            word,
            w.fcsr >> 5,
            Flags.text(w.fcsr & 31)));
    if (insn.hasOperand("rm")) {
      out.append(", rm ").append(s.field(14, 12));
    }
    for (String field : List.of("rs1", "rs2", "rs3", "rd")) {
      if (insn.hasOperand(field)) {
        int r = (int) insn.operand(field).decode(word);
        out.append(
            String.format(
                Locale.ROOT, ", %s: x%d = %x, f%d = %x", field, r, w.x[r & 31], r, w.f[r & 31]));
      }
    }
    if (insn.hasOperand("vd") || insn.hasOperand("vs2")) {
      out.append(
          String.format(
              Locale.ROOT,
              ", e%d, LMUL %d/8, vtype %x, vl %d, vstart %d, vm %d, v0 %x",
              w.sew(),
              w.eighths(),
              w.vtype,
              w.vl,
              w.vstart,
              s.field(25, 25),
              w.element(0, 0, 64)));
      for (String field : List.of("vs1", "vs2", "vd")) {
        if (insn.hasOperand(field)) {
          int r = (int) insn.operand(field).decode(word);
          out.append("\n    ").append(field).append(": v").append(r).append(" =");
          for (int i = 0; i < w.vlen() / w.sew() && i < 8; i++) {
            out.append(' ').append(Long.toHexString(w.element(r, i, w.sew())));
          }
        }
      }
    }
    return out.toString();
  }
}
