package tessera.conformance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tessera.conformance.dut.Bench;
import tessera.conformance.dut.InProcess;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.Reference;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Makes cases: a random state, then words one after the other, each chosen for the state in which
/// it runs. So most words do something; the last may be illegal on purpose.
///
/// The plain evaluator runs along, so a case comes with what is expected of it. Jumps go forward
/// within the case.
public final class Generator {
  private static final int ATTEMPTS = 12;
  private static final int HOPELESS = 2_000;
  private static final int LONGEST = 16;
  private static final int ROOM = Places.SLOT - 16;

  /// A case and what the plain evaluator makes of it.
  ///
  /// @param executed the instructions that ran to their end, in order
  public record Made(Case given, Outcome expected, List<Instruction> executed) {}

  private final Isa isa;
  private final RegisterFile x;
  private final boolean user;
  private final Setting setting;
  private final Operands operands;
  private final Roles roles;
  private final Coverage coverage;
  private final Engine engine;
  private final Bench bench;
  private final List<Instruction> choices;
  private final Set<Instruction> chosen;
  private final boolean compressed;

  /// The instructions met so far that store only under a reservation.
  private final Set<Instruction> conditional = new LinkedHashSet<>();

  private Generator(Roles roles, boolean user, Predicate<Instruction> only, Coverage coverage) {
    this.isa = roles.isa();
    this.user = user;
    this.setting = Setting.of(isa, user);
    this.operands = Operands.of(isa);
    this.roles = roles;
    this.coverage = coverage;
    this.engine = Reference.of(isa);
    this.bench = Bench.of(isa);
    RegisterFile file = isa.registerFile("x");
    if (file == null) {
      throw new IllegalArgumentException(isa.name() + " has no general registers");
    }
    this.x = file;
    this.choices =
        isa.instructions().stream()
            .filter(only)
            .filter(i -> !Roles.callsOut(i) && !endsEveryCase(i))
            .toList();
    this.chosen = Set.copyOf(choices);
    this.compressed = isa.instructions().stream().anyMatch(i -> i.encoding().length() == 16);
  }

  /// {@return a generator}
  ///
  /// @param user whether the cases are a user's program
  /// @param only the instructions to choose from
  /// @param coverage what has been executed; the rarest are chosen
  public static Generator of(
      Isa isa, boolean user, Predicate<Instruction> only, Coverage coverage) {
    return new Generator(Roles.of(isa), user, only, coverage);
  }

  /// {@return a generator for an ISA whose instructions' roles have been found, or are as they are
  /// needed}
  static Generator of(Roles roles, boolean user, Predicate<Instruction> only, Coverage coverage) {
    return new Generator(roles, user, only, coverage);
  }

  /// {@return the instructions that it chooses from}
  public List<Instruction> choices() {
    return choices;
  }

  /// {@return a case whose code begins at an address}
  ///
  /// @param arena what memory holds
  public Made make(long address, byte[] arena, Randomness random) {
    for (int i = 0; i < HOPELESS; i++) {
      Made made = new Attempt(address, arena, random).make();
      if (made != null) {
        return made;
      }
    }
    throw new IllegalStateException("no instruction of " + isa.name() + " runs to its end");
  }

  /// The zero word lies behind the code of each case.
  private static boolean endsEveryCase(Instruction insn) {
    return insn.operands().isEmpty() && insn.encoding().match() == 0;
  }

  /// {@return the operands that are registers wider than a number}
  private static long wide(Instruction insn) {
    return insn.operands().stream()
        .map(o -> o.operandClass().file())
        .filter(f -> f != null && f.width() > 64)
        .count();
  }

  private Instruction rarest(Randomness random) {
    Instruction best = random.oneOf(choices);
    for (int i = 0; i < 3; i++) {
      Instruction other = random.oneOf(choices);
      best = coverage.weight(other) < coverage.weight(best) ? other : best;
    }
    return best;
  }

  private final class Attempt {
    private final long address;
    private final byte[] arena;
    private final Randomness random;
    private final byte[] code = new byte[ROOM + 8];
    private final List<Instruction> executed = new ArrayList<>();
    private final Hart hart;
    private @Nullable Snapshot before;
    private int end;
    private boolean jumps;
    private boolean strays;
    private int reserving;

    Attempt(long address, byte[] arena, Randomness random) {
      this.address = address;
      this.arena = arena;
      this.random = random;
      this.hart = bench.clear(address);
    }

