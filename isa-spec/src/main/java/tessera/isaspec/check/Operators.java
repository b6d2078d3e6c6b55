package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// Binds operators: on numbers that are known now, on whole numbers and bits, on exact numbers.
final class Operators {
  private final Binder binder;

  Operators(Binder binder) {
    this.binder = binder;
  }

  Value unary(Term.Unary u, Scope scope, @Nullable Type expected) {
    if (u.op() == Term.Prefix.NOT) {
      return Conversions.fromBool(Make.not(binder.condition(u.of(), scope)));
    }
    boolean minus = u.op() == Term.Prefix.MINUS;
    Value of = binder.bind(u.of(), scope, expected);
    if (of instanceof Value.Num n) {
      return minus
          ? new Value.Num(n.numerator().negate(), n.denominator(), n.ratio())
          : Value.Num.of(wholeOf(n, u.span()).not());
    }
    Expr expr = binder.convert.dyn(of, u.span());
    Expr.UnaryOp op = minus ? Expr.UnaryOp.NEGATE : Expr.UnaryOp.COMPLEMENT;
    return switch (expr.type()) {
      case Type.Bits bits -> new Value.Dyn(Make.unary(op, expr, bits));
      case Type.Int(var min, var max) when minus ->
          new Value.Dyn(Make.unary(op, expr, new Type.Int(max.negate(), min.negate())));
      case Type.Floating _, Type.Exact _ when minus ->
          new Value.Dyn(new Expr.Unary(op, binder.convert.exact(of, u.span()), Type.EXACT));
      default ->
          throw new SpecError(
              "type", u.span(), "`" + (minus ? "-" : "~") + "` does not fit " + expr.type());
    };
  }

  Value binary(Term.Binary b, Scope scope, @Nullable Type expected) {
    return switch (b.op()) {
      case BOTH -> {
        Expr left = binder.condition(b.left(), scope);
        yield Make.isFalse(left)
            ? new Value.Truth(false)
            : Conversions.fromBool(
                Make.and(left, binder.assuming(left, () -> binder.condition(b.right(), scope))));
      }
      case EITHER -> {
        Expr left = binder.condition(b.left(), scope);
        yield Make.isTrue(left)
            ? new Value.Truth(true)
            : Conversions.fromBool(
                Make.or(left, binder.assumingNot(left, () -> binder.condition(b.right(), scope))));
      }
      case CONCAT -> concat(b, scope, expected);
      case EQ, NE, LT, LE, GT, GE -> comparison(b, scope);
      case SHL, SHR -> shift(b, scope, expected);
      case ADD, SUB, MUL, DIV, REM, AND, OR, XOR -> arithmetic(b, scope, expected);
    };
  }

  private record Sides(Value left, Value right) {}

  /// Binds both sides; one without a width of its own takes the other's type.
  private Sides sides(Term.Binary b, Scope scope, @Nullable Type expected) {
    Value left = binder.tryBind(b.left(), scope);
    Value right = binder.tryBind(b.right(), scope);
    if (left == null && right == null) {
      return new Sides(
          binder.bind(b.left(), scope, expected), binder.bind(b.right(), scope, expected));
    }
    if (left == null) {
      Value known = Objects.requireNonNull(right);
      return new Sides(binder.bind(b.left(), scope, neighbour(known, expected, b.right())), known);
    }
    return right != null
        ? new Sides(left, right)
        : new Sides(left, binder.bind(b.right(), scope, neighbour(left, expected, b.left())));
  }

  private @Nullable Type neighbour(Value value, @Nullable Type expected, Term term) {
    return value instanceof Value.Num ? expected : typeOf(value, term.span());
  }

  Type typeOf(Value value, Span span) {
    return binder.convert.dyn(value, span).type();
  }

  // Arithmetic

  private static Expr.BinaryOp op(Term.Infix op) {
    return switch (op) {
      case ADD -> Expr.BinaryOp.ADD;
      case SUB -> Expr.BinaryOp.SUB;
      case MUL -> Expr.BinaryOp.MUL;
      case DIV -> Expr.BinaryOp.DIV;
      case REM -> Expr.BinaryOp.REM;
      case SHL -> Expr.BinaryOp.SHL;
      case SHR -> Expr.BinaryOp.SHR;
      case AND -> Expr.BinaryOp.AND;
      case OR -> Expr.BinaryOp.OR;
      case XOR -> Expr.BinaryOp.XOR;
      case CONCAT, EQ, NE, LT, LE, GT, GE, BOTH, EITHER -> throw new AssertionError(op);
    };
  }

