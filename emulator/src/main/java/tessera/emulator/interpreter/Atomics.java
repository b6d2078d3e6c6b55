package tessera.emulator.interpreter;

import java.util.List;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;

/// Atomic accesses take effect where they stand, so closures do them only where nothing of their
/// step has to wait.
final class Atomics extends Walk {
  private Atomics() {}

  /// Refuses steps with an atomic access.
  static void refuse(List<Stmt> step) {
    Atomics walk = new Atomics();
    step.forEach(walk::stmt);
  }

  @Override
  void expr(Expr expr) {
    switch (expr) {
      case Expr.Reserve _, Expr.Conditional _, Expr.Amo _ -> throw new NotCompiled(expr);
      default -> super.expr(expr);
    }
  }
}
