package tessera.emulator.timing;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/// Values worked out from counters. They are never stored: whoever shows them works them out again.
public enum Derived {
  INSTRUCTIONS_PER_CYCLE(
      "ipc",
      "instructions per cycle",
      "inst.ret / cycles",
      c -> ratio(c.get(Counter.RETIRED), c.get(Counter.CYCLES))),
  MACS_PER_CYCLE(
      "mac.per_cycle",
      "MACs per cycle",
      "mac.useful / cycles",
      c -> ratio(c.get(Counter.MACS_USEFUL), c.get(Counter.CYCLES))),
  UTILISATION(
      "util.array",
      "of the array's peak",
      "util.map x util.active: useful products, as a share of what the array forms in T cycles at"
          + " its peak for the types used",
      c -> product(mapped(c), active(c))),
  MAPPED(
      "util.map",
      "of the slots offered",
      "mac.useful / mac.issued: what the shapes leave of the slots",
      Derived::mapped),
  ACTIVE(
      "util.active",
      "of the cycles",
      "mtx.stream / cycles: how long the array is fed",
      Derived::active),
  DRAM_INTENSITY(
      "ai.dram",
      "ops per byte",
      "arithmetic intensity: 2 x mac.useful / bytes asked from memory outside the scratchpad",
      c -> intensity(c, "dram")),
  SCRATCHPAD_INTENSITY(
      "ai.spm",
      "ops per byte",
      "arithmetic intensity: 2 x mac.useful / bytes asked from the scratchpad",
      c -> intensity(c, "spm"));

  private final String label;
  private final String unit;
  private final String definition;
  private final Function<Counters, OptionalDouble> formula;

  Derived(
      String label, String unit, String definition, Function<Counters, OptionalDouble> formula) {
    this.label = label;
    this.unit = unit;
    this.definition = definition;
    this.formula = formula;
  }

  /// {@return its name in tables}
  public String label() {
    return label;
  }

  public String unit() {
    return unit;
  }

  /// {@return the formula in words}
  public String definition() {
    return definition;
  }

  /// {@return its value; empty where a counter is absent or the divisor is 0}
  public OptionalDouble value(Counters counters) {
    return formula.apply(counters);
  }

  private static OptionalDouble mapped(Counters c) {
    return ratio(c.get(Counter.MACS_USEFUL), c.get(Counter.MACS_ISSUED));
  }

  private static OptionalDouble active(Counters c) {
    return ratio(c.get(Counter.MATRIX_STREAM), c.get(Counter.CYCLES));
  }

  private static OptionalDouble product(OptionalDouble a, OptionalDouble b) {
    return a.isPresent() && b.isPresent()
        ? OptionalDouble.of(a.getAsDouble() * b.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble intensity(Counters c, String level) {
    OptionalLong macs = c.get(Counter.MACS_USEFUL);
    long bytes = bytes(c, level, "rd") + bytes(c, level, "wr");
    return macs.isPresent() && macs.getAsLong() > 0
        ? ratio(OptionalLong.of(2 * macs.getAsLong()), OptionalLong.of(bytes))
        : OptionalDouble.empty();
  }

  /// {@return the bytes asked from a level in a direction, over all kinds}
  static long bytes(Counters c, String level, String direction) {
    return Counter.REQUESTED.names().stream()
        .filter(n -> n.startsWith("mem." + level + ".") && n.endsWith("." + direction + ".req"))
        .mapToLong(n -> c.get(n).orElse(0))
        .sum();
  }

  private static OptionalDouble ratio(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent() && b.getAsLong() != 0
        ? OptionalDouble.of((double) a.getAsLong() / b.getAsLong())
        : OptionalDouble.empty();
  }
}
