package tessera.assembler.parser;

import java.util.Arrays;
import java.util.List;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// Characters, each with its place in a source: the body of a macro, or what it expands to.
final class Passage {
  private final Source source;
  private final StringBuilder text = new StringBuilder();
  private int[] from = new int[64];
  private int[] to = new int[64];

  Passage(Source source) {
    this.source = source;
  }

  /// {@return the lines of some statements}
  static Passage of(List<Statement> statements, Source source) {
    Passage passage = new Passage(source);
    for (Statement statement : statements) {
      for (int i = 0; i < statement.text().length(); i++) {
        passage.append(statement.text().charAt(i), statement.span(i, i + 1));
      }
      passage.append('\n', statement.span(statement.text().length(), 0));
    }
    return passage;
  }

  private void append(char c, Span place) {
    append(c, place.from(), place.to());
  }

  private void append(char c, int start, int end) {
    int length = text.length();
    if (length == from.length) {
      from = Arrays.copyOf(from, 2 * length);
      to = Arrays.copyOf(to, 2 * length);
    }
    from[length] = start;
    to[length] = end;
    text.append(c);
  }

  /// Copies a character of another one.
  void copy(Passage other, int index) {
    append(other.text.charAt(index), other.from[index], other.to[index]);
  }

  /// Appends what stands for characters `start` to `end` of another one.
  void replace(Passage other, int start, int end, CharSequence by) {
    int first = other.from[start];
    int last = Math.max(first, other.to[Math.max(start, end - 1)]);
    for (int i = 0; i < by.length(); i++) {
      append(by.charAt(i), first, last);
    }
  }

  int length() {
    return text.length();
  }

  char at(int index) {
    return text.charAt(index);
  }

  String text() {
    return text.toString();
  }

  /// {@return where a character comes from}
  Span span(int index) {
    return new Span(source, from[index], to[index]);
  }

  Source source() {
    return source;
  }

  /// {@return its statements, in a source that is this one's twin}
  List<Statement> statements(Source twin) {
    int length = text.length();
    return Statement.split(
        text.toString(),
        new Places.Composed(twin, Arrays.copyOf(from, length), Arrays.copyOf(to, length)));
  }
}
