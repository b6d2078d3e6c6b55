package tessera.isaspec.check;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// Finds the names that a text mentions, before anything is resolved.
final class Occurrences {
  private Occurrences() {}

  /// {@return how often a body mentions a name; in a loop or fold it counts twice}
  static int of(String name, @Nullable Term value, List<Statement> body) {
    int[] n = {0};
    Consumer<String> count = s -> n[0] += s.equals(name) ? 1 : 0;
    if (value != null) {
      term(value, count);
    }
    body.forEach(s -> statement(s, count));
    return n[0];
  }

  static void term(@Nullable Term term, Consumer<String> visit) {
    switch (term) {
      case null -> {}
      case Term.Num _, Term.Fraction _, Term.Str _, Term.Truth _ -> {}
      case Term.Name(var name, _) -> visit.accept(name);
      case Term.HoledName(var holed, _) -> holed(holed, visit);
      case Term.Member(var of, _, _) -> term(of, visit);
      case Term.Call(var function, var args, _) -> {
        term(function, visit);
        args.forEach(a -> arg(a, visit));
      }
      case Term.Generic(var base, var argument, _) -> {
        term(base, visit);
        term(argument, visit);
      }
      case Term.At(var of, var indices, _) -> {
        term(of, visit);
        indices.forEach(i -> term(i, visit));
      }
      case Term.Bits(var of, var hi, var lo, _) -> {
        term(of, visit);
        term(hi, visit);
        term(lo, visit);
      }
      case Term.As(var of, _, _) -> term(of, visit);
      case Term.Unary(_, var of, _) -> term(of, visit);
      case Term.Binary(_, var left, var right, _) -> {
        term(left, visit);
        term(right, visit);
      }
      case Term.Within(var of, var range, _) -> {
        term(of, visit);
        range(range, visit);
      }
      case Term.Choice(var condition, var yes, var no, _) -> {
        term(condition, visit);
        term(yes, visit);
        term(no, visit);
      }
      case Term.Match(var of, var arms, _) -> {
        term(of, visit);
        arms.forEach(a -> term(a.value(), visit));
      }
      case Term.Tuple(var elements, _) -> elements.forEach(e -> term(e, visit));
      case Term.Array(var elements, _) -> elements.forEach(e -> term(e, visit));
      case Term.ArrayOver(_, var range, var element, _) -> {
        range(range, visit);
        twice(visit, v -> term(element, v));
      }
      case Term.Lambda(_, var body, _) -> twice(visit, v -> term(body, v));
    }
  }

  private static void twice(Consumer<String> visit, Consumer<Consumer<String>> each) {
    each.accept(visit);
    each.accept(visit);
  }

  static void holed(Holed holed, Consumer<String> visit) {
    for (Holed.Piece piece : holed.pieces()) {
      if (piece instanceof Holed.Piece.Hole(_, var term)) {
        term(term, visit);
      }
    }
  }

  static void arg(Term.Arg arg, Consumer<String> visit) {
    switch (arg) {
      case Term.Arg.Plain(var value) -> term(value, visit);
      case Term.Arg.Named(_, var value, _) -> term(value, visit);
      case Term.Arg.Over over -> {
        range(over.range(), visit);
        term(over.by(), visit);
        twice(
            visit,
            v -> {
              term(over.condition(), v);
              term(over.value(), v);
            });
      }
    }
  }

  static void range(Term.@Nullable Range range, Consumer<String> visit) {
    switch (range) {
      case null -> {}
      case Term.Range.FromTo(var from, var to) -> {
        term(from, visit);
        term(to, visit);
      }
      case Term.Range.SetOf(var values) -> values.forEach(v -> term(v, visit));
      case Term.Range.Named(var path, _) -> visit.accept(path);
    }
  }

  static void statement(Statement statement, Consumer<String> visit) {
    switch (statement) {
      case Statement.Let s -> term(s.value(), visit);
      case Statement.Var s -> term(s.value(), visit);
      case Statement.Assign s -> {
        term(s.target(), visit);
        term(s.value(), visit);
      }
      case Statement.CallOnly s -> term(s.call(), visit);
      case Statement.If s -> {
        term(s.condition(), visit);
        s.then().forEach(t -> statement(t, visit));
        s.otherwise().forEach(t -> statement(t, visit));
      }
      case Statement.Choose s -> {
        term(s.of(), visit);
        s.cases().forEach(c -> c.body().forEach(t -> statement(t, visit)));
      }
      case Statement.Repeat s -> {
        range(s.range(), visit);
        twice(visit, v -> s.body().forEach(t -> statement(t, v)));
      }
      case Statement.Each s -> {
        range(s.range(), visit);
        term(s.carryStart(), visit);
        twice(visit, v -> s.body().forEach(t -> statement(t, v)));
      }
      case Statement.Raise s -> s.args().forEach(a -> arg(a, visit));
      case Statement.Require s -> term(s.condition(), visit);
      case Statement.Await s -> term(s.condition(), visit);
      case Statement.Jump s -> term(s.target(), visit);
      case Statement.Return s -> term(s.value(), visit);
      case Statement.Stop _ -> {}
    }
  }
}
