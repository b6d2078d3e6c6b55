package tessera.emulator.interpreter;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;

/// A constant, plus names times constants.
///
/// @param factors what each name is multiplied by, by its place in the frame
record Affine(long constant, Map<Integer, Long> factors) {

  /// {@return the factor of a name}
  long of(Local local) {
    return factors.getOrDefault(local.slot(), 0L);
  }

  /// {@return an expression as such a sum, or null where it is none}
  static @Nullable Affine of(Expr expr) {
    return switch (expr) {
      case Expr.Literal(_, var n) when n.bitLength() < 62 -> new Affine(n.longValue(), Map.of());
      case Expr.LocalValue(var local) -> new Affine(0, Map.of(local.slot(), 1L));
      case Expr.ToInt(var of, _) -> of.type() instanceof Type.Int ? of(of) : null;
      case Expr.Binary(var op, var left, var right, Type.Int _) -> {
        Affine a = of(left);
        Affine b = of(right);
        yield a == null || b == null ? null : joined(op, a, b);
      }
      default -> null;
    };
  }

  private static @Nullable Affine joined(BinaryOp op, Affine a, Affine b) {
    return switch (op) {
      case ADD -> a.plus(b, 1);
      case SUB -> a.plus(b, -1);
      case MUL ->
          a.factors.isEmpty()
              ? b.times(a.constant)
              : b.factors.isEmpty() ? a.times(b.constant) : null;
      case DIV, REM, AND, OR, XOR, SHL, SHR, MIN, MAX -> null;
    };
  }

  private Affine plus(Affine other, long times) {
    Map<Integer, Long> all = new HashMap<>(factors);
    other.factors.forEach((name, by) -> all.merge(name, times * by, Long::sum));
    return new Affine(constant + times * other.constant, all);
  }

  private Affine times(long by) {
    Map<Integer, Long> all = new HashMap<>();
    factors.forEach((name, factor) -> all.put(name, factor * by));
    return new Affine(constant * by, all);
  }
}
