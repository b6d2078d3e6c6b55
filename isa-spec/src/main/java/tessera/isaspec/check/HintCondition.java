package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.syntax.Operand;

/// The `hint`s of an instruction as a test of words, bound at the first question.
final class HintCondition implements LongPredicate {
  private final Meanings meanings;
  private final List<Operand> operands;
  private @Nullable List<Expr> hints;

  HintCondition(Meanings meanings, List<Operand> operands) {
    this.meanings = meanings;
    this.operands = operands;
  }

  @Override
  public boolean test(long word) {
    Map<String, BigInteger> values = new HashMap<>();
    operands.forEach(o -> values.put(o.name(), BigInteger.valueOf(o.decode(word))));
    return hints().stream().anyMatch(h -> FieldEvaluator.holds(h, values));
  }

  private synchronized List<Expr> hints() {
    if (hints == null) {
      hints = meanings.hints();
    }
    return hints;
  }
}
