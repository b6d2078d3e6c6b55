package tessera.emulator.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tessera.emulator.timing.Footprint.Flow;
import tessera.emulator.timing.Footprint.Order;
import tessera.emulator.timing.Pipeline.Part;
import tessera.emulator.timing.Pipeline.Port;

final class ScoreboardTest {
  private static final Pipeline EDGE = Pipeline.of(Machines.edge16());

  @Provide
  Arbitrary<List<Op>> streams() {
    return Op.streams();
  }

  private static Counters run(Pipeline pipeline, List<Op> ops, long scale) {
    Scoreboard board = new Scoreboard(pipeline, 64, 12);
    play(board, pipeline, ops, scale);
    return measure(board);
  }

  private static void play(Scoreboard board, Pipeline pipeline, List<Op> ops, long scale) {
    ops.forEach(op -> board.retire(op.footprint(pipeline), op.execution(pipeline, scale)));
    board.drain();
  }

  private static Counters measure(Scoreboard board) {
    Counters.Builder into = Counters.builder();
    board.measure(into);
    return into.build();
  }

  private static long t(Counters counters) {
    return counters.get(Counter.CYCLES).orElseThrow();
  }

  private static long get(Counters counters, String name) {
    return counters.get(name).orElseThrow();
  }

  private static final Op ADD = Op.scalar("ALU", InstructionClass.INT, 5, 6, 1, 1);
  private static final Op USE = Op.scalar("ALU", InstructionClass.INT, 7, 5, 1, 1);

  // --- single cases, worked out by hand ---

  @Test
  void independentInstructionsIssueEachCycle() {
    Counters c = run(EDGE, List.of(ADD, ADD, ADD), 1);
    assertEquals(3, t(c));
    assertEquals(3, get(c, "sc.busy"));
  }

  @Test
  void aLoadsConsumerWaitsOneCycleMore() {
    Counters c = run(EDGE, List.of(Op.memory(false, 5, 6, 0x8000_0000L), USE), 1);
    assertEquals(3, t(c));
    assertEquals(1, get(c, "sc.stall.load"));
  }

  @Test
  void aProductsConsumerWaitsForItsLatency() {
    Op mul = Op.scalar("MUL", InstructionClass.MUL, 5, 6, 1, 3);
    Counters c = run(EDGE, List.of(mul, USE), 1);
    assertEquals(4, t(c));
    assertEquals(2, get(c, "sc.stall.raw"));
  }

  @Test
  void theDividerIsTakenUntilItIsDone() {
    Op div = Op.scalar("DIV", InstructionClass.DIV, 5, 6, 1, 20);
    Op other = Op.scalar("DIV", InstructionClass.DIV, 8, 9, 1, 20);
    Counters c = run(EDGE, List.of(div, other), 1);
    assertEquals(40, t(c));
    assertEquals(19, get(c, "sc.stall.fu"));
    assertEquals(19, get(c, "sc.stall.sync"), "the drain waits for the second quotient");
  }

  @Test
  void branchesAreTakenBackward() {
    assertEquals(3, t(run(EDGE, List.of(Op.branch(true, true, 6), ADD), 1)), "right: a bubble");
    assertEquals(2, t(run(EDGE, List.of(Op.branch(false, false, 6), ADD), 1)), "right: none");
    Counters wrong = run(EDGE, List.of(Op.branch(true, false, 6), ADD), 1);
    assertEquals(5, t(wrong), "wrong: three cycles");
    assertEquals(3, get(wrong, "sc.stall.redirect"));
    assertEquals(5, t(run(EDGE, List.of(Op.branch(false, true, 6), ADD), 1)));
  }

  @Test
  void jumpsLoseOneCycleAndIndirectOnesThree() {
    assertEquals(3, t(run(EDGE, List.of(Op.jump(Flow.JUMP), ADD), 1)));
    assertEquals(5, t(run(EDGE, List.of(Op.jump(Flow.INDIRECT), ADD), 1)));
  }

