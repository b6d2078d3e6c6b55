package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

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
      Operand operand = Objects.requireNonNull(operands.get(entry.getKey()));
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

  /// {@return whether some code of a register operand names no register}
  boolean hasGaps() {
    return operands.values().stream().anyMatch(WordCondition::hasGaps);
  }

  private static boolean hasGaps(Operand operand) {
    OperandClass c = operand.operandClass();
    return c.readings().stream()
        .anyMatch(r -> r instanceof OperandClass.Reading.Register(_, var n) && n.contains(-1));
  }

  /// {@return the codes that a field may have by conditions on it alone; null: any}
  @Nullable BitSet allowed(String field) {
    return tables().allowed().get(field);
  }

  /// {@return the codes that a field may have by conditions on it alone}
  BitSet codes(Operand operand) {
    BitSet known = allowed(operand.name());
    return known != null ? known : every(operand);
  }

  /// {@return the operand of that name, or null where the encoding fixes the field}
  @Nullable Operand operand(String field) {
    return operands.get(field);
  }

  /// {@return whether the conditions on several fields allow these values; all fields that they
  /// read are there}
  boolean allows(Map<String, BigInteger> values) {
    return holds(tables().rest(), values) && more(tables().wanted(), values, Map.of());
  }

  /// {@return the fields that conditions on several fields read, or need as constants}
  Set<String> related() {
    Set<String> names = new HashSet<>(tables().wanted());
    tables().rest().forEach(c -> names.addAll(fields(c.holds())));
    return names;
  }

  /// {@return the values that a field may have by conditions on it alone; null: any of its type}
  Type.@Nullable Int range(String field) {
    Operand operand = operands.get(field);
    BitSet codes = operand == null ? null : allowed(field);
    if (operand == null || codes == null) {
      return null;
    }
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int code = codes.nextSetBit(0); code >= 0; code = codes.nextSetBit(code + 1)) {
      long value = operand.operandClass().fromField(code);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return least > most ? null : Type.Int.of(least, most);
  }

  private synchronized Tables tables() {
    if (tables == null) {
      Meanings.Decision decision = meanings.decide(Map.of(), false);
      tables = build(decision);
      if (!decision.complete()) {
        // Some conditions stand only behind others on the same field: `legal ew <= 6 && t[ew] ==
        // 4`.
        tables = build(meanings.decide(Map.of(), true));
      }
    }
    return tables;
  }

  private Tables build(Meanings.Decision decision) {
    Map<String, BitSet> allowed = new LinkedHashMap<>();
    operands.forEach((name, operand) -> {
      if (hasGaps(operand)) {
        allowed.put(name, registers(operand));
      }
    });
    List<Bound.Condition> rest = new ArrayList<>();
    for (Bound.Condition condition : decision.conditions()) {
      Set<String> fields = fields(condition.holds());
      String field = fields.size() == 1 ? fields.iterator().next() : null;
      Operand operand = field == null ? null : operands.get(field);
      if (field == null || operand == null || operand.field().width() > WIDEST_TABLE) {
        rest.add(condition);
      } else {
        BitSet codes = allowed.computeIfAbsent(field, _ -> every(operand));
        restrict(codes, condition, operand);
      }
    }
    return new Tables(allowed, rest, decision.wanted());
  }

  private static BitSet every(Operand operand) {
    BitSet codes = new BitSet();
    codes.set(0, 1 << operand.field().width());
    return codes;
  }

  private static BitSet registers(Operand operand) {
    BitSet codes = every(operand);
    codes.stream().filter(code -> operand.operandClass().fromField(code) < 0).forEach(codes::clear);
    return codes;
  }

  private static void restrict(BitSet codes, Bound.Condition condition, Operand operand) {
    for (int code = codes.nextSetBit(0); code >= 0; code = codes.nextSetBit(code + 1)) {
      BigInteger value = BigInteger.valueOf(operand.operandClass().fromField(code));
      if (!FieldEvaluator.holds(condition.holds(), Map.of(operand.name(), value))) {
        codes.clear(code);
      }
    }
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
    open.forEach(f -> fixed.put(f, Objects.requireNonNull(values.get(f))));
    Meanings.Decision decision = decide(Map.copyOf(fixed));
    return holds(decision.conditions(), values)
        && more(decision.wanted(), values, Map.copyOf(fixed));
  }

  private synchronized Meanings.Decision decide(Map<String, BigInteger> statics) {
    Meanings.Decision known = decisions.get(statics);
    if (known == null) {
      known = meanings.decide(statics, true);
      decisions.put(statics, known);
    }
    return known;
  }
}
