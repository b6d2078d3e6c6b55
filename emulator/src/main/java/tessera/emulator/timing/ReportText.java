package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Prints a report for a person, at most 80 columns wide.
public final class ReportText {
  private static final int WIDTH = 80;

  private ReportText() {}

  /// {@return the run in one line: how it ended, instructions, products, cycles, memory, time}
  ///
  /// @param milliseconds that the run took here
  public static String summary(Report report, long milliseconds) {
    Counters run = report.run();
    List<String> parts = new ArrayList<>();
    parts.add(report.ending().words());
    parts.add(amount(run.get(Counter.RETIRED).orElse(0), "instruction"));
    long macs = run.get(Counter.MACS_USEFUL).orElse(0);
    if (macs != 0) {
      parts.add(amount(macs, "MAC"));
    }
    String machine = report.machine().name();
    String how = " (" + machine + ", " + report.timing().word() + ")";
    OptionalLong cycles = run.get(Counter.CYCLES);
    parts.add(cycles.isPresent() ? amount(cycles.getAsLong(), "cycle") + how : "no cycles" + how);
    parts.add(
        "DRAM "
            + number(Derived.bytes(run, "dram", "rd"))
            + " B read, "
            + number(Derived.bytes(run, "dram", "wr"))
            + " B written");
    parts.add(number(milliseconds) + " ms");
    return String.join(" | ", parts);
  }

  /// {@return all that was counted and what follows from it, a table for each region}
  public static String table(Report report) {
    StringBuilder out = new StringBuilder();
    for (Region region : report.regions()) {
      if (!out.isEmpty()) {
        out.append('\n');
      }
      String what =
          switch (region.kind()) {
            case RUN -> "whole run";
            case MARKER -> "region " + region.name();
          };
      out.append(what).append(" (").append(report.machine().name()).append(", ");
      out.append(report.timing().word()).append(")\n");
      table(region.counters(), out);
    }
    return out.toString();
  }

  private static void table(Counters counters, StringBuilder out) {
    Map<String, Long> values = counters.byName();
    long t = counters.get(Counter.CYCLES).orElse(0);
    List<String> zeros = new ArrayList<>();
    for (Counter family : Counter.values()) {
      for (String name : family.names()) {
        Long value = values.get(name);
        if (value != null && value == 0) {
          zeros.add(name);
        } else if (value != null) {
          boolean share = family.measure() == Counter.Measure.CYCLES && t > 0;
          String percent = share ? percent((double) value / t) : "";
          row(out, name, number(value), family.measure().word(), percent);
        }
      }
    }
    for (Derived derived : Derived.values()) {
      OptionalDouble value = derived.value(counters);
      value.ifPresent(v ->
          row(out, derived.label(), String.format(Locale.ROOT, "%,.3f", v), derived.unit(), ""));
    }
    if (!zeros.isEmpty()) {
      wrap("  measured and 0:", zeros, out);
    }
  }

  private static void row(
      StringBuilder out, String name, String value, String unit, String percent) {
    String line = String.format(Locale.ROOT, "  %-26s %19s  %-21s %7s", name, value, unit, percent);
    out.append(line.stripTrailing()).append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static void wrap(String head, List<String> words, StringBuilder out) {
    StringBuilder line = new StringBuilder(head);
    for (int i = 0; i < words.size(); i++) {
      String word = " " + words.get(i) + (i + 1 < words.size() ? "," : "");
      if (line.length() + word.length() > WIDTH) {
        out.append(line).append('\n');
        line.setLength(0);
        line.append("   ");
      }
      line.append(word);
    }
    out.append(line).append('\n');
  }

  private static String amount(long n, String what) {
    return number(n) + " " + what + (n == 1 ? "" : "s");
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
