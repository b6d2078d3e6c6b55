package tessera.assembler.parser;

import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// Where the characters of a text come from: a text as it was written knows it by counting, one
/// that a macro made keeps the place of each character.
public sealed interface Places {

  /// {@return where characters `from` to `to` come from, the last not included}
  Span span(int from, int to);

  /// {@return the text that they lie in}
  Source source();

  /// A text as it was written.
  record Written(Source source) implements Places {
    @Override
    public Span span(int from, int to) {
      return new Span(source, from, Math.max(from, to));
    }
  }

  /// A text that was put together: what stands for an argument comes from the parameter's name.
  final class Composed implements Places {
    private final Source source;
    private final int[] from;
    private final int[] to;

    Composed(Source source, int[] from, int[] to) {
      this.source = source;
      this.from = from;
      this.to = to;
    }

    @Override
    public Source source() {
      return source;
    }

    @Override
    public Span span(int first, int last) {
      if (from.length == 0) {
        return new Span(source, 0, 0);
      }
      int start = from[Math.clamp(first, 0, from.length - 1)];
      int end = last <= first ? start : to[Math.clamp(last - 1, 0, to.length - 1)];
      return new Span(source, start, Math.max(start, end));
    }
  }
}
