package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.Map;

/// Evaluates expressions that read only fields of a word: conditions of decoding.
public final class FieldEvaluator {
  /// Terms of folds that a condition may evaluate.
  static final long FUEL = 1 << 16;

  private FieldEvaluator() {}

  /// Evaluates with a bound on its steps; a `let` of an inlined function is all it runs.
  private static final class Bounded extends Values {
    Bounded(Fields fields) {
      super(fields);
      fuel = FUEL;
    }

    @Override
    void run(Stmt statement) {
      if (!(statement instanceof Stmt.Let(var local, var value))) {
        throw new IllegalArgumentException("statements outside an instruction: " + statement);
      }
      set(local, value(value));
    }
  }

  /// {@return whether a condition over fields holds}
  ///
  /// @throws TextFault when it runs too long
  ///
  /// @param values every field that it reads, by name
  public static boolean holds(Expr condition, Map<String, BigInteger> values) {
    return new Bounded(name -> known(name, values)).truth(condition);
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
    return new Bounded(name -> values.getOrDefault(name, BigInteger.ZERO)).number(expr);
  }

  /// {@return the value of a number over locals, given by slot; for rules of two values}
  public static BigInteger ofLocals(Expr expr, Map<Integer, BigInteger> locals) {
    Bounded values = new Bounded(_ -> BigInteger.ZERO);
    locals.forEach((slot, value) -> values.set(new Local(slot, "", Type.BOOL), value));
    return values.number(expr);
  }
}
