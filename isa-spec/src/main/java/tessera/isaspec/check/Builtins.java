package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// Binds calls of the names that the tool knows.
final class Builtins {
  /// Exponents that numbers may be scaled by; those of all formats lie far inside.
  private static final int LARGEST_EXPONENT = 20_000;

  private final Binder binder;

  Builtins(Binder binder) {
    this.binder = binder;
  }

  Value builtin(
      String name, @Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    return switch (name) {
      case "width" -> widthOf(c, scope, false);
      case "storage" -> widthOf(c, scope, true);
      case "has" -> has(c);
      case "index" -> index(c, scope);
      case "zext" -> extend(Expr.Extend.ZEXT, argument, c, scope, expected);
      case "sext" -> extend(Expr.Extend.SEXT, argument, c, scope, expected);
      case "trunc" -> extend(Expr.Extend.TRUNC, argument, c, scope, expected);
      case "widen" -> widen(argument, c, scope, expected);
      case "wrap" -> wrap(argument, c, scope, expected);
      case "ones", "zeros" -> binder.filled(name, wantedBits(argument, scope, expected), c.span());
      case "wmul" -> wideMultiply(c, scope);
      case "split" -> split(argument, c, scope);
      case "join" -> join(c, scope);
      case "ceil" -> ceil(c, scope);
      case "min" -> leastOrGreatest(Expr.BinaryOp.MIN, c, scope);
      case "max" -> leastOrGreatest(Expr.BinaryOp.MAX, c, scope);
      case "extent" -> binder.windows.extent(c, scope);
      case "exact", "floor", "sign", "exponent", "pow2" -> exact(name, c, scope);
      case "round" -> round(argument, c, scope);
      case "saturate" -> saturate(argument, c, scope, expected);
      case "mute" -> mute(argument, c, scope, expected);
      case "fold", "fold_any" -> binder.folds.fold(c, scope, name.equals("fold_any"));
      case "sum" -> binder.folds.sum(c, scope);
      case "count", "any", "all" -> binder.folds.ofConditions(name, c, scope);
      case "xor" -> binder.folds.xor(c, scope, expected);
      case "first" -> binder.folds.first(c, scope);
      case "flag" ->
          throw new SpecError("effect-in-fn", c.span(), "flag(…) is a statement, not a value");
      case "roundoff" -> roundOff(c, scope);
      case "apart" -> binder.windows.apart(c, scope);
      case "registers" -> registers(c, scope);
      default ->
          throw new SpecError("unknown-name", c.span(), "'" + name + "' can not be called here");
    };
  }

  private Value has(Term.Call c) {
    if (Calls.single(c) instanceof Term.Name(var extension, _)) {
      return new Value.Truth(binder.defs.active.contains(extension));
    }
    throw new SpecError("type", c.span(), "has wants the name of an extension", "as in has(F)");
  }

  // Widths

  private Value widthOf(Term.Call c, Scope scope, boolean stored) {
    Value value = binder.bind(Calls.single(c), scope, null);
    Type type =
        switch (value) {
          case Value.TypeOf(var t) -> t;
          case Value.ViewOf(var view, _) -> view.element();
          case Value.EveryOf(var element) -> element.type();
          default -> binder.convert.dyn(value, c.span()).type();
        };
    return Value.Num.of(stored ? storage(type, c.span()) : Conversions.bitsOf(type, c.span()));
  }

  /// {@return bits that an element occupies in a register or in memory}
  static int storage(Type type, Span span) {
    return type instanceof Type.Floating(var format)
        ? format.storage()
        : Conversions.bitsOf(type, span);
  }

  /// {@return the type that `f<N>(…)` or its place asks for}
  private @Nullable Type wantedBits(@Nullable Term argument, Scope scope, @Nullable Type expected) {
    if (argument == null) {
      return expected;
    }
    return argument instanceof Term.Generic
            && binder.type(argument, scope) instanceof Type.Bits bits
        ? bits
        : Type.bits(binder.width(argument, scope));
  }

  private Value index(Term.Call c, Scope scope) {
    Value value = binder.bind(Calls.single(c), scope, null);
    return value instanceof Value.Num
        ? value
        : new Value.Dyn(binder.convert.asInt(value, c.span()));
  }

