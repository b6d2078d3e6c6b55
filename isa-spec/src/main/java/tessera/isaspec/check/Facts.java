package tessera.isaspec.check;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;

/// What is known to hold where a term stands: the conditions of legality, the guards around it, the
/// bounds of its loops. With it an index is proved to lie inside what it selects from.
///
/// Knowledge is a chain of `left <= right + slack`, and of names with the values they stand for.
/// The search is small on purpose: what it cannot see an author can say with a `legal` or an `if`.
final class Facts {
  static final Facts NONE = new Facts(null, null, null, BigInteger.ZERO, null);

  private static final int STEPS = 6;

  private final @Nullable Facts rest;
  private final @Nullable Expr left;
  private final @Nullable Expr right;
  private final BigInteger slack;
  private final @Nullable Local named;

  private Facts(
      @Nullable Facts rest,
      @Nullable Expr left,
      @Nullable Expr right,
      BigInteger slack,
      @Nullable Local named) {
    this.rest = rest;
    this.left = left;
    this.right = right;
    this.slack = slack;
    this.named = named;
  }

  /// {@return these and a condition that holds}
  Facts and(Expr condition) {
    return switch (condition) {
      case Expr.And(var a, var b) -> and(a).and(b);
      case Expr.Unary(Expr.UnaryOp op, var of, _) when op == Expr.UnaryOp.NOT -> andNot(of);
      case Expr.Compare(var op, var a, var b) when isWhole(a) && isWhole(b) -> compared(op, a, b);
      default -> this;
    };
  }

  /// {@return these and a condition that does not hold}
  Facts andNot(Expr condition) {
    return switch (condition) {
      case Expr.Or(var a, var b) -> andNot(a).andNot(b);
      case Expr.Unary(Expr.UnaryOp op, var of, _) when op == Expr.UnaryOp.NOT -> and(of);
      case Expr.Compare(var op, var a, var b) when isWhole(a) && isWhole(b) ->
          compared(opposite(op), a, b);
      default -> this;
    };
  }

  private Facts compared(Expr.CompareOp op, Expr a, Expr b) {
    return switch (op) {
      case LT -> atMost(a, b, BigInteger.ONE.negate());
      case LE -> atMost(a, b, BigInteger.ZERO);
      case GT -> atMost(b, a, BigInteger.ONE.negate());
      case GE -> atMost(b, a, BigInteger.ZERO);
      case EQ -> atMost(a, b, BigInteger.ZERO).atMost(b, a, BigInteger.ZERO);
      case NE -> unequal(a, b);
    };
  }

  /// `n != 0` says that an unsigned n is at least 1.
  private Facts unequal(Expr a, Expr b) {
    boolean zero = b instanceof Expr.Literal(_, var n) && n.signum() == 0;
    return zero && interval(a).min().signum() == 0
        ? atMost(Make.number(BigInteger.ONE), a, BigInteger.ZERO)
        : this;
  }

  private static Expr.CompareOp opposite(Expr.CompareOp op) {
    return switch (op) {
      case EQ -> Expr.CompareOp.NE;
      case NE -> Expr.CompareOp.EQ;
      case LT -> Expr.CompareOp.GE;
      case GE -> Expr.CompareOp.LT;
      case GT -> Expr.CompareOp.LE;
      case LE -> Expr.CompareOp.GT;
    };
  }

  private Facts atMost(Expr a, Expr b, BigInteger more) {
    return new Facts(this, bare(a), bare(b), more, null);
  }

  /// {@return these and that an index stays below `to`}
  Facts below(Local index, Expr to) {
    return atMost(new Expr.LocalValue(index), to, BigInteger.ONE.negate());
  }

  /// {@return these and what a name stands for; the name is never assigned to}
  Facts named(Local local, Expr value) {
    return new Facts(this, new Expr.LocalValue(local), bare(value), BigInteger.ZERO, local);
  }

  /// {@return whether `a <= b` is known}
  boolean knowsAtMost(Expr a, Expr b) {
    return proves(bare(a), bare(b), BigInteger.ZERO, STEPS);
  }

  /// {@return whether `a < b` is known}
  boolean knowsBelow(Expr a, Expr b) {
    return proves(bare(a), bare(b), BigInteger.ONE.negate(), STEPS);
  }

