package tessera.conformance.dut;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tessera.conformance.Case;
import tessera.conformance.Outcome;
import tessera.conformance.Places;
import tessera.conformance.Snapshot;
import tessera.conformance.Visible;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;

/// One of the project's own engines.
public final class InProcess implements Dut {
  private static final int MOST = 256;
  private static final int PAGE = 4096;

  private final String name;
  private final Isa isa;
  private final Visible visible;
  private final Supplier<Engine> engines;

  private InProcess(String name, Isa isa, Supplier<Engine> engines) {
    this.name = name;
    this.isa = isa;
    this.visible = Visible.all(isa);
    this.engines = engines;
  }

  /// {@return a device of an engine; one engine serves one batch}
  public static InProcess of(String name, Isa isa, Supplier<Engine> engines) {
    return new InProcess(name, isa, engines);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Visible visible() {
    return visible;
  }

  @Override
  public List<Outcome> run(List<Case> cases) {
    Engine engine = engines.get();
    Bench bench = Bench.of(isa);
    List<Outcome> outcomes = new ArrayList<>();
    for (Case c : cases) {
      Hart hart = bench.install(c);
      outcomes.add(outcome(engine.run(hart, MOST), hart, c.before().arena()));
      bench.remove(c);
    }
    return outcomes;
  }

  /// {@return what an end of a run comes to}
  public static Outcome outcome(Exit exit, Hart hart, byte[] arena) {
    return switch (exit) {
      case Exit.Trapped(var trap) ->
          new Outcome.Stopped(trap.trap(), trap.value(), Snapshot.of(hart, arena));
      case Exit.Halted _,
          Exit.Signalled _,
          Exit.BudgetSpent _,
          Exit.Endless _,
          Exit.Waiting _,
          Exit.MemoryExhausted _ ->
          new Outcome.Lost(exit.toString());
    };
  }

  /// {@return a hart whose memory is the arena and the page of code around an address}
  public static Hart hart(Isa isa, long code) {
    Memory memory = Memory.of(Places.ARENA, Places.ARENA_BYTES, 1 << 20);
    int data = Region.READ | Region.WRITE;
    memory.map(Region.memory("arena", Region.Kind.RAM, Places.ARENA, Places.ARENA_BYTES, data));
    long page = code & -PAGE;
    memory.map(Region.memory("code", Region.Kind.RAM, page, PAGE, Region.EXECUTE));
    return Hart.of(isa, memory, 0);
  }
}
