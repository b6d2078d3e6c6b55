package tessera.emulator.timing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// The manual page of counters, `docs/counters.md`, made from [Counter] and [Derived].
public final class CounterManual {
  private CounterManual() {}

  /// {@return the page}
  public static String text() {
    StringBuilder out = new StringBuilder(head());
    out.append('\n');
    for (Counter family : Counter.values()) {
      out.append("## `").append(family.template()).append("`\n\n");
      out.append("Unit: ").append(family.measure().word()).append(". ");
      out.append(sentence(family.definition())).append("\n\n");
      for (Counter.Axis axis : family.axes()) {
        out.append("- ").append(axis.label()).append(": ");
        out.append(quoted(axis.values())).append('\n');
      }
      if (!family.axes().isEmpty()) {
        out.append('\n');
      }
    }
    out.append("## Derived values\n\n");
    out.append("Shown in tables, never stored: whoever needs one works it out again.\n\n");
    out.append("| Name | Unit | Meaning |\n|---|---|---|\n");
    for (Derived derived : Derived.values()) {
      out.append("| `").append(derived.label()).append("` | ").append(derived.unit());
      out.append(" | ").append(derived.definition()).append(" |\n");
    }
    return out.toString();
  }

  /// What no list tells, as it stands in `counters.md` beside this class.
  private static String head() {
    try (InputStream in = CounterManual.class.getResourceAsStream("counters.md")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sentence(String definition) {
    String first = definition.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
    return first + definition.substring(1) + ".";
  }

  private static String quoted(List<String> values) {
    return String.join(", ", values.stream().map(v -> "`" + v + "`").toList());
  }
}
