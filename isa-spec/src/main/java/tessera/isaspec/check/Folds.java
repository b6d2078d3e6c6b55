package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Binds folds, the only reductions: over `a .. b` one loop, over a set or list written out.
final class Folds {
  private static final int LARGEST_GROUP = 4096;

  private final Binder binder;

  Folds(Binder binder) {
    this.binder = binder;
  }

  /// What a fold runs over.
  ///
  /// @param by terms that one step takes, where `grouped`
  private record Terms(
      Local index,
      Expr from,
      Expr to,
      @Nullable Expr condition,
      Value term,
      int by,
      boolean grouped) {

    /// {@return how many terms there are at most}
    BigInteger most() {
      BigInteger last = ((Type.Int) to.type()).max();
      return last.subtract(((Type.Int) from.type()).min()).max(BigInteger.ONE);
    }
  }

  private static Term.Arg.Over over(Term.Call c, int n) {
    if (n < c.args().size() && c.args().get(n) instanceof Term.Arg.Over over) {
      return over;
    }
    throw new SpecError("syntax", c.span(), "expected `k in a .. b : value`");
  }

  private Terms terms(Term.Arg.Over over, Scope scope, @Nullable Type want) {
    if (isActive(over.range())) {
      return active(over, scope, want);
    }
    if (!(over.range() instanceof Term.Range.FromTo(var a, var b))) {
      throw new SpecError("syntax", over.span(), "this fold runs over a .. b");
    }
    Expr from = binder.number(a, scope);
    Expr to = binder.number(b, scope);
    Local index = loopIndex(over.index(), from, to, over.span());
    Scope inner = scope.inner().put(over.index(), new Value.Dyn(new Expr.LocalValue(index)));
    int by = over.by() == null ? 1 : binder.whole(over.by(), scope);
    if (by < 1 || by > LARGEST_GROUP) {
      throw new SpecError(
          "type", over.span(), "a group has 1 to " + LARGEST_GROUP + " terms, got " + by);
    }
    return binder.assumingBelow(
        index,
        to,
        () -> {
          Term wanted = over.condition();
          Expr condition = wanted == null ? null : binder.condition(wanted, inner);
          Value term =
              condition == null
                  ? binder.bind(over.value(), inner, want)
                  : binder.assuming(condition, () -> binder.bind(over.value(), inner, want));
          return new Terms(index, from, to, condition, term, by, over.by() != null);
        });
  }

  private static boolean isActive(Term.Range range) {
    return range instanceof Term.Range.Named(var path, _) && path.equals("active");
  }

  private static boolean isLoop(Term.Range range) {
    return range instanceof Term.Range.FromTo || isActive(range);
  }

  /// `k in active`: the declared range of the loop with lanes, and of it the active ones.
  private Terms active(Term.Arg.Over over, Scope scope, @Nullable Type want) {
    Loops.Active active = binder.loops.active(over.index(), over.span());
    Local index = active.index();
    Scope inner = scope.inner().put(over.index(), new Value.Dyn(new Expr.LocalValue(index)));
    int by = over.by() == null ? 1 : binder.whole(over.by(), scope);
    if (by < 1 || by > LARGEST_GROUP) {
      throw new SpecError(
          "type", over.span(), "a group has 1 to " + LARGEST_GROUP + " terms, got " + by);
    }
    return binder.assumingBelow(
        index,
        active.to(),
        () -> {
          Expr condition = active.condition();
          if (over.condition() != null) {
            Expr own = binder.condition(over.condition(), inner);
            condition = condition == null ? own : Make.and(condition, own);
          }
          Value term = binder.bind(over.value(), inner, want);
          return new Terms(
              index, active.from(), active.to(), condition, term, by, over.by() != null);
        });
  }