  @Test
  void aCsrAccessHoldsBackWhatFollows() {
    Counters c = run(EDGE, List.of(Op.ordering(Order.SERIAL, InstructionClass.CSR), ADD), 1);
    assertEquals(4, t(c));
    assertEquals(2, get(c, "sc.stall.serial"));
  }

  @Test
  void aFenceWaitsForTileTransfers() {
    Op load = Op.move(false, 0, 1, 6, 0x8000_0000L, 16);
    Op fence = Op.ordering(Order.MEMORY, InstructionClass.FENCE);
    // Issue 0, start 1, sixteen rows, the last one 12 cycles after its request in cycle 16
    Counters c = run(EDGE, List.of(load, fence), 1);
    assertEquals(28 + 3, t(c));
    assertEquals(27 + 2, get(c, "sc.stall.sync"));
  }

  @Test
  void loadProductStoreWaitForEachOther() {
    Counters c =
        run(
            EDGE,
            List.of(
                Op.move(false, 0, 1, 6, 0x8000_0000L, 16),
                Op.move(false, 4, 1, 6, 0x8000_0400L, 16),
                Op.product(0, 4, 8, 16, true),
                Op.move(true, 8, 1, 6, 0x8000_0800L, 16)),
            1);
    // Loads start at 1 and 17; the second is complete at 17 + 15 + 12 = 44; the product is fed
    // until 60 and in the cells until 44 + 16 + 30 = 90; the store takes 16 rows from there.
    assertEquals(90 + 15 + 12, t(c));
    assertEquals(46, get(c, "mtx.busy"));
    assertEquals(16, get(c, "mtx.stream"));
    assertEquals(30, get(c, "mtx.drain"));
    assertEquals(44 - 3, get(c, "mtx.stall.b_data"));
    assertEquals(48, get(c, "tls.busy"));
    assertEquals(90 - 33, get(c, "tls.stall.mem_data"));
  }

