package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.ExactNumber;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Rounder;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// What a value becomes where a place wants something of it: an expression, a number, a type.
final class Conversions {
  /// Whole numbers that a program counts with: those of 64 bits with a sign.
  private static final Type.Int COUNTED =
      new Type.Int(
          BigInteger.ONE.shiftLeft(63).negate(),
          BigInteger.ONE.shiftLeft(63).subtract(BigInteger.ONE));

  private static final int LARGEST = 4096;

  private final Binder binder;

  Conversions(Binder binder) {
    this.binder = binder;
  }

  // The same bits as another type

  Value as(Term.As as, Scope scope) {
    Value target = binder.name(as.type(), scope, as.span());
    Expr of = dyn(binder.bind(as.of(), scope, null), as.span());
    return new Value.Dyn(rereadAs(of, target, as.span()));
  }

  /// {@return the same bits as another type}
  Expr rereadAs(Expr of, Value target, Span span) {
    Type type =
        switch (target) {
          case Value.OpenType(var reading) -> new Type.Bits(reading, bitsOf(of.type(), span));
          case Value.TypeOf(var full) -> full;
          default -> throw new SpecError("type", span, "expected a type, got " + what(target));
        };
    if (of.type() instanceof Type.Array || type instanceof Type.Array) {
      throw new SpecError(
          "type", span, "an array has no bits of its own", "write join(…) or split<N>(…)");
    }
    if (bitsOf(type, span) != bitsOf(of.type(), span)) {
      throw new SpecError(
          "width", span, of.type() + " can not be reread as " + type + ": the widths differ");
    }
    return Make.reread(of, type);
  }

  /// {@return how many bits a value of that type has}
  static int bitsOf(Type type, Span span) {
    return switch (type) {
      case Type.Bits(_, int width) -> width;
      case Type.Floating(var format) -> format.width();
      case Type.Bool _ -> 1;
      case Type.Array(var element, int n) -> n * bitsOf(element, span);
      case Type.Int _, Type.Exact _, Type.Tuple _ ->
          throw new SpecError("type", span, "a value of type " + type + " has no width");
    };
  }

  // As an expression

  static Value fromBool(Expr expr) {
    return Make.isTrue(expr)
        ? new Value.Truth(true)
        : Make.isFalse(expr) ? new Value.Truth(false) : new Value.Dyn(expr);
  }

  /// {@return a value as a run-time expression; a bare number is an `Int`}
  Expr dyn(Value value, Span span) {
    return switch (value) {
      case Value.Dyn(var expr) -> expr;
      case Value.Num n when n.whole() -> Make.number(n.numerator());
      case Value.Truth(var truth) -> Make.bool(truth);
      case Value.CsrOf(var csr) -> read(csr);
      case Value.FieldOf(var csr, var field) -> read(csr, field);
      case Value.FileOf(var file) when file.count() == 1 ->
          new Expr.ReadRegister(file, Make.number(BigInteger.ZERO), Type.bits(file.width()));
      case Value.Several(var parts) -> severalAsOne(parts, span);
      case Value.ListOf(var parts) when !parts.isEmpty() -> severalAsOne(parts, span);
      case Value.After(var statements, var inner) -> Make.inline(statements, dyn(inner, span));
      case Value.Broken _ -> throw SpecError.reported();
      case Value.Real(var call) ->
          throw new SpecError(
              "exact-escape",
              span,
              "'" + call.function().name() + "' is known only by comparison, until it is rounded",
              "write round<F>(" + call.function().name() + "(…))");
      default -> throw new SpecError("type", span, "expected a value, got " + what(value));
    };
  }

  static Expr read(Csr csr) {
    return new Expr.ReadCsr(csr, Type.bits(64));
  }

  static Expr read(Csr csr, CsrField field) {
    return new Expr.ReadCsrField(csr, field, Type.uint(field.width()));
  }

  /// Parts of one type are an array, others a tuple.
  private Expr severalAsOne(List<Value> parts, Span span) {
    List<Expr> exprs = parts.stream().map(p -> dyn(p, span)).toList();
    Type element = exprs.getFirst().type();
    for (Expr e : exprs) {
      if (element instanceof Type.Int a && e.type() instanceof Type.Int b) {
        element = Make.union(a, b);
      } else if (!e.type().equals(element)) {
        return new Expr.MakeTuple(exprs, new Type.Tuple(exprs.stream().map(Expr::type).toList()));
      }
    }
    return new Expr.MakeArray(exprs, new Type.Array(element, exprs.size()));
  }