  /// {@return the index of a loop from `from` to before `to`}
  Local loopIndex(String name, Expr from, Expr to, Span span) {
    Type.Int low = (Type.Int) from.type();
    Type.Int high = (Type.Int) to.type();
    if (high.max().bitLength() > 33) {
      throw new SpecError(
          "unbounded-loop",
          span,
          "the bound " + high + " is too large for a loop",
          "say `max`, or use a value of fewer bits");
    }
    BigInteger most = high.max().subtract(BigInteger.ONE).max(low.min());
    return binder.local(name, new Type.Int(low.min(), most));
  }

  // Folds with a function of the text

  Value fold(Term.Call c, Scope scope, boolean anyOrder) {
    Value given = binder.bind(Calls.argument(plainFirst(c), 0, 1), scope, null);
    Value.Func step = Functions.asFunction(given, c.span());
    if (step == null || step.parameters().size() != 2) {
      throw new SpecError(
          "type",
          c.span(),
          "fold's first argument is a function of two arguments, got " + Conversions.what(given));
    }
    Term start = start(c);
    Term.Arg.Over over = over(c, 2);
    Type declared = binder.functions.wanted(step.parameters().getFirst(), step.scope().inner());
    if (isLoop(over.range())) {
      return loop(step, start, terms(over, scope, null), declared, scope, anyOrder, c);
    }
    return writtenOut(step, start, over, declared, scope, c);
  }

  private static Term.Call plainFirst(Term.Call c) {
    if (c.args().size() != 3) {
      throw new SpecError("type", c.span(), "expected fold(function, start, k in a .. b : value)");
    }
    return new Term.Call(c.function(), List.of(c.args().getFirst()), c.span());
  }

  private static Term start(Term.Call c) {
    if (c.args().get(1) instanceof Term.Arg.Plain(var start)) {
      return start;
    }
    throw new SpecError("type", c.span(), "fold's second argument is where it starts");
  }

  private Value loop(
      Value.Func step,
      Term startTerm,
      Terms terms,
      @Nullable Type declared,
      Scope scope,
      boolean anyOrder,
      Term.Call c) {
    Value first =
        declared != null
            ? binder.bind(startTerm, scope, declared)
            : binder.tryBind(startTerm, scope);
    Type type = declared != null ? declared : accumulated(first, terms.term(), c.span());
    Value startValue = first != null ? first : binder.bind(startTerm, scope, type);
    Expr start = binder.convert.coerce(startValue, type, c.span());
    Expr term =
        terms.grouped()
            ? binder.convert.exact(terms.term(), c.span())
            : binder.convert.dyn(terms.term(), c.span());
    Local accumulator = binder.local("acc", type);
    Type group = terms.grouped() ? new Type.Array(Type.EXACT, terms.by()) : term.type();
    Local taken = binder.local("terms", group);
    List<Value> arguments =
        List.of(
            new Value.Dyn(new Expr.LocalValue(accumulator)),
            new Value.Dyn(new Expr.LocalValue(taken)));
    Value.Func of = terms.grouped() ? withGroup(step, terms, c.span()) : step;
    Value next = binder.functions.applied(of, arguments, of.scope().inner(), type, c.span());
    return new Value.Dyn(
        new Expr.Fold(
            start,
            accumulator,
            terms.index(),
            terms.from(),
            terms.to(),
            terms.by(),
            terms.grouped(),
            terms.condition(),
            term,
            taken,
            binder.convert.counted(next, type, c.span()),
            anyOrder,
            type));
  }

  /// The type of an accumulator: the start's, or where the start is a bare number the term's.
  private Type accumulated(@Nullable Value start, Value term, Span span) {
    boolean open = start == null || start instanceof Value.Num;
    Value of = open ? term : Objects.requireNonNull(start);
    return Conversions.counted(binder.operators.typeOf(of, span));
  }

  /// A step that declares `exact[8]` takes groups of any size up to that; its parameter is the
  /// group as it is.
  private Value.Func withGroup(Value.Func f, Terms terms, Span span) {
    Item.Parameter first = f.parameters().getFirst();
    Item.Parameter second = f.parameters().get(1);
    if (binder.functions.wanted(second, f.scope().inner()) instanceof Type.Array(_, int most)
        && terms.by() > most) {
      throw new SpecError(
          "width", span, "'" + f.name() + "' takes at most " + most + " terms, not " + terms.by());
    }
    List<Item.Parameter> parameters =
        List.of(first, new Item.Parameter(second.name(), null, null, second.span()));
    return new Value.Func(
        f.kind(),
        f.name(),
        f.typeParameters(),
        parameters,
        f.result(),
        f.value(),
        f.body(),
        f.scope(),
        f.span());
  }

