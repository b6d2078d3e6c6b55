package tessera.emulator.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tessera.emulator.Hart;
import tessera.emulator.Observer;
import tessera.emulator.Step;
import tessera.emulator.timing.Footprint.Flow;
import tessera.emulator.timing.Footprint.Order;
import tessera.emulator.timing.Footprint.Shape;
import tessera.isaspec.semantics.AccessKind;

final class MeterTest {
  private static final Pipeline EDGE = Pipeline.of(Machines.edge16());

  @Provide
  Arbitrary<List<Op>> streams() {
    return Op.streams();
  }

  private static Hart hart() {
    return Machines.hart(Machines.isa(Machines.edge16()));
  }

  private static List<Region> run(Timing timing, List<Op> ops) {
    Hart hart = hart();
    Meter meter = Meter.of(hart, timing);
    ops.forEach(op -> op.tell(meter, EDGE, hart));
    return meter.finish();
  }

  private static Counters counters(Timing timing, List<Op> ops) {
    return run(timing, ops).getFirst().counters();
  }

  private static long get(Counters counters, String name) {
    return counters.get(name).orElseThrow();
  }

  /// No. 3: the classes partition.
  @Property(tries = 200)
  void classesSumToRetired(@ForAll("streams") List<Op> ops) {
    for (Timing timing : Timing.values()) {
      Counters c = counters(timing, ops);
      assertEquals(ops.size(), get(c, "inst.ret"));
      assertEquals(ops.size(), c.sum(Counter.RETIRED_CLASS).orElseThrow());
    }
  }

  /// No. 4: not more useful products than slots, and exactly those of the operations.
  @Property(tries = 200)
  void usefulProductsAreCountedExactly(@ForAll("streams") List<Op> ops) {
    Counters c = counters(Timing.SCOREBOARD, ops);
    assertEquals(ops.stream().mapToLong(Op::macs).sum(), get(c, "mac.useful"));
    assertTrue(get(c, "mac.useful") <= get(c, "mac.issued"));
    assertEquals(256 * 4 * get(c, "mtx.stream"), get(c, "mac.issued"));
  }