  private Value arithmetic(Term.Binary b, Scope scope, @Nullable Type expected) {
    Sides sides = sides(b, scope, expected);
    Value l = sides.left();
    Value r = sides.right();
    if (l instanceof Value.Num x && r instanceof Value.Num y) {
      return numbers(b, x, y);
    }
    if (l instanceof Value.Truth || r instanceof Value.Truth || isBool(l) || isBool(r)) {
      return logical(b, l, r);
    }
    return arithmetic(op(b.op()), l, r, b.span());
  }

  /// {@return `l op r`, of which one at least is not known now}
  Value arithmetic(Expr.BinaryOp op, Value l, Value r, Span span) {
    if (isReal(l) || isReal(r)) {
      return exact(op, l, r, span);
    }
    Type type = common(l, r, span);
    if (type instanceof Type.Int) {
      return wholeNumbers(op, binder.convert.asInt(l, span), binder.convert.asInt(r, span), span);
    }
    if (!(type instanceof Type.Bits bits)) {
      throw new SpecError("type", span, "this operator does not fit " + type);
    }
    if ((op == Expr.BinaryOp.DIV || op == Expr.BinaryOp.REM) && isPlain(bits)) {
      throw new SpecError(
          "type", span, "bits have no division", "write uint(…) or sint(…) on both sides");
    }
    return new Value.Dyn(Make.binary(op, side(op, l, bits, span), side(op, r, bits, span), bits));
  }

  private Value exact(Expr.BinaryOp op, Value l, Value r, Span span) {
    if (op != Expr.BinaryOp.ADD && op != Expr.BinaryOp.SUB && op != Expr.BinaryOp.MUL) {
      throw new SpecError(
          "type", span, "exact numbers have + - * only", "a quotient is round<F>(quotient(a, b))");
    }
    Expr left = binder.convert.exact(l, span);
    return new Value.Dyn(new Expr.Binary(op, left, binder.convert.exact(r, span), Type.EXACT));
  }

  /// A mask is bits, whatever it stands beside: `n & ~31` on a uint.
  private Expr side(Expr.BinaryOp op, Value value, Type.Bits type, Span span) {
    boolean mask = op == Expr.BinaryOp.AND || op == Expr.BinaryOp.OR || op == Expr.BinaryOp.XOR;
    return mask && value instanceof Value.Num
        ? Make.reread(binder.convert.coerce(value, Type.bits(type.width()), span), type)
        : binder.convert.coerce(value, type, span);
  }

  private static boolean isBool(Value value) {
    return value instanceof Value.Dyn(var expr) && expr.type() instanceof Type.Bool;
  }

  private Value logical(Term.Binary b, Value l, Value r) {
    Expr left = binder.convert.coerce(l, Type.BOOL, b.span());
    Expr right = binder.convert.coerce(r, Type.BOOL, b.span());
    return switch (b.op()) {
      case AND -> Conversions.fromBool(Make.and(left, right));
      case OR -> Conversions.fromBool(Make.or(left, right));
      case XOR -> Conversions.fromBool(Make.compare(Expr.CompareOp.NE, left, right));
      default -> throw new SpecError("type", b.span(), "`" + b.op().sign() + "` does not fit bool");
    };
  }

  private Value wholeNumbers(Expr.BinaryOp op, Expr l, Expr r, Span span) {
    Type.Int left = (Type.Int) l.type();
    Type.Int right = (Type.Int) r.type();
    boolean divides = op == Expr.BinaryOp.DIV || op == Expr.BinaryOp.REM;
    if (divides && right.min().signum() <= 0) {
      if (!binder.facts.knowsAtMost(Make.number(BigInteger.ONE), r)) {
        throw new SpecError(
            "index-range",
            span,
            "the divisor " + right + " may be 0 or negative",
            "divide uint or sint, which say what a division by 0 gives, or guard it with `if`");
      }
      right = new Type.Int(BigInteger.ONE, right.max().max(BigInteger.ONE));
    }
    Type.Int type = Conversions.bounded(Make.interval(op, left, right), span);
    return new Value.Dyn(Make.binary(op, l, r, type));
  }

