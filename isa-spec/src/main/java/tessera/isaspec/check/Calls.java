package tessera.isaspec.check;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// Binds calls by what is called: a function of the text, a name that the tool knows, a type, a
/// member.
final class Calls {
  private final Binder binder;

  Calls(Binder binder) {
    this.binder = binder;
  }

  Value call(Term.Call c, Scope scope, @Nullable Type expected) {
    Term function = c.function();
    Term argument = null;
    if (function instanceof Term.Generic g) {
      function = g.base();
      argument = g.argument();
    }
    if (function instanceof Term.Member m) {
      return memberCall(m, argument, c, scope);
    }
    Value callee = callee(function, scope);
    return switch (callee) {
      case Value.Func f -> binder.functions.apply(f, argument, c, scope, expected);
      case Value.Builtin(var name) -> binder.builtins.builtin(name, argument, c, scope, expected);
      case Value.RealOf(var real) -> binder.reals.call(real, c, scope);
      case Value.TypeOf(Type.Exact _) ->
          binder.builtins.builtin("exact", argument, c, scope, expected);
      case Value.OpenType _, Value.TypeOf _ -> reread(callee, argument, c, scope);
      default ->
          throw new SpecError("type", c.span(), Conversions.what(callee) + " can not be called");
    };
  }

  /// `ones` and `zeros` alone are values, so they are looked up here and not bound.
  private Value callee(Term function, Scope scope) {
    boolean fill =
        function instanceof Term.Name(var name, _) && (name.equals("ones") || name.equals("zeros"));
    return fill
        ? new Value.Builtin(((Term.Name) function).name())
        : binder.bind(function, scope, null);
  }

  private Value reread(Value type, @Nullable Term argument, Term.Call c, Scope scope) {
    Value target = argument == null ? type : new Value.TypeOf(binder.type(c.function(), scope));
    Value value = binder.bind(single(c), scope, null);
    if (value instanceof Value.Num && target instanceof Value.TypeOf(var full)) {
      return new Value.Dyn(binder.convert.coerce(value, full, c.span()));
    }
    Expr of = binder.convert.dyn(value, c.span());
    return new Value.Dyn(binder.convert.rereadAs(of, target, c.span()));
  }

  /// {@return the one argument of a call}
  static Term single(Term.Call c) {
    return argument(c, 0, 1);
  }

  /// {@return argument `n` of a call that has `count`}
  static Term argument(Term.Call c, int n, int count) {
    if (c.args().size() != count) {
      throw new SpecError(
          "type",
          c.span(),
          "expected " + count + " argument" + (count == 1 ? "" : "s") + ", got " + c.args().size());
    }
    if (c.args().get(n) instanceof Term.Arg.Plain(var value)) {
      return value;
    }
    throw new SpecError("type", c.span(), "expected a plain argument");
  }

  // Members

  private Value memberCall(Term.Member m, @Nullable Term argument, Term.Call c, Scope scope) {
    Value of = m.of() instanceof Term.Name(var name, _) ? binder.lookup(name, scope) : null;
    if (of instanceof Value.CsrFile && m.name().equals("ok")) {
      Expr number = binder.elements.csrNumber(argument(c, 0, 2), scope);
      return new Value.Dyn(new Expr.CsrAllows(number, binder.condition(argument(c, 1, 2), scope)));
    }
    if (of instanceof Value.MemoryOf) {
      return binder.memory.value(m, argument, c, scope);
    }
    String window = binder.windows.windowName(m, scope);
    if (window != null && binder.defs.windows.containsKey(window)) {
      if (binder.showsWindows) {
        return binder.windows.view(c.span().text(), c, null, scope);
      }
      throw new SpecError("type", c.span(), "the window " + window + " stands only in `view`");
    }
    return switch (m.name()) {
      case "bit" -> Conversions.fromBool(bit(m, c, scope));
      case "at" -> totalRead(binder.bind(m.of(), scope, null), c, scope);
      default -> {
        Value member = binder.elements.member(m, scope);
        throw new SpecError("type", c.span(), Conversions.what(member) + " can not be called");
      }
    };
  }

  private Expr bit(Term.Member m, Term.Call c, Scope scope) {
    Expr of = binder.convert.dyn(binder.bind(m.of(), scope, null), m.span());
    Expr index = binder.elements.notNegative(binder.number(single(c), scope), c.span());
    if (of instanceof Expr.Literal(Type.Int _, var value)
        && value.signum() >= 0
        && index instanceof Expr.Literal(_, var n)) {
      return Make.bool(n.bitLength() < 31 && value.testBit(n.intValue()));
    }
    if (!(of.type() instanceof Type.Bits(_, int width))) {
      throw new SpecError("type", m.span(), "only bits have `.bit`, this is " + of.type());
    }
    if (!(index instanceof Expr.Literal(_, var n))) {
      return new Expr.BitAt(of, index);
    }
    if (n.compareTo(BigInteger.valueOf(width)) >= 0) {
      return Make.bool(false);
    }
    Expr slice = Make.reread(Make.slice(of, n.intValue(), n.intValue()), Type.bits(1));
    return Make.compare(Expr.CompareOp.EQ, slice, Make.literal(Type.bits(1), BigInteger.ONE));
  }

  /// `b.at(k, default)`: also where k lies outside.
  private Value totalRead(Value of, Term.Call c, Scope scope) {
    return switch (of) {
      case Value.ViewOf(var view, _) -> binder.windows.totalRead(view, c, scope);
      case Value.EveryOf(var element) -> new Value.Dyn(element);
      case Value.After(var statements, var inner) ->
          Conversions.after(statements, totalRead(inner, c, scope));
      default -> {
        Expr array = binder.convert.dyn(of, c.span());
        if (!(array.type() instanceof Type.Array(var element, int length))) {
          throw new SpecError(
              "type", c.span(), "only views and arrays have `.at`, this is " + array.type());
        }
        Expr index = binder.number(argument(c, 0, 2), scope);
        Term last = argument(c, 1, 2);
        Expr otherwise =
            binder.convert.coerce(binder.bind(last, scope, element), element, last.span());
        Expr inside =
            Make.and(
                Make.compare(Expr.CompareOp.GE, index, Make.number(BigInteger.ZERO)),
                Make.compare(Expr.CompareOp.LT, index, Make.number(BigInteger.valueOf(length))));
        yield new Value.Dyn(
            new Expr.Select(inside, new Expr.ArrayAt(array, index, element), otherwise, element));
      }
    };
  }
}
