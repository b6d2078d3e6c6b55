package tessera.isaspec.check;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Walk;

/// Finds the statements that stand inside expressions: bodies of actions that were written out.
final class Inlined {
  private Inlined() {}

  /// Visits the statements of an expression, those of the outermost inlined body first.
  static void statements(@Nullable Expr expr, Consumer<Stmt> visit) {
    Walk.expr(
        expr,
        e -> {
          if (e instanceof Expr.Inline(var statements, _)) {
            statements.forEach(visit);
          }
        });
  }
}
