package tessera.emulator.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A line of a commit log, read again.
///
/// @param number of the line, from 1
/// @param text the line
/// @param effects what it changed, each with its name: `x5`, `c768_mstatus`, `mem 0x…`; sorted,
///   since programs that write logs order them differently
public record Commit(
    long number, String text, int core, int privilege, long pc, long word, List<Effect> effects) {

  /// A change.
  ///
  /// @param value empty: only that it was touched
  public record Effect(String name, String value) {}

  public Commit {
    effects = List.copyOf(effects);
  }

  /// {@return the commit that a line tells of; null: it tells of none}
  public static @Nullable Commit parse(long number, String line) {
    String[] words = line.strip().split("\\s+", -1);
    if (words.length < 4 || !words[0].equals("core") || !words[1].endsWith(":")) {
      return null;
    }
    try {
      int core = Integer.parseInt(words[1].substring(0, words[1].length() - 1));
      boolean level = words[2].length() == 1;
      int at = level ? 3 : 2;
      String word = words[at + 1];
      if (!word.startsWith("(0x") || !word.endsWith(")")) {
        return null;
      }
      return new Commit(
          number,
          line,
          core,
          level ? Integer.parseInt(words[2]) : -1,
          hex(words[at]),
          hex(word.substring(1, word.length() - 1)),
          effects(words, at + 2));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static long hex(String text) {
    if (!text.startsWith("0x")) {
      throw new NumberFormatException(text);
    }
    return Long.parseUnsignedLong(text.substring(2), 16);
  }

  private static List<Effect> effects(String[] words, int from) {
    TreeMap<String, String> found = new TreeMap<>();
    for (int i = from; i < words.length; i++) {
      boolean memory = words[i].equals("mem");
      if (memory && i + 1 < words.length) {
        boolean stored = i + 2 < words.length && words[i + 2].startsWith("0x");
        String name = (stored ? "store to " : "load from ") + words[i + 1];
        found.put(name, stored ? words[i + 2] : "");
        i += stored ? 2 : 1;
      } else if (i + 1 < words.length && words[i + 1].startsWith("0x")) {
        found.put(words[i], words[i + 1]);
        i++;
      } else if (!words[i].isEmpty()) {
        found.put(words[i], "");
      }
    }
    List<Effect> effects = new ArrayList<>();
    found.forEach((name, value) -> effects.add(new Effect(name, value)));
    return effects;
  }

  /// {@return in what two commits differ; empty: in nothing}
  public String differenceTo(Commit other) {
    if (pc != other.pc) {
      return "pc: " + shown(pc) + " and " + shown(other.pc);
    }
    if (word != other.word) {
      return "instruction: " + shown(word) + " and " + shown(other.word);
    }
    if (core != other.core) {
      return "core: " + core + " and " + other.core;
    }
    if (privilege != other.privilege && privilege >= 0 && other.privilege >= 0) {
      return "privilege: " + privilege + " and " + other.privilege;
    }
    return effects.equals(other.effects) ? "" : effects(other);
  }

  private String effects(Commit other) {
    List<String> parts = new ArrayList<>();
    for (Effect e : effects) {
      String theirs = other.value(e.name);
      if (theirs == null) {
        parts.add(e.name + ": " + (e.value.isEmpty() ? "there" : e.value) + " and nothing");
      } else if (!theirs.equals(e.value)) {
        parts.add(e.name + ": " + e.value + " and " + theirs);
      }
    }
    for (Effect e : other.effects) {
      if (value(e.name) == null) {
        parts.add(e.name + ": nothing and " + (e.value.isEmpty() ? "there" : e.value));
      }
    }
    return String.join("; ", parts);
  }

  private @Nullable String value(String name) {
    return effects.stream()
        .filter(e -> e.name.equals(name))
        .map(Effect::value)
        .findFirst()
        .orElse(null);
  }

  private static String shown(long value) {
    return "0x" + Long.toHexString(value);
  }
}