    /// {@return a case, or null when this one can not be compared}
    @Nullable Made make() {
      setting.randomize(hart, random, arena);
      hart.pc(address);
      int length = random.oneIn(3) ? 1 : 1 + random.below(LONGEST);
      Exit exit = null;
      for (int i = 0; exit == null && i < length && isNext(); i++) {
        long word = word(i == 0, i == length - 1);
        if (word == 0) {
          break;
        }
        if (i == 0) {
          before = Snapshot.of(hart, arena);
        }
        exit = step(word);
      }
      Snapshot start = before;
      if (start == null) {
        return null;
      }
      exit = exit == null ? engine.run(hart, 1) : exit;
      Outcome outcome = InProcess.outcome(exit, hart, arena);
      bench.clear(address);
      byte[] bytes = java.util.Arrays.copyOf(code, end);
      return outcome instanceof Outcome.Stopped stopped && isComparable(stopped)
          ? new Made(Case.of(start, bytes), outcome, executed)
          : null;
    }

    /// Whether the pc stands where a word can be put.
    private boolean isNext() {
      long at = hart.pc() - address;
      return at >= end && at < ROOM && (compressed || (at & 3) == 0);
    }

    private @Nullable Exit step(long word) {
      int at = (int) (hart.pc() - address);
      Decoded decoded = isa.decoder().decode(word);
      byte[] bytes = Case.code(List.of(word));
      System.arraycopy(bytes, 0, code, at, bytes.length);
      hart.memory().fill(address + at, bytes, 0, bytes.length);
      end = at + bytes.length;
      hart.memory().forgetRefused();
      Exit exit = engine.run(hart, 1);
      // A load may look ahead, and end before what it may not read.
      strays |= !Places.isComparable(hart.memory().refused());
      if (exit instanceof Exit.BudgetSpent) {
        if (decoded != null) {
          executed.add(decoded.instruction());
          reserved(decoded);
          coverage.executed(decoded.instruction());
        }
        return null;
      }
      if (decoded != null) {
        coverage.trapped(decoded.instruction());
        jumps = !roles.role(decoded.instruction()).memory();
      }
      return exit;
    }

    /// Notes the register of the address that is reserved now.
    private void reserved(Decoded decoded) {
      Roles.Role role = roles.role(decoded.instruction());
      if (role.conditional()) {
        conditional.add(decoded.instruction());
      }
      boolean held = hart.isReserved(0, 0);
      if (!held) {
        reserving = 0;
      } else if (reserving == 0 && role.memory()) {
        reserving = base(decoded.instruction(), decoded.word(), role);
      }
    }

    /// {@return a store under the reservation that is held, or 0}
    private long store() {
      Instruction insn = random.oneOf(List.copyOf(conditional));
      String base = roles.role(insn).base();
      long word = operands.any(insn, random);
      word = base == null ? 0 : insn.operand(base).encode(word, reserving);
      return insn.accepts(word) ? word : 0;
    }

    private boolean isComparable(Outcome.Stopped stopped) {
      if (strays) {
        return false;
      }
      if (stopped.trap().equals("illegal") || stopped.trap().equals("breakpoint")) {
        long at = stopped.after().pc() - address;
        return at >= 0 && at < Places.SLOT;
      }
      // A jump to an odd place ends qemu itself.
      boolean jumped = jumps && stopped.trap().equals("misaligned");
      return !(user && jumped) && Places.isComparable(stopped.value());
    }

    /// {@return the next word, or 0}
    private long word(boolean first, boolean last) {
      if (last && random.oneIn(12)) {
        return raw();
      }
      if (reserving > 0 && !conditional.isEmpty() && random.oneIn(2)) {
        long word = store();
        if (word != 0) {
          return word;
        }
      }
      for (int i = 0; i < ATTEMPTS; i++) {
        Instruction insn = rarest(random);
        if (!first && roles.role(insn).target() != null && !random.oneIn(8)) {
          continue; // few registers happen to hold an address ahead
        }
        if (!first && roles.role(insn).memory() && wide(insn) > 1 && !random.oneIn(8)) {
          continue; // few registers happen to hold indices
        }
        if (last && random.oneIn(8)) {
          long word = operands.illegal(insn, hart, random);
          if (word != 0 && isComparable(word)) {
            note(insn, word);
            return word;
          }
        }
        long word = legal(insn, first);
        if (word != 0) {
          return word;
        }
        coverage.missed(insn);
      }
      return 0;
    }

    private void note(Instruction insn, long word) {
      List<Bound.Condition> failing = operands.failing(new Decoded(insn, word), hart);
      if (failing != null && failing.size() == 1) {
        coverage.refused(insn, failing.getFirst().text());
      }
    }

    private long raw() {
      long word = random.bits() & 0xffffffffL;
      if (random.oneIn(2)) {
        Instruction like = random.oneOf(choices);
        word = operands.any(like, random) ^ 1L << random.below(like.encoding().length());
      }
      word = compressed && (word & 3) != 3 ? word & 0xffff : word | 3;
      return isComparable(word) ? word : 0;
    }

