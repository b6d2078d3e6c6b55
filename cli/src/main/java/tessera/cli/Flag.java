package tessera.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One option of a verb, as parsed, explained and completed.
///
/// @param letter the short form without its dash, or null
/// @param name the long form without its dashes
/// @param value what follows it
/// @param help one sentence, no full stop
public record Flag(@Nullable String letter, String name, Value value, String help) {

  /// What an option takes.
  public sealed interface Value {
    /// Nothing: the option is there or not.
    record None() implements Value {}

    /// Any text; the label stands for it in the help.
    record Text(String label) implements Value {}

    /// Any text, and the option may be given several times.
    record Texts(String label) implements Value {}

    /// A file's name.
    record FileName(String label) implements Value {}

    /// Nothing, or `=` and a file's name.
    record OptionalFile(String label) implements Value {}

    /// A whole number, written `1000`, `1_000`, `0x10`, `1e6` or with `k M G` or `KiB MiB GiB`.
    record Count(String label, long least, long most) implements Value {}

    /// A number of seconds, `0.5` or `10`.
    record Seconds(String label) implements Value {}

    /// One of some words.
    record Choice(List<String> words) implements Value {}
  }

  /// {@return an option without a value}
  public static Flag of(@Nullable String letter, String name, String help) {
    return new Flag(letter, name, new Value.None(), help);
  }

  /// {@return the option as the help shows it: `-o, --output FILE`}
  public String shown() {
    String start = letter == null ? "    " : "-" + letter + ", ";
    String label = label();
    if (value instanceof Value.OptionalFile) {
      return start + "--" + name + "[=" + label + "]";
    }
    return start + "--" + name + (label.isEmpty() ? "" : " " + label);
  }

  /// {@return the stand-in for the value in the help, empty when there is none}
  public String label() {
    return switch (value) {
      case Value.None() -> "";
      case Value.Text(String label) -> label;
      case Value.Texts(String label) -> label;
      case Value.FileName(String label) -> label;
      case Value.OptionalFile(String label) -> label;
      case Value.Count(String label, _, _) -> label;
      case Value.Seconds(String label) -> label;
      case Value.Choice(List<String> words) -> String.join("|", words);
    };
  }

  /// {@return whether a value follows}
  public boolean takesValue() {
    return !(value instanceof Value.None);
  }
}
