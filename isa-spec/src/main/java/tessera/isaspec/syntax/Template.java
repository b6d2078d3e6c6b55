package tessera.isaspec.syntax;

import java.util.List;
import java.util.stream.Collectors;

/// A piece of assembly text with holes: `{rd}, {imm}({rs1})`.
public record Template(List<Piece> pieces) {

  /// Text, or a hole.
  public sealed interface Piece {
    /// Text as it stands.
    record Text(String text) implements Piece {}

    /// The place of an operand (in an alias: of a name).
    record Hole(String name) implements Piece {}
  }

  public Template {
    pieces = List.copyOf(pieces);
  }

  /// {@return the names of its holes in order}
  public List<String> holes() {
    return pieces.stream()
        .filter(Piece.Hole.class::isInstance)
        .map(p -> ((Piece.Hole) p).name())
        .toList();
  }

  @Override
  public String toString() {
    return pieces.stream()
        .map(p ->
            switch (p) {
              case Piece.Text(var text) -> text;
              case Piece.Hole(var name) -> "{" + name + "}";
            })
        .collect(Collectors.joining());
  }
}
