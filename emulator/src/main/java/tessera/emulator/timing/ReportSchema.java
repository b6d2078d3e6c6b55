package tessera.emulator.timing;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON Schema of reports, `docs/schema/tessera-report-1.json`, made from the list of counters.
public final class ReportSchema {
  private ReportSchema() {}

  /// {@return the schema}
  public static Data data() {
    Map<String, Data> schema = new LinkedHashMap<>();
    schema.put("$schema", Data.of("https://json-schema.org/draft/2020-12/schema"));
    schema.put("title", Data.of(Report.SCHEMA));
    schema.put(
        "description",
        Data.of(
            "What one run was and what was counted in it. Numbers are integers; a counter that was"
                + " not measured is absent, which is not the same as 0."));
    Map<String, Data> parts = new LinkedHashMap<>();
    parts.put("schema", with(new LinkedHashMap<>(), "const", Data.of(Report.SCHEMA)));
    parts.put("tool", text("name and version of what ran it"));
    parts.put("machine", machine());
    parts.put("isa", hashed("canonical ISA string", "of the specification texts"));
    parts.put("timing", choice(Arrays.stream(Timing.values()).map(Timing::word).toList()));
    parts.put("program", hashed("the file's name without folders", "of its bytes"));
    parts.put("exit", exit());
    parts.put("regions", list(region(), "the whole run first, then what the program marked"));
    return object(schema, parts, List.copyOf(parts.keySet()));
  }

  private static Data machine() {
    Map<String, Data> unit = new LinkedHashMap<>();
    unit.put("name", text("as costs name it"));
    unit.put("kind", text("what the timing model knows it as"));
    Map<String, Data> keys = new LinkedHashMap<>();
    keys.put("type", Data.of("object"));
    keys.put(
        "additionalProperties",
        with(new LinkedHashMap<>(), "type", Data.of(List.of("integer", "string"))));
    unit.put("keys", new Data.Fields(keys));
    Map<String, Data> parts = new LinkedHashMap<>();
    parts.put("name", text("the machine's name"));
    parts.put("parameters", numbers("every parameter's value, overrides included"));
    parts.put("overridden", list(text("a parameter"), "the parameters that were set by --set"));
    parts.put("units", list(object(unit), "its parts, by name"));
    Map<String, Data> costs = new LinkedHashMap<>();
    costs.put("type", Data.of("object"));
    costs.put("description", Data.of("costs that the machine overrides, by class or mnemonic"));
    costs.put("additionalProperties", numbers("key to value"));
    parts.put("costs", new Data.Fields(costs));
    return object(parts);
  }

  private static Data exit() {
    Map<String, Data> parts = new LinkedHashMap<>();
    parts.put("status", choice(List.of("exited", "fault", "budget", "host-error")));
    Map<String, Data> code = new LinkedHashMap<>();
    code.put("type", Data.of("integer"));
    code.put("description", Data.of("the guest's exit code; absent where it did not exit"));
    parts.put("code", new Data.Fields(code));
    parts.put("words", text("the same in words"));
    return object(new LinkedHashMap<>(), parts, List.of("status", "words"));
  }

  private static Data region() {
    Map<String, Data> parts = new LinkedHashMap<>();
    parts.put("name", text("run, or the number of the marker"));
    parts.put("kind", choice(List.of("run", "marker", "symbol", "group")));
    Map<String, Data> counters = new LinkedHashMap<>();
    for (Counter family : Counter.values()) {
      for (String name : family.names()) {
        Map<String, Data> counter = new LinkedHashMap<>();
        counter.put("type", Data.of("integer"));
        counter.put("description", Data.of(family.measure().word() + ": " + family.definition()));
        counters.put(name, new Data.Fields(counter));
      }
    }
    parts.put("counters", object(counters, List.of()));
    return object(parts);
  }

  private static Data hashed(String name, String hash) {
    Map<String, Data> parts = new LinkedHashMap<>();
    parts.put("name", text(name));
    parts.put("sha256", text(hash));
    return object(parts);
  }

  private static Data object(Map<String, Data> parts) {
    return object(parts, List.copyOf(parts.keySet()));
  }

  private static Data object(Map<String, Data> parts, List<String> required) {
    return object(new LinkedHashMap<>(), parts, required);
  }

  private static Data object(Map<String, Data> head, Map<String, Data> parts, List<String> needed) {
    head.put("type", Data.of("object"));
    head.put("properties", new Data.Fields(parts));
    head.put("required", Data.of(needed));
    return new Data.Fields(head);
  }

  private static Data list(Data item, String description) {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("type", Data.of("array"));
    fields.put("description", Data.of(description));
    fields.put("items", item);
    return new Data.Fields(fields);
  }

  private static Data numbers(String description) {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("type", Data.of("object"));
    fields.put("description", Data.of(description));
    fields.put("additionalProperties", with(new LinkedHashMap<>(), "type", Data.of("integer")));
    return new Data.Fields(fields);
  }

  private static Data text(String description) {
    Map<String, Data> fields = new LinkedHashMap<>();
    fields.put("type", Data.of("string"));
    fields.put("description", Data.of(description));
    return new Data.Fields(fields);
  }

  private static Data choice(List<String> words) {
    return with(new LinkedHashMap<>(), "enum", Data.of(words));
  }

  private static Data with(Map<String, Data> fields, String name, Data value) {
    fields.put(name, value);
    return new Data.Fields(fields);
  }
}
