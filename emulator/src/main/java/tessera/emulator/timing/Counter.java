package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The families of counters: everything that is counted, in the order of a report.
///
/// A family has a dotted name with a hole for each label (`mem.{level}.{kind}.{direction}.n`). The
/// manual page `docs/counters.md` and the schema of reports are generated from this list.
///
/// Rules that hold for all of them (timing.md 2.1): a region starts and ends with all queues empty;
/// T is its length in cycles; a unit is in each of these cycles `busy`, in exactly one
/// `stall.<reason>`, or `idle` (no operation waits in its queue), so these sum to T.
public enum Counter {
  CYCLES(
      "cycles",
      Measure.CYCLES,
      "T: from the region's start to the completion of its last operation"),

  SCALAR_BUSY("sc.busy", Measure.CYCLES, "cycles in which at least one instruction issues"),
  SCALAR_STALL(
      "sc.stall.{reason}",
      Measure.CYCLES,
      "gap before an issue, charged to the constraint with the latest ready time (the first of this"
          + " list where several are equal): redirect = fetch after a taken or mispredicted branch"
          + " or a jump, raw = an operand, load = an operand that a load brings, fu = the"
          + " functional unit is taken, q_mtx = a tile unit's queue is full, sync = a fence, a"
          + " result of another unit, or the drain that ends a region, serial = a CSR access or"
          + " fence.i holds back what follows",
      new Axis("reason", List.of("redirect", "raw", "load", "fu", "q_mtx", "sync", "serial"))),

  MATRIX_BUSY(
      "mtx.busy",
      Measure.CYCLES,
      "cycles the tile array holds an operation: stream + fill + drain"),
  MATRIX_STREAM(
      "mtx.stream", Measure.CYCLES, "cycles in which quanta are fed to the array (its issue cost)"),
  MATRIX_FILL(
      "mtx.fill",
      Measure.CYCLES,
      "skew before the first quantum that no neighbour hides; 0 while sums stay in the cells"),
  MATRIX_DRAIN("mtx.drain", Measure.CYCLES, "skew after the last quantum that no neighbour hides"),
  MATRIX_STALL(
      "mtx.stall.{reason}",
      Measure.CYCLES,
      "an operation waits in the queue and the array is empty: a_data, b_data = the first, another"
          + " operand tile is not loaded; acc_raw = another unit still writes the accumulator;"
          + " acc_port = another unit still reads it",
      new Axis("reason", List.of("a_data", "b_data", "acc_raw", "acc_port"))),
  MATRIX_IDLE("mtx.idle", Measure.CYCLES, "the array is empty and no operation waits"),

  LANES_BUSY("tew.busy", Measure.CYCLES, "cycles the element-wise unit holds an operation"),
  LANES_STALL(
      "tew.stall.{reason}",
      Measure.CYCLES,
      "an operation waits and the unit is free: raw = an operand, acc_raw = an accumulator that"
          + " the array still writes, war = its destination is still read or written elsewhere",
      new Axis("reason", List.of("raw", "acc_raw", "war"))),
  LANES_IDLE("tew.idle", Measure.CYCLES, "the unit is free and no operation waits"),

  PORT_BUSY("tls.busy", Measure.CYCLES, "cycles the tile load and store port moves rows"),
  PORT_STALL(
      "tls.stall.{reason}",
      Measure.CYCLES,
      "an operation waits and the port is free: mem_data = the tile to store is not there yet,"
          + " war = the tile to load is still read or written elsewhere",
      new Axis("reason", List.of("mem_data", "war"))),
  PORT_IDLE("tls.idle", Measure.CYCLES, "the port is free and no operation waits"),

  RETIRED("inst.ret", Measure.INSTRUCTIONS, "instructions completed"),
  RETIRED_CLASS(
      "inst.ret.{class}",
      Measure.INSTRUCTIONS,
      "instructions completed, by class; the classes sum to inst.ret (branch: not taken)",
      new Axis(
          "class", Arrays.stream(InstructionClass.values()).map(InstructionClass::word).toList())),

  MACS_ISSUED(
      "mac.issued",
      Measure.MACS,
      "slots offered: cells x stream cycles x products a cell forms in a cycle for the type;"
          + " outside the array as many as are useful"),
  MACS_USEFUL(
      "mac.useful",
      Measure.MACS,
      "products inside the true m x n x k of an operation (its `macs` cost)"),

  ACCESSES(
      "mem.{level}.{kind}.{direction}.n",
      Measure.ACCESSES,
      "runs of adjacent bytes that instructions of this kind ask for",
      new Axis("level", List.of("spm", "dram")),
      new Axis("kind", List.of("scalar", "tile")),
      new Axis("direction", List.of("rd", "wr"))),
  REQUESTED(
      "mem.{level}.{kind}.{direction}.req",
      Measure.BYTES,
      "bytes that instructions of this kind ask for; a byte counts once for each instruction that"
          + " touches it. dram: all memory but the scratchpad (no caches are modelled yet)",
      new Axis("level", List.of("spm", "dram")),
      new Axis("kind", List.of("scalar", "tile")),
      new Axis("direction", List.of("rd", "wr"))),

  OVERLAP(
      "ov.{busy}",
      Measure.CYCLES,
      "cycles in which exactly these are busy: s scalar, m matrix (tile array or element-wise"
          + " unit), t transfer (tile loads and stores); they sum to T",
      new Axis("busy", List.of("none", "s", "m", "sm", "t", "st", "mt", "smt")));

  /// What a counter counts.
  public enum Measure {
    CYCLES("cycles"),
    INSTRUCTIONS("instructions"),
    MACS("MACs"),
    ACCESSES("accesses"),
    BYTES("bytes");

    private final String word;

    Measure(String word) {
      this.word = word;
    }

    /// {@return the unit as printed}
    public String word() {
      return word;
    }
  }

  /// A label and the values it may have.
  public record Axis(String label, List<String> values) {}

  private final String template;
  private final Measure measure;
  private final String definition;
  private final List<Axis> axes;
  private final List<String> names;

  Counter(String template, Measure measure, String definition, Axis... axes) {
    this.template = template;
    this.measure = measure;
    this.definition = definition;
    this.axes = List.of(axes);
    this.names = List.copyOf(expand(template, this.axes));
  }

  /// {@return the dotted name with its holes}
  public String template() {
    return template;
  }

  public Measure measure() {
    return measure;
  }

  /// {@return what exactly is counted}
  public String definition() {
    return definition;
  }

  public List<Axis> axes() {
    return axes;
  }

  /// {@return the names of all counters of the family, the last label varying fastest}
  public List<String> names() {
    return names;
  }

  private static List<String> expand(String template, List<Axis> axes) {
    List<String> result = List.of(template);
    for (Axis axis : axes) {
      List<String> longer = new ArrayList<>();
      for (String name : result) {
        axis.values().forEach(v -> longer.add(name.replace("{" + axis.label() + "}", v)));
      }
      result = longer;
    }
    return result;
  }
}