  /// {@return the type in which two values meet}
  Type common(Value l, Value r, Span span) {
    if (l instanceof Value.Num || r instanceof Value.Num) {
      Value.Num number = (Value.Num) (l instanceof Value.Num ? l : r);
      Type other = typeOf(l instanceof Value.Num ? r : l, span);
      return other instanceof Type.Int known ? Make.union(known, intervalOf(number, span)) : other;
    }
    return join(typeOf(l, span), typeOf(r, span), span);
  }

  private static Type.Int intervalOf(Value.Num number, Span span) {
    BigInteger value = wholeOf(number, span);
    return new Type.Int(value, value);
  }

  static Type join(Type a, Type b, Span span) {
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof Type.Int x && b instanceof Type.Int y) {
      return Make.union(x, y);
    }
    if (a instanceof Type.Int) {
      return b;
    }
    if (b instanceof Type.Int) {
      return a;
    }
    if (a instanceof Type.Bits x && b instanceof Type.Bits y && x.width() == y.width()) {
      if (x.reading() == Type.Reading.BITS) {
        return y;
      }
      if (y.reading() == Type.Reading.BITS) {
        return x;
      }
    }
    boolean real = isReal(a) && isReal(b);
    if (real) {
      return Type.EXACT;
    }
    throw new SpecError("width", span, "left side is " + a + ", right side is " + b);
  }

  private static boolean isPlain(Type type) {
    return type instanceof Type.Bits bits && bits.reading() == Type.Reading.BITS;
  }

  private static boolean isReal(Type type) {
    return type instanceof Type.Floating || type instanceof Type.Exact;
  }

  private static boolean isReal(Value value) {
    return value instanceof Value.Dyn(var expr) && isReal(expr.type());
  }

  // Numbers that are known now

  private static BigInteger wholeOf(Value.Num n, Span span) {
    if (!n.whole()) {
      throw new SpecError("type", span, "expected a whole number, got " + n);
    }
    return n.numerator();
  }

  private static Value numbers(Term.Binary b, Value.Num x, Value.Num y) {
    boolean divides = b.op() == Term.Infix.DIV || b.op() == Term.Infix.REM;
    if (divides && y.numerator().signum() == 0) {
      throw new SpecError("index-range", b.span(), "division by 0");
    }
    boolean literals = b.left() instanceof Term.Num && b.right() instanceof Term.Num;
    if (x.ratio() || y.ratio() || b.op() == Term.Infix.DIV && literals) {
      return ratios(b, x, y);
    }
    BigInteger n = x.numerator();
    BigInteger m = y.numerator();
    BigInteger result = Arithmetic.binary(op(b.op()), n, m, Type.Int.of(0));
    return Value.Num.of(Conversions.bounded(result, b.span()));
  }

  private static Value ratios(Term.Binary b, Value.Num x, Value.Num y) {
    BigInteger xd = x.denominator();
    BigInteger yd = y.denominator();
    BigInteger left = x.numerator().multiply(yd);
    BigInteger right = y.numerator().multiply(xd);
    Value.Num result =
        switch (b.op()) {
          case ADD -> Value.Num.ratio(left.add(right), xd.multiply(yd));
          case SUB -> Value.Num.ratio(left.subtract(right), xd.multiply(yd));
          case MUL -> Value.Num.ratio(x.numerator().multiply(y.numerator()), xd.multiply(yd));
          case DIV -> Value.Num.ratio(left, right);
          default -> throw new SpecError("type", b.span(), "ratios have + - * / only");
        };
    Conversions.bounded(result.numerator(), b.span());
    Conversions.bounded(result.denominator(), b.span());
    return result;
  }

  // Shifts

  private Value shift(Term.Binary b, Scope scope, @Nullable Type expected) {
    Expr.BinaryOp op = op(b.op());
    Value left = binder.bind(b.left(), scope, expected);
    Value right = binder.bind(b.right(), scope, null);
    Expr amount = binder.convert.asInt(right, b.right().span());
    if (((Type.Int) amount.type()).min().signum() < 0 && !binder.facts.knowsNotNegative(amount)) {
      throw new SpecError("index-range", b.span(), "the shift amount may be negative");
    }
    if (left instanceof Value.Num x && right instanceof Value.Num y) {
      BigInteger result =
          Arithmetic.binary(op, wholeOf(x, b.span()), wholeOf(y, b.span()), Type.Int.of(0));
      return Value.Num.of(Conversions.bounded(result, b.span()));
    }
    Expr of = binder.convert.dyn(left, b.span());
    if (of.type() instanceof Type.Bits) {
      return new Value.Dyn(shifted(op, of, amount));
    }
    Expr number = binder.convert.asInt(left, b.left().span());
    Type.Int type = Make.interval(op, (Type.Int) number.type(), (Type.Int) amount.type());
    return new Value.Dyn(Make.binary(op, number, amount, Conversions.bounded(type, b.span())));
  }

  private static Expr shifted(Expr.BinaryOp op, Expr of, Expr amount) {
    if (of instanceof Expr.Literal(_, var value) && amount instanceof Expr.Literal(_, var n)) {
      return Make.literal(of.type(), Arithmetic.binary(op, value, n, of.type()));
    }
    return new Expr.Binary(op, of, amount, of.type());
  }

  // Joining bits

  /// `a ++ b ++ …`; one part may be `ones` or `zeros`, which takes what the place leaves.
  private Value concat(Term.Binary b, Scope scope, @Nullable Type expected) {
    List<Term> sides = new ArrayList<>();
    flatten(b, sides);
    Term fill = null;
    int known = 0;
    List<@Nullable Expr> parts = new ArrayList<>();
    for (Term side : sides) {
      Expr part = part(side, scope);
      parts.add(part);
      if (part != null) {
        known += Conversions.bitsOf(part.type(), side.span());
      } else if (fill != null) {
        throw new NeedsContext(side.span(), side.span().text());
      } else {
        fill = side;
      }
    }
    List<Expr> all = new ArrayList<>();
    for (Expr part : parts) {
      if (part != null) {
        all.add(part);
      } else if (fill != null) {
        fill(fill, expected, known, all);
      }
    }
    return new Value.Dyn(concat(all, b.span()));
  }

  private static void flatten(Term term, List<Term> sides) {
    if (term instanceof Term.Binary(Term.Infix op, var left, var right, _)
        && op == Term.Infix.CONCAT) {
      flatten(left, sides);
      flatten(right, sides);
    } else {
      sides.add(term);
    }
  }

  private static void fill(Term fill, @Nullable Type expected, int known, List<Expr> all) {
    String name = fill.span().text();
    if (!(expected instanceof Type.Bits(_, int width))) {
      throw new NeedsContext(fill.span(), name);
    }
    if (width > known) {
      all.add(Binder.filledBits(name, Type.bits(width - known)));
    }
  }

  /// {@return one side of `++`, or null for a fill}
  private @Nullable Expr part(Term side, Scope scope) {
    if (side instanceof Term.Num(var value, int width, var span)) {
      if (width == 0) {
        throw new SpecError(
            "width", span, "a decimal has no width in `++`", "write its bits: 0b… or 0x…");
      }
      return Make.literal(Type.bits(width), value);
    }
    if (side instanceof Term.Name(var n, _) && (n.equals("ones") || n.equals("zeros"))) {
      return null;
    }
    return binder.convert.dyn(binder.bind(side, scope, null), side.span());
  }

  /// {@return the bits of all parts, the first at the high end}
  static Expr concat(List<Expr> parts, Span span) {
    List<Expr> same = new ArrayList<>();
    int width = 0;
    for (Expr part : parts) {
      int bits = Conversions.bitsOf(part.type(), span);
      same.add(Make.reread(part, Type.bits(bits)));
      width += bits;
    }
    if (width > Binder.WIDEST) {
      throw new SpecError(
          "width", span, "a scalar has at most " + Binder.WIDEST + " bits, this has " + width);
    }
    if (!same.stream().allMatch(Expr.Literal.class::isInstance)) {
      return same.size() == 1 ? same.getFirst() : new Expr.Concat(same, Type.bits(width));
    }
    BigInteger value = BigInteger.ZERO;
    for (Expr part : same) {
      int bits = Conversions.bitsOf(part.type(), span);
      value = value.shiftLeft(bits).or(((Expr.Literal) part).value());
    }
    return Make.literal(Type.bits(width), value);
  }

  // Comparison

  private Value comparison(Term.Binary b, Scope scope) {
    Sides sides = sides(b, scope, null);
    Expr.CompareOp op = Expr.CompareOp.valueOf(b.op().name());
    return compared(op, sides.left(), sides.right(), b.span());
  }

  /// {@return `a == b`}
  Expr equal(Value a, Value b, Span span) {
    return truth(compared(Expr.CompareOp.EQ, a, b, span), span);
  }

  private Value compared(Expr.CompareOp op, Value l, Value r, Span span) {
    if (l instanceof Value.Text(var x) && r instanceof Value.Text(var y)) {
      return new Value.Truth(Arithmetic.compare(op, x.compareTo(y)));
    }
    if (l instanceof Value.Num x && r instanceof Value.Num y) {
      BigInteger left = x.numerator().multiply(y.denominator());
      return new Value.Truth(
          Arithmetic.compare(op, left.compareTo(y.numerator().multiply(x.denominator()))));
    }
    boolean types = isType(l) && isType(r);
    if (types && (op == Expr.CompareOp.EQ || op == Expr.CompareOp.NE)) {
      return new Value.Truth(l.equals(r) == (op == Expr.CompareOp.EQ));
    }
    return Conversions.fromBool(comparison(op, l, r, span));
  }

  private static boolean isType(Value value) {
    return value instanceof Value.TypeOf || value instanceof Value.OpenType;
  }

  private Expr comparison(Expr.CompareOp op, Value l, Value r, Span span) {
    if (isReal(l) || isReal(r)) {
      Expr left = binder.convert.exact(l, span);
      return new Expr.Compare(op, left, binder.convert.exact(r, span));
    }
    if (asNumbers(l, r, span)) {
      return Make.compare(op, binder.convert.asInt(l, span), binder.convert.asInt(r, span));
    }
    Type type = common(l, r, span);
    boolean ordered = op != Expr.CompareOp.EQ && op != Expr.CompareOp.NE;
    if (ordered && isPlain(type)) {
      throw new SpecError(
          "type", span, "bits have no order", "write uint(…) or sint(…) on both sides");
    }
    if (!(type instanceof Type.Bits || type instanceof Type.Bool && !ordered)) {
      throw new SpecError("type", span, "values of type " + type + " are not compared so");
    }
    Expr left = binder.convert.coerce(l, type, span);
    return Make.compare(op, left, binder.convert.coerce(r, type, span));
  }

  /// A number beside bits is compared as a number: that is right whatever the width.
  private boolean asNumbers(Value l, Value r, Span span) {
    if (l instanceof Value.Num || r instanceof Value.Num) {
      return typeOf(l instanceof Value.Num ? r : l, span) instanceof Type.Int;
    }
    Type left = typeOf(l, span);
    Type right = typeOf(r, span);
    boolean bool = left instanceof Type.Bool || right instanceof Type.Bool;
    return !bool && (left instanceof Type.Int || right instanceof Type.Int);
  }

  Value within(Term.Within w, Scope scope) {
    List<Stmt> lets = new ArrayList<>();
    Value of = binder.patterns.named("value", binder.bind(w.of(), scope, null), lets);
    Expr holds = Make.bool(false);
    if (w.range() instanceof Term.Range.FromTo(var from, var to)) {
      Expr low = bound(Expr.CompareOp.GE, of, from, scope, w.span());
      holds = Make.and(low, bound(Expr.CompareOp.LT, of, to, scope, w.span()));
    } else {
      for (Value value : binder.values(w.range(), scope, w.span())) {
        holds = Make.or(holds, equal(of, value, w.span()));
      }
    }
    return Conversions.after(lets, Conversions.fromBool(holds));
  }

  private Expr bound(Expr.CompareOp op, Value of, Term bound, Scope scope, Span span) {
    return truth(compared(op, of, binder.bind(bound, scope, null), span), span);
  }

  private Expr truth(Value value, Span span) {
    return binder.convert.coerce(value, Type.BOOL, span);
  }
}
