package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.View;

/// What a bound body may read and write, and how it changes the flow of control, found by walking
/// its tree.
final class Effects {

  /// Registers of a file: one by its number, or a group whose place may be a run-time value.
  record Registers(RegisterFile file, Expr first, @Nullable Expr span) {}

  final Set<Registers> reads = new LinkedHashSet<>();
  final Set<Registers> writes = new LinkedHashSet<>();
  final List<Stmt.Jump> jumps = new ArrayList<>();
  final Map<String, View> views = new LinkedHashMap<>();
  boolean conditionalJump;
  boolean loads;
  boolean stores;
  boolean fence;
  boolean codeFence;
  boolean csr;

  /// the most terms that a fold takes in one step: what a cell of a tile array forms in a cycle
  long products = 1;

  private int depth;

  private Effects() {}

  static Effects of(Stmt body) {
    Effects effects = new Effects();
    effects.walk(body);
    return effects;
  }

  /// {@return whether a jump's target depends on a register}
  boolean indirect() {
    return jumps.stream()
        .anyMatch(j -> {
          Effects target = new Effects();
          target.walk(j.target());
          return !target.reads.isEmpty();
        });
  }

  private void walk(@Nullable Stmt stmt) {
    switch (stmt) {
      case null -> {}
      case Stmt.Block(var statements) -> statements.forEach(this::walk);
      case Stmt.Let(_, var value) -> walk(value);
      case Stmt.Assign(var target, var value, _) -> {
        walk(value);
        write(target);
      }
      case Stmt.If(var condition, var then, var otherwise) -> {
        walk(condition);
        depth++;
        walk(then);
        walk(otherwise);
        depth--;
      }
      case Stmt.For(_, var from, var to, var body) -> {
        walk(from);
        walk(to);
        walk(body);
      }
      case Stmt.Each(var loop, var body) -> {
        walk(loop.from());
        walk(loop.to());
        walk(body);
      }
      case Stmt.Store(var address, var k, var value, _) -> {
        stores = true;
        walk(address);
        walk(k);
        walk(value);
      }
      case Stmt.Evaluate(var expr) -> walk(expr);
      case Stmt.RaiseFlag(_, var condition) -> walk(condition);
      case Stmt.Raise(_, var cause, var value, _) -> {
        walk(cause);
        walk(value);
      }
      case Stmt.Require(var condition, _, _) -> walk(condition);
      case Stmt.Jump jump -> {
        jumps.add(jump);
        conditionalJump |= depth > 0;
        walk(jump.target());
      }
      case Stmt.Stop() -> {}
      case Stmt.Fence(var code) -> {
        fence = true;
        codeFence |= code;
      }
      case Stmt.CallShape call -> walk(call.body());
    }
  }

  private void write(LValue target) {
    switch (target) {
      case LValue.Register(var file, var index, _) -> {
        walk(index);
        writes.add(new Registers(file, index, null));
      }
      case LValue.RegisterSlice(var file, var index, _, _) -> {
        walk(index);
        reads.add(new Registers(file, index, null));
        writes.add(new Registers(file, index, null));
      }
      case LValue.Element(var view, var indices, _) -> {
        indices.forEach(this::walk);
        writes.add(group(view));
      }
      case LValue.WholeCsr _, LValue.Field _ -> {}
      case LValue.FieldBit(_, _, var bit) -> walk(bit);
      case LValue.CsrNumber(var number, _) -> {
        csr = true;
        walk(number);
      }
      case LValue.Variable _ -> {}
    }
  }

  private Registers group(View view) {
    views.putIfAbsent(view.name(), view);
    return new Registers(view.file(), view.first(), view.span());
  }