    private long legal(Instruction insn, boolean first) {
      for (int i = 0; i < (first ? 8 : 1); i++) {
        if (i > 0) {
          setting.configure(hart, random);
        }
        long word = operands.legal(insn, hart, random, w -> isAimed(insn, w, first));
        if (word != 0) {
          word = confined(insn, word);
          if (first) {
            aim(insn, word);
          }
          return isComparable(word) ? word : 0;
        }
      }
      return 0;
    }

    /// Whether an address that the word computes lies in the arena, or a jump in the code.
    private boolean isAimed(Instruction insn, long word, boolean first) {
      Roles.Role role = roles.role(insn);
      if (role.memory()) {
        int register = base(insn, word, role);
        if (first) {
          return register != 0;
        }
        long to = hart.readRegister(x, register) + offset(insn, word);
        long at = to - Places.ARENA;
        // Code can be read on some devices.
        return at >= 0 && at <= Places.ARENA_BYTES - 16
            || random.oneIn(40) && (to < Places.CODE || to >= Places.ARENA);
      }
      if (role.target() != null) {
        int register = (int) insn.operand(role.target()).decode(word);
        long at = hart.readRegister(x, register) + offset(insn, word) - address;
        return first ? register != 0 : at > end && at < ROOM;
      }
      return true;
    }

    private int base(Instruction insn, long word, Roles.Role role) {
      return role.base() == null ? role.fixedBase() : (int) insn.operand(role.base()).decode(word);
    }

    /// The first word of a case may still choose where its registers point.
    private void aim(Instruction insn, long word) {
      Roles.Role role = roles.role(insn);
      if (role.memory() && !random.oneIn(16)) {
        if (wide(insn) > 0 && !random.oneIn(4)) {
          spread(insn, word);
        }
        int room = Places.ARENA_BYTES - (random.oneIn(8) ? 0 : Math.max(256, setting.vlen()));
        long at = Places.ARENA + random.below(room);
        at = random.oneIn(8) ? at : at & -16;
        hart.writeRegister(x, base(insn, word, role), at - offset(insn, word));
      } else if (role.target() != null) {
        int register = (int) insn.operand(role.target()).decode(word);
        long at = address + (4 + random.below(ROOM / 2) & -4) + (random.oneIn(4) ? 1 : 0);
        hart.writeRegister(x, register, at - offset(insn, word));
      }
    }

    /// Makes strides and indices small, so that not almost all of them miss the arena.
    private void spread(Instruction insn, long word) {
      boolean indexed = wide(insn) > 1;
      for (Operand operand : insn.operands()) {
        RegisterFile file = operand.operandClass().file();
        int r = (int) operand.decode(word);
        if (file != null && file.ordinal() == x.ordinal() && r != 0) {
          hart.writeRegister(x, r, random.below(80) - 32);
        } else if (indexed && file != null && file.width() > 64) {
          int bytes = file.width() / 8;
          int last = Math.min(r + 8, file.count());
          random.indices(hart.bytes(file), r * bytes, (last - r) * bytes);
        }
      }
    }

    /// The word with jumps made short and forward.
    private long confined(Instruction insn, long word) {
      long result = word;
      for (Operand operand : insn.operands()) {
        if (isRelative(operand)) {
          int step = compressed ? 2 : 4;
          long distance = insn.encoding().bytes() + (long) step * random.below(16);
          long changed = operand.field().insert(result, distance);
          result = insn.accepts(changed) && operand.decode(changed) == distance ? changed : result;
        }
      }
      return result;
    }

    private boolean isRelative(Operand operand) {
      return operand.operandClass().readings().stream()
          .anyMatch(r -> r instanceof OperandClass.Reading.PcRelative);
    }

    private long offset(Instruction insn, long word) {
      for (Operand operand : insn.operands()) {
        OperandClass c = operand.operandClass();
        if (c.file() == null
            && c.width() > 3
            && c.readings().stream().anyMatch(r -> r instanceof OperandClass.Reading.Immediate)) {
          return operand.decode(word);
        }
      }
      return 0;
    }

    /// Whether a word is one whose effect can be compared: it does not call the environment, nor
    /// read what changes by itself.
    private boolean isComparable(long word) {
      Decoded decoded = isa.decoder().decode(word);
      if (decoded == null) {
        return true;
      }
      if (!chosen.contains(decoded.instruction())) {
        return false; // not asked for, or it calls the environment
      }
      for (Operand operand : decoded.instruction().operands()) {
        boolean number =
            operand.operandClass().readings().stream()
                .anyMatch(r -> r instanceof OperandClass.Reading.CsrName);
        if (number && !isComparableCsr((int) operand.decode(decoded.word()))) {
          return false;
        }
      }
      return true;
    }

    private boolean isComparableCsr(int number) {
      Csr csr = isa.csr(number);
      return csr == null ? !user || (number >> 8 & 3) != 0 : Operands.isStored(csr);
    }
  }
}
