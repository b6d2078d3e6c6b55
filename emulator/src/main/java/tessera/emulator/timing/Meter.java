package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.emulator.InstructionInfo;
import tessera.emulator.Observer;
import tessera.emulator.Step;
import tessera.emulator.timing.Pipeline.Group;
import tessera.isaspec.UnitKind;
import tessera.isaspec.semantics.Expr;

/// Counts and times one run of one hart. Every engine that tells the same gets the same counters.
///
/// ```
/// Meter meter = Meter.of(hart, Timing.SCOREBOARD);
/// hart.observer(meter);
/// … run …
/// List<Region> regions = meter.finish();
/// ```
public final class Meter implements Observer {
  private final Hart hart;
  private final CostModel costs;
  private final Pipeline pipeline;
  private final Timing timing;
  private final Clock clock;
  private final Traffic traffic = new Traffic();
  private final boolean hasPad;
  private final boolean hasTiles;
  private final List<@Nullable Footprint> footprints = new ArrayList<>();
  private final Execution execution = new Execution();
  private final long[] classes = new long[InstructionClass.values().length];
  private long retired;
  private long macsIssued;
  private long macsUseful;
  private final Map<Integer, Counters> open = new HashMap<>();
  private final Map<Integer, Counters> marked = new TreeMap<>();

  private Meter(Hart hart, Timing timing) {
    this.hart = hart;
    this.pipeline = Pipeline.of(hart.isa().machine());
    this.costs = new CostModel(hart.isa(), pipeline);
    this.timing = timing;
    this.clock =
        switch (timing) {
          case NONE -> new NoClock();
          case STATIC -> new StaticClock();
          case SCOREBOARD -> new Scoreboard(pipeline, costs.scalars(), costs.tiles());
        };
    this.hasPad =
        hart.isa().machine().units().stream().anyMatch(u -> u.kind() == UnitKind.SCRATCHPAD);
    this.hasTiles = pipeline.has(Group.PORT);
  }

  /// {@return a meter at cycle 0, for a hart that it has still to be made the observer of}
  public static Meter of(Hart hart, Timing timing) {
    return new Meter(hart, timing);
  }

  public Timing timing() {
    return timing;
  }

  @Override
  public Detail detail() {
    return timing == Timing.NONE ? Detail.TOTALS : Detail.EVERY;
  }

  @Override
  public void retired(InstructionInfo info, Step step) {
    retired(footprint(info), step);
  }

  private Footprint footprint(InstructionInfo info) {
    int at = info.ordinal();
    while (footprints.size() <= at) {
      footprints.add(null);
    }
    Footprint known = footprints.get(at);
    if (known == null) {
      known = costs.footprint(info);
      footprints.set(at, known);
    }
    return known;
  }

  void retired(Footprint insn, Step step) {
    int marker = insn.shape.marker();
    if (marker < 0) {
      end(-marker);
    }
    count(insn.shape.kind(), 1, step.taken() ? 1 : 0);
    execution.taken = step.taken();
    price(insn, step);
    clock.retire(insn, execution);
    if (marker > 0) {
      open.computeIfAbsent(marker, _ -> snapshot());
    }
  }

  @Override
  public void retired(InstructionInfo info, long times, long taken) {
    count(footprint(info).shape.kind(), times, taken);
    if (info.bound().cost().macs() instanceof Expr.Literal(_, var macs)) {
      macsUseful += macs.longValue() * times;
      macsIssued += macs.longValue() * times;
    }
    traffic.add(info.loads(), info.stores(), times);
  }

  @SuppressWarnings("EnumOrdinal") // the counter's axis is made from the enum
  private void count(InstructionClass kind, long times, long taken) {
    retired += times;
    if (kind == InstructionClass.BRANCH) {
      classes[InstructionClass.BRANCH.ordinal()] += times - taken;
      classes[InstructionClass.BRANCH_TAKEN.ordinal()] += taken;
    } else {
      classes[kind.ordinal()] += times;
    }
  }

  private void price(Footprint insn, Step step) {
    Price price = insn.price;
    int level = step.runs() == 0 ? 0 : traffic.take(step);
    if (price.isFixed()) {
      execution.issue = price.issue(level, execution.taken);
      execution.latency = price.latency(level, execution.taken);
    } else {
      evaluate(insn, step, level);
    }
    if (level > 0) {
      traffic.count(group(insn) == Group.PORT);
    }
    if (price.macs != null) {
      products(insn, price.macs, step);
    }
    List<Footprint.Tile> tiles = insn.tiles;
    for (int i = 0; i < tiles.size(); i++) {
      place(i, tiles.get(i), step);
    }
  }

  private Group group(Footprint insn) {
    return pipeline.parts().get(insn.shape.part()).group();
  }

  private void evaluate(Footprint insn, Step step, int level) {
    boolean port = group(insn) == Group.PORT;
    long moves = port && level > 0 ? traffic.cycles(pipeline) : 0;
    long latency =
        switch (level) {
          case Traffic.NOTHING -> 1;
          case Traffic.RAM -> port ? pipeline.ram().latency() : pipeline.loadUse();
          default -> port ? pipeline.scratchpad().latency() : pipeline.scratchpadLatency();
        };
    Formula.Seen seen = seen(step, latency);
    execution.issue = Math.max(Math.max(1, moves), insn.price.issue.value(hart, seen));
    execution.latency = Math.max(1, insn.price.latency.value(hart, seen));
  }

  private static Formula.Seen seen(Step step, long latency) {
    return new Formula.Seen(step.pc(), step.taken() ? 1 : 0, latency, step.active());
  }

  /// Counts products. An array does no more in a cycle than its cells can, whatever the text says.
  private void products(Footprint insn, Formula formula, Step step) {
    long macs = Math.max(0, formula.value(hart, seen(step, 1)));
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

  private void place(int i, Footprint.Tile tile, Step step) {
    Formula.Seen seen = seen(step, 1);
    int first = Math.clamp(tile.first().value(hart, seen), 0, tile.limit());
    long span = tile.span().value(hart, seen);
    execution.first[i] = tile.base() + first;
    execution.span[i] = Math.clamp(span, 0, tile.limit() - first);
  }

  /// {@return the cycles until now, as the next instruction sees them}
  @Override
  public long cycles(long instructions) {
    return timing == Timing.NONE ? instructions : clock.now();
  }

  @Override
  public boolean waited(long cycles) {
    clock.idle(cycles);
    return timing != Timing.NONE;
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
    into.set(Counter.MACS_ISSUED, macsIssued).set(Counter.MACS_USEFUL, macsUseful);
    traffic.measure(into, hasTiles, hasPad);
    return into.build();
  }

  /// {@return the whole run, then the marked regions by number; one that is still open ends here.
  /// Without a clock there is only the whole run}
  public List<Region> finish() {
    List.copyOf(open.keySet()).forEach(this::end);
    List<Region> regions = new ArrayList<>();
    regions.add(new Region("run", Region.Kind.RUN, snapshot()));
    marked.forEach((n, c) -> regions.add(new Region(n.toString(), Region.Kind.MARKER, c)));
    return List.copyOf(regions);
  }
}
