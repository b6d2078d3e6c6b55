package tessera.assembler.relocate;

/// A value that may depend on where symbols come to lie.
public sealed interface Expression {

  /// A number.
  record Constant(long value) implements Expression {
    @Override
    public int depth() {
      return 1;
    }
  }

  /// A symbol's value.
  record Reference(AsmSymbol symbol) implements Expression {
    @Override
    public int depth() {
      return 1;
    }
  }

  /// An operator before its operand.
  record Unary(UnaryOp op, Expression of, int depth) implements Expression {}

  /// An operator between its operands.
  record Binary(BinaryOp op, Expression left, Expression right, int depth) implements Expression {}

  /// The operators before an operand, as GNU as defines them.
  enum UnaryOp {
    NEGATE,
    COMPLEMENT,
    NOT;

    /// {@return the result on 64 bits}
    public long apply(long a) {
      return switch (this) {
        case NEGATE -> -a;
        case COMPLEMENT -> ~a;
        case NOT -> a == 0 ? 1 : 0;
      };
    }
  }

  /// The operators between operands, as GNU as defines them: comparisons give -1 or 0, `!` is
  /// or-not.
  enum BinaryOp {
    MULTIPLY,
    DIVIDE,
    REMAINDER,
    SHIFT_LEFT,
    SHIFT_RIGHT,
    OR,
    AND,
    XOR,
    OR_NOT,
    ADD,
    SUBTRACT,
    EQUAL,
    NOT_EQUAL,
    LESS,
    GREATER,
    LESS_EQUAL,
    GREATER_EQUAL,
    BOTH,
    EITHER;

    /// {@return whether the right operand makes the result undefined}
    public boolean dividesByZero(long right) {
      return right == 0 && (this == DIVIDE || this == REMAINDER);
    }

    /// {@return the result on 64 bits; the right operand of a division is not 0}
    public long apply(long a, long b) {
      return switch (this) {
        case MULTIPLY -> a * b;
        case DIVIDE -> a / b;
        case REMAINDER -> a % b;
        case SHIFT_LEFT -> b < 0 || b > 63 ? 0 : a << b;
        case SHIFT_RIGHT -> b < 0 || b > 63 ? 0 : a >>> b;
        case OR -> a | b;
        case AND -> a & b;
        case XOR -> a ^ b;
        case OR_NOT -> a | ~b;
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case EQUAL -> truth(a == b);
        case NOT_EQUAL -> truth(a != b);
        case LESS -> truth(a < b);
        case GREATER -> truth(a > b);
        case LESS_EQUAL -> truth(a <= b);
        case GREATER_EQUAL -> truth(a >= b);
        case BOTH -> a != 0 && b != 0 ? 1 : 0;
        case EITHER -> a != 0 || b != 0 ? 1 : 0;
      };
    }

    private static long truth(boolean holds) {
      return holds ? -1 : 0;
    }
  }

  /// Nothing deeper is built, so that no walk over an expression runs out of stack.
  int DEEPEST = 200;

  /// {@return the length of the longest path through it}
  int depth();

  /// {@return a number}
  static Expression of(long value) {
    return new Constant(value);
  }

  /// {@return a symbol's value}
  static Expression of(AsmSymbol symbol) {
    return new Reference(symbol);
  }

  /// {@return the operator applied, at once where the operand is a number}
  static Expression unary(UnaryOp op, Expression of) {
    return of instanceof Constant(var a)
        ? new Constant(op.apply(a))
        : new Unary(op, of, of.depth() + 1);
  }

  /// {@return the operator applied, at once where both operands are numbers}
  static Expression binary(BinaryOp op, Expression left, Expression right) {
    if (left instanceof Constant(var a)
        && right instanceof Constant(var b)
        && !op.dividesByZero(b)) {
      return new Constant(op.apply(a, b));
    }
    return new Binary(op, left, right, Math.max(left.depth(), right.depth()) + 1);
  }

  /// {@return this plus a number}
  default Expression plus(long addend) {
    return addend == 0 ? this : binary(BinaryOp.ADD, this, of(addend));
  }
}
