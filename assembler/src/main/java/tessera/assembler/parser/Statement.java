package tessera.assembler.parser;

import java.util.ArrayList;
import java.util.List;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// A stretch of a source between line ends or semicolons, comments blanked.
///
/// @param offset of its first character in the source
/// @param text what stands there; as long as it was, so that columns stay right
public record Statement(Source source, int offset, String text) {

  /// {@return the place of characters `from` to `to` of the text}
  public Span span(int from, int to) {
    return new Span(source, offset + from, offset + Math.max(from, to));
  }

  /// {@return the statements of a source that are not blank}
  public static List<Statement> split(Source source) {
    return new Splitter(source).run();
  }

  /// Finds comments, strings and character literals, which may hide a separator.
  private static final class Splitter {
    private final Source source;
    private final char[] text;
    private final List<Statement> found = new ArrayList<>();
    private int start;
    private int at;

    Splitter(Source source) {
      this.source = source;
      this.text = source.text().toCharArray();
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
        found.add(new Statement(source, start, statement));
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
      int close = source.text().indexOf("*/", at + 2);
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
