package tessera.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.conformance.dut.Dut;
import tessera.conformance.dut.InProcess;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.Reference;
import tessera.emulator.kernel.Matmul;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// What holds of every instruction of every specification, tried on random words in random states.
///
/// A law says what is wrong, or nothing; a seed names the case for ever.
public final class Laws {
  private final Isa isa;
  private final boolean user;
  private final RegisterFile x;
  private final Operands operands;
  private final Roles roles;
  private final Setting setting;
  private final Coverage coverage;
  private final Generator generator;
  private final Engine evaluator;

  private Laws(Roles roles, boolean user) {
    this.isa = roles.isa();
    this.user = user;
    RegisterFile file = isa.registerFile("x");
    if (file == null) {
      throw new IllegalArgumentException(isa.name() + " has no general registers");
    }
    this.x = file;
    this.operands = Operands.of(isa);
    this.roles = roles;
    this.setting = Setting.of(isa, user);
    this.coverage = Coverage.of(isa.instructions());
    this.generator = Generator.of(roles, user, _ -> true, coverage);
    this.evaluator = Reference.of(isa);
  }

  /// {@return the laws of an ISA}
  ///
  /// @param user whether states are those of a user's program, or of one at machine level
  public static Laws of(Isa isa, boolean user) {
    return new Laws(Roles.of(isa), user);
  }

  /// {@return the same laws as if nothing had been tried}
  public Laws afresh() {
    return new Laws(roles, user);
  }

  /// {@return how often what has been tried}
  public Coverage coverage() {
    return coverage;
  }

  /// A law: what is wrong in the case of a seed, or null.
  @FunctionalInterface
  public interface Law {
    /// {@return what is wrong, or null}
    @Nullable String check(long seed);
  }

  /// {@return the laws by name}
  public Map<String, Law> all() {
    Map<String, Law> laws = new LinkedHashMap<>();
    laws.put("decodeInvertsEncode", this::decodeInvertsEncode);
    laws.put("interpreterDoesWhatTheTextSays", this::interpreterDoesWhatTheTextSays);
    laws.put("aStepKeepsWhatItMust", this::aStepKeepsWhatItMust);
    laws.put("oneFalseConditionTrapsAndChangesNothing", this::oneFalseConditionTraps);
    laws.put("faultsArePreciseAndRestartable", this::faultsAreRestartable);
    laws.put("aRunIsTheSumOfItsSteps", this::aRunIsTheSumOfItsSteps);
    return laws;
  }

  private Instruction insn(Randomness random) {
    return random.oneOf(isa.instructions());
  }

  private static String named(Instruction insn, long word) {
    return insn.name() + String.format(java.util.Locale.ROOT, " (%08x)", word);
  }

  // ------------------------------------------------------------------ words

  /// A word of an instruction decodes to it, and its operands' values give the word back.
  public @Nullable String decodeInvertsEncode(long seed) {
    Randomness random = Randomness.of(seed);
    Instruction insn = insn(random);
    long word = operands.any(insn, random);
    if (!insn.accepts(word)) {
      return null;
    }
    Decoded decoded = isa.decoder().decode(word);
    if (decoded == null || !decoded.instruction().name().equals(insn.name())) {
      return named(insn, word) + " decodes as " + decoded;
    }
    long again = insn.encoding().match();
    for (Operand operand : insn.operands()) {
      long value = decoded.operand(operand.name());
      if (operand.operandClass().toField(value) < 0) {
        return named(insn, word) + " has no operand " + operand.name() + " = " + value;
      }
      again = operand.encode(again, value);
    }
    return again == (word & mask(insn))
        ? null
        : named(insn, word) + " encodes as " + Long.toHexString(again);
  }

  /// The bits that mean something: fixed ones and operands.
  private static long mask(Instruction insn) {
    long mask = insn.encoding().mask();
    for (Operand operand : insn.operands()) {
      mask |= operand.field().mask();
    }
    return mask;
  }

  // ------------------------------------------------------------------ engines

