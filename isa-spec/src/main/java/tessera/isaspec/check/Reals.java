package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Binds calls of `real` functions, which comparisons define.
final class Reals {
  private final Binder binder;

  Reals(Binder binder) {
    this.binder = binder;
  }

  Value call(Item.Real real, Term.Call c, Scope scope) {
    int count = real.parameters().size();
    List<Expr> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Term argument = Calls.argument(c, i, count);
      arguments.add(
          binder.convert.exact(binder.bind(argument, scope, Type.EXACT), argument.span()));
    }
    return new Value.Real(new Expr.RealCall(define(real), arguments));
  }

  private Expr.RealFunction define(Item.Real real) {
    Scope inner = Scope.closed();
    List<Local> parameters = new ArrayList<>();
    for (Item.Parameter p : real.parameters()) {
      Local local = binder.local(p.name(), Type.EXACT);
      parameters.add(local);
      inner.put(p.name(), new Value.Dyn(new Expr.LocalValue(local)));
    }
    List<Expr.Special> special = new ArrayList<>();
    for (Item.Special s : real.special()) {
      Expr condition = binder.condition(s.condition(), inner);
      special.add(new Expr.Special(condition, specialValue(s.value(), inner)));
    }
    Local target = binder.local(real.target(), Type.EXACT);
    inner.put(real.target(), new Value.Dyn(new Expr.LocalValue(target)));
    Value compare =
        real.compare() != null
            ? binder.bind(real.compare(), inner, null)
            : binder.returns.value(asFunction(real), inner, null);
    return new Expr.RealFunction(
        real.name(),
        parameters,
        special,
        target,
        binder.convert.asInt(compare, real.span()),
        real.span());
  }

  private static Value.Func asFunction(Item.Real real) {
    return new Value.Func(
        Item.FunctionKind.FN,
        real.name(),
        List.of(),
        real.parameters(),
        null,
        null,
        real.body(),
        Scope.closed(),
        real.span());
  }

  /// {@return what a special case is; null: the operation is invalid}
  private @Nullable Expr specialValue(Term term, Scope inner) {
    if (term instanceof Term.Name(var name, _)) {
      switch (name) {
        case "invalid" -> {
          return null;
        }
        case "infinity", "zero" -> {
          return new Expr.SignedSpecial(List.of(), name.equals("infinity"));
        }
        default -> {}
      }
    }
    if (term instanceof Term.Call(Term.Name(var name, _), _, _) && name.equals("signed")) {
      return signed((Term.Call) term, inner);
    }
    return binder.convert.exact(binder.bind(term, inner, Type.EXACT), term.span());
  }

  /// `signed(a, b, infinity)`: infinity or zero with the signs of the others.
  private Expr signed(Term.Call c, Scope inner) {
    int count = c.args().size();
    List<Expr> signs = new ArrayList<>();
    for (int i = 0; i < count - 1; i++) {
      Term argument = Calls.argument(c, i, count);
      signs.add(binder.convert.exact(binder.bind(argument, inner, Type.EXACT), argument.span()));
    }
    Term last = count == 0 ? c : Calls.argument(c, count - 1, count);
    if (last instanceof Term.Name(var what, _)
        && (what.equals("infinity") || what.equals("zero"))) {
      return new Expr.SignedSpecial(signs, what.equals("infinity"));
    }
    throw new SpecError("type", c.span(), "expected signed(…, infinity) or signed(…, zero)");
  }
}
