package tessera.emulator.interpreter;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.View;

/// How often, and inside how many loops, the names of a body are defined, assigned and used.
final class Uses extends Walk {
  private final BitSet assigned = new BitSet();
  private final int[] uses;
  private final int[] deepestUse;
  private final int[] definition;
  private int depth;

  private Uses(int frame) {
    uses = new int[frame];
    deepestUse = new int[frame];
    definition = new int[frame];
  }

  static Uses of(Stmt body, int frame) {
    Uses found = new Uses(frame);
    found.stmt(body);
    return found;
  }

  boolean isAssigned(Local local) {
    return assigned.get(local.slot());
  }

  /// {@return whether every use lies in as many loops as the definition}
  boolean isLocalToItsLoop(Local local) {
    return local.slot() < definition.length && deepestUse[local.slot()] <= definition[local.slot()];
  }

  boolean isUsedOnce(Local local) {
    return local.slot() < uses.length && uses[local.slot()] == 1;
  }

  @Override
  void stmt(Stmt stmt) {
    switch (stmt) {
      case Stmt.Let(var local, _) -> {
        definition[local.slot()] = depth;
        super.stmt(stmt);
      }
      case Stmt.For(_, var from, var to, var body) -> {
        expr(from);
        expr(to);
        inside(() -> stmt(body));
      }
      case Stmt.Each(var loop, var body) -> {
        loop(loop);
        inside(() -> stmt(body));
      }
      default -> super.stmt(stmt);
    }
  }

  @Override
  void lvalue(LValue target) {
    if (target instanceof LValue.Variable(var local)) {
      assigned.set(local.slot());
    }
    super.lvalue(target);
  }

  @Override
  void expr(Expr expr) {
    switch (expr) {
      case Expr.LocalValue(var local) -> use(local);
      case Expr.SumTerms(var local, _) -> use(local);
      case Expr.Fold f -> {
        exprs(List.of(f.start(), f.from(), f.to()));
        inside(() -> {
          maybe(f.condition());
          expr(f.term());
          expr(f.step());
        });
      }
      case Expr.First(_, var from, var to, var condition, _) -> {
        exprs(List.of(from, to));
        inside(() -> expr(condition));
      }
      default -> super.expr(expr);
    }
  }

  @Override
  void view(View view) {
    // Its own indices are not names of the body, but its place may mention such.
    inside(() -> super.view(view));
  }

  private void maybe(@Nullable Expr expr) {
    if (expr != null) {
      expr(expr);
    }
  }

  private void use(Local local) {
    if (local.slot() < uses.length) {
      uses[local.slot()]++;
      deepestUse[local.slot()] = Math.max(deepestUse[local.slot()], depth);
    }
  }

  private void inside(Runnable part) {
    depth++;
    part.run();
    depth--;
  }
}
