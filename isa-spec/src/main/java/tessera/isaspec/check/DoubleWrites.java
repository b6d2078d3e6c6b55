package tessera.isaspec.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;

/// Two writes of one step to the very same place are an error (language.md R5): which one would
/// stay?
final class DoubleWrites {
  private final Diagnostics diagnostics;

  DoubleWrites(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(Bound bound) {
    statement(bound.body(), new HashMap<>());
  }

  private void statement(Stmt statement, Map<LValue, Span> written) {
    switch (statement) {
      case Stmt.Block(List<Stmt> statements) -> statements.forEach(s -> statement(s, written));
      case Stmt.Assign(var target, _, var span) -> assign(target, span, written);
      case Stmt.If(_, var then, var otherwise) -> {
        Map<LValue, Span> other = new HashMap<>(written);
        statement(then, written);
        if (otherwise != null) {
          statement(otherwise, other);
        }
      }
      case Stmt.For(_, _, _, var body) -> statement(body, new HashMap<>(written));
      case Stmt.Each(_, var body) -> statement(body, new HashMap<>());
      case Stmt.CallShape call -> statement(call.body(), written);
      case Stmt.Let _,
          Stmt.Store _,
          Stmt.Evaluate _,
          Stmt.RaiseFlag _,
          Stmt.Raise _,
          Stmt.Require _,
          Stmt.Jump _,
          Stmt.Stop _,
          Stmt.Fence _ -> {}
    }
  }

  private void assign(LValue target, Span span, Map<LValue, Span> written) {
    if (target instanceof LValue.Variable) {
      return;
    }
    Span earlier = written.putIfAbsent(target, span);
    if (earlier != null) {
      diagnostics.add(
          Diagnostic.error("double-write", span, "one step writes this twice")
              .note(earlier, "the other write is here")
              .help(
                  "reads see the state before the step; keep the value in a `var` and write once"));
    }
  }
}
