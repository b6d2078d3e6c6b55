package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import tessera.isaspec.CsrField;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Walk;

/// Applies a WARL rule to samples, where it reads nothing but the old and the new value.
final class Stability {
  private Stability() {}

  static BigInteger apply(CsrField.Rule.Stored rule, BigInteger old, BigInteger fresh) {
    Expr warl = java.util.Objects.requireNonNull(rule.warl());
    if (!Conditions.readsFieldsOnly(warl) || hasStatements(warl)) {
      return fresh; // it reads state: the engines' tests look at it
    }
    Map<Integer, BigInteger> values = new HashMap<>();
    values.put(rule.old().slot(), old);
    values.put(rule.fresh().slot(), fresh);
    return FieldEvaluator.ofLocals(warl, values);
  }

  private static boolean hasStatements(Expr expr) {
    boolean[] found = {false};
    Walk.expr(expr, e -> found[0] |= e instanceof Expr.Inline);
    return found[0];
  }
}