  private Value extend(
      Expr.Extend how, @Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    String name = how.name().toLowerCase(Locale.ROOT);
    if (!(wantedBits(argument, scope, expected) instanceof Type.Bits to)) {
      throw new NeedsContext(c.span(), name);
    }
    Value value = binder.bind(Calls.single(c), scope, null);
    if (value instanceof Value.Num n) {
      return new Value.Dyn(binder.convert.coerce(n, Type.bits(to.width()), c.span()));
    }
    Expr of = asBits(binder.convert.dyn(value, c.span()));
    if (!(of.type() instanceof Type.Bits(_, int from))) {
      throw new SpecError("type", c.span(), "only bits can be resized, this is " + of.type());
    }
    boolean shrinks = how == Expr.Extend.TRUNC;
    if (shrinks ? to.width() > from : to.width() < from) {
      throw new SpecError(
          "width",
          c.span(),
          name + " from " + from + " to " + to.width() + " bits",
          shrinks ? "write zext or sext" : "write trunc or wrap");
    }
    return new Value.Dyn(Make.resize(how, of, Type.bits(to.width())));
  }

  /// True is 1.
  private static Expr asBits(Expr of) {
    return of.type() instanceof Type.Bool
        ? new Expr.Select(
            of,
            Make.literal(Type.bits(1), BigInteger.ONE),
            Make.literal(Type.bits(1), BigInteger.ZERO),
            Type.bits(1))
        : of;
  }

  private Value widen(@Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    Expr of = binder.convert.dyn(binder.bind(Calls.single(c), scope, null), c.span());
    if (!(of.type() instanceof Type.Bits(var reading, int from)) || reading == Type.Reading.BITS) {
      throw new SpecError("type", c.span(), "widen wants uint or sint, got " + of.type());
    }
    if (!(wantedBits(argument, scope, expected) instanceof Type.Bits(_, int width))) {
      throw new NeedsContext(c.span(), "widen");
    }
    if (width < from) {
      throw new SpecError(
          "width", c.span(), "widen from " + from + " to " + width + " bits", "write wrap(…)");
    }
    return new Value.Dyn(widened(of, reading, new Type.Bits(reading, width)));
  }

  private static Expr widened(Expr of, Type.Reading reading, Type.Bits type) {
    return Make.resize(
        reading == Type.Reading.SINT ? Expr.Extend.SEXT : Expr.Extend.ZEXT, of, type);
  }

  private Value wrap(@Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    Type target = wantedBits(argument, scope, expected);
    if (!(target instanceof Type.Bits || target instanceof Type.Floating)) {
      throw new NeedsContext(c.span(), "wrap");
    }
    Value value = binder.bind(Calls.single(c), scope, null);
    Type.Bits to = Type.bits(Conversions.bitsOf(target, c.span()));
    if (value instanceof Value.Num n) {
      if (!n.whole()) {
        throw new SpecError("type", c.span(), "expected a whole number, got " + n);
      }
      return new Value.Dyn(Make.reread(Make.literal(to, n.numerator()), target));
    }
    Expr of = binder.convert.dyn(value, c.span());
    return switch (of.type()) {
      case Type.Bits(_, int from) when from >= to.width() ->
          new Value.Dyn(Make.reread(Make.resize(Expr.Extend.TRUNC, of, to), target));
      case Type.Int _, Type.Exact _ when target instanceof Type.Bits ->
          new Value.Dyn(Make.wrap(of, target));
      default -> throw new SpecError("width", c.span(), "wrap from " + of.type() + " to " + to);
    };
  }

  private Value wideMultiply(Term.Call c, Scope scope) {
    Expr a = binder.convert.dyn(binder.bind(Calls.argument(c, 0, 2), scope, null), c.span());
    Expr b = binder.convert.dyn(binder.bind(Calls.argument(c, 1, 2), scope, null), c.span());
    if (!(a.type() instanceof Type.Bits(var ra, int wa))
        || !(b.type() instanceof Type.Bits(var rb, int wb))
        || wa != wb
        || 2 * wa > Binder.WIDEST
        || ra == Type.Reading.BITS
        || rb == Type.Reading.BITS) {
      throw new SpecError(
          "width",
          c.span(),
          "wmul wants uint or sint of one width of at most 64 bits, got "
              + a.type()
              + " and "
              + b.type());
    }
    boolean sint = ra == Type.Reading.SINT || rb == Type.Reading.SINT;
    Type.Bits type = new Type.Bits(sint ? Type.Reading.SINT : Type.Reading.UINT, 2 * wa);
    Expr wide = Make.binary(Expr.BinaryOp.MUL, widened(a, ra, type), widened(b, rb, type), type);
    return new Value.Dyn(wide);
  }

