package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import tessera.emulator.Hart;
import tessera.emulator.Step;
import tessera.emulator.timing.Footprint.Flow;
import tessera.emulator.timing.Footprint.Order;
import tessera.emulator.timing.Footprint.Role;
import tessera.emulator.timing.Footprint.Shape;
import tessera.emulator.timing.Footprint.Tile;
import tessera.isaspec.semantics.AccessKind;

/// An abstract retired instruction: what an engine would tell a meter, without any text.
record Op(
    String unit,
    InstructionClass kind,
    Flow flow,
    boolean backward,
    boolean taken,
    Order order,
    List<Integer> reads,
    List<Integer> writes,
    List<Group> groups,
    long issue,
    long latency,
    long macs,
    long products,
    long address,
    int rows,
    int rowBytes,
    boolean store) {

  /// mt registers are 0 to 7, mc registers 8 to 11
  record Group(int first, int span, Role role) {}

  static Op scalar(String unit, InstructionClass kind, int rd, int rs, long issue, long latency) {
    List<Integer> writes = rd == 0 ? List.of() : List.of(rd);
    return new Op(
        unit,
        kind,
        Flow.NEXT,
        false,
        false,
        Order.NONE,
        List.of(rs),
        writes,
        List.of(),
        issue,
        latency,
        0,
        1,
        0,
        0,
        0,
        false);
  }

  static Op branch(boolean backward, boolean taken, int rs) {
    return new Op(
        "BRU",
        InstructionClass.BRANCH,
        Flow.BRANCH,
        backward,
        taken,
        Order.NONE,
        List.of(rs),
        List.of(),
        List.of(),
        taken ? 2 : 1,
        1,
        0,
        1,
        0,
        0,
        0,
        false);
  }

  static Op jump(Flow flow) {
    return new Op(
        "BRU",
        InstructionClass.JUMP,
        flow,
        false,
        true,
        Order.NONE,
        List.of(),
        List.of(),
        List.of(),
        2,
        1,
        0,
        1,
        0,
        0,
        0,
        false);
  }

  static Op ordering(Order order, InstructionClass kind) {
    return new Op(
        "CSR", kind, Flow.NEXT, false, false, order, List.of(), List.of(), List.of(), 1, 3, 0, 1, 0,
        0, 0, false);
  }

  static Op memory(boolean store, int register, int rs, long address) {
    return new Op(
        "LSU",
        store ? InstructionClass.STORE : InstructionClass.LOAD,
        Flow.NEXT,
        false,
        false,
        Order.NONE,
        store ? List.of(rs, register) : List.of(rs),
        store || register == 0 ? List.of() : List.of(register),
        List.of(),
        1,
        2,
        0,
        1,
        address,
        1,
        8,
        store);
  }

  static Op move(boolean store, int first, int span, int rs, long address, int rows) {
    return new Op(
        "TLSU",
        store ? InstructionClass.TILE_STORE : InstructionClass.TILE_LOAD,
        Flow.NEXT,
        false,
        false,
        Order.NONE,
        List.of(rs),
        List.of(),
        List.of(new Group(first, span, store ? Role.FIRST_OPERAND : Role.RESULT)),
        rows,
        12,
        0,
        1,
        address,
        rows,
        64,
        store);
  }

  static Op product(int a, int b, int c, long quanta, boolean overwrite) {
    return new Op(
        "MXU",
        InstructionClass.TILE_PRODUCT,
        Flow.NEXT,
        false,
        false,
        Order.NONE,
        List.of(),
        List.of(),
        List.of(
            new Group(a, 1, Role.FIRST_OPERAND),
            new Group(b, 1, Role.OTHER_OPERAND),
            new Group(c, 1, overwrite ? Role.RESULT : Role.ACCUMULATOR)),
        Math.max(4, quanta),
        Math.max(4, quanta) + 30,
        256 * 4 * quanta,
        4,
        0,
        0,
        0,
        false);
  }

  static Op elementwise(int from, int to, long issue, InstructionClass kind) {
    return new Op(
        "TEW",
        kind,
        Flow.NEXT,
        false,
        false,
        Order.NONE,
        List.of(),
        List.of(),
        from == to
            ? List.of(new Group(to, 1, Role.ACCUMULATOR))
            : List.of(new Group(from, 1, Role.FIRST_OPERAND), new Group(to, 1, Role.RESULT)),
        issue,
        1,
        0,
        1,
        0,
        0,
        0,
        false);
  }

  static Arbitrary<Op> any() {
    Arbitrary<Integer> reg = Arbitraries.integers().between(0, 7);
    Arbitrary<Integer> mt = Arbitraries.integers().between(0, 7);
    Arbitrary<Integer> mc = Arbitraries.integers().between(8, 11);
    Arbitrary<Boolean> bool = Arbitraries.of(true, false);
    Arbitrary<Long> address = Arbitraries.of(0x8000_0000L, 0x8001_0000L, Machines.PAD);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(
            6,
            Combinators.combine(reg, reg)
                .as((d, s) -> scalar("ALU", InstructionClass.INT, d, s, 1, 1))),
        net.jqwik.api.Tuple.of(
            2,
            Combinators.combine(reg, reg)
                .as((d, s) -> scalar("MUL", InstructionClass.MUL, d, s, 1, 3))),
        net.jqwik.api.Tuple.of(
            1,
            Combinators.combine(reg, reg)
                .as((d, s) -> scalar("DIV", InstructionClass.DIV, d, s, 1, 20))),
        net.jqwik.api.Tuple.of(2, Combinators.combine(bool, bool, reg).as(Op::branch)),
        net.jqwik.api.Tuple.of(1, Arbitraries.of(Flow.JUMP, Flow.INDIRECT).map(Op::jump)),
        net.jqwik.api.Tuple.of(
            1,
            Arbitraries.of(
                ordering(Order.SERIAL, InstructionClass.CSR),
                ordering(Order.CODE, InstructionClass.FENCE),
                ordering(Order.MEMORY, InstructionClass.FENCE))),
        net.jqwik.api.Tuple.of(4, Combinators.combine(bool, reg, reg, address).as(Op::memory)),
        net.jqwik.api.Tuple.of(
            4,
            Combinators.combine(bool, mt, reg, address, Arbitraries.integers().between(0, 16))
                .as((s, t, r, a, n) -> move(s, t, 1, r, a, n))),
        net.jqwik.api.Tuple.of(
            2,
            Combinators.combine(bool, mc, reg, address)
                .as((s, t, r, a) -> move(s, t, 1, r, a, 16))),
        net.jqwik.api.Tuple.of(
            4,
            Combinators.combine(mt, mt, mc, Arbitraries.longs().between(0, 16), bool)
                .as(Op::product)),
        net.jqwik.api.Tuple.of(
            3,
            Combinators.combine(mc, mc, Arbitraries.longs().between(1, 8))
                .as((a, d, n) -> elementwise(a, d, n, InstructionClass.TILE_ELEMENTWISE))),
        net.jqwik.api.Tuple.of(
            2,
            Combinators.combine(mc, mt, Arbitraries.longs().between(1, 8))
                .as((a, d, n) -> elementwise(a, d, n, InstructionClass.TILE_PACK))));
  }

  static Arbitrary<List<Op>> streams() {
    return any().list().ofMaxSize(60);
  }

  /// {@return it as a word's footprint; costs of memory come from the meter}
  Footprint footprint(Pipeline pipeline) {
    Shape shape = new Shape(pipeline.place(unit), kind, flow, backward, order, 0);
    List<Tile> tiles = new ArrayList<>();
    for (Group g : groups) {
      tiles.add(new Tile(0, 12, (_, _) -> g.first, (_, _) -> g.span, g.role));
    }
    Formula costs = (_, _) -> issue;
    Formula waits = rows > 0 ? (_, seen) -> seen.latency() : (_, _) -> latency;
    Formula counts = kind == InstructionClass.TILE_PRODUCT ? (_, _) -> macs : null;
    return new Footprint(
        shape, array(reads), array(writes), tiles, Price.varying(costs, waits, counts, products));
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().filter(n -> n != 0).mapToInt(Integer::intValue).toArray();
  }

  /// What a meter makes of it before the clock sees it, every time multiplied.
  Execution execution(Pipeline pipeline, long scale) {
    Execution e = new Execution();
    e.taken = taken;
    e.issue = Math.max(1, issue) * scale;
    e.latency = Math.max(1, latency) * scale;
    if (rows > 0 && groups.isEmpty()) {
      e.latency = address == Machines.PAD ? pipeline.scratchpadLatency() : pipeline.loadUse();
    }
    if (rows > 0 && !groups.isEmpty()) {
      Pipeline.Port port = address == Machines.PAD ? pipeline.scratchpad() : pipeline.ram();
      e.latency = port.latency();
      long moves = Traffic.ceil((long) rows * rowBytes, store ? port.writes() : port.reads());
      e.issue = Math.max(e.issue, moves);
    }
    for (int i = 0; i < groups.size(); i++) {
      e.first[i] = groups.get(i).first;
      e.span[i] = groups.get(i).span;
    }
    return e;
  }

  /// Tells a meter of it.
  void tell(Meter meter, Pipeline pipeline, Hart hart) {
    Step step = hart.step();
    step.begin(0x8000_0000L);
    for (int r = 0; r < rows; r++) {
      step.access(
          address + (long) r * rowBytes, rowBytes, store ? AccessKind.STORE : AccessKind.LOAD);
    }
    step.end(0x8000_0004L, taken);
    meter.retired(footprint(pipeline), step);
  }
}