  private void walk(@Nullable Expr expr) {
    switch (expr) {
      case null -> {}
      case Expr.Literal _,
          Expr.LocalValue _,
          Expr.FieldValue _,
          Expr.ReadCsr _,
          Expr.ReadCsrField _,
          Expr.Pc _,
          Expr.NextPc _,
          Expr.FetchedWord _,
          Expr.Input _,
          Expr.Observed _ -> {}
      case Expr.ReadRegister(var file, var index, _) -> {
        walk(index);
        reads.add(new Registers(file, index, null));
      }
      case Expr.ReadElement(var file, var bit, _) -> {
        walk(bit);
        reads.add(element(file, bit));
      }
      case Expr.ReadView(var view, var indices, var otherwise, _) -> {
        indices.forEach(this::walk);
        walk(otherwise);
        reads.add(group(view));
      }
      case Expr.ReadCsrNumber(var number, _) -> {
        csr = true;
        walk(number);
      }
      case Expr.CsrAllows(var number, var writesIt) -> {
        walk(number);
        walk(writesIt);
      }
      case Expr.Unary(_, var of, _) -> walk(of);
      case Expr.Binary(_, var left, var right, _) -> walk(left, right);
      case Expr.Compare(_, var left, var right) -> walk(left, right);
      case Expr.And(var left, var right) -> walk(left, right);
      case Expr.Or(var left, var right) -> walk(left, right);
      case Expr.Select(var condition, var yes, var no, _) -> {
        walk(condition);
        walk(yes, no);
      }
      case Expr.Slice(var of, _, _) -> walk(of);
      case Expr.BitAt(var of, var index) -> walk(of, index);
      case Expr.Concat(var parts, _) -> parts.forEach(this::walk);
      case Expr.Resize(_, var of, _) -> walk(of);
      case Expr.Reread(var of, _) -> walk(of);
      case Expr.ToInt(var of, _) -> walk(of);
      case Expr.Wrap(var of, _) -> walk(of);
      case Expr.MakeArray(var elements, _) -> elements.forEach(this::walk);
      case Expr.ArrayAt(var array, var index, _) -> walk(array, index);
      case Expr.MakeTuple(var elements, _) -> elements.forEach(this::walk);
      case Expr.TupleAt(var tuple, _, _) -> walk(tuple);
      case Expr.Load(var address, var k, _) -> {
        loads = true;
        walk(address);
        walk(k);
      }
      case Expr.Faults(var address, var bytes, _) -> walk(address, bytes);
      case Expr.ToExact(var of) -> walk(of);
      case Expr.Round(var of, _, _) -> walk(of);
      case Expr.RealCall(_, var arguments) -> arguments.forEach(this::walk);
      case Expr.Saturate(var of, _) -> walk(of);
      case Expr.Mute(_, var of) -> walk(of);
      case Expr.TestFloat(_, var of) -> walk(of);
      case Expr.ExactCall(_, var of, _) -> walk(of);
      case Expr.Fold fold -> {
        products = Math.max(products, fold.by());
        walk(fold.start());
        walk(fold.from(), fold.to());
        walk(fold.condition());
        walk(fold.term());
        walk(fold.step());
      }
      case Expr.SumTerms _ -> {}
      case Expr.First(_, var from, var to, var condition, _) -> {
        walk(from, to);
        walk(condition);
      }
      case Expr.Inline(var statements, var result) -> {
        statements.forEach(this::walk);
        walk(result);
      }
      case Expr.SignedSpecial(var signs, _) -> signs.forEach(this::walk);
    }
  }

  private void walk(Expr left, Expr right) {
    walk(left);
    walk(right);
  }

  /// The register of an element with a constant place; else the file as a whole.
  private static Registers element(RegisterFile file, Expr bit) {
    OptionalLong at = Formula.constant(bit);
    return at.isPresent()
        ? new Registers(file, number(at.getAsLong() / file.width()), null)
        : new Registers(file, number(0), number(file.count()));
  }

  static Expr number(long value) {
    return new Expr.Literal(
        tessera.isaspec.semantics.Type.Int.of(value), java.math.BigInteger.valueOf(value));
  }
}
