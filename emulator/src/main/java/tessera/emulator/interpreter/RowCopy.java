package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.emulator.kernel.ViewLayout;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.View;

/// A loop that moves neighbouring elements between memory and a register: `for k { d[i, k] =
/// mem.load(a, k) }` or `for k { mem.store(a, k, d[i, k]) }`.
///
/// @param first the first k
/// @param end the k after the last
/// @param address where element 0 of the row lies in memory
/// @param memory what is added to k in memory
/// @param view the register's elements
/// @param row the indices before the last
/// @param column what is added to k in the register
record RowCopy(
    Expr first,
    Expr end,
    Expr address,
    Expr memory,
    View view,
    List<Expr> row,
    Expr column,
    List<Expr> indices,
    boolean isStore) {

  private static final Expr NOTHING = Constant.number(0);

  /// {@return the loop as a copy, or null where it is none}
  static @Nullable RowCopy of(Stmt stmt) {
    if (!(stmt instanceof Stmt.For(var k, var from, var to, var body))) {
      return null;
    }
    return switch (body) {
      case Stmt.Assign(LValue.Element(var view, var indices, _), var value, _)
          when bare(value) instanceof Expr.Load(var address, var at, var type)
              && at != null
              && Constant.width(type) == view.storage() ->
          of(k, from, to, address, at, view, indices, false);
      case Stmt.Store(var address, var at, var value, _)
          when at != null
              && bare(value)
                  instanceof Expr.ReadView(var view, var indices, var otherwise, var type)
              && otherwise == null
              && Constant.width(type) == view.storage() ->
          of(k, from, to, address, at, view, indices, true);
      default -> null;
    };
  }

  private static @Nullable RowCopy of(
      Local k,
      Expr from,
      Expr to,
      Expr address,
      Expr at,
      View view,
      List<Expr> indices,
      boolean store) {
    List<Expr> row = indices.subList(0, indices.size() - 1);
    Expr memory = beside(k, at);
    Expr column = beside(k, indices.getLast());
    // Who asks whether this is a copy and who does it must agree, so all that it takes is asked
    // here.
    boolean width =
        (view.storage() == 4 || view.storage() % 8 == 0)
            && view.file().width() > 64
            && row.size() <= 1
            && ViewLayout.of(view) != null;
    if (memory == null || column == null || mentions(address, k) || !width) {
      return null;
    }
    if (row.stream().anyMatch(e -> mentions(e, k))) {
      return null;
    }
    return new RowCopy(from, to, address, memory, view, row, column, indices, store);
  }

  /// {@return the expressions that are evaluated once}
  List<Expr> reads() {
    List<Expr> all = new ArrayList<>(row);
    all.addAll(List.of(first, end, address, memory, column));
    return all;
  }

  private static Expr bare(Expr expr) {
    return expr instanceof Expr.Reread(var of, _) ? of : expr;
  }

  private static boolean mentions(Expr expr, Local k) {
    return Effect.mentions(expr, local -> local.slot() == k.slot());
  }

  /// {@return what is added to `k`, or null where the index is no such sum}
  private static @Nullable Expr beside(Local k, Expr index) {
    if (isName(index, k)) {
      return NOTHING;
    }
    if (index instanceof Expr.Binary(var op, var left, var right, _) && op == BinaryOp.ADD) {
      if (isName(left, k) && !mentions(right, k)) {
        return right;
      }
      return isName(right, k) && !mentions(left, k) ? left : null;
    }
    return null;
  }

  private static boolean isName(Expr expr, Local k) {
    return expr instanceof Expr.LocalValue(var local) && local.slot() == k.slot();
  }
}
