package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;

/// Two writes of one step that may meet are an error (language.md R5): which one would stay? What
/// only a run can tell, the elements of views, the evaluator finds.
final class DoubleWrites {
  private record Write(LValue target, Span span) {}

  private final Meanings meanings;
  private final Findings findings = Findings.collected();

  DoubleWrites(Meanings meanings) {
    this.meanings = meanings;
  }

  void check(Bound bound) {
    statement(bound.body(), new ArrayList<>(), Set.of());
    findings.orThrow();
  }

  /// @param written what the step has written before; the statement's writes are added
  /// @param turns indices of the loops around, and what their bodies assign
  private void statement(Stmt statement, List<Write> written, Set<Local> turns) {
    switch (statement) {
      case Stmt.Block(List<Stmt> statements) ->
          statements.forEach(s -> statement(s, written, turns));
      case Stmt.Assign(var target, var value, var span) -> {
        inside(value, written, turns);
        assign(new Write(target, span), written);
      }
      case Stmt.Let(_, var value) -> inside(value, written, turns);
      case Stmt.Evaluate(var expr) -> inside(expr, written, turns);
      case Stmt.If(var condition, var then, var otherwise) -> {
        inside(condition, written, turns);
        List<Write> other = new ArrayList<>(written);
        int before = written.size();
        statement(then, written, turns);
        if (otherwise != null) {
          statement(otherwise, other, turns);
          written.addAll(other.subList(before, other.size()));
        }
      }
      case Stmt.For(var index, var from, var to, var body) ->
          loop(index, once(from, to), body, written, turns);
      case Stmt.Each(var loop, var body) -> {
        if (loop.resume()) {
          statement(body, new ArrayList<>(), turns);
        } else {
          Set<Local> running = new HashSet<>(turns);
          if (loop.lanes() != null) {
            loop.lanes().carries().forEach(c -> running.add(c.now()));
          }
          loop(loop.index(), once(loop.from(), loop.to()), body, written, running);
        }
        loop.after().forEach(a -> statement(a, written, turns));
      }
      case Stmt.CallShape call -> statement(call.body(), written, turns);
      case Stmt.Store(_, _, var value, _) -> inside(value, written, turns);
      case Stmt.RaiseFlag _,
          Stmt.Raise _,
          Stmt.Require _,
          Stmt.Jump _,
          Stmt.Await _,
          Stmt.Stop _,
          Stmt.Fence _ -> {}
    }
  }

  private void inside(Expr expr, List<Write> written, Set<Local> turns) {
    Inlined.statements(expr, s -> statement(s, written, turns));
  }

  private static boolean once(Expr from, Expr to) {
    BigInteger least = ((Type.Int) from.type()).min();
    BigInteger most = ((Type.Int) to.type()).max();
    return most.subtract(least).compareTo(BigInteger.ONE) <= 0;
  }

  /// In a plain loop, what does not depend on the turn is written in every turn.
  private void loop(Local index, boolean once, Stmt body, List<Write> written, Set<Local> turns) {
    Set<Local> inner = new HashSet<>(turns);
    inner.add(index);
    names(body, inner);
    int before = written.size();
    statement(body, written, inner);
    if (once) {
      return;
    }
    for (Write w : written.subList(before, written.size())) {
      if (!mentions(w.target(), inner)) {
        findings.add(
            Diagnostic.error("double-write", w.span(), "every turn of a loop writes this")
                .help("keep the value in a `var`, and write it once after the loop"));
      }
    }
  }

  /// Adds the names that a body gives, whose values may differ from turn to turn.
  private static void names(Stmt body, Set<Local> names) {
    switch (body) {
      case Stmt.Block(var statements) -> statements.forEach(s -> names(s, names));
      case Stmt.Let(var local, _) -> names.add(local);
      case Stmt.Assign(LValue.Variable(var local), _, _) -> names.add(local);
      case Stmt.If(_, var then, var otherwise) -> {
        names(then, names);
        if (otherwise != null) {
          names(otherwise, names);
        }
      }
      case Stmt.For(var index, _, _, var inner) -> {
        names.add(index);
        names(inner, names);
      }
      case Stmt.Each(var loop, var inner) -> {
        names.add(loop.index());
        names(inner, names);
      }
      case Stmt.CallShape call -> names(call.body(), names);
      default -> {}
    }
  }

  private static boolean mentions(LValue target, Set<Local> names) {
    boolean[] found = {false};
    Walk.target(target, e -> found[0] |= e instanceof Expr.LocalValue(var l) && names.contains(l));
    return found[0];
  }

  private void assign(Write write, List<Write> written) {
    if (write.target() instanceof LValue.Variable) {
      return;
    }
    for (Write earlier : written) {
      String where = meeting(earlier.target(), write.target());
      if (where != null) {
        findings.add(
            Diagnostic.error("double-write", write.span(), "one step " + where)
                .note(earlier.span(), "the other write is here")
                .help(
                    where.startsWith("may")
                        ? "keep them apart with a `legal`"
                        : "reads see the state before the step; keep the value in a `var` and"
                            + " write once"));
        return;
      }
    }
    written.add(write);
  }

  /// {@return how two writes meet, or null where they do not}
  private @Nullable String meeting(LValue a, LValue b) {
    if (a.equals(b)) {
      return isZero(a) ? null : "writes this twice";
    }
    Registers x = registers(a);
    Registers y = registers(b);
    if (x != null && y != null) {
      return x.file() == y.file() && x.lo() <= y.hi() && y.lo() <= x.hi() ? meeting(x, y) : null;
    }
    Csr csr = csr(a);
    boolean whole = a instanceof LValue.WholeCsr || b instanceof LValue.WholeCsr;
    return csr != null && csr == csr(b) && whole ? "writes this CSR and a field of it" : null;
  }

  private @Nullable String meeting(Registers x, Registers y) {
    if (x.index().equals(y.index())) {
      return zeroOf(x.file(), x.index()) ? null : "writes this twice";
    }
    Type.Int left = (Type.Int) x.index().type();
    Type.Int right = (Type.Int) y.index().type();
    if (left.max().compareTo(right.min()) < 0 || right.max().compareTo(left.min()) < 0) {
      return null;
    }
    FieldProof proof = new FieldProof(meanings);
    String witness = proof.witness(x.index(), y.index(), x.file().zero());
    return witness == null ? null : "may write " + x.file() + " twice: " + witness;
  }

  private record Registers(RegisterFile file, Expr index, int hi, int lo) {}

  private static @Nullable Registers registers(LValue target) {
    return switch (target) {
      case LValue.Register(var file, var index, _) ->
          new Registers(file, index, file.width() - 1, 0);
      case LValue.RegisterSlice(var file, var index, int hi, int lo) ->
          new Registers(file, index, hi, lo);
      default -> null;
    };
  }

  private static boolean isZero(LValue target) {
    Registers r = registers(target);
    return r != null && zeroOf(r.file(), r.index());
  }

  private static boolean zeroOf(RegisterFile file, Expr index) {
    return file.zero() != null
        && index instanceof Expr.Literal(_, var n)
        && n.equals(BigInteger.valueOf(file.zero()));
  }

  private static @Nullable Csr csr(LValue target) {
    return switch (target) {
      case LValue.WholeCsr(var csr, _) -> csr;
      case LValue.Field(var csr, _, _) -> csr;
      case LValue.FieldBit(var csr, _, _) -> csr;
      default -> null;
    };
  }
}