  static String what(Value value) {
    return switch (value) {
      case Value.Num n -> "the number " + n;
      case Value.Text t -> "the text \"" + t.text() + "\"";
      case Value.Truth t -> t.value() ? "true" : "false";
      case Value.TypeOf t -> "the type " + t.type();
      case Value.OpenType t -> "the type " + t.reading().word();
      case Value.ListOf _ -> "a list";
      case Value.Func f -> f.name().equals("fn") ? "a function" : "the function " + f.name();
      case Value.Builtin b -> "the function " + b.name();
      case Value.RealOf r -> "the real function " + r.real().name();
      case Value.FormOf f -> "the form " + f.form().name();
      case Value.FormatOf f -> "the format " + f.format().name();
      case Value.Dyn d -> "a value of type " + d.type();
      case Value.Real r -> "the unrounded " + r.call().function().name();
      case Value.Several _ -> "several values";
      case Value.ViewOf v -> "the view " + v.view().name();
      case Value.EveryOf _ -> "a view";
      case Value.FileOf f -> "the register file " + f.file();
      case Value.CsrOf c -> "the CSR " + c.csr();
      case Value.FieldOf f -> "the field " + f.csr() + "." + f.field().name();
      case Value.CsrFile _ -> "the CSR file";
      case Value.MemoryOf m -> "the memory " + m.name();
      case Value.UnitOf u -> "the unit " + u.unit().name();
      case Value.AccessOf a -> "the access " + a.access().name();
      case Value.TypedAccess a -> "the access " + a.access().name();
      case Value.After a -> what(a.value());
      case Value.Later l -> "`" + l.term().span().text() + "`";
      case Value.Broken _ -> "something broken";
    };
  }

  // As a number

  /// {@return a value as a whole number; bits by their own reading}
  Expr asInt(Value value, Span span) {
    Expr expr = dyn(value, span);
    return switch (expr.type()) {
      case Type.Int _ -> expr;
      case Type.Bits _ -> narrowed(Make.toInt(expr));
      case Type.Bool _ ->
          new Expr.Select(
              expr, Make.number(BigInteger.ONE), Make.number(BigInteger.ZERO), Type.Int.of(0, 1));
      case Type.Floating _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new SpecError("type", span, "expected a whole number, got " + expr.type());
    };
  }

  /// A field has only the values that the conditions of decoding leave it.
  private Expr narrowed(Expr number) {
    if (number instanceof Expr.ToInt(Expr.FieldValue(var field, var type), _)) {
      Type.Int range = binder.names.range(field);
      return range == null ? number : new Expr.ToInt(new Expr.FieldValue(field, type), range);
    }
    return number;
  }

  /// {@return a value as an exact number}
  Expr exact(Value value, Span span) {
    if (value instanceof Value.Num n) {
      return exactLiteral(n, span);
    }
    Expr expr = dyn(value, span);
    return switch (expr.type()) {
      case Type.Exact _ -> expr;
      case Type.Floating _, Type.Int _ -> new Expr.ToExact(expr);
      case Type.Bits(var reading, _) when reading != Type.Reading.BITS -> new Expr.ToExact(expr);
      default ->
          throw new SpecError(
              "type",
              span,
              "expected a number, got " + expr.type(),
              "write uint(…), sint(…), or `as` a float");
    };
  }

  private static Expr exactLiteral(Value.Num n, Span span) {
    ExactNumber number = dyadic(n, span);
    Expr whole = new Expr.ToExact(Make.number(n.numerator()));
    int twos = n.denominator().getLowestSetBit();
    if (twos == 0 || number.isZero()) {
      return whole;
    }
    Expr scale =
        new Expr.ExactCall(
            Expr.ExactFunction.POW2, Make.number(BigInteger.valueOf(-twos)), Type.EXACT);
    return new Expr.Binary(Expr.BinaryOp.MUL, whole, scale, Type.EXACT);
  }

  private static ExactNumber dyadic(Value.Num n, Span span) {
    int twos = n.denominator().getLowestSetBit();
    if (!n.denominator().equals(BigInteger.ONE.shiftLeft(twos))) {
      throw new SpecError("literal-fit", span, n + " is no binary fraction");
    }
    return ExactNumber.of(n.numerator(), -twos);
  }

  /// {@return a number that is small enough to compute with}
  static BigInteger bounded(BigInteger n, Span span) {
    if (n.bitLength() > LARGEST) {
      throw new SpecError("literal-fit", span, "this number may exceed 2^" + LARGEST);
    }
    return n;
  }

  /// {@return a whole number's interval that is small enough to compute with}
  static Type.Int bounded(Type.Int type, Span span) {
    bounded(type.min(), span);
    bounded(type.max(), span);
    return type;
  }

  // As a type

