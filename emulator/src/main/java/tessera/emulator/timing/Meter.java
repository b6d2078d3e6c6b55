package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tessera.emulator.timing.Pipeline.Group;
import tessera.isaspec.Isa;
import tessera.isaspec.UnitKind;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.State;

/// Counts and times one run of one hart. An engine tells it, in program order, of each memory
/// access and then of the instruction that made it; every engine that tells the same gets the same
/// counters.
///
/// ```
/// Footprint f = meter.footprint(decoded, state);     // once for a word, where it is bound
/// … execute: meter.read(address, bytes), meter.write(address, bytes) …
/// meter.retired(f, state, pc, next, taken);          // it completed; or meter.abandoned()
/// … List<Region> regions = meter.finish();
/// ```
public final class Meter {
  /// Where the scratchpad of hart 0 lies (machines.md 1).
  public static final long SCRATCHPAD = 0x4000_0000L;

  private final CostModel costs;
  private final Pipeline pipeline;
  private final Timing timing;
  private final Clock clock;
  private final Traffic traffic;
  private final boolean hasPad;
  private final boolean hasTiles;
  private final Execution execution = new Execution();
  private final long[] classes = new long[InstructionClass.values().length];
  private long retired;
  private long macsIssued;
  private long macsUseful;
  private final Map<Integer, Counters> open = new HashMap<>();
  private final Map<Integer, Counters> marked = new TreeMap<>();

  private Meter(Isa isa, Timing timing) {
    this.pipeline = Pipeline.of(isa.machine());
    this.costs = new CostModel(isa, pipeline);
    this.timing = timing;
    this.clock =
        switch (timing) {
          case NONE -> new NoClock();
          case STATIC -> new StaticClock();
          case SCOREBOARD -> new Scoreboard(pipeline, costs.scalars(), costs.tiles());
        };
    long pad = isa.machine().parameters().getOrDefault("SPM", 0L);
    this.hasPad =
        pad > 0 && isa.machine().units().stream().anyMatch(u -> u.kind() == UnitKind.SCRATCHPAD);
    this.hasTiles = pipeline.has(Group.PORT);
    this.traffic = new Traffic(SCRATCHPAD, hasPad ? pad : 0);
  }

  /// {@return a meter at cycle 0}
  public static Meter of(Isa isa, Timing timing) {
    return new Meter(isa, timing);
  }

  public Timing timing() {
    return timing;
  }

  /// {@return what the word will do, for the modes as they are now; ask again where they differ and
  /// its types depend on them}
  public Footprint footprint(Decoded decoded, State state) {
    return costs.footprint(decoded, state);
  }

  /// The instruction at hand reads memory (no device).
  public void read(long address, long bytes) {
    traffic.read(address, bytes);
  }

  /// The instruction at hand writes memory (no device).
  public void write(long address, long bytes) {
    traffic.write(address, bytes);
  }

  /// The instruction at hand trapped: what it touched does not count.
  public void abandoned() {
    traffic.forget();
  }

  /// The instruction at hand has completed.
  ///
  /// @param state after it; costs read only sizes that it does not change
  /// @param pc its address
  /// @param taken whether it went elsewhere than to the next instruction
  @SuppressWarnings("EnumOrdinal") // the axis of the counter is made from the enum
  public void retired(Footprint insn, State state, long pc, boolean taken) {
    if (insn.shape.marker() < 0) {
      end(-insn.shape.marker());
    }
    InstructionClass kind = insn.shape.kind();
    if (taken && kind == InstructionClass.BRANCH) {
      kind = InstructionClass.BRANCH_TAKEN;
    }
    classes[kind.ordinal()]++;
    retired++;
    execution.taken = taken;
    price(insn, state, pc);
    clock.retire(insn, execution);
    if (insn.shape.marker() > 0) {
      open.computeIfAbsent(insn.shape.marker(), _ -> snapshot());
    }
  }

