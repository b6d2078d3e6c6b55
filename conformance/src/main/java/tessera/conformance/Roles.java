package tessera.conformance;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.conformance.dut.Bench;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.Reference;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Operand;

/// What the operands of instructions are for, found by trying: each general register points to a
/// stretch of its own where nothing is, so the address of a fault, or the new pc, names the
/// register that it came from.
public final class Roles {
  private static final int TRIALS = 24;
  private static final long FAR = 0x10_0000_0000L;
  private static final int STRETCH = 24;

  /// What an instruction does with general registers.
  ///
  /// @param base the register operand that an address is computed from, or null
  /// @param fixedBase the register that is always the base (c.lwsp's sp), or -1
  /// @param target the register operand that a jump goes to, or null
  /// @param conditional whether it stores only under a reservation, which it ends wherever that is
  public record Role(
      @Nullable String base, int fixedBase, @Nullable String target, boolean conditional) {
    /// {@return whether it accesses memory}
    public boolean memory() {
      return base != null || fixedBase >= 0;
    }
  }

  private final Isa isa;
  private final RegisterFile x;
  private final Operands operands;
  private final Setting setting;
  private final Engine engine;
  private final Bench bench;
  private final Map<Instruction, Role> known = new HashMap<>();

  private Roles(Isa isa) {
    this.isa = isa;
    RegisterFile file = isa.registerFile("x");
    if (file == null) {
      throw new IllegalArgumentException(isa.name() + " has no general registers");
    }
    this.x = file;
    this.operands = Operands.of(isa);
    this.setting = Setting.of(isa, false);
    this.engine = Reference.of(isa);
    this.bench = Bench.of(isa);
  }

  /// {@return the roles in an ISA}
  public static Roles of(Isa isa) {
    return new Roles(isa);
  }

  Isa isa() {
    return isa;
  }

  /// {@return what an instruction does}
  public Role role(Instruction insn) {
    Role role = known.get(insn);
    if (role == null) {
      role = find(insn);
      known.put(insn, role);
    }
    return role;
  }

  private Role find(Instruction insn) {
    Map<String, Integer> bases = new HashMap<>();
    Map<String, Integer> targets = new HashMap<>();
    int fixed = -1;
    for (int i = 0; i < TRIALS; i++) {
      Randomness random = Randomness.of(31L * i + insn.name().hashCode());
      long word = distinct(insn, random);
      Hart hart = pointing(random);
      hart.memory().fill(hart.pc(), Case.code(java.util.List.of(word)), 0, insn.encoding().bytes());
      Exit exit = engine.run(hart, 1);
      int base = exit instanceof Exit.Trapped(var trap) ? register(trap.value()) : -1;
      int target = exit instanceof Exit.BudgetSpent ? register(hart.pc()) : -1;
      String named = base < 0 ? null : operand(insn, word, base);
      fixed = base >= 0 && named == null ? base : fixed;
      count(bases, named);
      count(targets, target < 0 ? null : operand(insn, word, target));
    }
    String target = most(targets);
    return target == null
        ? new Role(most(bases), bases.isEmpty() ? fixed : -1, null, isConditional(insn))
        : new Role(null, -1, target, false); // its faults are those of jumps
  }

  /// A store beside a reservation leaves it alone.
  private boolean isConditional(Instruction insn) {
    Randomness random = Randomness.of(insn.name().hashCode());
    long word = distinct(insn, random);
    Hart hart = pointing(random);
    for (int r = 1; r < x.count(); r++) {
      hart.writeRegister(x, r, Places.ARENA + 64);
    }
    hart.reserve(Places.ARENA, 8);
    hart.memory().fill(hart.pc(), Case.code(java.util.List.of(word)), 0, insn.encoding().bytes());
    return engine.run(hart, 1) instanceof Exit.BudgetSpent && !hart.isReserved(Places.ARENA, 8);
  }

  private static void count(Map<String, Integer> counts, @Nullable String name) {
    if (name != null) {
      counts.merge(name, 1, Integer::sum);
    }
  }

  private static @Nullable String most(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /// A word whose register operands differ, where that can be.
  private long distinct(Instruction insn, Randomness random) {
    long word = 0;
    for (int i = 0; i < 64; i++) {
      word = operands.any(insn, random);
      Set<Long> seen = new HashSet<>();
      boolean differ = true;
      for (Operand o : insn.operands()) {
        if (isGeneral(o)) {
          long r = o.decode(word);
          differ &= r != 0 && seen.add(r);
        }
      }
      if (differ && insn.accepts(word)) {
        return word;
      }
    }
    return word;
  }

  private boolean isGeneral(Operand o) {
    RegisterFile file = o.operandClass().file();
    return file != null && file.ordinal() == x.ordinal();
  }

  private Hart pointing(Randomness random) {
    Hart hart = bench.clear(Places.CODE);
    setting.randomize(hart, random, new byte[Places.ARENA_BYTES]);
    for (RegisterFile file : isa.registerFiles()) {
      if (file.width() > 64 && file.ordinal() != x.ordinal()) {
        java.util.Arrays.fill(hart.bytes(file), (byte) 0);
      }
    }
    // One configuration for all: each would be bound anew. Loads and stores know it.
    setting.set(hart, "vtype", 0);
    setting.set(hart, "vl", 1);
    setting.set(hart, "vstart", 0);
    for (int r = 1; r < x.count(); r++) {
      hart.writeRegister(x, r, FAR + ((long) r << STRETCH));
    }
    hart.pc(Places.CODE);
    return hart;
  }

  private int register(long address) {
    long r = address - FAR + (1L << STRETCH - 1) >> STRETCH;
    return r > 0 && r < x.count() ? (int) r : -1;
  }

  private @Nullable String operand(Instruction insn, long word, int register) {
    for (Operand o : insn.operands()) {
      if (isGeneral(o) && o.decode(word) == register) {
        return o.name();
      }
    }
    return null;
  }

  /// {@return whether an instruction calls the environment}
  static boolean callsOut(Instruction insn) {
    try {
      return raisesCall(insn.bind(Map.of()).body());
    } catch (Unbound _) {
      return false; // its types depend on the state; none that calls out does
    }
  }

  private static boolean raisesCall(Stmt statement) {
    return switch (statement) {
      case Stmt.Block(var statements) -> statements.stream().anyMatch(Roles::raisesCall);
      case Stmt.If(_, var then, var otherwise) ->
          raisesCall(then) || otherwise != null && raisesCall(otherwise);
      case Stmt.Raise(var trap, _, _, _) -> trap.startsWith("ecall");
      default -> false;
    };
  }
}