  /// A fold over a set or a list: one call after the other.
  private Value writtenOut(
      Value.Func step,
      Term start,
      Term.Arg.Over over,
      @Nullable Type declared,
      Scope scope,
      Term.Call c) {
    if (over.by() != null || over.condition() != null) {
      throw new SpecError("syntax", over.span(), "`by` and `if` need a range a .. b");
    }
    Value accumulator = binder.bind(start, scope, declared);
    for (Value term : listed(over, scope, null)) {
      accumulator =
          binder.functions.applied(
              step, List.of(accumulator, term), step.scope().inner(), declared, c.span());
    }
    return accumulator;
  }

  private List<Value> listed(Term.Arg.Over over, Scope scope, @Nullable Type want) {
    List<Value> terms = new ArrayList<>();
    for (Value k : binder.values(over.range(), scope, over.span())) {
      terms.add(binder.bind(over.value(), scope.inner().put(over.index(), k), want));
    }
    return terms;
  }

  // Folds with a known step

  Value sum(Term.Call c, Scope scope) {
    if (c.args().size() == 1 && c.args().getFirst() instanceof Term.Arg.Plain(var term)) {
      return sumOfTerms(term, scope);
    }
    Term.Arg.Over over = over(c, 0);
    if (!isLoop(over.range())) {
      return combined(Expr.BinaryOp.ADD, over, scope, null);
    }
    Terms terms = terms(over, scope, null);
    Expr term = binder.convert.dyn(terms.term(), over.span());
    Type type =
        switch (term.type()) {
          case Type.Floating _, Type.Exact _ -> Type.EXACT;
          case Type.Int(var min, var max) ->
              Conversions.bounded(
                  new Type.Int(
                      min.multiply(terms.most()).min(BigInteger.ZERO),
                      max.multiply(terms.most()).max(BigInteger.ZERO)),
                  over.span());
          case Type.Bits bits -> bits;
          case Type.Bool _, Type.Array _, Type.Tuple _ ->
              throw new SpecError("type", over.span(), "sum adds numbers, not " + term.type());
        };
    Expr zero = binder.convert.coerce(Value.Num.of(0), type, c.span());
    Expr typed = binder.convert.coerce(terms.term(), type, c.span());
    return folding(
        terms, zero, typed, type, (a, e) -> new Expr.Binary(Expr.BinaryOp.ADD, a, e, type));
  }

  private Value sumOfTerms(Term term, Scope scope) {
    Value value = binder.bind(term, scope, null);
    if (value instanceof Value.Dyn(Expr.LocalValue(var local))
        && local.type() instanceof Type.Array(Type.Exact _, _)) {
      return new Value.Dyn(new Expr.SumTerms(local, Type.EXACT));
    }
    throw new SpecError(
        "type", term.span(), "sum wants the terms of a fold, or `k in a .. b : value`");
  }

  private Value combined(Expr.BinaryOp op, Term.Arg.Over over, Scope scope, @Nullable Type want) {
    Value all = null;
    for (Value term : listed(over, scope, want)) {
      all =
          all == null
              ? term
              : Builtins.folded(
                  binder.operators.arithmetic(
                      op, numbered(all, over), numbered(term, over), over.span()));
    }
    if (all == null) {
      throw new SpecError("type", over.span(), "there is no term");
    }
    return all;
  }

  private Value numbered(Value value, Term.Arg.Over over) {
    return new Value.Dyn(binder.convert.dyn(value, over.span()));
  }

