package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// TODO
final class Patterns {
  final Binder binder;

  Patterns(Binder binder) {
    this.binder = binder;
  }

  void destructure(Term.Pattern pattern, Value value, Scope scope, List<Stmt> out, Span span) {
    if (value instanceof Value.After(var statements, var inner)) {
      out.addAll(statements);
      destructure(pattern, inner, scope, out, span);
      return;
    }
    switch (pattern) {
      case Term.Pattern.Bind(var name, _) -> {
        if (!name.equals("_")) {
          scope.put(name, named(name, value, out));
        }
      }
      case Term.Pattern.Constant _ ->
          throw new SpecError(
              "syntax", span, "`let` names values; a constant stands only in `match`");
      case Term.Pattern.Tuple(var parts) -> {
        List<Value> values =
            switch (value) {
              case Value.Several(var v) -> v;
              case Value.ListOf(var v) -> v;
              case Value.Dyn(var expr) when expr.type() instanceof Type.Tuple(var types) ->
                  tuple(expr, types, out);
              default ->
                  throw new SpecError(
                      "type",
                      span,
                      "expected " + parts.size() + " values, got " + Conversions.what(value));
            };
        if (values.size() != parts.size()) {
          throw new SpecError(
              "type", span, "expected " + parts.size() + " values, got " + values.size());
        }
        for (int i = 0; i < parts.size(); i++) {
          destructure(parts.get(i), values.get(i), scope, out, span);
        }
      }
    }
  }

  private List<Value> tuple(Expr expr, List<Type> types, List<Stmt> out) {
    if (expr instanceof Expr.MakeTuple(var elements, _)) {
      return elements.stream().map(e -> (Value) new Value.Dyn(e)).toList();
    }
    Local whole = binder.local("tuple", expr.type());
    let(whole, expr, out);
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      parts.add(new Value.Dyn(new Expr.TupleAt(new Expr.LocalValue(whole), i, types.get(i))));
    }
    return parts;
  }

  /// Gives a value a place in the frame, once for all that follows.
  void let(Local local, Expr value, List<Stmt> out) {
    out.add(new Stmt.Let(local, value));
    boolean number = value.type() instanceof Type.Int || value.type() instanceof Type.Bits;
    if (number && !binder.mentionsVariable(value)) {
      binder.facts = binder.facts.named(local, value);
    }
  }

  /// A run-time value gets a place in the frame; a constant, a view or a function needs none.
  Value named(String name, Value value, List<Stmt> out) {
    return switch (value) {
      case Value.Dyn(var expr) when !binder.isCheap(expr) -> {
        Local local = binder.local(name, expr.type());
        let(local, expr, out);
        yield new Value.Dyn(new Expr.LocalValue(local));
      }
      case Value.CsrOf _, Value.FieldOf _ -> named(name, new Value.Dyn(state(value)), out);
      case Value.Several(var parts) ->
          new Value.Several(parts.stream().map(p -> named(name, p, out)).toList());
      case Value.After(var statements, var inner) -> {
        out.addAll(statements);
        yield named(name, inner, out);
      }
      default -> value;
    };
  }

  private static Expr state(Value value) {
    return switch (value) {
      case Value.CsrOf(var csr) -> Conversions.read(csr);
      case Value.FieldOf(var csr, var field) -> Conversions.read(csr, field);
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  /// {@return whether a value matches; the pattern's names are put into `scope`}
  Expr matches(Term.Pattern pattern, Value of, Scope scope, Span span) {
    return switch (pattern) {
      case Term.Pattern.Constant(var term) ->
          binder.operators.equal(of, binder.bind(term, scope, null), span);
      case Term.Pattern.Bind(var name, _) -> {
        Value known = name.equals("_") ? null : binder.lookup(name, scope);
        if (known != null && isConstant(known)) {
          yield binder.operators.equal(of, known, span);
        }
        if (!name.equals("_")) {
          scope.put(name, of);
        }
        yield Make.bool(true);
      }
      case Term.Pattern.Tuple(var parts) -> {
        List<Value> values = taken(of, parts.size(), span);
        Expr all = Make.bool(true);
        for (int i = 0; i < parts.size(); i++) {
          all = Make.and(all, matches(parts.get(i), values.get(i), scope, span));
        }
        yield all;
      }
    };
  }

  /// A pattern that names a constant compares, any other name is given to the value.
  private static boolean isConstant(Value value) {
    return switch (value) {
      case Value.Num _, Value.Text _, Value.Truth _, Value.TypeOf _, Value.OpenType _ -> true;
      case Value.Dyn(var expr) -> expr instanceof Expr.Literal;
      default -> false;
    };
  }

  private static List<Value> taken(Value of, int count, Span span) {
    List<Value> parts = Conversions.parts(of);
    if (parts == null
        && of instanceof Value.Dyn(var expr)
        && expr.type() instanceof Type.Tuple(var types)) {
      parts = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        parts.add(new Value.Dyn(new Expr.TupleAt(expr, i, types.get(i))));
      }
    }
    if (parts == null || parts.size() != count) {
      throw new SpecError(
          "type", span, "expected " + count + " values to match, got " + Conversions.what(of));
    }
    return parts;
  }

  /// {@return whether the arms' constants are all the values there are, so that no `_` is needed}
  boolean covers(Value of, List<Term.Arm> arms, Span span) {
    Set<BigInteger> constants = new HashSet<>();
    for (Term.Arm arm : arms) {
      if (arm.pattern() instanceof Term.Pattern.Constant(Term.Num(var value, _, _))) {
        constants.add(value);
      } else if (arm.pattern() instanceof Term.Pattern.Constant(Term.Truth(var value, _))) {
        constants.add(value ? BigInteger.ONE : BigInteger.ZERO);
      } else {
        return false;
      }
    }
    BigInteger count =
        switch (binder.convert.dyn(of, span).type()) {
          case Type.Bits(_, int width) -> BigInteger.ONE.shiftLeft(width);
          case Type.Bool _ -> BigInteger.TWO;
          case Type.Int(var min, var max) -> max.subtract(min).add(BigInteger.ONE);
          case Type.Floating _, Type.Exact _, Type.Array _, Type.Tuple _ -> BigInteger.ZERO;
        };
    return count.equals(BigInteger.valueOf(constants.size()));
  }
}