  /// The interpreter leaves what the plain evaluator leaves.
  public @Nullable String interpreterDoesWhatTheTextSays(long seed) {
    Randomness random = Randomness.of(seed);
    Generator.Made made = generator.make(Places.code(0), Setting.arena(random), random);
    Dut interpreter =
        InProcess.of("interpreter", isa, () -> Engine.interpreter(isa, Matmul.kernels()));
    Outcome actual = interpreter.run(List.of(made.given())).getFirst();
    List<Differences.Row> rows =
        Differences.between(made.given(), made.expected(), actual, interpreter.visible());
    if (rows.isEmpty()) {
      return null;
    }
    Shrinker shrinker = Shrinker.of(isa, interpreter, _ -> false);
    Differential.Finding finding =
        new Differential.Finding(interpreter, made.given(), made.expected(), rows);
    Report report = Report.of(isa, shrinker.shrink(shrinker.isolate(finding)));
    return report.screen() + report.program();
  }

  /// All at once, one after the other, and once more: the same.
  public @Nullable String aRunIsTheSumOfItsSteps(long seed) {
    Randomness random = Randomness.of(seed);
    Generator.Made made = generator.make(Places.code(0), Setting.arena(random), random);
    Case given = made.given();
    int steps = made.executed().size();
    Engine engine = Engine.interpreter(isa, Matmul.kernels());
    Hart whole = installed(given);
    engine.run(whole, steps);
    Hart stepped = installed(given);
    Engine other = Engine.interpreter(isa, Matmul.kernels());
    for (int i = 0; i < steps; i++) {
      other.run(stepped, 1);
    }
    Hart split = installed(given);
    Engine third = Engine.interpreter(isa, Matmul.kernels());
    int first = steps == 0 ? 0 : random.below(steps + 1);
    third.run(split, first);
    third.run(split, steps - first);
    String what = difference(given, whole, stepped);
    return what != null ? what : difference(given, whole, split);
  }

  private Hart installed(Case given) {
    Hart hart = InProcess.hart(isa, given.before().pc());
    given.before().install(hart);
    hart.memory().fill(hart.pc(), given.code(), 0, given.code().length);
    return hart;
  }

  private @Nullable String difference(Case given, Hart a, Hart b) {
    byte[] arena = given.before().arena();
    Outcome first = new Outcome.Stopped("", 0, Snapshot.of(a, arena));
    Outcome second = new Outcome.Stopped("", 0, Snapshot.of(b, arena));
    List<Differences.Row> rows = Differences.between(given, first, second, Visible.all(isa));
    return rows.isEmpty() ? null : given.words() + ": " + rows;
  }

  // ------------------------------------------------------------------ a step

  /// x0 stays 0, the pc even and behind the instruction unless it jumps, flags of floats only
  /// accumulate.
  public @Nullable String aStepKeepsWhatItMust(long seed) {
    Randomness random = Randomness.of(seed);
    Generator.Made made = generator.make(Places.code(0), Setting.arena(random), random);
    Hart hart = installed(made.given());
    for (Instruction insn : made.executed()) {
      long pc = hart.pc();
      long flags = flags(hart);
      evaluator.run(hart, 1);
      String name = insn.name();
      if (hart.readRegister(x, 0) != 0) {
        return name + " changes x0";
      }
      if ((hart.pc() & 1) != 0) {
        return name + " leaves an odd pc";
      }
      if (!jumps(insn) && hart.pc() != pc + insn.encoding().bytes()) {
        return name + " goes to " + Long.toHexString(hart.pc() - pc);
      }
      if (!namesCsr(insn) && (flags & ~flags(hart)) != 0) {
        return name + " clears flags";
      }
    }
    return null;
  }

  private boolean jumps(Instruction insn) {
    return roles.role(insn).target() != null
        || reads(insn, OperandClass.Reading.PcRelative.class)
        || insn.operands().isEmpty(); // returns from traps
  }

  private static boolean namesCsr(Instruction insn) {
    return reads(insn, OperandClass.Reading.CsrName.class);
  }

  private static boolean reads(Instruction insn, Class<?> reading) {
    return insn.operands().stream()
        .anyMatch(o -> o.operandClass().readings().stream().anyMatch(reading::isInstance));
  }

  private long flags(Hart hart) {
    Csr csr = isa.csr("fcsr");
    CsrField field = csr == null ? null : csr.field("fflags");
    return csr == null || field == null ? 0 : field.extract(hart.readCsr(csr));
  }

  // ------------------------------------------------------------------ traps