  /// {@return whether `a >= 0` is known}
  boolean knowsNotNegative(Expr a) {
    return interval(a).min().signum() >= 0
        || proves(Make.number(BigInteger.ZERO), bare(a), BigInteger.ZERO, STEPS);
  }

  // a <= b + more?
  private boolean proves(Expr a, Expr b, BigInteger more, int steps) {
    BigInteger least = interval(b).min().add(more);
    if (interval(a).max().compareTo(least) <= 0 || more.signum() >= 0 && same(a, b)) {
      return true;
    }
    return steps > 0
        && (byValue(a, b, more, steps)
            || byFact(a, b, more, steps)
            || leftPart(a, b, more, steps)
            || rightPart(a, b, more, steps)
            || b instanceof Expr.Literal && most(a, steps).compareTo(least) <= 0);
  }

  /// Names are replaced by what they stand for.
  @SuppressWarnings("ReferenceEquality") // the very expression: nothing was replaced
  private boolean byValue(Expr a, Expr b, BigInteger more, int steps) {
    Expr left = valueOf(a);
    Expr right = valueOf(b);
    return (left != a || right != b) && proves(left, right, more, steps - 1);
  }

  private boolean leftPart(Expr a, Expr b, BigInteger more, int steps) {
    return switch (a) {
      case Expr.Binary(var op, var x, var y, Type.Int _) ->
          switch (op) {
            case MIN -> proves(bare(x), b, more, steps - 1) || proves(bare(y), b, more, steps - 1);
            case MAX -> proves(bare(x), b, more, steps - 1) && proves(bare(y), b, more, steps - 1);
            case ADD ->
                y instanceof Expr.Literal(_, var n)
                    && proves(bare(x), b, more.subtract(n), steps - 1);
            case SUB ->
                y instanceof Expr.Literal(_, var n) && proves(bare(x), b, more.add(n), steps - 1);
            case REM -> proves(bare(y), b, more.add(BigInteger.ONE), steps - 1);
            case MUL, DIV, AND, OR, XOR, SHL, SHR -> false;
          };
      case Expr.Select(_, var x, var y, _) ->
          proves(bare(x), b, more, steps - 1) && proves(bare(y), b, more, steps - 1);
      default -> false;
    };
  }

  private boolean rightPart(Expr a, Expr b, BigInteger more, int steps) {
    return switch (b) {
      case Expr.Binary(var op, var x, var y, Type.Int _) ->
          switch (op) {
            case MAX -> proves(a, bare(x), more, steps - 1) || proves(a, bare(y), more, steps - 1);
            case MIN -> proves(a, bare(x), more, steps - 1) && proves(a, bare(y), more, steps - 1);
            case ADD ->
                y instanceof Expr.Literal(_, var n) && proves(a, bare(x), more.add(n), steps - 1);
            case SUB ->
                y instanceof Expr.Literal(_, var n)
                    && proves(a, bare(x), more.subtract(n), steps - 1);
            case REM, MUL, DIV, AND, OR, XOR, SHL, SHR -> false;
          };
      case Expr.Select(_, var x, var y, _) ->
          proves(a, bare(x), more, steps - 1) && proves(a, bare(y), more, steps - 1);
      default -> false;
    };
  }

  private boolean byFact(Expr a, Expr b, BigInteger more, int steps) {
    for (Facts fact = this; fact != null; fact = fact.rest) {
      if (fact.left == null || fact.right == null || fact.named != null) {
        continue;
      }
      BigInteger over = over(a, fact.left);
      // left <= right + slack and a = left - over, so right <= b + more + over - slack is enough
      if (over != null && proves(fact.right, b, more.add(over).subtract(fact.slack), steps - 1)) {
        return true;
      }
    }
    return false;
  }

  /// {@return how much a fact's left side is above `a`, where that is a constant}
  private @Nullable BigInteger over(Expr a, Expr left) {
    if (a instanceof Expr.Literal(_, var n) && left instanceof Expr.Literal(_, var m)) {
      return m.subtract(n);
    }
    return same(left, a) ? BigInteger.ZERO : null;
  }