  Value xor(Term.Call c, Scope scope, @Nullable Type expected) {
    Term.Arg.Over over = over(c, 0);
    if (!isLoop(over.range())) {
      return combined(Expr.BinaryOp.XOR, over, scope, expected);
    }
    Terms terms = terms(over, scope, expected);
    Expr term = binder.convert.dyn(terms.term(), over.span());
    Type type = term.type();
    if (!(type instanceof Type.Bits)) {
      throw new SpecError("type", over.span(), "xor folds bits, got " + type);
    }
    Expr zero = Make.literal(type, BigInteger.ZERO);
    return folding(
        terms, zero, term, type, (a, e) -> new Expr.Binary(Expr.BinaryOp.XOR, a, e, type));
  }

  /// `count`, `any` and `all`.
  Value ofConditions(String name, Term.Call c, Scope scope) {
    Term.Arg.Over over = over(c, 0);
    if (!isLoop(over.range())) {
      return listedConditions(name, over, scope);
    }
    Terms terms = terms(over, scope, Type.BOOL);
    Expr term = binder.convert.coerce(terms.term(), Type.BOOL, over.span());
    return switch (name) {
      case "any" -> folding(terms, Make.bool(false), term, Type.BOOL, Expr.Or::new);
      case "all" -> folding(terms, Make.bool(true), term, Type.BOOL, Expr.And::new);
      default -> {
        Type.Int type = new Type.Int(BigInteger.ZERO, terms.most());
        Expr none = new Expr.Literal(type, BigInteger.ZERO);
        yield folding(
            terms, none, term, type, (a, e) -> new Expr.Binary(Expr.BinaryOp.ADD, a, one(e), type));
      }
    };
  }

  private Value listedConditions(String name, Term.Arg.Over over, Scope scope) {
    Expr any = Make.bool(false);
    Expr all = Make.bool(true);
    Value count = Value.Num.of(0);
    for (Value value : listed(over, scope, Type.BOOL)) {
      Expr term = binder.convert.coerce(value, Type.BOOL, over.span());
      any = Make.or(any, term);
      all = Make.and(all, term);
      Value one = new Value.Dyn(one(term));
      count = binder.operators.arithmetic(Expr.BinaryOp.ADD, count, one, over.span());
    }
    return switch (name) {
      case "any" -> Conversions.fromBool(any);
      case "all" -> Conversions.fromBool(all);
      default -> count;
    };
  }

  private static Expr one(Expr condition) {
    return new Expr.Select(
        condition, Make.number(BigInteger.ONE), Make.number(BigInteger.ZERO), Type.Int.of(0, 1));
  }

  private Value folding(
      Terms terms, Expr start, Expr term, Type type, BiFunction<Expr, Expr, Expr> step) {
    Local accumulator = binder.local("acc", type);
    Local one = binder.local("term", term.type());
    Expr next = step.apply(new Expr.LocalValue(accumulator), new Expr.LocalValue(one));
    return new Value.Dyn(
        new Expr.Fold(
            start,
            accumulator,
            terms.index(),
            terms.from(),
            terms.to(),
            1,
            false,
            terms.condition(),
            term,
            one,
            next,
            false,
            type));
  }

  /// `first(k in a .. b : condition)`, or the first register of a view.
  Value first(Term.Call c, Scope scope) {
    if (c.args().size() == 1 && c.args().getFirst() instanceof Term.Arg.Plain(var term)) {
      if (binder.bind(term, scope, null) instanceof Value.ViewOf(var view, _)) {
        return new Value.Dyn(view.first());
      }
    }
    Term.Arg.Over over = over(c, 0);
    Terms terms = terms(over, scope, Type.BOOL);
    Type.Int range = (Type.Int) terms.index().type();
    Type type = new Type.Int(BigInteger.ONE.negate().min(range.min()), range.max());
    Expr holds = binder.convert.coerce(terms.term(), Type.BOOL, over.span());
    Expr condition = terms.condition() == null ? holds : Make.and(terms.condition(), holds);
    return new Value.Dyn(new Expr.First(terms.index(), terms.from(), terms.to(), condition, type));
  }
}
