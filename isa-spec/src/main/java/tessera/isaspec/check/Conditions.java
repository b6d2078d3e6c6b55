package tessera.isaspec.check;

import java.util.List;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// Splits `legal` sections into conjuncts, each with its text.
final class Conditions {
  private final Binder binder;

  Conditions(Binder binder) {
    this.binder = binder;
  }

  /// Adds the conjuncts of a `legal`: one where it has a text, else one for each side of `&&`.
  void add(Section.Legal legal, Scope scope, List<Bound.Condition> out) {
    if (legal.reserved()) {
      throw NotYet.error("reserved", legal.span());
    }
    if (legal.text() != null) {
      out.add(condition(legal.condition(), scope, filled(legal.text(), scope)));
    } else {
      split(legal.condition(), scope, out);
    }
  }

  private void split(Term term, Scope scope, List<Bound.Condition> out) {
    if (term instanceof Term.Binary(var op, var left, var right, _) && op == Term.Infix.BOTH) {
      split(left, scope, out);
      split(right, scope, out);
      return;
    }
    String text = term.span().text();
    if (term instanceof Term.Call(Term.Name(var name, _), _, _)
        && binder.defs.rules.containsKey(name)) {
      Holed said = binder.defs.rules.get(name).text();
      text = said == null ? text : said.raw();
    }
    Bound.Condition condition = condition(term, scope, text);
    if (!Make.isTrue(condition.holds())) {
      out.add(condition);
    }
  }

  private Bound.Condition condition(Term term, Scope scope, String text) {
    try {
      Expr holds = binder.condition(term, scope);
      return new Bound.Condition(holds, text, readsFieldsOnly(holds), term.span());
    } catch (NeedsContext needs) {
      throw needs.error();
    }
  }

  /// Holes that are known by now are filled; others stay as written.
  private String filled(Holed text, Scope scope) {
    StringBuilder out = new StringBuilder();
    for (Holed.Piece piece : text.pieces()) {
      switch (piece) {
        case Holed.Piece.Chars(var chars) -> out.append(chars);
        case Holed.Piece.Hole(var raw, var term) -> {
          Value value = term instanceof Term.Name(var name, _) ? binder.lookup(name, scope) : null;
          boolean shown = value instanceof Value.Num || value instanceof Value.Text;
          out.append(shown && value != null ? binder.shown(value, term.span()) : "{" + raw + "}");
        }
      }
    }
    return out.toString();
  }

  /// {@return whether a condition is decided by the word alone}
  static boolean readsFieldsOnly(Expr expr) {
    boolean[] only = {true};
    Walk.expr(
        expr,
        e -> {
          boolean state =
              switch (e) {
                case Expr.ReadRegister _,
                    Expr.ReadElement _,
                    Expr.ReadView _,
                    Expr.ReadCsr _,
                    Expr.ReadCsrField _,
                    Expr.ReadCsrNumber _,
                    Expr.CsrAllows _,
                    Expr.Pc _,
                    Expr.NextPc _,
                    Expr.FetchedWord _,
                    Expr.Input _,
                    Expr.Observed _,
                    Expr.Load _,
                    Expr.Faults _ ->
                    true;
                default -> false;
              };
          only[0] &= !state;
        });
    return only[0];
  }
}