  private void price(Footprint insn, State state, long pc) {
    Price cost = insn.price;
    int level = 0;
    if (traffic.any()) {
      traffic.settle();
      level = traffic.inScratchpad() ? 2 : 1;
    }
    if (cost.isFixed()) {
      execution.issue = cost.issue(level, execution.taken);
      execution.latency = cost.latency(level, execution.taken);
    } else {
      evaluate(insn, state, pc, level);
    }
    if (level > 0) {
      traffic.count(group(insn) == Group.PORT);
    }
    if (cost.macs != null) {
      products(insn, cost.macs, state, pc);
    }
    List<Footprint.Tile> tiles = insn.tiles;
    for (int i = 0; i < tiles.size(); i++) {
      place(i, tiles.get(i), state, pc);
    }
  }

  private Group group(Footprint insn) {
    return pipeline.parts().get(insn.shape.part()).group();
  }

  private void evaluate(Footprint insn, State state, long pc, int level) {
    boolean port = level > 0 && group(insn) == Group.PORT;
    long moves = port ? traffic.cycles(pipeline) : 0;
    long latency =
        switch (level) {
          case 0 -> 1;
          case 1 -> port ? pipeline.ram().latency() : pipeline.loadUse();
          default -> port ? pipeline.scratchpad().latency() : pipeline.scratchpadLatency();
        };
    Formula.Seen seen = new Formula.Seen(pc, execution.taken ? 1 : 0, latency);
    execution.issue = Math.max(Math.max(1, moves), insn.price.issue.value(state, seen));
    execution.latency = Math.max(1, insn.price.latency.value(state, seen));
  }

  /// Counts products. An array does no more in a cycle than its cells can, whatever the text says.
  private void products(Footprint insn, Formula formula, State state, long pc) {
    Formula.Seen seen = new Formula.Seen(pc, 0, 1);
    long macs = Math.max(0, formula.value(state, seen));
    macsUseful += macs;
    Pipeline.Part part = pipeline.parts().get(insn.shape.part());
    if (part.group() == Group.MATRIX) {
      long peak = Math.max(1, part.cells() * insn.price.products);
      long least = Traffic.ceil(macs, peak);
      if (least > execution.issue) {
        execution.latency += least - execution.issue;
        execution.issue = least;
      }
      macsIssued += peak * execution.issue;
    } else {
      macsIssued += macs;
    }
  }

  private void place(int i, Footprint.Tile tile, State state, long pc) {
    Formula.Seen seen = new Formula.Seen(pc, 0, 1);
    int first = Math.clamp(tile.first().value(state, seen), 0, tile.limit());
    long span = tile.span().value(state, seen);
    execution.first[i] = tile.base() + first;
    execution.span[i] = Math.clamp(span, 0, tile.limit() - first);
  }

  /// {@return the cycles so far, as the next instruction sees them; without a clock, the number of
  /// instructions}
  public long cycles() {
    return clock.now();
  }

  /// {@return the instructions completed so far}
  public long instructions() {
    return retired;
  }

  private void end(int region) {
    Counters start = open.remove(region);
    if (start != null) {
      marked.merge(region, snapshot().minus(start), Counters::plus);
    }
  }

  /// Lets everything complete: a region starts and ends with all queues empty.
  private Counters snapshot() {
    clock.drain();
    Counters.Builder into = Counters.builder();
    clock.measure(into);
    into.set(Counter.RETIRED, retired).set(Counter.RETIRED_CLASS, classes.clone());
    if (pipeline.has(Group.MATRIX)) {
      into.set(Counter.MACS_ISSUED, macsIssued).set(Counter.MACS_USEFUL, macsUseful);
    }
    traffic.measure(into, hasTiles, hasPad);
    return into.build();
  }

  /// {@return the whole run, then the marked regions by number; one that is still open ends here}
  public List<Region> finish() {
    List.copyOf(open.keySet()).forEach(this::end);
    List<Region> regions = new ArrayList<>();
    regions.add(new Region("run", Region.Kind.RUN, snapshot()));
    marked.forEach((n, c) -> regions.add(new Region(n.toString(), Region.Kind.MARKER, c)));
    return List.copyOf(regions);
  }
}
