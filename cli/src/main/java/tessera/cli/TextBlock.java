package tessera.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Words filled into lines.
final class TextBlock {
  private TextBlock() {}

  /// {@return the lines that hold the words of a text, none longer than `width` unless a word is}
  static List<String> lines(String text, int width) {
    return lines(Arrays.asList(text.strip().split("\\s+", -1)), width);
  }

  private static List<String> lines(Collection<String> words, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /// {@return the text filled into lines, each with its end}
  static String filled(String text, int width) {
    return String.join("\n", lines(text, width)) + "\n";
  }

  /// {@return the words filled into lines, each with its end; nothing for no words}
  static String wrapped(Collection<String> words, int width) {
    return words.isEmpty() ? "" : String.join("\n", lines(words, width)) + "\n";
  }
}
