package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.syntax.Operand;

/// The conjuncts of an instruction that read only fields, as a test of words. They are bound at the
/// first question.
final class WordCondition implements LongPredicate {
  private final Meanings meanings;
  private final List<Operand> operands;
  private final Map<Map<String, BigInteger>, Meanings.Decision> decisions = new HashMap<>();

  WordCondition(Meanings meanings, List<Operand> operands) {
    this.meanings = meanings;
    this.operands = operands;
  }

  @Override
  public boolean test(long word) {
    Map<String, BigInteger> values = new HashMap<>();
    for (Operand operand : operands) {
      values.put(operand.name(), BigInteger.valueOf(operand.decode(word)));
    }
    return holds(values, Map.of());
  }

  private synchronized boolean holds(Map<String, BigInteger> values, Map<String, BigInteger> statics) {
    Meanings.Decision decision = decisions.computeIfAbsent(statics, meanings::decide);
    for (Bound.Condition condition : decision.conditions()) {
      if (!FieldEvaluator.holds(condition.holds(), values)) {
        return false;
      }
    }
    List<String> wanted = new ArrayList<>(decision.wanted());
    wanted.removeAll(statics.keySet());
    if (wanted.isEmpty()) {
      return true;
    }
    Map<String, BigInteger> more = new TreeMap<>(statics);
    for (String field : wanted) {
      BigInteger value = values.get(field);
      if (value == null) {
        return true;
      }
      more.put(field, value);
    }
    return holds(values, Map.copyOf(more));
  }
}
