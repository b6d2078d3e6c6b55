package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// Splits `legal` sections into conjuncts, each with its text.
final class Conditions {
  private final Binder binder;

  Conditions(Binder binder) {
    this.binder = binder;
  }

  /// {@return what a call gives for each parameter, as written}
  static Map<String, String> said(List<Item.Parameter> parameters, List<Term.Arg> args) {
    Map<String, String> said = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      Item.Parameter p = parameters.get(i);
      if (i < args.size() && args.get(i) instanceof Term.Arg.Plain(var term)) {
        said.put(p.name(), term.span().text());
      } else if (p.preset() != null) {
        said.put(p.name(), p.preset().span().text());
      }
    }
    return said;
  }

  /// Adds the conjuncts of a `legal`: one where it has a text, else one for each side of `&&`.
  ///
  /// @param said what the holes of its text stand for, where their values are not known now
  void add(Section.Legal legal, Scope scope, Map<String, String> said, List<Bound.Condition> out) {
    List<Bound.Condition> all = legal.reserved() ? new ArrayList<>() : out;
    if (legal.text() != null) {
      all.add(condition(legal.condition(), scope, filled(legal.text(), scope, said)));
    } else {
      split(legal.condition(), scope, all);
    }
    if (legal.reserved()) {
      reserved(all, out);
    }
  }

  /// What a `reserved` condition names is refused only by the strict.
  private void reserved(List<Bound.Condition> conditions, List<Bound.Condition> out) {
    if (binder.defs.choices.strict()) {
      out.addAll(conditions);
    }
  }

  /// Adds a rule over a pair of views.
  ///
  /// @param said how the views' registers are written
  /// @param guard the rule need not hold where this does; false: it always must
  void pair(
      Item.Rule rule,
      List<Value.ViewOf> views,
      List<String> said,
      Expr guard,
      List<Bound.Condition> out) {
    Scope scope = Scope.closed();
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < views.size(); i++) {
      scope.put(rule.parameters().get(i).name(), views.get(i));
      names.put(rule.parameters().get(i).name(), said.get(i));
    }
    Expr holds = Make.or(guard, binder.condition(rule.condition(), scope));
    if (Make.isTrue(holds)) {
      return;
    }
    String text = rule.text() == null ? rule.name() : filled(rule.text(), scope, names);
    Bound.Condition condition =
        new Bound.Condition(holds, text, readsFieldsOnly(holds), rule.condition().span());
    if (rule.reserved()) {
      reserved(List.of(condition), out);
    } else {
      out.add(condition);
    }
  }

  /// {@return whether a condition holds in no state and for no word}
  static boolean never(Expr holds) {
    return Make.isFalse(holds)
        || holds instanceof Expr.And(var left, var right) && (never(left) || never(right));
  }

  private void split(Term term, Scope scope, List<Bound.Condition> out) {
    if (term instanceof Term.Binary(var op, var left, var right, _) && op == Term.Infix.BOTH) {
      split(left, scope, out);
      binder.assumingAll(out, () -> split(right, scope, out));
      return;
    }
    Bound.Condition condition = condition(term, scope, text(term, scope));
    if (!Make.isTrue(condition.holds())) {
      out.add(condition);
    }
  }

  /// A rule speaks for itself, any other condition is shown as written.
  private String text(Term term, Scope scope) {
    if (term instanceof Term.Call(Term.Name(var name, _), var args, _)) {
      Item.Rule rule = binder.defs.rules.get(name);
      if (rule != null && rule.text() != null) {
        return filled(rule.text(), scope, said(rule.parameters(), args));
      }
    }
    return term.span().text();
  }

  private Bound.Condition condition(Term term, Scope scope, String text) {
    Expr holds = binder.condition(term, scope);
    return new Bound.Condition(holds, text, readsFieldsOnly(holds), term.span());
  }

  /// Holes that are known by now are filled with values, others with what was written.
  private String filled(Holed text, Scope scope, Map<String, String> said) {
    StringBuilder out = new StringBuilder();
    for (Holed.Piece piece : text.pieces()) {
      switch (piece) {
        case Holed.Piece.Chars(var chars) -> out.append(chars);
        case Holed.Piece.Hole(var raw, var term) -> {
          Value value = term instanceof Term.Name(var name, _) ? binder.lookup(name, scope) : null;
          boolean shown = value instanceof Value.Num || value instanceof Value.Text;
          out.append(
              shown && value != null
                  ? binder.shown(value, term.span())
                  : said.getOrDefault(raw, raw));
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
                    Expr.Faults _,
                    Expr.Reserve _,
                    Expr.Conditional _,
                    Expr.Amo _,
                    Expr.Reserved _ ->
                    true;
                default -> false;
              };
          only[0] &= !state;
        });
    return only[0];
  }
}
