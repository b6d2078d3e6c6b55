package tessera.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a long comparison came to, as text that is kept: `docs/conformance.md` shows it.
///
/// A line is a key, a blank and a value; an empty line ends a campaign, `#` begins a comment. A
/// `note` is written by hand: what was found, and what became of it.
///
/// @param values the values by key
public record CampaignRecord(Map<String, String> values) {
  /// The executions that every instruction should have.
  public static final long ENOUGH = 1_000;

  private static final List<String> SHOWN =
      List.of(
          "date",
          "against",
          "vlen",
          "seed",
          "minutes",
          "cases",
          "instructions",
          "traps",
          "least",
          "fewer",
          "differences",
          "waived",
          "jdk",
          "cpu");

  public CampaignRecord {
    values = Map.copyOf(values);
  }

  /// What was counted.
  ///
  /// @param coverage the executions, of all vector lengths together
  public record Counts(Coverage coverage, long cases, long differences, long waived) {}

  /// {@return a record of counts, and of what is told beside them: `date`, `against`, `isa`,
  /// `vlen`, `seed`, `minutes`, `jdk`, `cpu`}
  public static CampaignRecord of(Map<String, String> told, Counts counts) {
    Map<String, String> values = new TreeMap<>(told);
    Coverage coverage = counts.coverage();
    values.put("cases", Long.toString(counts.cases()));
    values.put("instructions", Long.toString(coverage.executions()));
    values.put("traps", Long.toString(coverage.traps()));
    values.put("differences", Long.toString(counts.differences()));
    values.put("waived", Long.toString(counts.waived()));
    values.put("least", least(coverage));
    values.put("fewer", fewer(coverage));
    return new CampaignRecord(values);
  }

  private static String least(Coverage coverage) {
    return coverage.names().stream()
        .min(Comparator.comparingLong(coverage::runs))
        .map(
            n -> coverage.runs(n) + " (" + n + ", of " + coverage.names().size() + " instructions)")
        .orElse("0");
  }

  private static String fewer(Coverage coverage) {
    String names =
        coverage.names().stream()
            .filter(n -> coverage.runs(n) < ENOUGH)
            .map(n -> n + " " + coverage.runs(n))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  /// {@return it as text}
  public String text() {
    StringBuilder text = new StringBuilder();
    for (String key : SHOWN) {
      String value = values.get(key);
      if (value != null) {
        text.append(key).append(' ').append(value).append('\n');
      }
    }
    return text.append("isa ").append(values.getOrDefault("isa", "")).append("\n\n").toString();
  }

  /// {@return the records of a text}
  public static List<CampaignRecord> parse(String text) {
    List<CampaignRecord> all = new ArrayList<>();
    Map<String, String> values = new TreeMap<>();
    for (String line : (text + "\n\n").lines().toList()) {
      if (line.startsWith("#")) {
        continue;
      }
      int blank = line.indexOf(' ');
      if (blank > 0) {
        values.put(line.substring(0, blank), line.substring(blank + 1));
      } else if (line.isBlank() && !values.isEmpty()) {
        all.add(new CampaignRecord(values));
        values.clear();
      }
    }
    return all;
  }

  /// {@return it as a list of Markdown}
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "- %s, against %s, VLEN %s, seed %s: **%s instructions** executed in %s cases (and %s"
                + " traps), **%s differences**, %s waived as listed below.%n",
            value("date"),
            value("against"),
            value("vlen"),
            value("seed"),
            count("instructions"),
            count("cases"),
            count("traps"),
            count("differences"),
            count("waived")));
    text.append(
        String.format(
            Locale.ROOT,
            "  Least executions of an instruction: %s; with fewer than 1,000: %s. %s minutes on %s,"
                + " JDK %s; `%s`.%n",
            value("least"),
            value("fewer"),
            value("minutes"),
            value("cpu"),
            value("jdk"),
            value("isa")));
    String note = values.get("note");
    return (note == null ? text : text.append("  ").append(note).append('\n')).toString();
  }

  private String value(String key) {
    return values.getOrDefault(key, "?");
  }

  private String count(String key) {
    return String.format(Locale.ROOT, "%,d", Long.parseLong(values.getOrDefault(key, "0")));
  }
}
