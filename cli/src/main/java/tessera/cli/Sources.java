package tessera.cli;

import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// Stretches of specification texts, to be shown.
final class Sources {
  private Sources() {}

  /// {@return where the item that the span lies in begins, and its whole text}
  static String item(Span span) {
    Source source = span.source();
    int from = source.text().lastIndexOf('\n', span.from()) + 1;
    return Renderer.printable(source.name())
        + ":"
        + span.line()
        + "\n"
        + lines(source.text(), from);
  }

  /// {@return the whole text of the item that the span lies in, on its own}
  static String itemText(Span span) {
    String text = span.source().text();
    return lines(text, text.lastIndexOf('\n', span.from()) + 1);
  }

  private static String lines(String text, int from) {
    String[] lines = text.substring(from, end(text, from)).split("\n", -1);
    int indent = lines[0].length() - lines[0].stripLeading().length();
    StringBuilder out = new StringBuilder();
    for (String line : lines) {
      int blanks = line.length() - line.stripLeading().length();
      String rest = line.substring(Math.min(indent, blanks)).stripTrailing();
      out.append("  ").append(Renderer.printable(rest)).append('\n');
    }
    return out.toString();
  }

  /// An item ends with the brace that closes its first one, or with a semicolon outside of any.
  private static int end(String text, int from) {
    int depth = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"' || c == '`') {
        at = endOfString(text, at);
      } else if (text.startsWith("//", at)) {
        at = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at);
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth <= 0 || c == ';' && depth == 0) {
        return at + 1;
      }
    }
    return text.length();
  }

  private static int endOfString(String text, int from) {
    int at = from + 1;
    char quote = text.charAt(from);
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }
}