  /// No. 8: no port moves more than its width in a cycle.
  @Property(tries = 300)
  void noPortIsFasterThanItIsWide(@ForAll("streams") List<Op> ops) {
    Counters c = counters(Timing.SCOREBOARD, ops);
    long t = get(c, "cycles");
    assertTrue(get(c, "mem.dram.tile.rd.req") <= t * 64);
    assertTrue(get(c, "mem.dram.tile.wr.req") <= t * 64);
    assertTrue(get(c, "mem.spm.tile.rd.req") <= t * 128);
    assertTrue(get(c, "mem.spm.tile.wr.req") <= t * 64);
    long tile =
        ops.stream()
            .filter(op -> !op.groups().isEmpty())
            .mapToLong(op -> (long) op.rows() * op.rowBytes())
            .sum();
    long counted =
        c.byName().entrySet().stream()
            .filter(e -> e.getKey().matches("mem\\..*\\.tile\\..*\\.req"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertEquals(tile, counted);
  }

  /// No. 14: what is architectural does not depend on how time is told.
  @Property(tries = 100)
  void timingChangesNoArchitecturalCounter(@ForAll("streams") List<Op> ops) {
    Map<String, Long> none = counters(Timing.NONE, ops).byName();
    Map<String, Long> board = counters(Timing.SCOREBOARD, ops).byName();
    none.forEach((name, value) -> assertEquals(value, board.get(name), name));
    assertFalse(none.containsKey("cycles"), "not measured is absent");
    assertFalse(none.containsKey("ov.none"));
  }

  @Property(tries = 100)
  void staticTimeIsTheSumOfIssueCosts(@ForAll("streams") List<Op> ops) {
    long sum = ops.stream().mapToLong(op -> op.execution(EDGE, 1).issue).sum();
    Counters c = counters(Timing.STATIC, ops);
    assertEquals(sum, get(c, "cycles"));
    assertTrue(c.get("sc.busy").isEmpty());
  }

  /// No. 15.
  @Property(tries = 50)
  void replaysAreEqual(@ForAll("streams") List<Op> ops) {
    assertEquals(run(Timing.SCOREBOARD, ops), run(Timing.SCOREBOARD, ops));
  }

  // --- regions ---

  private static void mark(Meter meter, Hart hart, int marker) {
    Shape shape =
        new Shape(EDGE.place("ALU"), InstructionClass.INT, Flow.NEXT, false, Order.NONE, marker);
    Formula one = (_, _) -> 1;
    Price price = Price.fixed(one, one, null, new long[] {1, 2, 3});
    hart.step().begin(0x8000_0000L);
    hart.step().end(0x8000_0004L, false);
    meter.retired(new Footprint(shape, new int[0], new int[0], List.of(), price), hart.step());
  }

  /// No. 12 and 18: a region holds what happened between its markers, and they start and end with
  /// empty queues.
  @Property(tries = 100)
  void aMarkedRegionIsARunOfItsOwn(
      @ForAll("streams") List<Op> before,
      @ForAll("streams") List<Op> inside,
      @ForAll("streams") List<Op> after) {
    Hart hart = hart();
    Meter meter = Meter.of(hart, Timing.SCOREBOARD);
    before.forEach(op -> op.tell(meter, EDGE, hart));
    mark(meter, hart, 7);
    inside.forEach(op -> op.tell(meter, EDGE, hart));
    mark(meter, hart, -7);
    after.forEach(op -> op.tell(meter, EDGE, hart));
    List<Region> regions = meter.finish();
    assertEquals(List.of("run", "7"), regions.stream().map(Region::name).toList());
    assertEquals(counters(Timing.SCOREBOARD, inside), regions.get(1).counters());
  }

  @Test
  void aRegionEnteredTwiceAddsUpAndAnOpenOneEndsWithTheRun() {
    Hart hart = hart();
    Meter meter = Meter.of(hart, Timing.SCOREBOARD);
    Op add = Op.scalar("ALU", InstructionClass.INT, 5, 6, 1, 1);
    for (int i = 0; i < 2; i++) {
      mark(meter, hart, 3);
      add.tell(meter, EDGE, hart);
      mark(meter, hart, -3);
    }
    mark(meter, hart, -9);
    mark(meter, hart, 1);
    add.tell(meter, EDGE, hart);
    List<Region> regions = meter.finish();
    assertEquals(List.of("run", "1", "3"), regions.stream().map(Region::name).toList());
    assertEquals(1, get(regions.get(1).counters(), "inst.ret"));
    assertEquals(2, get(regions.get(2).counters(), "inst.ret"));
    assertEquals(2, get(regions.get(2).counters(), "cycles"));
  }

  @Test
  void markersAreHints() {
    assertEquals(5, Marker.of(0x0050_2013L), "slti x0, x0, 5");
    assertEquals(-5, Marker.of(0xffb0_2013L), "slti x0, x0, -5");
    assertEquals(-2048, Marker.of(0x8000_2013L));
    assertEquals(0, Marker.of(0x0050_2093L), "slti x1, x0, 5");
    assertEquals(0, Marker.of(0x0050_a013L), "slti x0, x1, 5");
    assertEquals(0, Marker.of(0x0050_3013L), "sltiu x0, x0, 5");
  }

  // --- traffic ---

  private static Counters touch(AccessKind kind, long... ranges) {
    Hart hart = hart();
    Meter meter = Meter.of(hart, Timing.SCOREBOARD);
    Step step = hart.step();
    step.begin(0x8000_0000L);
    for (int i = 0; i < ranges.length; i += 2) {
      step.access(ranges[i], ranges[i + 1], kind);
    }
    step.end(0x8000_0004L, false);
    meter.retired(Op.move(kind == AccessKind.STORE, 0, 1, 6, 0, 1).footprint(EDGE), step);
    return meter.finish().getFirst().counters();
  }

  @Test
  void orderAndSizeOfAccessesDoNotMatter() {
    long[] elements = new long[64];
    for (int i = 0; i < 32; i++) {
      elements[2 * i] = 0x8000_0000L + (31 - i) * 4L;
      elements[2 * i + 1] = 4;
    }
    Counters byElement = touch(AccessKind.LOAD, elements);
    assertEquals(touch(AccessKind.LOAD, 0x8000_0000L, 128), byElement);
    assertEquals(1, get(byElement, "mem.dram.tile.rd.n"));
    assertEquals(128, get(byElement, "mem.dram.tile.rd.req"));
  }

  @Test
  void aRowThatIsSpreadIsAskedForOnce() {
    List<Long> ranges = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ranges.add(0x8000_0000L);
      ranges.add(64L);
    }
    Counters c = touch(AccessKind.LOAD, ranges.stream().mapToLong(Long::longValue).toArray());
    assertEquals(64, get(c, "mem.dram.tile.rd.req"));
  }

  @Test
  void levelsAndDirectionsAreKeptApart() {
    Counters pad = touch(AccessKind.STORE, Machines.PAD, 64, Machines.PAD + 128, 64);
    assertEquals(2, get(pad, "mem.spm.tile.wr.n"));
    assertEquals(128, get(pad, "mem.spm.tile.wr.req"));
    assertEquals(0, get(pad, "mem.dram.tile.wr.req"));
    Counters load = counters(Timing.NONE, List.of(Op.memory(false, 5, 6, 0x8000_0000L)));
    assertEquals(8, get(load, "mem.dram.scalar.rd.req"));
    assertEquals(0, get(load, "mem.dram.tile.rd.req"));
  }

  @Test
  void aReadAndWriteCountsInBothDirections() {
    Counters c = touch(AccessKind.AMO, 0x8000_0000L, 8);
    assertEquals(8, get(c, "mem.dram.tile.rd.req"));
    assertEquals(8, get(c, "mem.dram.tile.wr.req"));
  }

  @Test
  void whatAMachineLacksIsNotMeasured() {
    Hart hart = hart();
    Counters c = Meter.of(hart, Timing.SCOREBOARD).finish().getFirst().counters();
    assertTrue(c.get("mtx.busy").isPresent());
    var bare =
        new tessera.isaspec.Machine(
            "bare", "rv64i", Map.of(), List.of(), List.of(), Map.of(), Machines.NOWHERE);
    Hart small = Machines.hart(Machines.isa(bare));
    Counters less = Meter.of(small, Timing.SCOREBOARD).finish().getFirst().counters();
    for (String name : List.of("mtx.busy", "tew.idle", "tls.busy", "mem.spm.scalar.rd.n")) {
      assertTrue(less.get(name).isEmpty(), name);
    }
    assertEquals(0, get(less, "cycles"));
  }

  @Test
  void withoutAClockTotalsAreEnough() {
    assertEquals(Observer.Detail.TOTALS, Meter.of(hart(), Timing.NONE).detail());
    assertEquals(Observer.Detail.EVERY, Meter.of(hart(), Timing.SCOREBOARD).detail());
    assertEquals(17, Meter.of(hart(), Timing.NONE).cycles(17));
  }
}
