package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Operand;

/// Decides questions on fields by trying all that the conditions of decoding allow.
final class FieldProof {
  private static final long MOST = 1 << 16;

  private final Meanings meanings;

  FieldProof(Meanings meanings) {
    this.meanings = meanings;
  }

  /// {@return field values for which two numbers are equal, in words; null: there are none}
  ///
  /// @param except a number at which equality does not matter
  @Nullable String witness(Expr a, Expr b, @Nullable Integer except) {
    Set<String> names = new LinkedHashSet<>();
    if (!fields(a, names) || !fields(b, names)) {
      return "their numbers are run-time values";
    }
    names.addAll(meanings.word().related());
    List<Operand> operands = new ArrayList<>();
    long combinations = 1;
    for (String name : names) {
      Operand operand = meanings.word().operand(name);
      if (operand != null) {
        operands.add(operand);
        combinations *= 1L << operand.field().width();
      }
      if (combinations > MOST) {
        return "too many fields decide where they go";
      }
    }
    return search(a, b, except, operands, 0, new HashMap<>());
  }

  private static boolean fields(Expr expr, Set<String> names) {
    boolean[] only = {Conditions.readsFieldsOnly(expr)};
    Walk.expr(
        expr,
        e -> {
          switch (e) {
            case Expr.FieldValue(var name, _) -> names.add(name);
            case Expr.LocalValue _, Expr.Inline _ -> only[0] = false;
            default -> {}
          }
        });
    return only[0];
  }

  private @Nullable String search(
      Expr a,
      Expr b,
      @Nullable Integer except,
      List<Operand> operands,
      int n,
      Map<String, BigInteger> values) {
    if (n == operands.size()) {
      BigInteger left = FieldEvaluator.value(a, values);
      boolean equal = left.equals(FieldEvaluator.value(b, values));
      boolean matters = except == null || !left.equals(BigInteger.valueOf(except));
      return equal && matters && meanings.word().allows(values) ? words(operands, values) : null;
    }
    Operand operand = operands.get(n);
    BitSet codes = meanings.word().codes(operand);
    for (int code = codes.nextSetBit(0); code >= 0; code = codes.nextSetBit(code + 1)) {
      values.put(operand.name(), BigInteger.valueOf(operand.operandClass().fromField(code)));
      String found = search(a, b, except, operands, n + 1, values);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String words(List<Operand> operands, Map<String, BigInteger> values) {
    List<String> parts = new ArrayList<>();
    for (Operand operand : operands) {
      parts.add(operand.name() + " = " + Objects.requireNonNull(values.get(operand.name())));
    }
    return String.join(", ", parts);
  }
}
