package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Walk;

/// What a bound body may read and write, and how it changes the flow of control, found by walking
/// its tree.
final class Effects {

  /// Registers of a file: one by its number, or a group whose place may be a run-time value.
  record Registers(RegisterFile file, Expr first, @Nullable Expr span) {}

  final Set<Registers> reads = new LinkedHashSet<>();
  final Set<Registers> writes = new LinkedHashSet<>();
  final List<Stmt.Jump> jumps = new ArrayList<>();
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

  /// {@return the jump's distance; empty where its target is not relative to pc alone}
  OptionalLong distance() {
    long pc = 1L << 40;
    Formula.Maker maker = new Formula.Maker();
    try {
      Formula target = maker.make(jumps.getFirst().target());
      return maker.needsState()
          ? OptionalLong.empty()
          : OptionalLong.of(target.value(null, new Formula.Seen(pc, 1, 0, 0)) - pc);
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
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
        walk(from, to);
        walk(body);
      }
      case Stmt.Each(var loop, var body) -> {
        walk(loop.from(), loop.to());
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
      case Stmt.Raise(_, var cause, var value, _) -> walk(cause, value);
      case Stmt.Require(var condition, _, _) -> walk(condition);
      case Stmt.Jump jump -> {
        jumps.add(jump);
        conditionalJump |= depth > 0;
        walk(jump.target());
      }
      case Stmt.Await(var condition, _) -> walk(condition);
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
    return new Registers(view.file(), view.first(), view.span());
  }

  private void walk(@Nullable Expr expr) {
    Walk.expr(expr, this::note);
  }

  private void walk(Expr left, Expr right) {
    walk(left);
    walk(right);
  }

  private void note(Expr expr) {
    switch (expr) {
      case Expr.ReadRegister(var file, var index, _) -> reads.add(new Registers(file, index, null));
      case Expr.ReadElement(var file, var bit, _) -> reads.add(element(file, bit));
      case Expr.ReadView(var view, _, _, _) -> reads.add(group(view));
      case Expr.ReadCsrNumber _ -> csr = true;
      case Expr.Load _, Expr.Reserve _ -> loads = true;
      case Expr.Conditional _ -> stores = true;
      case Expr.Amo _ -> {
        loads = true;
        stores = true;
      }
      case Expr.Fold fold -> products = Math.max(products, fold.by());
      case Expr.Inline(var statements, _) -> statements.forEach(this::walk);
      default -> {}
    }
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
