package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Operand;

/// The conjuncts of an instruction that read only fields, as a test of words. They are bound at the
/// first question; those on one field become a table of its allowed codes.
final class WordCondition implements LongPredicate {
  private static final int WIDEST_TABLE = 12;

  private final Meanings meanings;
  private final Map<String, Operand> operands = new LinkedHashMap<>();
  private final Map<Map<String, BigInteger>, Meanings.Decision> decisions = new HashMap<>();
  private @Nullable Tables tables;

  /// @param allowed for each field that a condition reads alone, the codes that it allows
  /// @param rest conditions on several fields
  private record Tables(
      Map<String, BitSet> allowed, List<Bound.Condition> rest, List<String> wanted) {}

  WordCondition(Meanings meanings, List<Operand> operands) {
    this.meanings = meanings;
    operands.forEach(o -> this.operands.put(o.name(), o));
  }

  @Override
  public boolean test(long word) {
    Tables known = tables();
    for (Map.Entry<String, BitSet> entry : known.allowed().entrySet()) {
      Operand operand = java.util.Objects.requireNonNull(operands.get(entry.getKey()));
      if (!entry.getValue().get((int) operand.field().extract(word))) {
        return false;
      }
    }
    if (known.rest().isEmpty() && known.wanted().isEmpty()) {
      return true;
    }
    Map<String, BigInteger> values = new HashMap<>();
    operands.forEach((name, o) -> values.put(name, BigInteger.valueOf(o.decode(word))));
    return holds(known.rest(), values) && more(known.wanted(), values, Map.of());
  }

  /// {@return the codes that a field may have by conditions on it alone; null: any}
  @Nullable BitSet allowed(String field) {
    return tables().allowed().get(field);
  }

  private synchronized Tables tables() {
    if (tables == null) {
      tables = build();
    }
    return tables;
  }

  private Tables build() {
    Meanings.Decision decision = meanings.decide(Map.of());
    Map<String, BitSet> allowed = new LinkedHashMap<>();
    List<Bound.Condition> rest = new ArrayList<>();
    for (Bound.Condition condition : decision.conditions()) {
      Set<String> fields = fields(condition.holds());
      String field = fields.size() == 1 ? fields.iterator().next() : null;
      Operand operand = field == null ? null : operands.get(field);
      if (field == null || operand == null || operand.field().width() > WIDEST_TABLE) {
        rest.add(condition);
      } else {
        BitSet table = table(condition.holds(), operand);
        allowed.merge(field, table, WordCondition::both);
      }
    }
    return new Tables(allowed, rest, decision.wanted());
  }

  private static BitSet both(BitSet a, BitSet b) {
    a.and(b);
    return a;
  }

  private static BitSet table(Expr condition, Operand operand) {
    BitSet table = new BitSet();
    for (int code = 0; code < 1 << operand.field().width(); code++) {
      BigInteger value = BigInteger.valueOf(operand.operandClass().fromField(code));
      table.set(code, FieldEvaluator.holds(condition, Map.of(operand.name(), value)));
    }
    return table;
  }

  private static Set<String> fields(Expr expr) {
    Set<String> names = new HashSet<>();
    Walk.expr(
        expr,
        e -> {
          if (e instanceof Expr.FieldValue(var name, _)) {
            names.add(name);
          }
        });
    return names;
  }

  private static boolean holds(List<Bound.Condition> conditions, Map<String, BigInteger> values) {
    return conditions.stream().allMatch(c -> FieldEvaluator.holds(c.holds(), values));
  }

  /// Conditions whose types need a field are bound for the value that the word has.
  private boolean more(
      List<String> wanted, Map<String, BigInteger> values, Map<String, BigInteger> statics) {
    List<String> open =
        wanted.stream().filter(w -> !statics.containsKey(w) && values.containsKey(w)).toList();
    if (open.isEmpty()) {
      return true;
    }
    Map<String, BigInteger> fixed = new TreeMap<>(statics);
    open.forEach(f -> fixed.put(f, java.util.Objects.requireNonNull(values.get(f))));
    Meanings.Decision decision = decide(Map.copyOf(fixed));
    return holds(decision.conditions(), values)
        && more(decision.wanted(), values, Map.copyOf(fixed));
  }

  private synchronized Meanings.Decision decide(Map<String, BigInteger> statics) {
    return decisions.computeIfAbsent(statics, meanings::decide);
  }
}
