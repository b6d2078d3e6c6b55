package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Evaluates where only some fields and some state are known: what depends on anything else is
/// unknown.
public final class PartialEvaluator {
  private final Function<Expr, @Nullable BigInteger> known;

  private PartialEvaluator(Function<Expr, @Nullable BigInteger> known) {
    this.known = known;
  }

  /// {@return an evaluator that knows what `known` gives for reads of fields and state; null:
  /// unknown}
  public static PartialEvaluator of(Function<Expr, @Nullable BigInteger> known) {
    return new PartialEvaluator(known);
  }

  /// {@return a number, or null}
  public @Nullable BigInteger value(Expr expr) {
    try {
      return new Reading().number(expr);
    } catch (Unknown _) {
      return null;
    }
  }

  /// {@return a number over names with these values, or null}
  public @Nullable BigInteger value(Expr expr, Map<Local, BigInteger> names) {
    Reading reading = new Reading();
    names.forEach(reading::set);
    try {
      return reading.number(expr);
    } catch (Unknown _) {
      return null;
    }
  }

  /// {@return whether a condition holds, or null; one known side can decide `&&` and `||`}
  public @Nullable Boolean truth(Expr expr) {
    return switch (expr) {
      case Expr.And(var a, var b) -> both(truth(a), truth(b));
      case Expr.Or(var a, var b) -> not(both(not(truth(a)), not(truth(b))));
      case Expr.Unary(Expr.UnaryOp op, var of, _) when op == Expr.UnaryOp.NOT -> not(truth(of));
      default -> {
        BigInteger value = value(expr);
        yield value == null ? null : value.signum() != 0;
      }
    };
  }

  private static @Nullable Boolean both(@Nullable Boolean a, @Nullable Boolean b) {
    if (a != null && !a || b != null && !b) {
      return false;
    }
    return a == null || b == null ? null : Boolean.TRUE;
  }

  private static @Nullable Boolean not(@Nullable Boolean a) {
    return a == null ? null : !a;
  }

  @SuppressWarnings("StaticAssignmentOfThrowable") // it carries no stack
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;
    static final Unknown INSTANCE = new Unknown();

    private Unknown() {
      super("unknown", null, false, false);
    }
  }

  private final class Reading extends Values {
    Reading() {
      super(name -> {
        throw Unknown.INSTANCE;
      });
      fuel = FieldEvaluator.FUEL;
    }

    @Override
    BigInteger field(Expr.FieldValue field) {
      return known(field);
    }

    @Override
    Object state(Expr expr) {
      return known(expr);
    }

    @Override
    void run(Stmt statement) {
      if (!(statement instanceof Stmt.Let(var local, var value))) {
        throw Unknown.INSTANCE;
      }
      set(local, value(value));
    }

    private BigInteger known(Expr expr) {
      BigInteger value = known.apply(expr);
      if (value == null) {
        throw Unknown.INSTANCE;
      }
      return value;
    }
  }
}