  /// A word that one condition alone refuses raises `illegal` and leaves all as it was.
  public @Nullable String oneFalseConditionTraps(long seed) {
    Randomness random = Randomness.of(seed);
    Instruction insn = insn(random);
    byte[] arena = Setting.arena(random);
    Hart hart = InProcess.hart(isa, Places.CODE);
    setting.randomize(hart, random, arena);
    hart.pc(Places.CODE);
    long word = operands.illegal(insn, hart, random);
    if (word == 0) {
      return null;
    }
    Case given = Case.of(Snapshot.of(hart, arena), Case.code(List.of(word)));
    for (Engine engine : List.of(evaluator, Engine.interpreter(isa, Matmul.kernels()))) {
      Hart run = installed(given);
      Exit exit = engine.run(run, 1);
      if (!(exit instanceof Exit.Trapped(var trap)) || !trap.trap().equals("illegal")) {
        return named(insn, word) + " does not trap: " + exit;
      }
      String changed = difference(given, installed(given), run);
      if (changed != null) {
        return named(insn, word) + " traps and changes " + changed;
      }
    }
    return null;
  }

  /// Where half of memory is missing, a fault leaves a state from which the instruction, run again
  /// with all of memory, ends as if nothing had been missing.
  public @Nullable String faultsAreRestartable(long seed) {
    Randomness random = Randomness.of(seed);
    Instruction insn = insn(random);
    Roles.Role role = roles.role(insn);
    if (!role.memory()) {
      return null;
    }
    byte[] arena = Setting.arena(random);
    Hart hart = InProcess.hart(isa, Places.CODE);
    setting.randomize(hart, random, arena);
    hart.pc(Places.CODE);
    long word = operands.legal(insn, hart, random, _ -> true);
    String base = role.base();
    int register = base == null ? role.fixedBase() : (int) insn.operand(base).decode(word);
    if (word == 0 || register <= 0) {
      return null;
    }
    int middle = Places.ARENA_BYTES / 2;
    hart.writeRegister(x, register, Places.ARENA + middle - random.below(256));
    Case given = Case.of(Snapshot.of(hart, arena), Case.code(List.of(word)));
    Hart all = installed(given);
    Exit complete = evaluator.run(all, 1);
    Hart half = half(given, middle);
    Exit faulted = evaluator.run(half, 1);
    if (!(complete instanceof Exit.BudgetSpent)
        || !(faulted instanceof Exit.Trapped(var trap))
        || !trap.trap().equals("access_fault")) {
      return null;
    }
    Snapshot left = Snapshot.of(mapped(half, given, middle), arena);
    Case again = Case.of(left, given.code());
    Hart resumed = installed(again);
    evaluator.run(resumed, 1);
    String what = difference(given, all, resumed);
    return what == null ? null : named(insn, word) + " resumes to another end: " + what;
  }

  /// A hart that has only the lower half of the arena.
  private Hart half(Case given, int middle) {
    Memory memory = Memory.of(Places.ARENA, Places.ARENA_BYTES, 1 << 20);
    int data = Region.READ | Region.WRITE;
    memory.map(Region.memory("arena", Region.Kind.RAM, Places.ARENA, middle, data));
    memory.map(
        Region.memory("gone", Region.Kind.RAM, Places.ARENA + middle, middle, Region.EXECUTE));
    memory.map(Region.memory("code", Region.Kind.RAM, Places.CODE, 4096, Region.EXECUTE));
    Hart hart = Hart.of(isa, memory, 0);
    given.before().install(hart);
    hart.memory().fill(hart.pc(), given.code(), 0, given.code().length);
    return hart;
  }

  /// The same hart with all of memory: what was there, and what is stored in the lower half.
  private Hart mapped(Hart half, Case given, int middle) {
    byte[] bytes = given.before().arena().clone();
    byte[] lower = new byte[middle];
    half.memory().read(Places.ARENA, lower, 0, middle);
    System.arraycopy(lower, 0, bytes, 0, middle);
    Hart hart = InProcess.hart(isa, given.before().pc());
    hart.memory().fill(Places.ARENA, bytes, 0, bytes.length);
    for (RegisterFile file : isa.registerFiles()) {
      if (file.width() > 64) {
        System.arraycopy(half.bytes(file), 0, hart.bytes(file), 0, half.bytes(file).length);
      } else {
        for (int r = 0; r < file.count(); r++) {
          if (file.zero() == null || file.zero() != r) {
            hart.writeRegister(file, r, half.readRegister(file, r));
          }
        }
      }
    }
    for (Csr csr : isa.csrs()) {
      hart.writeCsr(csr, half.readCsr(csr));
    }
    hart.pc(half.pc());
    return hart;
  }

  /// {@return whether the states are a user's}
  public boolean isUser() {
    return user;
  }
}