  @Test
  void productsIntoOneAccumulatorFollowWithoutAGap() {
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ops.add(Op.product(0, 4, 8, 16, false));
    }
    Counters c = run(EDGE, ops, 1);
    assertEquals(1 + 160 + 30, t(c));
    assertEquals(160, get(c, "mtx.stream"));
    assertEquals(30, get(c, "mtx.drain"), "the other skews are hidden");
  }

  @Test
  void aFullQueueHoldsTheScalarCore() {
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ops.add(Op.product(0, 4, 8, 16, false));
    }
    ops.add(ADD);
    Counters c = run(EDGE, ops, 1);
    // The ninth waits for the first to start in cycle 1, that is until 2 (no wait, since it is
    // issued in 8); from the tenth on one starts every 16 cycles: 17, 33, 49.
    assertEquals((18 - 9) + (34 - 19) + (50 - 35), get(c, "sc.stall.q_mtx"));
  }

  @Test
  void twoIssueSlotsShareACycle() {
    Pipeline wide = with(EDGE, 2, EDGE.loadUse());
    Op load = Op.memory(false, 8, 6, 0x8000_0000L);
    assertEquals(2, t(run(wide, List.of(ADD, load), 1)));
    assertEquals(3, t(run(EDGE, List.of(ADD, load), 1)));
    assertEquals(2, t(run(wide, List.of(ADD, ADD), 1)), "there is one ALU");
    assertEquals(2, t(run(wide, List.of(ADD, USE), 1)), "a dependent one takes the next cycle");
  }

  // --- laws (timing.md 2.3) ---

  /// No. 1: every unit's accounts sum to T.
  @Property(tries = 500)
  void accountsSumToT(@ForAll("streams") List<Op> ops) {
    Counters c = run(EDGE, ops, 1);
    Map<String, Long> all = c.byName();
    for (String unit : List.of("sc", "mtx", "tew", "tls")) {
      long sum =
          all.entrySet().stream()
              .filter(e ->
                  e.getKey().equals(unit + ".busy")
                      || e.getKey().equals(unit + ".idle")
                      || e.getKey().startsWith(unit + ".stall."))
              .mapToLong(Map.Entry::getValue)
              .sum();
      assertEquals(t(c), sum, unit + " of " + all);
    }
    assertEquals(
        get(c, "mtx.busy"), get(c, "mtx.stream") + get(c, "mtx.fill") + get(c, "mtx.drain"));
    all.forEach((name, value) -> assertTrue(value >= 0, name + " of " + all));
  }

  /// No. 2: overlaps sum to T, and those with a unit's bit to the cycles it is busy.
  @Property(tries = 500)
  void overlapsSumToT(@ForAll("streams") List<Op> ops) {
    Counters c = run(EDGE, ops, 1);
    assertEquals(t(c), c.sum(Counter.OVERLAP).orElseThrow());
    assertEquals(get(c, "sc.busy"), withBit(c, "s"));
    assertEquals(get(c, "tls.busy"), withBit(c, "t"));
    long matrix = withBit(c, "m");
    assertTrue(matrix >= Math.max(get(c, "mtx.busy"), get(c, "tew.busy")));
    assertTrue(matrix <= get(c, "mtx.busy") + get(c, "tew.busy"));
  }

  private static long withBit(Counters counters, String bit) {
    return Counter.OVERLAP.names().stream()
        .filter(n -> !n.endsWith("none") && n.substring("ov.".length()).contains(bit))
        .mapToLong(n -> get(counters, n))
        .sum();
  }

  /// No. 9: not shorter than any unit's work, not longer than one operation after the other.
  @Property(tries = 500)
  void tLiesBetweenTheBusiestUnitAndTheSerialSum(@ForAll("streams") List<Op> ops) {
    Counters c = run(EDGE, ops, 1);
    for (String busy : List.of("sc.busy", "mtx.busy", "tew.busy", "tls.busy")) {
      assertTrue(t(c) >= get(c, busy));
    }
    long macs = ops.stream().mapToLong(Op::macs).sum();
    assertTrue(t(c) >= Traffic.ceil(macs, 256 * 4));
    long serial = ops.stream().mapToLong(op -> t(run(EDGE, List.of(op), 1))).sum();
    assertTrue(t(c) <= serial, t(c) + " > " + serial);
  }

  /// No. 10: a faster machine never takes longer for the same stream.
  @Property(tries = 500)
  void fasterNeverTakesLonger(@ForAll("streams") List<Op> ops, @ForAll("changes") Change change) {
    Pipeline faster = change.faster.apply(EDGE);
    long slow = t(run(EDGE, ops, 1));
    long fast = t(run(faster, ops, 1));
    assertTrue(fast <= slow, change.name + ": " + fast + " > " + slow);
  }

  record Change(String name, UnaryOperator<Pipeline> faster) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Provide
  Arbitrary<Change> changes() {
    return Arbitraries.of(
        new Change("two issue slots", p -> with(p, 2, p.loadUse())),
        new Change("load-use 1", p -> with(p, p.width(), 1)),
        new Change("deeper queues", p -> parts(p, q -> part(q, q.queue() * 4, q.pipelined()))),
        new Change("pipelined divider", p -> parts(p, q -> part(q, q.queue(), true))),
        new Change("wide ports", p -> ports(p, new Port(12, 256, 256), new Port(3, 256, 256))),
        new Change("near memory", p -> ports(p, new Port(5, 64, 64), new Port(1, 128, 64))),
        new Change("cheap branches", p -> branches(p, 1, 1)));
  }

  private static Pipeline with(Pipeline p, int width, long loadUse) {
    return new Pipeline(
        p.slot(),
        width,
        p.backwardTaken(),
        p.redirect(),
        p.indirect(),
        p.dispatch(),
        loadUse,
        p.scratchpadLatency(),
        p.ram(),
        p.scratchpad(),
        p.parts());
  }

  private static Pipeline branches(Pipeline p, long redirect, long indirect) {
    return new Pipeline(
        p.slot(),
        p.width(),
        p.backwardTaken(),
        redirect,
        indirect,
        p.dispatch(),
        p.loadUse(),
        p.scratchpadLatency(),
        p.ram(),
        p.scratchpad(),
        p.parts());
  }

  private static Pipeline ports(Pipeline p, Port ram, Port pad) {
    return new Pipeline(
        p.slot(),
        p.width(),
        p.backwardTaken(),
        p.redirect(),
        p.indirect(),
        p.dispatch(),
        p.loadUse(),
        p.scratchpadLatency(),
        ram,
        pad,
        p.parts());
  }

  private static Pipeline parts(Pipeline p, UnaryOperator<Part> change) {
    return new Pipeline(
        p.slot(),
        p.width(),
        p.backwardTaken(),
        p.redirect(),
        p.indirect(),
        p.dispatch(),
        p.loadUse(),
        p.scratchpadLatency(),
        p.ram(),
        p.scratchpad(),
        p.parts().stream().map(change).toList());
  }

  private static Part part(Part p, int queue, boolean pipelined) {
    return new Part(p.name(), p.group(), pipelined, queue, p.cells(), p.skewed());
  }

  /// No. 10 again: without overlap of neighbours a run is no shorter.
  @Property(tries = 200)
  void hidingTheSkewNeverTakesLonger(@ForAll("streams") List<Op> ops) {
    Pipeline exposed =
        parts(EDGE, p -> new Part(p.name(), p.group(), p.pipelined(), p.queue(), p.cells(), false));
    assertTrue(t(run(EDGE, ops, 1)) <= t(run(exposed, ops, 1)));
  }

  /// No. 11: all latencies and inverse bandwidths k times as long make T k times as long.
  @Property(tries = 200)
  void timeScales(@ForAll("streams") List<Op> ops, @ForAll("factors") int k) {
    Pipeline slow =
        new Pipeline(
            k,
            1,
            EDGE.backwardTaken(),
            k * EDGE.redirect(),
            k * EDGE.indirect(),
            k * EDGE.dispatch(),
            k * EDGE.loadUse(),
            k * EDGE.scratchpadLatency(),
            new Port(k * 12L, 64 / k, 64 / k),
            new Port(k * 3L, 128 / k, 64 / k),
            EDGE.parts());
    assertEquals(k * t(run(EDGE, ops, 1)), t(run(slow, ops, k)));
  }

  @Provide
  Arbitrary<Integer> factors() {
    return Arbitraries.of(1, 2, 4, 8);
  }

  /// No. 12: what is drained in between adds up.
  @Property(tries = 300)
  void drainedRegionsAddUp(@ForAll("streams") List<Op> one, @ForAll("streams") List<Op> two) {
    Scoreboard board = new Scoreboard(EDGE, 64, 12);
    play(board, EDGE, one, 1);
    Counters first = measure(board);
    play(board, EDGE, two, 1);
    Counters both = measure(board);
    assertEquals(run(EDGE, two, 1), both.minus(first), "a drained machine is like a new one");
    assertEquals(run(EDGE, one, 1).plus(run(EDGE, two, 1)), both);
  }

  /// No. 15: the same stream gives the same counters.
  @Property(tries = 50)
  void replaysAreEqual(@ForAll("streams") List<Op> ops) {
    assertEquals(run(EDGE, ops, 1), run(EDGE, ops, 1));
  }

  /// No. 18: nothing happens in an empty region.
  @Test
  void anEmptyRunCountsNothing() {
    assertTrue(run(EDGE, List.of(), 1).byName().values().stream().allMatch(v -> v == 0));
  }
}
