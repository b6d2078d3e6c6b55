package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.Map;

/// Evaluates expressions that read only fields of a word: conditions of decoding.
public final class FieldEvaluator {
  private FieldEvaluator() {}

  /// {@return whether a condition over fields holds}
  ///
  /// @param values every field that it reads, by name
  public static boolean holds(Expr condition, Map<String, BigInteger> values) {
    return new Values(name -> known(name, values)).truth(condition);
  }

  private static BigInteger known(String name, Map<String, BigInteger> values) {
    BigInteger value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value for the field " + name);
    }
    return value;
  }

  /// {@return the value of a number over fields}
  public static BigInteger value(Expr expr, Map<String, BigInteger> values) {
    return new Values(name -> values.getOrDefault(name, BigInteger.ZERO)).number(expr);
  }

  /// {@return the value of a number over locals, given by slot; for rules of two values}
  public static BigInteger ofLocals(Expr expr, Map<Integer, BigInteger> locals) {
    Values values = new Values(_ -> BigInteger.ZERO);
    locals.forEach((slot, value) -> values.set(new Local(slot, "", Type.BOOL), value));
    return values.number(expr);
  }
}
