package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.List;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;

/// Makes bound expressions, folding what is constant.
final class Make {
  private Make() {}

  static Expr literal(Type type, BigInteger value) {
    return new Expr.Literal(type, Arithmetic.wrap(value, type));
  }

  static Expr bool(boolean value) {
    return new Expr.Literal(Type.BOOL, value ? BigInteger.ONE : BigInteger.ZERO);
  }

  static Expr number(BigInteger value) {
    return new Expr.Literal(new Type.Int(value, value), value);
  }

  static boolean isTrue(Expr expr) {
    return expr instanceof Expr.Literal(Type.Bool(), var value) && value.signum() != 0;
  }

  static boolean isFalse(Expr expr) {
    return expr instanceof Expr.Literal(Type.Bool(), var value) && value.signum() == 0;
  }

  static Expr binary(Expr.BinaryOp op, Expr left, Expr right, Type type) {
    if (left instanceof Expr.Literal l
        && right instanceof Expr.Literal r
        && !(type instanceof Type.Exact)) {
      return literal(type, Arithmetic.binary(op, l.value(), r.value(), type));
    }
    return new Expr.Binary(op, left, right, type);
  }

  static Expr unary(Expr.UnaryOp op, Expr of, Type type) {
    if (of instanceof Expr.Literal(_, var value) && !(type instanceof Type.Exact)) {
      return switch (op) {
        case NEGATE -> literal(type, value.negate());
        case COMPLEMENT -> literal(type, value.not());
        case NOT -> bool(value.signum() == 0);
      };
    }
    return new Expr.Unary(op, of, type);
  }

  static Expr compare(Expr.CompareOp op, Expr left, Expr right) {
    boolean numbers =
        left.type() instanceof Type.Int
            || left.type() instanceof Type.Bits
            || left.type() instanceof Type.Bool;
    if (numbers && left instanceof Expr.Literal l && right instanceof Expr.Literal r) {
      return bool(Arithmetic.compare(op, l.value().compareTo(r.value())));
    }
    return new Expr.Compare(op, left, right);
  }

  static Expr and(Expr left, Expr right) {
    if (isFalse(left) || isTrue(right)) {
      return left;
    }
    return isTrue(left) ? right : new Expr.And(left, right);
  }

  static Expr or(Expr left, Expr right) {
    if (isTrue(left) || isFalse(right)) {
      return left;
    }
    return isFalse(left) ? right : new Expr.Or(left, right);
  }

  static Expr not(Expr of) {
    return unary(Expr.UnaryOp.NOT, of, Type.BOOL);
  }

  static Expr slice(Expr of, int hi, int lo) {
    if (of instanceof Expr.Literal(_, var value)) {
      return literal(Type.bits(hi - lo + 1), value.shiftRight(lo));
    }
    if (lo == 0 && of.type() instanceof Type.Bits(_, int width) && hi == width - 1) {
      return reread(of, Type.bits(width));
    }
    return new Expr.Slice(of, hi, lo);
  }

  static Expr reread(Expr of, Type type) {
    if (of.type().equals(type)) {
      return of;
    }
    if (of instanceof Expr.Literal(_, var value) && type instanceof Type.Bits) {
      return literal(type, value);
    }
    return of instanceof Expr.Reread(var inner, _) && inner.type().equals(type)
        ? inner
        : new Expr.Reread(of, type);
  }

  static Expr resize(Expr.Extend how, Expr of, Type.Bits type) {
    int from = ((Type.Bits) of.type()).width();
    if (from == type.width()) {
      return reread(of, type);
    }
    if (of instanceof Expr.Literal(_, var value)) {
      Type.Reading reading = how == Expr.Extend.SEXT ? Type.Reading.SINT : Type.Reading.UINT;
      return literal(type, Arithmetic.wrap(value, new Type.Bits(reading, from)));
    }
    return new Expr.Resize(how, of, type);
  }

  /// {@return the numbers that bits can be, by their own reading}
  static Type.Int range(Type.Bits type) {
    BigInteger all = Arithmetic.ones(type.width());
    if (type.reading() != Type.Reading.SINT) {
      return new Type.Int(BigInteger.ZERO, all);
    }
    BigInteger half = Arithmetic.ones(type.width() - 1);
    return new Type.Int(half.not(), half);
  }

  /// Bits as a whole number, by their own reading.
  static Expr toInt(Expr of) {
    Type.Bits bits = (Type.Bits) of.type();
    if (of instanceof Expr.Literal(_, var value)) {
      return number(value);
    }
    return new Expr.ToInt(of, range(bits));
  }

  static Expr wrap(Expr of, Type type) {
    if (of instanceof Expr.Literal(var from, var value) && !(from instanceof Type.Floating)) {
      return literal(type, value);
    }
    return new Expr.Wrap(of, type);
  }

  static Expr inline(List<Stmt> statements, Expr result) {
    return statements.isEmpty() ? result : new Expr.Inline(statements, result);
  }

  static Stmt block(List<Stmt> statements) {
    return statements.size() == 1 ? statements.getFirst() : new Stmt.Block(List.copyOf(statements));
  }

  /// The interval of `left op right` on whole numbers, from the intervals' corners.
  static Type.Int interval(Expr.BinaryOp op, Type.Int left, Type.Int right) {
    BigInteger[] corners = {
      corner(op, left.min(), right.min()), corner(op, left.min(), right.max()),
      corner(op, left.max(), right.min()), corner(op, left.max(), right.max())
    };
    if (op == Expr.BinaryOp.REM) {
      BigInteger most = right.max().subtract(BigInteger.ONE).max(BigInteger.ZERO);
      boolean inside = left.min().signum() >= 0;
      return new Type.Int(BigInteger.ZERO, inside ? most.min(left.max()) : most);
    }
    if (op == Expr.BinaryOp.AND && left.min().signum() >= 0) {
      return new Type.Int(BigInteger.ZERO, left.max());
    }
    if (op == Expr.BinaryOp.OR || op == Expr.BinaryOp.XOR || op == Expr.BinaryOp.AND) {
      int bits = Math.max(left.max().bitLength(), right.max().bitLength());
      boolean negative = left.min().signum() < 0 || right.min().signum() < 0;
      int low = Math.max(left.min().bitLength(), right.min().bitLength());
      BigInteger least =
          negative ? BigInteger.ONE.shiftLeft(Math.max(low, bits)).negate() : BigInteger.ZERO;
      return new Type.Int(least, Arithmetic.ones(bits));
    }
    BigInteger min = corners[0];
    BigInteger max = corners[0];
    for (BigInteger c : corners) {
      min = min.min(c);
      max = max.max(c);
    }
    return new Type.Int(min, max);
  }

  private static BigInteger corner(Expr.BinaryOp op, BigInteger left, BigInteger right) {
    return switch (op) {
      case ADD -> left.add(right);
      case SUB -> left.subtract(right);
      case MUL -> left.multiply(right);
      case DIV -> right.signum() == 0 ? left : Arithmetic.floorDivide(left, right);
      case SHL -> left.shiftLeft(Math.min(right.bitLength() > 12 ? 4096 : right.intValue(), 4096));
      case SHR -> left.shiftRight(right.bitLength() > 12 ? 4096 : right.intValue());
      case MIN -> left.min(right);
      case MAX -> left.max(right);
      case REM, AND, OR, XOR -> BigInteger.ZERO;
    };
  }

  static Type.Int union(Type.Int a, Type.Int b) {
    return new Type.Int(a.min().min(b.min()), a.max().max(b.max()));
  }
}
