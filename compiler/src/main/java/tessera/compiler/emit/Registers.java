package tessera.compiler.emit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tessera.compiler.emit.Operand.Bank;
import tessera.compiler.emit.Operand.Virtual;

/// Gives each virtual register a register of the machine for as long as it lives, by a linear scan
/// over the intervals in which they live. Where there are too few, the register that is used least,
/// counting inner loops heavier, lives on the stack, and each use goes through a register kept back
/// for that.
public final class Registers {
  private static final List<String> INTEGERS =
      List.of(
          "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "s0", "s1",
          "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "ra");
  private static final List<String> FLOATS =
      List.of(
          "fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7", "ft0", "ft1", "ft2", "ft3", "ft4",
          "ft5", "ft6", "ft7", "ft8", "fs0", "fs1", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8",
          "fs9", "fs10", "fs11");

  /// As many as one instruction can read.
  private static final List<String> KEPT_INTEGERS = List.of("t5", "t6");

  private static final List<String> KEPT_FLOATS = List.of("ft9", "ft10", "ft11");
  private static final int SLOT = 8;
  private static final int SLOTS = 255;
  private static final Operand STACK = Operand.word("sp");

  /// Code over the machine's registers.
  ///
  /// @param frame bytes below the stack pointer at the code's start, which must have been moved
  ///   down by as many
  public record Allocated(List<Item> items, int frame) {
    public Allocated {
      items = List.copyOf(items);
    }
  }

  /// Where and how much a register is used.
  private static final class Interval {
    final Virtual register;
    final int start;
    int end;
    long weight;

    Interval(Virtual register, int start) {
      this.register = register;
      this.start = start;
      this.end = start;
    }
  }

  private final List<Item> items;
  private final Map<Virtual, Interval> intervals = new HashMap<>();
  private final Map<Virtual, Operand> places = new HashMap<>();
  private int slots;

  private Registers(List<Item> items) {
    this.items = items;
  }

  public static Allocated allocate(List<Item> items) {
    var registers = new Registers(items);
    registers.findIntervals();
    registers.scan(Bank.X, INTEGERS);
    registers.scan(Bank.F, FLOATS);
    return new Allocated(registers.rewritten(), registers.slots * SLOT);
  }

  private void findIntervals() {
    Map<Integer, Integer> loops = loops();
    int depth = 0;
    for (int at = 0; at < items.size(); at++) {
      switch (items.get(at)) {
        case Item.LoopBegin _ -> depth++;
        case Item.LoopEnd _ -> depth--;
        case Item.Insn insn -> {
          for (Operand operand : insn.operands()) {
            use(operand, at, depth, loops);
          }
        }
        case Item.Bind _, Item.Comment _ -> {}
      }
    }
  }

  /// The end of each loop by its beginning.
  private Map<Integer, Integer> loops() {
    var loops = new TreeMap<Integer, Integer>();
    Deque<Integer> open = new ArrayDeque<>();
    for (int at = 0; at < items.size(); at++) {
      if (items.get(at) instanceof Item.LoopBegin) {
        open.push(at);
      } else if (items.get(at) instanceof Item.LoopEnd) {
        loops.put(open.pop(), at);
      }
    }
    return loops;
  }

  private void use(Operand operand, int at, int depth, Map<Integer, Integer> loops) {
    switch (operand) {
      case Virtual register -> {
        Interval interval = intervals.computeIfAbsent(register, _ -> new Interval(register, at));
        interval.weight += Math.round(Math.pow(10, Math.min(depth, 9)));
        interval.end = Math.max(interval.end, at);
        // What was defined before a loop and is used in it is needed when it runs again.
        loops.forEach((begin, end) -> {
          if (interval.start < begin && begin < at && at < end) {
            interval.end = Math.max(interval.end, end);
          }
        });
      }
      case Operand.Memory(_, var base) -> use(base, at, depth, loops);
      case Operand.Indirect(var base) -> use(base, at, depth, loops);
      case Operand.Word _, Operand.Imm _, Operand.Target _, Operand.Address _ -> {}
    }
  }

  private void scan(Bank bank, List<String> names) {
    List<Interval> byStart =
        intervals.values().stream()
            .filter(interval -> interval.register.bank() == bank)
            .sorted(Comparator.comparingInt(interval -> interval.start))
            .toList();
    Deque<String> free = new ArrayDeque<>(names);
    List<Interval> active = new ArrayList<>();
    for (Interval interval : byStart) {
      // An instruction reads before it writes, so its result may take the place of its operand.
      active.removeIf(old -> old.end <= interval.start && free.offerFirst(name(old)));
      active.add(interval);
      if (free.isEmpty()) {
        Interval least =
            active.stream().min(Comparator.comparingLong(other -> other.weight)).orElseThrow();
        active.remove(least);
        if (least != interval) {
          places.put(interval.register, place(least));
        }
        places.put(least.register, slot());
      } else {
        places.put(interval.register, Operand.word(free.removeFirst()));
      }
    }
  }

  private Operand place(Interval interval) {
    Operand place = places.get(interval.register);
    if (place == null) {
      throw new AssertionError(interval.register + " has no place");
    }
    return place;
  }

  private String name(Interval interval) {
    return ((Operand.Word) place(interval)).text();
  }

  private Operand slot() {
    if (slots == SLOTS) {
      throw new AssertionError("more than " + SLOTS + " registers on the stack");
    }
    return new Operand.Memory((long) SLOT * slots++, STACK);
  }

  private List<Item> rewritten() {
    var rewritten = new ArrayList<Item>();
    for (Item item : items) {
      switch (item) {
        case Item.Insn insn -> new Rewriting(rewritten).rewrite(insn);
        case Item.Bind _, Item.Comment _ -> rewritten.add(item);
        case Item.LoopBegin _, Item.LoopEnd _ -> {}
      }
    }
    return rewritten;
  }

  /// One instruction with its registers placed, and the moves from and to the stack around it.
  private final class Rewriting {
    private final List<Item> out;
    private final Deque<String> integers = new ArrayDeque<>(KEPT_INTEGERS);
    private final Deque<String> floats = new ArrayDeque<>(KEPT_FLOATS);

    Rewriting(List<Item> out) {
      this.out = out;
    }

    void rewrite(Item.Insn insn) {
      int first = insn.defines() ? 1 : 0;
      var operands = new ArrayList<Operand>();
      for (Operand operand : insn.operands().subList(first, insn.operands().size())) {
        operands.add(read(operand));
      }
      if (!insn.defines()) {
        out.add(new Item.Insn(insn.mnemonic(), operands, false));
        return;
      }
      if (!(insn.operands().getFirst() instanceof Virtual result)) {
        operands.addFirst(insn.operands().getFirst());
        out.add(new Item.Insn(insn.mnemonic(), operands, true));
        return;
      }
      Operand place = placeOf(result);
      boolean onStack = place instanceof Operand.Memory;
      // All operands have been read when the result is written.
      Operand target = onStack ? Operand.word(kept(result).getFirst()) : place;
      operands.addFirst(target);
      out.add(new Item.Insn(insn.mnemonic(), operands, true));
      if (onStack) {
        out.add(new Item.Insn(store(result), List.of(target, place), false));
      }
    }

    private Operand read(Operand operand) {
      return switch (operand) {
        case Virtual register -> read(register);
        case Operand.Memory(var offset, var base) -> new Operand.Memory(offset, read(base));
        case Operand.Indirect(var base) -> new Operand.Indirect(read(base));
        case Operand.Word _, Operand.Imm _, Operand.Target _, Operand.Address _ -> operand;
      };
    }

    private Operand read(Virtual register) {
      Operand place = placeOf(register);
      if (!(place instanceof Operand.Memory)) {
        return place;
      }
      Deque<String> kept = register.bank() == Bank.X ? integers : floats;
      Operand target = Operand.word(kept.removeFirst());
      out.add(new Item.Insn(load(register), List.of(target, place), true));
      return target;
    }

    private Operand placeOf(Virtual register) {
      Operand place = places.get(register);
      if (place == null) {
        throw new AssertionError(register + " has no place");
      }
      return place;
    }

    private static List<String> kept(Virtual register) {
      return register.bank() == Bank.X ? KEPT_INTEGERS : KEPT_FLOATS;
    }

    private static String load(Virtual register) {
      return register.bank() == Bank.X ? "ld" : "flw";
    }

    private static String store(Virtual register) {
      return register.bank() == Bank.X ? "sd" : "fsw";
    }
  }
}
