package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import tessera.isaspec.Machine;

/// What a run was and what was counted, as data (timing.md 2.6). The same program on the same
/// machine gives the same report, to the byte: there is no time of day and no path in it.
///
/// @param tool name and version of what ran it
/// @param machine the machine with all its parameters
/// @param isa what the program could use
/// @param timing how time was told
/// @param program what ran
/// @param ending how it ended
/// @param regions the whole run first
public record Report(
    String tool,
    Machine machine,
    Specification isa,
    Timing timing,
    Program program,
    Ending ending,
    List<Region> regions) {

  /// The schema's name; renaming or removing a counter makes another one.
  public static final String SCHEMA = "tessera-report-1";

  /// The instruction set.
  ///
  /// @param name the canonical ISA string
  /// @param hash of the texts, in hexadecimal
  public record Specification(String name, String hash) {}

  /// The program.
  ///
  /// @param name its file's name without folders
  /// @param hash of its bytes, in hexadecimal
  public record Program(String name, String hash) {}

  /// How a run ended.
  ///
  /// @param status `exited`, `fault`, `budget` or `host-error`
  /// @param code the guest's exit code, where it has one
  /// @param words in words, as the summary says it
  public record Ending(String status, OptionalLong code, String words) {

    /// {@return the guest's own end}
    public static Ending exited(int code) {
      return new Ending("exited", OptionalLong.of(code), "guest exit " + code);
    }

    /// {@return a trap that nothing handled}
    public static Ending fault(String trap) {
      return new Ending("fault", OptionalLong.empty(), "guest fault: " + trap);
    }

    /// {@return the instruction budget's end, or a guest that can never end}
    public static Ending budget() {
      return new Ending("budget", OptionalLong.empty(), "stopped by the budget");
    }
  }

  public Report {
    regions = List.copyOf(regions);
  }

  /// {@return the whole run}
  public Counters run() {
    return regions.getFirst().counters();
  }

  /// {@return the document, in its order}
  public Data data() {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("schema", Data.of(SCHEMA));
    fields.put("tool", Data.of(tool));
    fields.put("machine", machineData());
    fields.put("isa", fields("name", isa.name(), "sha256", isa.hash()));
    fields.put("timing", Data.of(timing.word()));
    fields.put("program", fields("name", program.name(), "sha256", program.hash()));
    Map<String, Data> exit = new LinkedHashMap<>();
    exit.put("status", Data.of(ending.status()));
    ending.code().ifPresent(code -> exit.put("code", Data.of(code)));
    exit.put("words", Data.of(ending.words()));
    fields.put("exit", new Data.Fields(exit));
    fields.put("regions", new Data.Items(regions.stream().map(Report::regionData).toList()));
    return new Data.Fields(fields);
  }

  private static Data fields(String name, String value, String other, String otherValue) {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put(name, Data.of(value));
    fields.put(other, Data.of(otherValue));
    return new Data.Fields(fields);
  }

  private Data machineData() {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("name", Data.of(machine.name()));
    fields.put("parameters", Data.of(new TreeMap<>(machine.parameters())));
    fields.put("overridden", Data.of(machine.overridden().stream().sorted().toList()));
    List<Data> units = new ArrayList<>();
    machine.units().stream()
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .forEach(u -> units.add(unitData(u)));
    fields.put("units", new Data.Items(units));
    Map<String, Data> costs = new LinkedHashMap<>();
    new TreeMap<>(machine.costs()).forEach((k, v) -> costs.put(k, Data.of(new TreeMap<>(v))));
    fields.put("costs", new Data.Fields(costs));
    return new Data.Fields(fields);
  }

  private static Data unitData(Machine.Unit unit) {
    Map<String, Data> keys = new TreeMap<>();
    unit.keys().forEach((key, value) -> keys.put(key, Data.of(value)));
    unit.words().forEach((key, value) -> keys.put(key, Data.of(value)));
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("name", Data.of(unit.name()));
    fields.put("kind", Data.of(unit.kind().word()));
    fields.put("keys", new Data.Fields(keys));
    return new Data.Fields(fields);
  }

  private static Data regionData(Region region) {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("name", Data.of(region.name()));
    fields.put("kind", Data.of(region.kind().word()));
    fields.put("counters", Data.of(region.counters().byName()));
    return new Data.Fields(fields);
  }
}
