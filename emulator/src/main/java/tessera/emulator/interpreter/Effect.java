package tessera.emulator.interpreter;

import java.util.function.Predicate;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;

/// What evaluating an expression may do besides giving its value.
final class Effect {
  private Effect() {}

  /// {@return whether it can neither trap nor raise a flag nor run a statement}
  static boolean isPure(Expr expr) {
    boolean[] pure = {true};
    new Walk() {
      @Override
      void expr(Expr e) {
        switch (e) {
          case Expr.Load _,
              Expr.Reserve _,
              Expr.Conditional _,
              Expr.Amo _,
              Expr.Round _,
              Expr.Saturate _,
              Expr.Inline _ ->
              pure[0] = false;
          default -> super.expr(e);
        }
      }
    }.expr(expr);
    return pure[0];
  }

  /// {@return whether it mentions a name of this kind}
  static boolean mentions(Expr expr, Predicate<Local> names) {
    boolean[] found = {false};
    new Walk() {
      @Override
      void expr(Expr e) {
        if (e instanceof Expr.LocalValue(var local)) {
          found[0] |= names.test(local);
        }
        super.expr(e);
      }
    }.expr(expr);
    return found[0];
  }

  /// {@return whether a statement may jump}
  static boolean jumps(Stmt stmt) {
    boolean[] found = {false};
    new Walk() {
      @Override
      void stmt(Stmt s) {
        found[0] |= s instanceof Stmt.Jump;
        super.stmt(s);
      }
    }.stmt(stmt);
    return found[0];
  }
}
