package tessera.isaspec.check;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;

/// Before a `resume` loop an op may not write state, because a trap enters the op again
/// (language.md 5): what was written then would be read.
final class ResumeWrites {

  void check(Bound bound) {
    after(bound.body(), null);
  }

  /// {@return the first write up to the end of a statement, or null}
  private @Nullable Span after(Stmt statement, @Nullable Span written) {
    return switch (statement) {
      case Stmt.Block(List<Stmt> statements) -> after(statements, written);
      case Stmt.Let(_, var value) -> inside(value, written);
      case Stmt.Assign(LValue.Variable _, var value, _) -> inside(value, written);
      case Stmt.Assign(_, var value, var span) -> first(inside(value, written), span);
      case Stmt.Store(_, _, var value, var span) -> first(inside(value, written), span);
      case Stmt.If(var condition, var then, var otherwise) -> {
        Span before = inside(condition, written);
        Span yes = after(then, before);
        Span no = otherwise == null ? before : after(otherwise, before);
        yield first(yes, no);
      }
      case Stmt.For(_, _, _, var body) -> {
        Span once = after(body, written);
        yield after(body, once);
      }
      case Stmt.Each(var loop, var body) -> each(loop, body, written);
      case Stmt.Evaluate(var expr) -> inside(expr, written);
      case Stmt.CallShape call -> after(call.body(), written);
      case Stmt.RaiseFlag _,
          Stmt.Raise _,
          Stmt.Require _,
          Stmt.Jump _,
          Stmt.Await _,
          Stmt.Stop _,
          Stmt.Fence _ ->
          written;
    };
  }

  private @Nullable Span after(List<Stmt> statements, @Nullable Span written) {
    Span before = written;
    for (Stmt s : statements) {
      before = after(s, before);
    }
    return before;
  }

  private @Nullable Span each(Stmt.Loop loop, Stmt body, @Nullable Span written) {
    if (!loop.resume()) {
      return first(after(body, after(body, written)), loop.after().isEmpty() ? null : loop.span());
    }
    if (written != null) {
      throw new SpecError(
          Diagnostic.error(
                  "write-before-resume",
                  loop.span(),
                  "state is written before this loop, which a trap may enter again")
              .note(written, "it is written here")
              .help("write it in the loop, or after it"));
    }
    return loop.span();
  }

  private @Nullable Span inside(Expr expr, @Nullable Span written) {
    @Nullable Span[] before = {written};
    Inlined.statements(expr, s -> before[0] = after(s, before[0]));
    return before[0];
  }

  private static @Nullable Span first(@Nullable Span a, @Nullable Span b) {
    return a != null ? a : b;
  }
}
