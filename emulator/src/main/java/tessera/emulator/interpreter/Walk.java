package tessera.emulator.interpreter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.View;

/// Visits a bound body, all of it, in the order of evaluation. Who looks for something overrides
/// the method of its kind and calls on to `super` for what lies below.
class Walk {
  void stmt(Stmt stmt) {
    switch (stmt) {
      case Stmt.Block(var statements) -> statements.forEach(this::stmt);
      case Stmt.Let(_, var value) -> expr(value);
      case Stmt.Assign(var target, var value, _) -> {
        expr(value);
        lvalue(target);
      }
      case Stmt.If(var condition, var then, var otherwise) -> {
        expr(condition);
        stmt(then);
        if (otherwise != null) {
          stmt(otherwise);
        }
      }
      case Stmt.For(_, var from, var to, var body) -> {
        expr(from);
        expr(to);
        stmt(body);
      }
      case Stmt.Each(var loop, var body) -> {
        loop(loop);
        stmt(body);
      }
      case Stmt.Store(var address, var k, var value, _) -> {
        expr(address);
        optional(k);
        expr(value);
      }
      case Stmt.Evaluate(var value) -> expr(value);
      case Stmt.RaiseFlag(_, var condition) -> expr(condition);
      case Stmt.Raise(_, var cause, var value, _) -> exprs(List.of(cause, value));
      case Stmt.Require(var condition, _, _) -> expr(condition);
      case Stmt.Jump(var target, _) -> expr(target);
      case Stmt.Await(var condition, _) -> expr(condition);
      case Stmt.Stop _, Stmt.Fence _ -> {}
      case Stmt.CallShape call -> {
        call.values().values().forEach(this::expr);
        call.views().values().forEach(this::view);
        stmt(call.body());
      }
    }
  }

  void loop(Stmt.Loop loop) {
    expr(loop.from());
    expr(loop.to());
    if (loop.lanes() != null) {
      lanes(loop.lanes());
    }
    if (loop.restart() != null) {
      lvalue(loop.restart());
    }
    loop.after().forEach(this::stmt);
  }

  void lanes(Stmt.Lanes lanes) {
    exprs(List.of(lanes.begin(), lanes.end()));
    optional(lanes.active());
    lanes.carries().forEach(c -> expr(c.start()));
    for (Stmt.Fill fill : lanes.fills()) {
      view(fill.view());
      optional(fill.masked());
      optional(fill.tail());
    }
  }

  void lvalue(LValue target) {
    switch (target) {
      case LValue.Register(_, var index, _) -> expr(index);
      case LValue.RegisterSlice(_, var index, _, _) -> expr(index);
      case LValue.Element(var view, var indices, _) -> {
        exprs(indices);
        view(view);
      }
      case LValue.FieldBit(_, _, var bit) -> expr(bit);
      case LValue.CsrNumber(var number, _) -> expr(number);
      case LValue.WholeCsr _, LValue.Field _, LValue.Variable _ -> {}
    }
  }

  void view(View view) {
    expr(view.at());
    exprs(view.extents());
    expr(view.first());
    expr(view.span());
  }

  void expr(Expr expr) {
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
      case Expr.ReadRegister(_, var index, _) -> expr(index);
      case Expr.ReadElement(_, var bit, _) -> expr(bit);
      case Expr.ReadView(var view, var indices, var otherwise, _) -> {
        exprs(indices);
        optional(otherwise);
        view(view);
      }
      case Expr.ReadCsrNumber(var number, _) -> expr(number);
      case Expr.CsrAllows(var number, var writes) -> exprs(List.of(number, writes));
      case Expr.Unary(_, var of, _) -> expr(of);
      case Expr.Binary(_, var left, var right, _) -> exprs(List.of(left, right));
      case Expr.Compare(_, var left, var right) -> exprs(List.of(left, right));
      case Expr.And(var left, var right) -> exprs(List.of(left, right));
      case Expr.Or(var left, var right) -> exprs(List.of(left, right));
      case Expr.Select(var condition, var yes, var no, _) -> exprs(List.of(condition, yes, no));
      case Expr.Slice(var of, _, _) -> expr(of);
      case Expr.BitAt(var of, var index) -> exprs(List.of(of, index));
      case Expr.Concat(var parts, _) -> exprs(parts);
      case Expr.Resize(_, var of, _) -> expr(of);
      case Expr.Reread(var of, _) -> expr(of);
      case Expr.ToInt(var of, _) -> expr(of);
      case Expr.Wrap(var of, _) -> expr(of);
      case Expr.MakeArray(var elements, _) -> exprs(elements);
      case Expr.ArrayAt(var array, var index, _) -> exprs(List.of(array, index));
      case Expr.MakeTuple(var elements, _) -> exprs(elements);
      case Expr.TupleAt(var tuple, _, _) -> expr(tuple);
      case Expr.Load(var address, var k, _) -> {
        expr(address);
        optional(k);
      }
      case Expr.Faults(var address, var bytes, _) -> exprs(List.of(address, bytes));
      case Expr.Reserve(var address, _) -> expr(address);
      case Expr.Conditional(var address, var value) -> exprs(List.of(address, value));
      case Expr.Amo(var address, _, var fresh, _) -> exprs(List.of(address, fresh));
      case Expr.ToExact(var of) -> expr(of);
      case Expr.Round(var of, _, _) -> expr(of);
      case Expr.RealCall(_, var arguments) -> exprs(arguments);
      case Expr.Saturate(var of, _) -> expr(of);
      case Expr.RoundOff(var of, var amount, var mode, _) -> exprs(List.of(of, amount, mode));
      case Expr.Mute(_, var of) -> expr(of);
      case Expr.TestFloat(_, var of) -> expr(of);
      case Expr.ExactCall(_, var of, _) -> expr(of);
      case Expr.Fold f -> {
        exprs(List.of(f.start(), f.from(), f.to()));
        optional(f.condition());
        exprs(List.of(f.term(), f.step()));
      }
      case Expr.First(_, var from, var to, var condition, _) -> exprs(List.of(from, to, condition));
      case Expr.Inline(var statements, var result) -> {
        statements.forEach(this::stmt);
        expr(result);
      }
      case Expr.SignedSpecial(var signs, _) -> exprs(signs);
    }
  }

  final void exprs(List<Expr> exprs) {
    exprs.forEach(this::expr);
  }

  private void optional(@Nullable Expr expr) {
    if (expr != null) {
      expr(expr);
    }
  }
}