  // Bits and arrays

  private Value split(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError("type", c.span(), "split needs a width", "write split<8>(…)");
    }
    int part = binder.width(argument, scope);
    Expr of = binder.convert.dyn(binder.bind(Calls.single(c), scope, null), c.span());
    if (!(of.type() instanceof Type.Bits(_, int width))) {
      throw new SpecError("type", c.span(), "only bits can be split, this is " + of.type());
    }
    if (width % part != 0) {
      throw new SpecError("width", c.span(), width + " bits do not split into parts of " + part);
    }
    List<Stmt> lets = new ArrayList<>();
    Expr whole = shared("split", of, lets);
    List<Value> parts = new ArrayList<>();
    for (int lo = 0; lo < width; lo += part) {
      parts.add(new Value.Dyn(Make.reread(Make.slice(whole, lo + part - 1, lo), Type.bits(part))));
    }
    return Conversions.after(lets, new Value.Several(parts));
  }

  /// {@return a value that is computed once, whatever number of times it is used}
  Expr shared(String name, Expr of, List<Stmt> lets) {
    if (binder.isCheap(of)) {
      return of;
    }
    Local local = binder.local(name, of.type());
    binder.patterns.let(local, of, lets);
    return new Expr.LocalValue(local);
  }

  private Value join(Term.Call c, Scope scope) {
    return join(binder.bind(Calls.single(c), scope, null), c);
  }

  private Value join(Value value, Term.Call c) {
    List<Expr> high = new ArrayList<>();
    switch (value) {
      case Value.After(var statements, var inner) -> {
        return Conversions.after(statements, join(inner, c));
      }
      case Value.Several(var parts) -> {
        for (Value part : parts.reversed()) {
          high.add(binder.convert.dyn(part, c.span()));
        }
      }
      case Value.ListOf(var parts) when parts.stream().anyMatch(p -> p instanceof Value.After) -> {
        for (Value part : parts.reversed()) {
          high.add(binder.convert.dyn(part, c.span()));
        }
      }
      case Value.Dyn(var array) when array.type() instanceof Type.Array(var element, int n) -> {
        for (int k = n - 1; k >= 0; k--) {
          high.add(new Expr.ArrayAt(array, Make.number(BigInteger.valueOf(k)), element));
        }
      }
      default ->
          throw new SpecError(
              "type", c.span(), "join wants an array, got " + Conversions.what(value));
    }
    return new Value.Dyn(Operators.concat(high, c.span()));
  }

  // Whole numbers

  private Value ceil(Term.Call c, Scope scope) {
    if (c.args().size() == 1) {
      Value.Num n = binder.constant(Calls.single(c), scope);
      return Value.Num.of(Arithmetic.floorDivide(n.numerator().negate(), n.denominator()).negate());
    }
    Value a = binder.bind(Calls.argument(c, 0, 2), scope, null);
    Value b = binder.bind(Calls.argument(c, 1, 2), scope, null);
    Value number = new Value.Dyn(binder.convert.asInt(a, c.span()));
    Value divisor = new Value.Dyn(binder.convert.asInt(b, c.span()));
    Operators op = binder.operators;
    Value less = op.arithmetic(Expr.BinaryOp.SUB, divisor, Value.Num.of(1), c.span());
    Value up = op.arithmetic(Expr.BinaryOp.ADD, number, less, c.span());
    return folded(op.arithmetic(Expr.BinaryOp.DIV, up, divisor, c.span()));
  }

  /// {@return a whole number that turned out to be known now, as such}
  static Value folded(Value value) {
    return value instanceof Value.Dyn(Expr.Literal(Type.Int _, var n)) ? Value.Num.of(n) : value;
  }

  private Value leastOrGreatest(Expr.BinaryOp op, Term.Call c, Scope scope) {
    int count = Math.max(1, c.args().size());
    Value result = binder.bind(Calls.argument(c, 0, count), scope, null);
    for (int i = 1; i < count; i++) {
      Value next = binder.bind(Calls.argument(c, i, count), scope, null);
      if (result instanceof Value.Num x && next instanceof Value.Num y) {
        result = x.compareTo(y) <= 0 == (op == Expr.BinaryOp.MIN) ? x : y;
      } else {
        Value a = new Value.Dyn(binder.convert.asInt(result, c.span()));
        Value b = new Value.Dyn(binder.convert.asInt(next, c.span()));
        result = folded(binder.operators.arithmetic(op, a, b, c.span()));
      }
    }
    return result;
  }

  /// `registers(emul)`: a group of a fraction of a register takes a whole one.
  private Value registers(Term.Call c, Scope scope) {
    Value.Num emul = binder.constant(Calls.single(c), scope);
    if (emul.numerator().signum() <= 0) {
      throw new SpecError("index-range", c.span(), "there is no group of " + emul + " registers");
    }
    return Value.Num.of(
        Arithmetic.floorDivide(emul.numerator().negate(), emul.denominator()).negate());
  }

  /// `roundoff(a, n)`: a shifted right by n, rounded as the environment's fixed-point mode says.
  private Value roundOff(Term.Call c, Scope scope) {
    needsEnvironment("roundoff", c.span());
    Expr mode = binder.rounding;
    if (mode == null || !(mode.type() instanceof Type.Int(var least, var most))) {
      throw new SpecError(
          "round-mode", c.span(), "this `env` says no rounding mode", "add `round = …;` to it");
    }
    if (least.signum() < 0 || most.compareTo(BigInteger.valueOf(3)) > 0) {
      throw new SpecError(
          "round-mode",
          c.span(),
          "the fixed-point rounding modes are 0 to 3, that of this `env` is in " + mode.type());
    }
    Expr of = binder.convert.dyn(binder.bind(Calls.argument(c, 0, 2), scope, null), c.span());
    Expr amount = binder.number(Calls.argument(c, 1, 2), scope);
    binder.elements.notNegative(amount, c.span());
    Type.Int shift = (Type.Int) amount.type();
    if (shift.max().bitLength() > 12) {
      throw new SpecError("index-range", c.span(), "a shift amount of up to " + shift.max());
    }
    return switch (of.type()) {
      case Type.Bits(var reading, _) when reading != Type.Reading.BITS ->
          new Value.Dyn(new Expr.RoundOff(of, amount, mode, of.type()));
      case Type.Int(var min, var max) ->
          new Value.Dyn(
              new Expr.RoundOff(
                  of,
                  amount,
                  mode,
                  new Type.Int(min.min(BigInteger.ZERO), max.max(BigInteger.ZERO))));
      default ->
          throw new SpecError(
              "type", c.span(), "roundoff wants a number, uint or sint, got " + of.type());
    };
  }

  // Exact numbers, rounding

  private Value exact(String name, Term.Call c, Scope scope) {
    Term term = Calls.single(c);
    if (name.equals("pow2")) {
      return pow2(term, scope);
    }
    Expr of = binder.convert.exact(binder.bind(term, scope, Type.EXACT), term.span());
    return switch (name) {
      case "exact" -> new Value.Dyn(of);
      case "floor" -> new Value.Dyn(new Expr.ExactCall(Expr.ExactFunction.FLOOR, of, Type.EXACT));
      case "sign" ->
          new Value.Dyn(new Expr.ExactCall(Expr.ExactFunction.SIGN, of, Type.Int.of(-1, 1)));
      default ->
          new Value.Dyn(
              new Expr.ExactCall(
                  Expr.ExactFunction.EXPONENT,
                  of,
                  Type.Int.of(-2 * LARGEST_EXPONENT, 2 * LARGEST_EXPONENT)));
    };
  }

  private Value pow2(Term term, Scope scope) {
    Expr exponent = binder.number(term, scope);
    Type.Int range = (Type.Int) exponent.type();
    BigInteger limit = BigInteger.valueOf(LARGEST_EXPONENT);
    if (range.min().compareTo(limit.negate()) < 0 || range.max().compareTo(limit) > 0) {
      throw new SpecError(
          "literal-fit",
          term.span(),
          "an exponent lies within " + LARGEST_EXPONENT + " of 0, this is in " + range,
          "bound it with min(…) and max(…)");
    }
    return new Value.Dyn(new Expr.ExactCall(Expr.ExactFunction.POW2, exponent, Type.EXACT));
  }

  private void needsEnvironment(String name, Span span) {
    if (!binder.hasEnvironment) {
      throw new SpecError(
          "no-env",
          span,
          "`" + name + "` needs `env` to say the rounding mode and where flags go",
          "add `env …;` to the instruction");
    }
  }

  private Value round(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError("type", c.span(), "round needs a type", "write round<F>(…)");
    }
    needsEnvironment("round", c.span());
    Rounding mode = c.args().size() == 2 ? mode(Calls.argument(c, 1, 2)) : null;
    if (mode == null && !binder.hasRounding) {
      throw new SpecError(
          "no-env",
          c.span(),
          "this `env` has no rounding mode",
          "say `round = …;` in it, or name the mode: round<F>(…, rne)");
    }
    boolean integral = argument instanceof Term.Name(var n, _) && n.equals("integral");
    Type type = integral ? Type.EXACT : binder.type(argument, scope);
    boolean target =
        integral
            || type instanceof Type.Floating
            || type instanceof Type.Bits(var reading, _) && reading != Type.Reading.BITS;
    if (!target) {
      throw new SpecError(
          "type", c.span(), "round makes a float, uint, sint or integral, not " + type);
    }
    Term operand = Calls.argument(c, 0, Math.clamp(c.args().size(), 1, 2));
    return rounded(binder.bind(operand, scope, Type.EXACT), mode, type, operand.span());
  }

  private Value rounded(Value value, @Nullable Rounding mode, Type type, Span span) {
    return switch (value) {
      case Value.Real(var call) -> new Value.Dyn(new Expr.Round(call, mode, type));
      case Value.After(var statements, var inner) ->
          Conversions.after(statements, rounded(inner, mode, type, span));
      default -> new Value.Dyn(new Expr.Round(binder.convert.exact(value, span), mode, type));
    };
  }

  private static Rounding mode(Term term) {
    if (term instanceof Term.Name(var name, _)) {
      for (Rounding mode : Rounding.values()) {
        if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
          return mode;
        }
      }
    }
    throw new SpecError(
        "round-mode", term.span(), "expected a rounding mode", "rne, rtz, rdn, rup, rmm or rod");
  }

  private Value saturate(
      @Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    needsEnvironment("saturate", c.span());
    Type type = argument != null ? binder.type(argument, scope) : expected;
    if (!(type instanceof Type.Bits(var reading, _)) || reading == Type.Reading.BITS) {
      throw new SpecError(
          "type", c.span(), "saturate makes a uint or sint", "write saturate<sint<8>>(…)");
    }
    Value value = binder.bind(Calls.single(c), scope, null);
    Expr of = binder.convert.dyn(value, c.span());
    boolean exact = of.type() instanceof Type.Exact;
    return new Value.Dyn(
        new Expr.Saturate(exact ? of : binder.convert.asInt(value, c.span()), type));
  }

  private Value mute(@Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    if (!(argument instanceof Term.Name(var name, var span))) {
      throw new SpecError("flag-unknown", c.span(), "mute needs a flag", "write mute<NX>(…)");
    }
    Flag flag = flag(name, span);
    Expr of = binder.convert.dyn(binder.bind(Calls.single(c), scope, expected), c.span());
    return new Value.Dyn(new Expr.Mute(flag, of));
  }

  /// {@return the flag of that name}
  static Flag flag(String name, Span span) {
    for (Flag flag : Flag.values()) {
      if (flag.name().equals(name)) {
        return flag;
      }
    }
    throw new SpecError(
        "flag-unknown", span, "there is no flag '" + name + "'", "NV, DZ, OF, UF, NX or SAT");
  }
}
