package tessera.assembler.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// A stretch of a source between line ends or semicolons, comments blanked.
///
/// @param places where its characters come from
/// @param offset of its first character among them
/// @param text what stands there; as long as it was, so that columns stay right
public record Statement(Places places, int offset, String text) {

  /// {@return the place of characters `from` to `to` of the text}
  public Span span(int from, int to) {
    return places.span(offset + from, offset + to);
  }

  /// {@return the place of all but the blanks around it}
  public Span span() {
    int from = text.length() - text.stripLeading().length();
    return span(from, text.stripTrailing().length());
  }

  /// {@return the source that it stands in}
  public Source source() {
    return places.source();
  }

  /// {@return the directive that it starts with after its labels, in small letters; empty: none}
  public String directive() {
    int at = afterLabels();
    if (at == text.length() || text.charAt(at) != '.') {
      return "";
    }
    return text.substring(at, wordEnd(at)).toLowerCase(Locale.ROOT);
  }

  private int afterLabels() {
    int at = skipBlanks(0);
    for (int end = wordEnd(at); end > at; end = wordEnd(at)) {
      int colon = skipBlanks(end);
      if (colon == text.length() || text.charAt(colon) != ':') {
        return at;
      }
      at = skipBlanks(colon + 1);
    }
    return at;
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private int wordEnd(int from) {
    int at = from;
    while (at < text.length() && isPartOfName(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// {@return whether a character may stand in a name}
  static boolean isPartOfName(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '.'
        || c == '$'
        || c >= 0x80;
  }

  /// {@return the statements of a source that are not blank}
  public static List<Statement> split(Source source) {
    return split(source.text(), new Places.Written(source));
  }

  /// {@return the statements of a text that are not blank}
  static List<Statement> split(String text, Places places) {
    return new Splitter(text, places).run();
  }

  /// Finds comments, strings and character literals, which may hide a separator.
  private static final class Splitter {
    private final String whole;
    private final Places places;
    private final char[] text;
    private final List<Statement> found = new ArrayList<>();
    private int start;
    private int at;

    Splitter(String whole, Places places) {
      this.whole = whole;
      this.places = places;
      this.text = whole.toCharArray();
    }

    List<Statement> run() {
      while (at < text.length) {
        switch (text[at]) {
          case '\n', ';' -> end();
          case '#' -> blankLine();
          case '/' -> slash();
          case '"' -> string();
          case '\'' -> character();
          default -> at++;
        }
      }
      end();
      return found;
    }

    private void end() {
      String statement = new String(text, start, Math.min(at, text.length) - start);
      if (!statement.isBlank()) {
        found.add(new Statement(places, start, statement));
      }
      at++;
      start = at;
    }

    private char next(int ahead) {
      return at + ahead < text.length ? text[at + ahead] : '\n';
    }

    private void blankLine() {
      while (at < text.length && text[at] != '\n') {
        text[at++] = ' ';
      }
    }

    private void slash() {
      if (next(1) == '/') {
        blankLine();
      } else if (next(1) == '*') {
        blankBlock();
      } else {
        at++;
      }
    }

    /// A comment over several lines does not end the statement.
    private void blankBlock() {
      int close = whole.indexOf("*/", at + 2);
      int to = close < 0 ? text.length : close + 2;
      while (at < to) {
        text[at++] = ' ';
      }
    }

    private void string() {
      at++;
      while (at < text.length && text[at] != '"' && text[at] != '\n') {
        at += text[at] == '\\' && next(1) != '\n' ? 2 : 1;
      }
      if (at < text.length && text[at] == '"') {
        at++;
      }
    }

    /// `'a`, `'a'`, `'\n'`: the closing quote may be missing.
    private void character() {
      at += next(1) == '\\' && next(2) != '\n' ? 3 : next(1) == '\n' ? 1 : 2;
      if (at < text.length && text[at] == '\'') {
        at++;
      }
    }
  }
}
