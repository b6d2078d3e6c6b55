package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Statement;

/// Binds the body of a function, whose value is what it returns.
final class Returns {
  private final Binder binder;

  Returns(Binder binder) {
    this.binder = binder;
  }

  /// {@return what the body returns, after the statements before}
  Value value(Value.Func f, Scope scope, @Nullable Type expected) {
    List<Stmt> before = new ArrayList<>();
    Value result = returned(f.body(), scope, expected, before);
    if (result != null) {
      return Conversions.after(before, result);
    }
    if (f.kind() != Item.FunctionKind.ACTION) {
      throw new SpecError(
          "type",
          f.body().isEmpty() ? f.span() : f.body().getLast().span(),
          "'" + f.name() + "' does not return a value on every path",
          "end it with `return …;`");
    }
    return Conversions.after(before, Value.Num.of(0));
  }

  private @Nullable Value returned(
      List<Statement> body, Scope scope, @Nullable Type expected, List<Stmt> before) {
    Findings findings = Findings.collected();
    for (int i = 0; i < body.size(); i++) {
      Statement s = body.get(i);
      if (s instanceof Statement.Return r) {
        Value value = null;
        try {
          value = binder.bind(r.value(), scope, expected);
        } catch (SpecError error) {
          findings.add(error);
        }
        findings.orThrow();
        return value;
      }
      if (s instanceof Statement.If f && returns(s)) {
        findings.orThrow();
        return returnedIf(f, body.subList(i + 1, body.size()), scope, expected);
      }
      binder.bodies.attempt(s, scope, before, findings);
    }
    findings.orThrow();
    return null;
  }

  private @Nullable Value returnedIf(
      Statement.If f, List<Statement> rest, Scope scope, @Nullable Type expected) {
    Expr condition = binder.condition(f.condition(), scope);
    if (Make.isTrue(condition) || Make.isFalse(condition)) {
      return branch(Make.isTrue(condition) ? f.then() : f.otherwise(), rest, scope, expected);
    }
    Value yes = binder.assuming(condition, () -> branch(f.then(), rest, scope, expected));
    Value no = binder.assumingNot(condition, () -> branch(f.otherwise(), rest, scope, expected));
    if (yes == null || no == null) {
      throw new SpecError("type", f.span(), "not every path returns a value");
    }
    return binder.select(condition, yes, no, expected, f.span());
  }

  private @Nullable Value branch(
      List<Statement> then, List<Statement> rest, Scope scope, @Nullable Type expected) {
    List<Statement> whole = new ArrayList<>(then);
    whole.addAll(rest);
    List<Stmt> before = new ArrayList<>();
    Value value = returned(whole, scope.inner(), expected, before);
    return value == null ? null : Conversions.after(before, value);
  }

  private static boolean returns(Statement s) {
    return switch (s) {
      case Statement.Return _ -> true;
      case Statement.If f ->
          f.then().stream().anyMatch(Returns::returns)
              || f.otherwise().stream().anyMatch(Returns::returns);
      case Statement.Choose c ->
          c.cases().stream().anyMatch(k -> k.body().stream().anyMatch(Returns::returns));
      default -> false;
    };
  }
}
