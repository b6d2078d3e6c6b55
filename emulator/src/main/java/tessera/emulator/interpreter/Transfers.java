package tessera.emulator.interpreter;

import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;

/// How many bytes each execution of a body loads and stores, where that never varies.
final class Transfers extends Walk {
  private int loads;
  private int stores;
  private int depth;

  /// {@return bytes that each execution loads, or -1}
  static int loads(Stmt body) {
    Transfers t = new Transfers();
    t.stmt(body);
    return t.loads;
  }

  /// {@return bytes that each execution stores, or -1}
  static int stores(Stmt body) {
    Transfers t = new Transfers();
    t.stmt(body);
    return t.stores;
  }

  @Override
  void stmt(Stmt stmt) {
    boolean varies =
        stmt instanceof Stmt.If || stmt instanceof Stmt.For || stmt instanceof Stmt.Each;
    depth += varies ? 1 : 0;
    if (stmt instanceof Stmt.Store(_, _, var value, _)) {
      stores = one(stores, Constant.width(value.type()));
    }
    super.stmt(stmt);
    depth -= varies ? 1 : 0;
  }

  @Override
  void expr(Expr expr) {
    boolean varies =
        switch (expr) {
          case Expr.Select _, Expr.And _, Expr.Or _, Expr.Fold _, Expr.First _ -> true;
          default -> false;
        };
    depth += varies ? 1 : 0;
    if (expr instanceof Expr.Load(_, _, var type)) {
      loads = one(loads, Constant.width(type));
    }
    super.expr(expr);
    depth -= varies ? 1 : 0;
  }

  private int one(int before, int width) {
    return before == 0 && depth == 0 && width >= 8 ? width / 8 : -1;
  }
}
