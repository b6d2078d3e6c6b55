package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// Binds loops: the plain bounded ones and the declared ones.
final class Loops {
  private final Binder binder;

  Loops(Binder binder) {
    this.binder = binder;
  }

  /// `for k in a .. b max n { … }`; over a set or a list it is written out.
  void repeat(Statement.Repeat s, Scope scope, List<Stmt> out) {
    if (!(s.range() instanceof Term.Range.FromTo(var a, var b))) {
      for (Value value : binder.values(s.range(), scope, s.span())) {
        out.addAll(binder.bodies.statements(s.body(), scope.inner().put(s.index(), value)));
      }
      return;
    }
    Findings findings = Findings.collected();
    Stmt.For head = findings.value(() -> head(s, a, b, scope));
    if (head == null) {
      Scope inner = scope.inner().put(s.index(), new Value.Broken());
      findings.attempt(() -> binder.bodies.statements(s.body(), inner));
      findings.orThrow();
      return;
    }
    Stmt body = body(s.body(), head.index(), head.to(), scope);
    out.add(new Stmt.For(head.index(), head.from(), head.to(), body));
  }

  private Stmt.For head(Statement.Repeat s, Term a, Term b, Scope scope) {
    Expr from = binder.number(a, scope);
    Expr to = binder.number(b, scope);
    if (s.max() != null) {
      to = meet(Expr.BinaryOp.MIN, to, binder.number(s.max(), scope));
    }
    Local index = binder.folds.loopIndex(s.index(), from, to, s.span());
    return new Stmt.For(index, from, to, new Stmt.Block(List.of()));
  }

  private static Expr meet(Expr.BinaryOp op, Expr a, Expr b) {
    return Make.binary(op, a, b, Make.interval(op, (Type.Int) a.type(), (Type.Int) b.type()));
  }

  private Stmt body(List<Statement> body, Local index, Expr to, Scope scope) {
    Scope inner = scope.inner().put(index.name(), new Value.Dyn(new Expr.LocalValue(index)));
    return binder.assumingBelow(index, to, () -> Make.block(binder.bodies.statements(body, inner)));
  }

  // Declared loops

  Stmt each(Statement.Each s, Scope scope) {
    Item.Loop loop = declared(s);
    Map<String, Term> bounds = new HashMap<>();
    loop.bounds().forEach(b -> bounds.put(b.key(), b.value()));
    refuse(s, loop, bounds);
    Range range = range(s, bounds, scope);
    Local index = binder.local(s.index(), indexType(range.to(), bounds.get("most")));
    Stmt body = body(s.body(), index, range.to(), scope);
    Scope top = Scope.top();
    Term restart = bounds.get("restart");
    List<Stmt.Assign> after = loop.after().stream().map(a -> after(a, top)).toList();
    Stmt.Loop bound =
        new Stmt.Loop(
            s.loop(),
            index,
            s.resume(),
            range.from(),
            range.to(),
            restart == null ? null : binder.targets.target(restart, top),
            after,
            s.span());
    return new Stmt.Each(bound, body);
  }

  private Item.Loop declared(Statement.Each s) {
    Item.Loop loop = binder.defs.loops.get(s.loop());
    if (loop != null) {
      return loop;
    }
    Diagnostic d =
        Diagnostic.error("unknown-name", s.span(), "there is no loop '" + s.loop() + "'");
    String near = Suggestion.nearest(s.loop(), binder.defs.loops.keySet());
    throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
  }

  private static void refuse(Statement.Each s, Item.Loop loop, Map<String, Term> bounds) {
    boolean masks =
        bounds.containsKey("active")
            || bounds.containsKey("masked")
            || bounds.containsKey("tail")
            || bounds.containsKey("tail_bool");
    if (masks || s.every() || s.carry() != null) {
      throw NotYet.error("lanes", s.span());
    }
    if (!loop.legals().isEmpty()) {
      throw NotYet.error("loop-legal", loop.legals().getFirst().span());
    }
  }

  private record Range(Expr from, Expr to) {}

  private Range range(Statement.Each s, Map<String, Term> bounds, Scope scope) {
    Scope top = Scope.top();
    Term declaredFrom = bounds.get("from");
    Term declaredTo = bounds.get("to");
    Expr from =
        declaredFrom == null ? Make.number(BigInteger.ZERO) : binder.number(declaredFrom, top);
    return switch (s.range()) {
      case Term.Range.FromTo(var a, var b) -> {
        Expr low = binder.number(a, scope);
        boolean zero = low instanceof Expr.Literal(_, var n) && n.signum() == 0;
        yield new Range(zero ? from : meet(Expr.BinaryOp.MAX, from, low), binder.number(b, scope));
      }
      case null -> {
        if (declaredTo == null) {
          throw new SpecError(
              "unbounded-loop",
              s.span(),
              "the loop '" + s.loop() + "' has no `to`",
              "write `in a .. b`");
        }
        yield new Range(from, binder.number(declaredTo, top));
      }
      case Term.Range.SetOf _, Term.Range.Named _ ->
          throw new SpecError("syntax", s.span(), "a declared loop runs over a .. b");
    };
  }

  /// An index is below the loop's `most` where the bound is known not to exceed it.
  private Type.Int indexType(Expr to, @Nullable Term most) {
    BigInteger end = ((Type.Int) to.type()).max();
    if (most != null) {
      Expr bound = binder.number(most, Scope.top());
      if (binder.facts.knowsAtMost(to, bound)) {
        end = end.min(((Type.Int) bound.type()).max());
      }
    }
    return new Type.Int(BigInteger.ZERO, end.subtract(BigInteger.ONE).max(BigInteger.ZERO));
  }

  private Stmt.Assign after(Item.After a, Scope top) {
    LValue target = binder.targets.target(a.target(), top);
    Value value = binder.bind(a.value(), top, target.type());
    return new Stmt.Assign(target, binder.convert.coerce(value, target.type(), a.span()), a.span());
  }
}
