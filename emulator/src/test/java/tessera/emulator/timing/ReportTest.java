package tessera.emulator.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tessera.emulator.Hart;

final class ReportTest {
  private static final Pipeline EDGE = Pipeline.of(Machines.edge16());

  private static Report report(Timing timing, List<Op> ops) {
    Hart hart = Machines.hart(Machines.isa(Machines.edge16()));
    Meter meter = Meter.of(hart, timing);
    ops.forEach(op -> op.tell(meter, EDGE, hart));
    return new Report(
        "tessera 0.1.0",
        Machines.edge16(),
        new Report.Specification("rv64imf_zicsr_xta", "ab"),
        timing,
        new Report.Program("gemm.s", "cd"),
        Report.Ending.exited(0),
        meter.finish());
  }

  private static final List<Op> GEMM =
      List.of(
          Op.move(false, 0, 1, 6, 0x8000_0000L, 16),
          Op.move(false, 4, 1, 6, 0x8000_0400L, 16),
          Op.product(0, 4, 8, 16, true),
          Op.move(true, 8, 1, 6, 0x8000_0800L, 16));

  @Test
  void theSummaryIsOneLine() {
    assertEquals(
        "guest exit 0 | 4 instructions | 16,384 MACs | 117 cycles (edge16, scoreboard)"
            + " | DRAM 2,048 B read, 1,024 B written | 1,234 ms",
        ReportText.summary(report(Timing.SCOREBOARD, GEMM), 1234));
    assertEquals(
        "guest exit 0 | 1 instruction | no cycles (edge16, none)"
            + " | DRAM 8 B read, 0 B written | 0 ms",
        ReportText.summary(report(Timing.NONE, List.of(Op.memory(false, 5, 6, 0x8000_0000L))), 0));
  }

  @Test
  void theTableNamesEveryCounterOnce() {
    Report report = report(Timing.SCOREBOARD, GEMM);
    String table = ReportText.table(report);
    String zeros = table.substring(table.indexOf("measured and 0:"));
    List<String> rows = table.substring(0, table.length() - zeros.length()).lines().toList();
    List<String> rest = List.of(zeros.split("[\\s,]+", -1));
    report
        .run()
        .byName()
        .forEach((name, value) -> {
          long shown = rows.stream().filter(r -> r.startsWith("  " + name + " ")).count();
          assertEquals(value == 0 ? 0 : 1, shown, name + " in\n" + table);
          assertEquals(value == 0, rest.contains(name), name + " in\n" + table);
        });
    assertTrue(table.contains("util.array                               0.137  "), table);
    assertTrue(table.contains("ai.dram                                 10.667  "), table);
    assertTrue(table.contains("mtx.busy                                    46  cycles"), table);
  }

  @Property(tries = 30)
  void theTableIsAtMost80ColumnsWide(@ForAll("streams") List<Op> ops) {
    for (Timing timing : Timing.values()) {
      String table = ReportText.table(report(timing, ops));
      table.lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }
  }

  @Provide
  Arbitrary<List<Op>> streams() {
    return Op.streams();
  }

  @Test
  void derivedValuesNeedTheirCounters() {
    Counters none = report(Timing.NONE, GEMM).run();
    assertEquals(OptionalDouble.empty(), Derived.INSTRUCTIONS_PER_CYCLE.value(none));
    assertEquals(OptionalDouble.of(1.0), Derived.MAPPED.value(none));
    Counters zero = report(Timing.SCOREBOARD, List.of()).run();
    for (Derived derived : Derived.values()) {
      assertEquals(OptionalDouble.empty(), derived.value(zero), derived.label());
    }
  }

  // --- JSON ---

  @Property(tries = 20)
  void equalRunsGiveEqualBytes(@ForAll("streams") List<Op> ops) {
    String one = report(Timing.SCOREBOARD, ops).data().json();
    assertEquals(one, report(Timing.SCOREBOARD, ops).data().json());
  }

  @Test
  void everyReportFollowsTheSchema() {
    Data schema = ReportSchema.data();
    for (Timing timing : Timing.values()) {
      List<String> wrong = new ArrayList<>();
      follows(schema, report(timing, GEMM).data(), "", wrong);
      assertEquals(List.of(), wrong);
    }
    List<String> wrong = new ArrayList<>();
    follows(schema, new Data.Fields(Map.of("schema", Data.of("x"))), "", wrong);
    assertTrue(wrong.contains("/schema: not tessera-report-1") && wrong.contains("/: no exit"));
  }

  /// The few words of JSON Schema that ours uses.
  private static void follows(Data schema, Data data, String at, List<String> wrong) {
    Map<String, Data> rules = fields(schema);
    if (rules.get("const") instanceof Data.Text(var word) && !data.equals(Data.of(word))) {
      wrong.add(at + ": not " + word);
    }
    if (rules.get("enum") instanceof Data.Items(var words) && !words.contains(data)) {
      wrong.add(at + ": not one of " + words);
    }
    switch (data) {
      case Data.Text _ -> type(rules, "string", at, wrong);
      case Data.Whole _ -> type(rules, "integer", at, wrong);
      case Data.Items(var items) -> {
        type(rules, "array", at, wrong);
        items.forEach(item -> follows(part(rules, "items"), item, at + "/-", wrong));
      }
      case Data.Fields(var parts) -> {
        type(rules, "object", at, wrong);
        Map<String, Data> known = fields(part(rules, "properties"));
        parts.forEach((name, value) ->
            follows(
                known.getOrDefault(name, part(rules, "additionalProperties")),
                value,
                at + "/" + name,
                wrong));
        if (rules.get("required") instanceof Data.Items(var needed)) {
          needed.stream()
              .map(n -> ((Data.Text) n).value())
              .filter(n -> !parts.containsKey(n))
              .forEach(n -> wrong.add(at + "/: no " + n));
        }
      }
    }
  }

  private static Data part(Map<String, Data> rules, String name) {
    return rules.getOrDefault(name, new Data.Fields(Map.of("type", Data.of("nothing"))));
  }

  private static Map<String, Data> fields(Data data) {
    return ((Data.Fields) data).values();
  }

  private static void type(Map<String, Data> rules, String type, String at, List<String> wrong) {
    Data wanted = rules.getOrDefault("type", Data.of(type));
    boolean right =
        switch (wanted) {
          case Data.Text(var word) -> word.equals(type);
          case Data.Items(var words) -> words.contains(Data.of(type));
          case Data.Whole _, Data.Fields _ -> false;
        };
    if (!right) {
      wrong.add(at + ": " + type);
    }
  }

  @Test
  void textIsEscaped() {
    Data data = new Data.Fields(Map.of("a", Data.of("\"\\\n\t\u0001é")));
    assertEquals("{\n  \"a\": \"\\\"\\\\\\n\\t\\u0001é\"\n}\n", data.json());
    assertEquals("[]\n", new Data.Items(List.of()).json());
  }

  // --- generated files ---

  @Test
  void theManualIsFresh() throws IOException {
    Golden.assertFresh("docs/counters.md", CounterManual.text());
  }

  @Test
  void theSchemaIsFresh() throws IOException {
    Golden.assertFresh("docs/schema/tessera-report-1.json", ReportSchema.data().json());
  }
}
