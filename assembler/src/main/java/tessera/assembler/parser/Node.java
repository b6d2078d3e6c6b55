package tessera.assembler.parser;

import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.Expression.BinaryOp;
import tessera.assembler.relocate.Expression.UnaryOp;
import tessera.isaspec.diagnostic.Span;

/// An expression as written: names are not looked up yet.
public sealed interface Node {

  /// {@return where it stands}
  Span span();

  /// A number or character.
  record Number(long value, Span span) implements Node {}

  /// A symbol's name, or `.`, this place.
  record Name(String name, Span span) implements Node {
    /// {@return whether it is `.`}
    public boolean isHere() {
      return name.equals(".");
    }
  }

  /// `1f` or `1b`: the next or latest label of that number.
  record Local(int number, boolean ahead, Span span) implements Node {}

  /// An operator before its operand.
  record Unary(UnaryOp op, Node of, Span span) implements Node {}

  /// An operator between its operands.
  record Binary(BinaryOp op, Node left, Node right, Span span) implements Node {}

  /// What an operand may be: an expression, or a relocation function of one (`%lo(sym)`).
  ///
  /// @param function its name without `%`, or null
  record Operand(@Nullable String function, Node expression, Span span) {}
}
