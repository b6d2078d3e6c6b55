package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tessera.isaspec.Instruction;
import tessera.isaspec.Mode;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Binds every body once for each binding of what its types need, and collects what is wrong.
final class Bindings {
  private static final int MOST = 4096;

  private final Definitions defs;
  private final Diagnostics diagnostics;

  Bindings(Definitions defs, Diagnostics diagnostics) {
    this.defs = defs;
    this.diagnostics = diagnostics;
  }

  void check(List<Instruction> instructions) {
    instructions.forEach(i -> check(i, Map.of(), 0));
  }

  private void check(Instruction insn, Map<String, BigInteger> statics, int depth) {
    try {
      Bound bound = insn.bind(statics);
      new DoubleWrites(diagnostics).check(bound);
    } catch (Unbound unbound) {
      values(insn, unbound.name()).forEach(v -> next(insn, statics, unbound.name(), v, depth));
    } catch (SpecError error) {
      diagnostics.add(error.diagnostic());
    } catch (NeedsContext needs) {
      diagnostics.add(needs.error().diagnostic());
    }
  }

  private void next(
      Instruction insn, Map<String, BigInteger> statics, String name, BigInteger value, int depth) {
    Map<String, BigInteger> more = new TreeMap<>(statics);
    more.put(name, value);
    if (depth < 8 && !excluded(insn, name, value)) {
      check(insn, Map.copyOf(more), depth + 1);
    }
  }

  /// A field's value that the field conditions refuse is never bound: in an instruction with `legal
  /// ew <= 4` nothing is asked of ew = 7.
  private static boolean excluded(Instruction insn, String name, BigInteger value) {
    if (!insn.hasOperand(name)) {
      return false;
    }
    Operand operand = insn.operand(name);
    long bits = operand.operandClass().toField(value.longValue());
    if (bits < 0) {
      return true;
    }
    if (!(insn.meaning() instanceof Meanings meanings)) {
      return false;
    }
    Meanings.Decision decision = meanings.decide(Map.of(name, value));
    return decision.conditions().stream().anyMatch(c -> decidedFalse(c, name, value));
  }

  private static boolean decidedFalse(Bound.Condition condition, String name, BigInteger value) {
    try {
      return !FieldEvaluator.holds(condition.holds(), Map.of(name, value));
    } catch (IllegalArgumentException _) {
      return false; // it reads other fields too
    }
  }

  private List<BigInteger> values(Instruction insn, String name) {
    List<BigInteger> all = new ArrayList<>();
    Mode mode = defs.modes.get(name);
    if (mode != null) {
      mode.values().forEach(v -> all.add(BigInteger.valueOf(v)));
      return all;
    }
    OperandClass c = insn.operand(name).operandClass();
    for (long bits = 0; bits < Math.min(MOST, 1L << c.width()); bits++) {
      all.add(BigInteger.valueOf(c.fromField(bits)));
    }
    return all;
  }
}
