package tessera.isaspec.semantics;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Visits every expression inside an expression or a statement, outer before inner.
public final class Walk {
  private Walk() {}

  /// Visits `expr` and all expressions in it, those of inlined statements included.
  public static void expr(@Nullable Expr expr, Consumer<Expr> visit) {
    if (expr == null) {
      return;
    }
    visit.accept(expr);
    switch (expr) {
      case Expr.Literal _,
          Expr.LocalValue _,
          Expr.FieldValue _,
          Expr.ReadCsr _,
          Expr.ReadCsrField _,
          Expr.Pc _,
          Expr.NextPc _,
          Expr.FetchedWord _,
          Expr.Input _,
          Expr.Observed _,
          Expr.Reserved _,
          Expr.SumTerms _ -> {}
      case Expr.ReadRegister(_, var index, _) -> expr(index, visit);
      case Expr.ReadElement(_, var bit, _) -> expr(bit, visit);
      case Expr.ReadView(var view, var indices, var otherwise, _) -> {
        indices.forEach(i -> expr(i, visit));
        view(view, visit);
        expr(otherwise, visit);
      }
      case Expr.ReadCsrNumber(var number, _) -> expr(number, visit);
      case Expr.CsrAllows(var number, var writes) -> both(number, writes, visit);
      case Expr.Unary(_, var of, _) -> expr(of, visit);
      case Expr.Binary(_, var left, var right, _) -> both(left, right, visit);
      case Expr.Compare(_, var left, var right) -> both(left, right, visit);
      case Expr.And(var left, var right) -> both(left, right, visit);
      case Expr.Or(var left, var right) -> both(left, right, visit);
      case Expr.Select(var condition, var yes, var no, _) -> {
        expr(condition, visit);
        both(yes, no, visit);
      }
      case Expr.Slice(var of, _, _) -> expr(of, visit);
      case Expr.BitAt(var of, var index) -> both(of, index, visit);
      case Expr.Concat(var parts, _) -> parts.forEach(p -> expr(p, visit));
      case Expr.Resize(_, var of, _) -> expr(of, visit);
      case Expr.Reread(var of, _) -> expr(of, visit);
      case Expr.ToInt(var of, _) -> expr(of, visit);
      case Expr.Wrap(var of, _) -> expr(of, visit);
      case Expr.MakeArray(var elements, _) -> elements.forEach(e -> expr(e, visit));
      case Expr.ArrayAt(var array, var index, _) -> both(array, index, visit);
      case Expr.MakeTuple(var elements, _) -> elements.forEach(e -> expr(e, visit));
      case Expr.TupleAt(var tuple, _, _) -> expr(tuple, visit);
      case Expr.Load(var address, var k, _) -> both(address, k, visit);
      case Expr.Faults(var address, var bytes, _) -> both(address, bytes, visit);
      case Expr.Reserve(var address, _) -> expr(address, visit);
      case Expr.Conditional(var address, var value) -> both(address, value, visit);
      case Expr.Amo(var address, _, var fresh, _) -> both(address, fresh, visit);
      case Expr.ToExact(var of) -> expr(of, visit);
      case Expr.Round(var of, _, _) -> expr(of, visit);
      case Expr.RealCall(_, var arguments) -> arguments.forEach(a -> expr(a, visit));
      case Expr.Saturate(var of, _) -> expr(of, visit);
      case Expr.RoundOff(var of, var amount, var mode, _) -> {
        both(of, amount, visit);
        expr(mode, visit);
      }
      case Expr.Mute(_, var of) -> expr(of, visit);
      case Expr.TestFloat(_, var of) -> expr(of, visit);
      case Expr.ExactCall(_, var of, _) -> expr(of, visit);
      case Expr.Fold fold -> {
        expr(fold.start(), visit);
        both(fold.from(), fold.to(), visit);
        expr(fold.condition(), visit);
        both(fold.term(), fold.step(), visit);
      }
      case Expr.First(_, var from, var to, var condition, _) -> {
        both(from, to, visit);
        expr(condition, visit);
      }
      case Expr.Inline(var statements, var result) -> {
        statements.forEach(s -> statement(s, visit));
        expr(result, visit);
      }
      case Expr.SignedSpecial(var signs, _) -> signs.forEach(s -> expr(s, visit));
    }
  }

  private static void both(@Nullable Expr a, @Nullable Expr b, Consumer<Expr> visit) {
    expr(a, visit);
    expr(b, visit);
  }

  private static void view(View view, Consumer<Expr> visit) {
    both(view.at(), view.first(), visit);
    expr(view.span(), visit);
    view.extents().forEach(e -> expr(e, visit));
  }

  /// Visits all expressions in a statement.
  public static void statement(@Nullable Stmt statement, Consumer<Expr> visit) {
    if (statement == null) {
      return;
    }
    switch (statement) {
      case Stmt.Block(var statements) -> statements.forEach(s -> statement(s, visit));
      case Stmt.Let(_, var value) -> expr(value, visit);
      case Stmt.Assign(var target, var value, _) -> {
        target(target, visit);
        expr(value, visit);
      }
      case Stmt.If(var condition, var then, var otherwise) -> {
        expr(condition, visit);
        statement(then, visit);
        statement(otherwise, visit);
      }
      case Stmt.For(_, var from, var to, var body) -> {
        both(from, to, visit);
        statement(body, visit);
      }
      case Stmt.Each(var loop, var body) -> {
        both(loop.from(), loop.to(), visit);
        if (loop.lanes() != null) {
          lanes(loop.lanes(), visit);
        }
        statement(body, visit);
        loop.after().forEach(a -> statement(a, visit));
      }
      case Stmt.Store(var address, var k, var value, _) -> {
        both(address, k, visit);
        expr(value, visit);
      }
      case Stmt.Evaluate(var expr) -> expr(expr, visit);
      case Stmt.RaiseFlag(_, var condition) -> expr(condition, visit);
      case Stmt.Raise(_, var cause, var value, _) -> both(cause, value, visit);
      case Stmt.Require(var condition, _, _) -> expr(condition, visit);
      case Stmt.Jump(var target, _) -> expr(target, visit);
      case Stmt.Await(var condition, _) -> expr(condition, visit);
      case Stmt.Stop _, Stmt.Fence _ -> {}
      case Stmt.CallShape call -> {
        call.values().values().forEach(v -> expr(v, visit));
        statement(call.body(), visit);
      }
    }
  }

  private static void lanes(Stmt.Lanes lanes, Consumer<Expr> visit) {
    both(lanes.begin(), lanes.end(), visit);
    expr(lanes.active(), visit);
    lanes.carries().forEach(c -> expr(c.start(), visit));
    for (Stmt.Fill fill : lanes.fills()) {
      view(fill.view(), visit);
      both(fill.masked(), fill.tail(), visit);
    }
  }

  /// Visits all expressions in what an assignment writes.
  public static void target(LValue target, Consumer<Expr> visit) {
    switch (target) {
      case LValue.Register(_, var index, _) -> expr(index, visit);
      case LValue.RegisterSlice(_, var index, _, _) -> expr(index, visit);
      case LValue.Element(var view, var indices, _) -> {
        indices.forEach(i -> expr(i, visit));
        view(view, visit);
      }
      case LValue.FieldBit(_, _, var bit) -> expr(bit, visit);
      case LValue.CsrNumber(var number, _) -> expr(number, visit);
      case LValue.WholeCsr _, LValue.Field _, LValue.Variable _ -> {}
    }
  }
}