  /// {@return `value` as `type`, if it may become that without words: a fitting number, bits and
  /// uint or sint of one width, a float as exact}
  Expr coerce(Value value, Type type, Span span) {
    if (value instanceof Value.After(var statements, var inner)) {
      return Make.inline(statements, coerce(inner, type, span));
    }
    if (type instanceof Type.Exact) {
      return exact(value, span);
    }
    if (value instanceof Value.Num n) {
      return literal(n, type, span);
    }
    List<Value> parts = parts(value);
    if (type instanceof Type.Array(var element, int n) && parts != null && parts.size() == n) {
      return new Expr.MakeArray(parts.stream().map(p -> coerce(p, element, span)).toList(), type);
    }
    if (type instanceof Type.Tuple(var types) && parts != null && parts.size() == types.size()) {
      List<Expr> exprs = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        exprs.add(coerce(parts.get(i), types.get(i), span));
      }
      return new Expr.MakeTuple(exprs, type);
    }
    Expr expr = dyn(value, span);
    return expr.type().equals(type) ? expr : coerced(expr, type, span);
  }

  /// {@return the parts of several values or of a list, else null}
  static @Nullable List<Value> parts(Value value) {
    return switch (value) {
      case Value.Several(var parts) -> parts;
      case Value.ListOf(var parts) -> parts;
      default -> null;
    };
  }

  private static Expr coerced(Expr expr, Type type, Span span) {
    return switch (expr.type()) {
      case Type.Bits from when type instanceof Type.Bits to -> bits(expr, from, to, span);
      case Type.Bits _ when type instanceof Type.Int -> Make.toInt(expr);
      // The value's own interval is kept; it says more than `nat` does.
      case Type.Int _ when type instanceof Type.Int -> expr;
      case Type.Int from when type instanceof Type.Bits to -> number(expr, from, to, span);
      case Type.Exact _ when type instanceof Type.Floating ->
          throw escape(type, "write round<" + type + ">(…)", span);
      case Type.Exact _ when type instanceof Type.Bits ->
          throw escape(type, "write wrap(…), or round<" + type + ">(…)", span);
      case Type.Bits(_, int width) when width == 1 && type instanceof Type.Bool ->
          throw new SpecError("type", span, "expected bool, got " + expr.type(), "write … == 1");
      case Type.Bool _ when type instanceof Type.Bits ->
          throw new SpecError("type", span, "expected " + type + ", got bool", "write … ? 1 : 0");
      case Type.Bits _,
          Type.Int _,
          Type.Exact _,
          Type.Bool _,
          Type.Floating _,
          Type.Array _,
          Type.Tuple _ ->
          throw new SpecError("type", span, "expected " + type + ", got " + expr.type());
    };
  }

  private static Expr bits(Expr expr, Type.Bits from, Type.Bits to, Span span) {
    boolean free = from.reading() == Type.Reading.BITS || to.reading() == Type.Reading.BITS;
    if (from.width() == to.width() && free) {
      return Make.reread(expr, to);
    }
    String help =
        from.width() == to.width()
            ? "write " + to.reading().word() + "(…)"
            : from.width() > to.width() ? "write trunc(…) or wrap(…)" : "write zext(…) or sext(…)";
    throw new SpecError("width", span, "expected " + to + ", got " + from, help);
  }

  private static Expr number(Expr expr, Type.Int from, Type.Bits to, Span span) {
    if (Arithmetic.fits(from.min(), to) && Arithmetic.fits(from.max(), to)) {
      return Make.wrap(expr, to);
    }
    throw new SpecError(
        "literal-fit", span, "a number in " + from + " does not fit " + to, "write wrap(…)");
  }

  private static SpecError escape(Type type, String help, Span span) {
    return new SpecError(
        "exact-escape", span, "this number is exact and cannot be stored in " + type, help);
  }

  private static Expr literal(Value.Num n, Type type, Span span) {
    return switch (type) {
      case Type.Floating(var format) -> floatLiteral(n, type, format, span);
      case Type.Int _ when n.whole() -> Make.number(n.numerator());
      case Type.Bits _ when n.whole() && Arithmetic.fits(n.numerator(), type) ->
          Make.literal(type, n.numerator());
      case Type.Int _, Type.Bits _ ->
          throw new SpecError("literal-fit", span, n + " does not fit " + type);
      case Type.Bool _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new SpecError("type", span, "expected " + type + ", got the number " + n);
    };
  }

  private static Expr floatLiteral(Value.Num n, Type type, FloatFormat format, Span span) {
    Rounder rounder = new Rounder();
    BigInteger bits = rounder.toFloat(dyadic(n, span), format, Rounding.RNE);
    if (!rounder.flags().isEmpty()) {
      throw new SpecError("literal-fit", span, n + " is no value of " + type);
    }
    return new Expr.Literal(type, bits);
  }

  // What a program counts with

  /// {@return the type of a `var` or an accumulator that begins with a value of type `start`: a
  /// whole number has room to grow}
  static Type counted(Type start) {
    return start instanceof Type.Int ? COUNTED : start;
  }

  /// {@return a whole number of 64 bits with a sign; any other value as it is}
  Expr counted(Value value, Type type, Span span) {
    Expr expr = coerce(value, type, span);
    boolean inside =
        !(expr.type() instanceof Type.Int(var min, var max))
            || min.compareTo(COUNTED.min()) >= 0 && max.compareTo(COUNTED.max()) <= 0;
    return inside ? expr : new Expr.ToInt(Make.wrap(expr, Type.sint(64)), COUNTED);
  }

  /// {@return statements, then a value, as one value}
  static Value after(List<Stmt> statements, Value value) {
    return statements.isEmpty() ? value : new Value.After(List.copyOf(statements), value);
  }
}
