package tessera.isaspec.diagnostic;

/// A stretch of a source: characters `from` (inclusive) to `to` (exclusive).
public record Span(Source source, int from, int to) {

  public Span {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("span " + from + ".." + to);
    }
  }

  /// {@return the place as every tool of the field writes it, `file:line:col`}
  public String place() {
    return source.name() + ":" + line() + ":" + column();
  }

  /// {@return the 1-based line of the first character}
  public int line() {
    return source.line(from);
  }

  /// {@return the 1-based column of the first character}
  public int column() {
    return source.column(from);
  }

  /// {@return the text that the span covers}
  public String text() {
    return source.text().substring(from, Math.min(to, source.text().length()));
  }

  /// {@return whether `other` lies in this one}
  public boolean contains(Span other) {
    return source.equals(other.source) && from <= other.from && other.to <= to;
  }

  /// {@return the smallest span that covers both; `other` lies in the same source}
  public Span to(Span other) {
    return new Span(source, Math.min(from, other.from), Math.max(to, other.to));
  }

  @Override
  public String toString() {
    return place();
  }
}
