package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Machine;
import tessera.isaspec.Machine.Unit;
import tessera.isaspec.UnitKind;

/// A machine as the clock sees it: its units, queues and fixed latencies, in cycles.
///
/// @param slot cycles of an issue slot of the scalar core
/// @param width instructions that may issue in one slot
/// @param backwardTaken a conditional branch is predicted taken when it goes backward
/// @param redirect cycles lost when a branch was predicted wrongly
/// @param indirect cycles lost by a jump to a register's value
/// @param dispatch cycles from issue to a tile unit's queue
/// @param loadUse cycles until the result of a scalar load can be used (an L1 hit)
/// @param scratchpadLatency cycles of a scratchpad access
/// @param ram how tile rows move from and to memory
/// @param scratchpad how they move from and to the scratchpad
/// @param parts the units; the first takes what names a unit that the machine does not have
public record Pipeline(
    long slot,
    int width,
    boolean backwardTaken,
    long redirect,
    long indirect,
    long dispatch,
    long loadUse,
    long scratchpadLatency,
    Port ram,
    Port scratchpad,
    List<Part> parts) {

  /// Which account a unit belongs to.
  public enum Group {
    SCALAR,
    MATRIX,
    LANES,
    PORT
  }

  /// A unit.
  ///
  /// @param pipelined whether an operation leaves the unit free after its issue cycles
  /// @param queue operations that may wait in front of it; of scalar units 0
  /// @param cells product cells of a tile array, else 0
  /// @param skewed whether the array hides an operation's skew behind the next one
  public record Part(
      String name, Group group, boolean pipelined, int queue, long cells, boolean skewed) {}

  /// Cycles until the first row, and bytes in each cycle.
  public record Port(long latency, long reads, long writes) {}

  public Pipeline {
    parts = List.copyOf(parts);
  }

  /// {@return the machine's pipeline; what it does not say is one cycle}
  public static Pipeline of(Machine machine) {
    Unit core = first(machine, UnitKind.SCALAR);
    Unit pad = first(machine, UnitKind.SCRATCHPAD);
    Unit port = first(machine, UnitKind.TILEPORT);
    long loadUse = key(core, "load_use", 2);
    long padLatency = key(pad, "latency", 1);
    long padBytes = Math.max(1, key(pad, "banks", 1) * key(pad, "width", 8));
    return new Pipeline(
        1,
        Math.clamp(key(core, "issue", 1), 1, 64),
        core == null || core.words().getOrDefault("predict", "backward").equals("backward"),
        key(core, "redirect", 1),
        key(core, "indirect", 1),
        1,
        loadUse,
        Math.max(loadUse, padLatency),
        tilePort(port, ramLatency(machine, port), ramWidth(machine, port)),
        tilePort(port, padLatency, padBytes),
        parts(machine));
  }

  private static Port tilePort(@Nullable Unit port, long latency, long width) {
    return new Port(
        latency,
        Math.max(1, Math.min(key(port, "reads", 8), width)),
        Math.max(1, Math.min(key(port, "writes", 8), width)));
  }

  /// Tile rows from memory come from the level that the port names.
  private static long ramLatency(Machine machine, @Nullable Unit port) {
    Unit level = level(machine, port);
    return level == null
        ? 1
        : switch (level.kind()) {
          case CACHE -> level.get("hit", 1);
          case DRAM -> level.get("fixed", 0) + level.get("cl", 1);
          default -> 1;
        };
  }

  private static long ramWidth(Machine machine, @Nullable Unit port) {
    Unit level = level(machine, port);
    return level == null ? Long.MAX_VALUE : level.get("width", 8) * level.get("channels", 1);
  }

  private static @Nullable Unit level(Machine machine, @Nullable Unit port) {
    String name = port == null ? null : port.words().get("ram");
    Unit named = name == null ? null : machine.unit(name);
    return named == null ? first(machine, UnitKind.DRAM) : named;
  }

  private static List<Part> parts(Machine machine) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("", Group.SCALAR, true, 0, 0, true));
    for (Unit u : machine.units()) {
      int queue = Math.clamp(u.get("queue", 1), 1, 1 << 10);
      switch (u.kind()) {
        case PIPE ->
            parts.add(new Part(u.name(), Group.SCALAR, u.get("pipelined", 1) != 0, 0, 0, true));
        case ARRAY ->
            parts.add(
                new Part(
                    u.name(),
                    Group.MATRIX,
                    true,
                    queue,
                    u.get("rows", 1) * u.get("columns", 1),
                    u.words().getOrDefault("overlap", "skew").equals("skew")));
        case LANES -> parts.add(new Part(u.name(), Group.LANES, true, queue, 0, true));
        case TILEPORT -> parts.add(new Part(u.name(), Group.PORT, true, queue, 0, true));
        case CLOCK, SCALAR, VECTOR, SCRATCHPAD, DMA, CACHE, DRAM, ENERGY -> {}
      }
    }
    return parts;
  }

  private static @Nullable Unit first(Machine machine, UnitKind kind) {
    return machine.units().stream().filter(u -> u.kind() == kind).findFirst().orElse(null);
  }

  private static long key(@Nullable Unit unit, String key, long otherwise) {
    return unit == null ? otherwise : unit.get(key, otherwise);
  }

  /// {@return the place of the unit of that name in [#parts()]}
  int place(String unit) {
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i).name().equals(unit)) {
        return i;
      }
    }
    return 0;
  }

  /// {@return the unit of that name}
  Part part(String unit) {
    return parts.get(place(unit));
  }

  /// {@return whether the machine has a unit of that group}
  public boolean has(Group group) {
    return parts.stream().anyMatch(p -> p.group() == group);
  }
}