  /// {@return the greatest value that `e` can have, as far as is known}
  private BigInteger most(Expr e, int steps) {
    BigInteger most = interval(e).max();
    if (steps <= 0) {
      return most;
    }
    for (Facts fact = this; fact != null; fact = fact.rest) {
      if (fact.left != null && fact.right != null && same(fact.left, e)) {
        most = most.min(most(fact.right, steps - 1).add(fact.slack));
      }
    }
    return e instanceof Expr.Binary(var op, var x, var y, Type.Int _)
        ? most.min(mostOf(op, bare(x), bare(y), most, steps))
        : most;
  }

  private BigInteger mostOf(Expr.BinaryOp op, Expr x, Expr y, BigInteger otherwise, int steps) {
    BigInteger least = interval(y).min();
    return switch (op) {
      case ADD -> most(x, steps - 1).add(most(y, steps - 1));
      case SUB -> most(x, steps - 1).subtract(least);
      case MUL ->
          interval(x).min().signum() >= 0 && least.signum() >= 0
              ? most(x, steps - 1).multiply(most(y, steps - 1))
              : otherwise;
      case DIV ->
          least.signum() > 0 && interval(x).min().signum() >= 0
              ? Arithmetic.floorDivide(most(x, steps - 1), least)
              : otherwise;
      case MIN -> most(x, steps - 1).min(most(y, steps - 1));
      case MAX -> most(x, steps - 1).max(most(y, steps - 1));
      case REM -> most(y, steps - 1).subtract(BigInteger.ONE).max(BigInteger.ZERO);
      case AND, OR, XOR, SHL, SHR -> otherwise;
    };
  }

  private Expr valueOf(Expr e) {
    if (e instanceof Expr.LocalValue(var local)) {
      for (Facts fact = this; fact != null; fact = fact.rest) {
        if (local.equals(fact.named) && fact.right != null) {
          return fact.right;
        }
      }
    }
    return e;
  }

  // Numbers

  private static boolean isWhole(Expr e) {
    return e.type() instanceof Type.Int || e.type() instanceof Type.Bits;
  }

  /// A number without the words around it that do not change its value.
  private static Expr bare(Expr e) {
    return switch (e) {
      case Expr.ToInt(var of, var type)
          when of.type() instanceof Type.Bits && !narrower(type, of) ->
          bare(of);
      case Expr.Resize(var how, var of, Type.Bits(var reading, _))
          when how == Expr.Extend.ZEXT && reading != Type.Reading.SINT && unsigned(of) ->
          bare(of);
      case Expr.Reread(var of, Type.Bits(var reading, _))
          when reading != Type.Reading.SINT && unsigned(of) ->
          bare(of);
      default -> e;
    };
  }

  private static boolean narrower(Type type, Expr of) {
    Type.Int own = bits((Type.Bits) of.type());
    return type instanceof Type.Int(var min, var max)
        && (min.compareTo(own.min()) > 0 || max.compareTo(own.max()) < 0);
  }

  private static boolean unsigned(Expr e) {
    return e.type() instanceof Type.Bits(var reading, _) && reading != Type.Reading.SINT;
  }

  private static Type.Int bits(Type.Bits type) {
    return Make.range(type);
  }

  /// {@return what its type says of a number}
  private static Type.Int interval(Expr e) {
    if (e instanceof Expr.Literal(_, var value)) {
      return new Type.Int(value, value);
    }
    return switch (e.type()) {
      case Type.Int range -> range;
      case Type.Bits bits -> bits(bits);
      case Type.Bool _, Type.Floating _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new IllegalArgumentException("no number: " + e.type());
    };
  }

  /// {@return whether two numbers are one by how they are written}
  private boolean same(Expr a, Expr b) {
    if (a.equals(b)) {
      return true;
    }
    if (a instanceof Expr.Literal(_, var x) && b instanceof Expr.Literal(_, var y)) {
      return x.equals(y);
    }
    if (a instanceof Expr.Binary(var op, var x, var y, Type.Int _)
        && b instanceof Expr.Binary(var other, var u, var v, Type.Int _)
        && op == other) {
      return same(plain(x), plain(u)) && same(plain(y), plain(v));
    }
    if (a instanceof Expr.ToInt(var x, _) && b instanceof Expr.ToInt(var y, _)) {
      return x.equals(y);
    }
    if (a instanceof Expr.ToInt(var x, _)) {
      return bare(x).equals(b);
    }
    return b instanceof Expr.ToInt(var y, _) && a.equals(bare(y));
  }

  private Expr plain(Expr e) {
    return bare(valueOf(bare(e)));
  }
}
