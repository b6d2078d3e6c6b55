package tessera.emulator.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Walk;

/// What a bound body writes, found by walking it: registers by number where the text has it, files
/// where it has not, CSRs by number, and how wide its accesses to memory are.
final class Targets {

  /// Registers of a file.
  ///
  /// @param first -1: any of them
  record Registers(RegisterFile file, int first, int span) {}

  final List<Registers> registers = new ArrayList<>();

  /// numbers of CSRs that are written whatever they hold
  final Set<Integer> csrs = new HashSet<>();

  private final Set<Integer> loads = new HashSet<>();
  private final Set<Integer> stores = new HashSet<>();

  private Targets() {}

  static Targets of(Stmt body) {
    Targets targets = new Targets();
    targets.walk(body);
    return targets;
  }

  /// {@return bytes of each load; 0: they differ}
  int loadBytes() {
    return loads.size() == 1 ? loads.iterator().next() : 0;
  }

  /// {@return bytes of each store; 0: they differ}
  int storeBytes() {
    return stores.size() == 1 ? stores.iterator().next() : 0;
  }

  private void walk(@Nullable Stmt stmt) {
    switch (stmt) {
      case null -> {}
      case Stmt.Block(var statements) -> statements.forEach(this::walk);
      case Stmt.Let(_, var value) -> note(value);
      case Stmt.Assign(var target, var value, _) -> {
        note(value);
        write(target);
      }
      case Stmt.If(var condition, var then, var otherwise) -> {
        note(condition);
        walk(then);
        walk(otherwise);
      }
      case Stmt.For(_, _, _, var body) -> walk(body);
      case Stmt.Each(var loop, var body) -> {
        walk(body);
        loop.after().forEach(this::walk);
      }
      case Stmt.Store(_, _, var value, _) -> {
        stores.add(bytes(value.type()));
        note(value);
      }
      case Stmt.Evaluate(var expr) -> note(expr);
      case Stmt.Jump(var target, _) -> note(target);
      case Stmt.CallShape call -> walk(call.body());
      case Stmt.RaiseFlag _,
          Stmt.Raise _,
          Stmt.Require _,
          Stmt.Await _,
          Stmt.Stop _,
          Stmt.Fence _ -> {}
    }
  }

  private void write(LValue target) {
    switch (target) {
      case LValue.Register(var file, var index, _) -> add(file, index, 1);
      case LValue.RegisterSlice(var file, var index, _, _) -> add(file, index, 1);
      case LValue.Element(var view, _, _) -> add(view);
      case LValue.CsrNumber(var number, _) -> {
        int known = constant(number);
        if (known >= 0) {
          csrs.add(known);
        }
      }
      // What changes is seen when it has changed.
      case LValue.WholeCsr _, LValue.Field _, LValue.FieldBit _, LValue.Variable _ -> {}
    }
  }

  private void add(View view) {
    int span = constant(view.span());
    add(view.file(), view.first(), span);
  }

  private void add(RegisterFile file, Expr first, int span) {
    int known = span < 0 ? -1 : constant(first);
    Registers group = new Registers(file, known, known < 0 ? file.count() : span);
    boolean zero = file.zero() != null && file.zero() == known;
    if (!zero && file.count() > 1 && !registers.contains(group)) {
      registers.add(group);
    }
  }

  private static int constant(Expr expr) {
    return expr instanceof Expr.Literal(_, var value) ? value.intValue() : -1;
  }

  /// {@return the bytes of a value in memory; 0: not known}
  private static int bytes(Type type) {
    return switch (type) {
      case Type.Bits(_, int width) -> width >> 3;
      case Type.Floating(var format) -> format.storage() >> 3;
      case Type.Int _, Type.Bool _, Type.Exact _, Type.Array _, Type.Tuple _ -> 0;
    };
  }

  private void note(Expr expr) {
    Walk.expr(
        expr,
        e -> {
          if (e instanceof Expr.Load load) {
            loads.add(bytes(load.type()));
          } else if (e instanceof Expr.Inline(var statements, _)) {
            statements.forEach(this::walk);
          }
        });
  }
}
