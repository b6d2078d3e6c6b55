package tessera.isaspec.text;

import java.util.List;
import tessera.isaspec.diagnostic.Span;

/// Text with {holes}: a name, a template, a message.
public record Holed(List<Piece> pieces, Span span) {

  /// Text, or a hole.
  public sealed interface Piece {
    record Chars(String text) implements Piece {}

    /// @param raw the hole as written, without braces
    record Hole(String raw, Term term) implements Piece {}
  }

  /// {@return whether it has no hole}
  public boolean plain() {
    return pieces.stream().allMatch(Piece.Chars.class::isInstance);
  }

  /// {@return the text as written}
  public String raw() {
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Chars(var text) -> out.append(text);
        case Piece.Hole(var text, _) -> out.append('{').append(text).append('}');
      }
    }
    return out.toString();
  }
}
