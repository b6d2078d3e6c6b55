package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// Binds loops: the plain bounded ones and the declared ones.
final class Loops {
  private final Binder binder;
  private @Nullable Lane lane;
  private boolean stoppable;

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

  /// The declared loop whose body is being bound.
  ///
  /// @param steps whether each lane is a step of its own, which sees what earlier ones did
  /// @param packed running values that count lanes, so they may index what is written
  private record Lane(Local index, boolean steps, Set<Local> packed) {}

  /// What a declaration says, with its names resolved.
  private final class Declared {
    private final Item.Loop loop;
    private final Map<String, Term> parts = new HashMap<>();
    private final Scope top = Scope.top();

    Declared(Item.Loop loop) {
      this.loop = loop;
      loop.bounds().forEach(b -> parts.put(b.key(), b.value()));
    }

    @Nullable Expr number(String part) {
      Term term = parts.get(part);
      return term == null ? null : binder.number(term, top);
    }

    /// {@return the most lanes there can be, which binding knows; or null}
    @Nullable Expr most() {
      Term term = parts.get("most");
      return term == null ? null : Make.number(binder.constant(term, top).numerator());
    }

    Expr begin() {
      Expr from = number("from");
      return from == null ? Make.number(BigInteger.ZERO) : from;
    }

    /// {@return the declared end, or null; never beyond `most`}
    @Nullable Expr end() {
      Expr to = number("to");
      Expr most = most();
      return to == null || most == null || binder.facts.knowsAtMost(to, most)
          ? to
          : meet(Expr.BinaryOp.MIN, to, most);
    }

    /// {@return that the declared end is at most `most`: whoever writes the state keeps to it}
    @Nullable Expr invariant() {
      Expr to = number("to");
      Expr most = most();
      return to == null || most == null ? null : Make.compare(Expr.CompareOp.LE, to, most);
    }

    boolean hasLanes() {
      return Stream.of("active", "masked", "tail", "tail_bool").anyMatch(parts::containsKey);
    }

    /// {@return which lanes are active, or null: all}
    @Nullable Expr active(Local index) {
      Term term = parts.get("active");
      if (term == null) {
        return null;
      }
      Scope scope = top.inner().put(loop.index(), new Value.Dyn(new Expr.LocalValue(index)));
      Expr active = showing(() -> binder.condition(term, scope));
      return Make.isTrue(active) ? null : active;
    }

    /// {@return whether a policy is agnostic, or null: never}
    @Nullable Expr policy(String part) {
      Term term = parts.get(part);
      if (term == null || term instanceof Term.Name(var name, _) && name.equals("undisturbed")) {
        return null;
      }
      if (term instanceof Term.Name(var name, _) && name.equals("agnostic")) {
        return Make.bool(true);
      }
      Value value = binder.bind(term, top, null);
      if (value instanceof Value.FieldOf) {
        Expr field = binder.convert.dyn(value, term.span());
        return Make.compare(Expr.CompareOp.NE, field, Make.literal(field.type(), BigInteger.ZERO));
      }
      return binder.convert.coerce(value, Type.BOOL, term.span());
    }
  }

  private <T> T showing(Supplier<T> step) {
    boolean before = binder.showsWindows;
    binder.showsWindows = true;
    try {
      return step.get();
    } finally {
      binder.showsWindows = before;
    }
  }

  /// The views that a condition of lanes reads, each with what makes the reading needless.
  ///
  /// @param unless false: it is always read
  record MaskView(Value.ViewOf view, String said, Expr unless) {}

  /// {@return the views that `active` of a loop reads}
  List<MaskView> masks(Item.Loop loop) {
    Term active = null;
    for (Item.Bound b : loop.bounds()) {
      active = b.key().equals("active") ? b.value() : active;
    }
    List<MaskView> found = new ArrayList<>();
    masks(active, Make.bool(false), found);
    return found;
  }

  private void masks(@Nullable Term term, Expr unless, List<MaskView> out) {
    switch (term) {
      case Term.Binary(Term.Infix op, var left, var right, _) when op == Term.Infix.EITHER -> {
        masks(left, unless, out);
        if (out.isEmpty()) {
          masks(right, Make.or(unless, binder.condition(left, Scope.top())), out);
        } else {
          masks(right, unless, out);
        }
      }
      case Term.Binary(_, var left, var right, _) -> {
        masks(left, unless, out);
        masks(right, unless, out);
      }
      case Term.At(var of, _, _) -> {
        boolean window =
            of instanceof Term.Call(var function, _, _)
                && binder.windows.windowName(function, Scope.top()) != null;
        if (window
            && !Make.isTrue(unless)
            && showing(() -> binder.bind(of, Scope.top(), null)) instanceof Value.ViewOf view) {
          String register = view.view().first() instanceof Expr.Literal(_, var n) ? "" + n : "";
          out.add(new MaskView(view, view.view().file() + register, unless));
        }
      }
      case null, default -> {}
    }
  }

  /// The active lanes of the loop that declares them.
  ///
  /// @param condition null: all are active
  record Active(Local index, Expr from, Expr to, @Nullable Expr condition) {}

  /// {@return what `k in active` means}
  Active active(String name, Span span) {
    List<Item.Loop> loops =
        binder.defs.loops.values().stream()
            .filter(l -> l.bounds().stream().anyMatch(b -> b.key().equals("active")))
            .toList();
    if (loops.size() != 1) {
      throw new SpecError(
          "unknown-name",
          span,
          loops.isEmpty()
              ? "no loop of these texts says which lanes are `active`"
              : "more than one loop says which lanes are `active`",
          "fold over a .. b");
    }
    Declared declared = new Declared(loops.getFirst());
    Expr to = declared.end();
    if (to == null) {
      throw new SpecError("unbounded-loop", span, "the lanes have no `to`");
    }
    Expr from = declared.begin();
    Local index = folds(name, from, to, span);
    return new Active(
        index, from, to, binder.assumingBelow(index, to, () -> declared.active(index)));
  }

  private Local folds(String name, Expr from, Expr to, Span span) {
    return binder.folds.loopIndex(name, from, to, span);
  }

  Stmt each(Statement.Each s, Scope scope) {
    if (lane != null) {
      throw new SpecError("syntax", s.span(), "a declared loop inside a declared loop");
    }
    Declared declared = new Declared(declared(s));
    Facts before = binder.facts;
    Expr invariant = declared.invariant();
    if (invariant != null) {
      binder.assume(invariant);
    }
    try {
      return each(s, declared, scope);
    } finally {
      binder.facts = before;
      lane = null;
      stoppable = false;
    }
  }

  private Stmt each(Statement.Each s, Declared declared, Scope scope) {
    Range range = range(s, declared, scope);
    Local index = binder.local(s.index(), indexType(range, declared));
    List<Stmt.Carry> carries = new ArrayList<>();
    Scope inner = scope.inner();
    if (s.carry() != null) {
      carries.add(carry(s, index, range.to(), scope, inner));
    }
    boolean lanes = declared.hasLanes() || s.every() || s.carry() != null;
    Set<Local> packed = new HashSet<>();
    carries.stream()
        .filter(c -> c.now().type() instanceof Type.Int)
        .forEach(c -> packed.add(c.now()));
    lane = lanes ? new Lane(index, s.resume(), packed) : null;
    stoppable = true;
    Stmt body = body(s.body(), index, range.to(), inner);
    carries.forEach(c -> steps(c, body));
    Expr active =
        s.every() || !lanes
            ? null
            : binder.assumingBelow(index, range.to(), () -> declared.active(index));
    Stmt.Lanes beside =
        lanes
            ? new Stmt.Lanes(
                range.begin(),
                range.end(),
                active,
                carries,
                fills(s, declared, body, index, active))
            : null;
    Term restart = declared.parts.get("restart");
    List<Stmt.Assign> after =
        declared.loop.after().stream().map(a -> after(a, declared.top)).toList();
    Stmt.Loop bound =
        new Stmt.Loop(
            s.loop(),
            index,
            s.resume(),
            range.from(),
            range.to(),
            restart == null ? null : binder.targets.target(restart, declared.top),
            after,
            beside,
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

  // Running values

  /// What a step reads is what the step before left; a whole number counts lanes, from 0 on.
  private Stmt.Carry carry(Statement.Each s, Local index, Expr to, Scope scope, Scope inner) {
    String name = Objects.requireNonNull(s.carry());
    Term term = Objects.requireNonNull(s.carryStart());
    Value start = binder.bind(term, scope, null);
    Type type = binder.operators.typeOf(start, term.span());
    boolean counts = type instanceof Type.Int;
    if (counts) {
      if (!(start instanceof Value.Num n) || n.numerator().signum() != 0) {
        throw new SpecError("carry-step", term.span(), "a counting `carry` starts at 0");
      }
      type = new Type.Int(BigInteger.ZERO, ((Type.Int) to.type()).max().max(BigInteger.ZERO));
    }
    Local now = binder.local(name, type);
    Local next = binder.local(name, type);
    binder.carried.put(now, next);
    inner.put(name, new Value.Dyn(new Expr.LocalValue(now)));
    if (counts) {
      Expr counted = new Expr.LocalValue(now);
      binder.assume(Make.compare(Expr.CompareOp.LE, counted, new Expr.LocalValue(index)));
    }
    return new Stmt.Carry(now, next, binder.convert.coerce(start, type, term.span()));
  }

  private static void steps(Stmt.Carry carry, Stmt body) {
    if (!(carry.now().type() instanceof Type.Int)) {
      return;
    }
    assigns(
        body,
        a -> {
          boolean mine = a.target() instanceof LValue.Variable(var v) && v.equals(carry.next());
          if (mine && !stepsByOne(a.value(), carry.now())) {
            throw new SpecError(
                "carry-step",
                a.span(),
                "'" + carry.now().name() + "' counts lanes, so a step adds 0 or 1 to it",
                "write " + carry.now().name() + " = " + carry.now().name() + " + (… ? 1 : 0)");
          }
        });
  }

  private static boolean stepsByOne(Expr value, Local now) {
    return value instanceof Expr.Binary(Expr.BinaryOp op, var left, var right, _)
        && op == Expr.BinaryOp.ADD
        && left.equals(new Expr.LocalValue(now))
        && right.type() instanceof Type.Int(var least, var most)
        && least.signum() >= 0
        && most.compareTo(BigInteger.ONE) <= 0;
  }

  private static void assigns(Stmt stmt, Consumer<Stmt.Assign> visit) {
    switch (stmt) {
      case Stmt.Assign a -> visit.accept(a);
      case Stmt.Block(var statements) -> statements.forEach(s -> assigns(s, visit));
      case Stmt.If(_, var then, var otherwise) -> {
        assigns(then, visit);
        if (otherwise != null) {
          assigns(otherwise, visit);
        }
      }
      case Stmt.For(_, _, _, var body) -> assigns(body, visit);
      default -> {}
    }
  }

  // What lanes may touch

  /// Only a step of its own may do more than write its lane.
  void checkEffect(Span span) {
    if (lane != null && !lane.steps()) {
      throw new SpecError(
          "lane-write",
          span,
          "the lanes of this loop are independent: one writes its element and nothing else",
          "write `resume` before the loop, so that each lane is a step");
    }
  }

  /// `stop` ends the loop around it.
  void checkStop(Span span) {
    if (!stoppable) {
      throw new SpecError("syntax", span, "`stop` stands only in a declared loop");
    }
  }

  /// A lane writes its own element, or the next of those that it packs.
  void checkWritten(View view, List<Expr> indices, Span span) {
    if (lane == null || lane.steps()) {
      return;
    }
    boolean own =
        indices.getLast() instanceof Expr.LocalValue(var local)
            && (local.equals(lane.index()) || lane.packed().contains(local));
    if (!own) {
      String index = lane.index().name();
      throw new SpecError(
          "lane-write",
          span,
          "lane " + index + " writes another element of '" + view.name() + "'",
          "write " + view.name() + "[" + index + "]");
    }
  }

  /// A lane reads its own element, or any by `.at`.
  void checkRead(View view, Term term, Scope scope, Span span) {
    if (lane == null) {
      return;
    }
    Expr index = binder.number(term, scope);
    Local own = lane.index();
    if (index instanceof Expr.LocalValue || !mentions(index, own)) {
      return;
    }
    String text = term.span().text();
    throw new SpecError(
        "lane-cross",
        span,
        "the body of a loop over lanes reads " + view.name() + "[" + text + "]",
        "write " + view.name() + ".at(" + text + ", 0)");
  }

  private static boolean mentions(Expr expr, Local local) {
    boolean[] found = {false};
    Walk.expr(expr, e -> found[0] |= e instanceof Expr.LocalValue(var l) && l.equals(local));
    return found[0];
  }

  /// All ones for what the text leaves open, where the ISA was asked for them.
  private List<Stmt.Fill> fills(
      Statement.Each s, Declared declared, Stmt body, Local index, @Nullable Expr active) {
    if (!binder.defs.choices.allOnes()) {
      return List.of();
    }
    Map<View, Stmt.Fill> fills = new LinkedHashMap<>();
    assigns(
        body,
        a -> {
          if (a.target() instanceof LValue.Element(var view, var indices, _)
              && indices.getLast() instanceof Expr.LocalValue(var last)) {
            boolean bool = view.element() instanceof Type.Bool || s.agnostic();
            Expr masked = active == null ? null : declared.policy("masked");
            Expr tail = declared.policy(bool ? "tail_bool" : "tail");
            Local packed = last.equals(index) ? null : binder.carried.get(last);
            if (masked != null || tail != null) {
              fills.put(view, new Stmt.Fill(view, masked, tail, packed));
            }
          }
        });
    return List.copyOf(fills.values());
  }

  // Bounds

  /// @param begin the declared first index
  /// @param end the declared end: where `begin` is not below it, the loop is empty
  private record Range(Expr from, Expr to, Expr begin, Expr end) {}

  private Range range(Statement.Each s, Declared declared, Scope scope) {
    Expr begin = declared.begin();
    Expr end = declared.end();
    return switch (s.range()) {
      case Term.Range.FromTo(var a, var b) -> {
        Expr low = binder.number(a, scope);
        Expr high = binder.number(b, scope);
        boolean zero = low instanceof Expr.Literal(_, var n) && n.signum() == 0;
        Expr from = zero ? begin : meet(Expr.BinaryOp.MAX, begin, low);
        if (((Type.Int) from.type()).max().bitLength() > 62) {
          from = meet(Expr.BinaryOp.MIN, from, high);
        }
        yield new Range(from, high, begin, end == null ? high : end);
      }
      case null -> {
        if (end == null) {
          throw new SpecError(
              "unbounded-loop",
              s.span(),
              "the loop '" + s.loop() + "' has no `to`",
              "write `in a .. b`");
        }
        yield new Range(begin, end, begin, end);
      }
      case Term.Range.SetOf _, Term.Range.Named _ ->
          throw new SpecError("syntax", s.span(), "a declared loop runs over a .. b");
    };
  }

  /// An index is below the loop's `most` where the bound is known not to exceed it.
  private Type.Int indexType(Range range, Declared declared) {
    BigInteger end = ((Type.Int) range.to().type()).max();
    Expr most = declared.most();
    if (most != null && binder.facts.knowsAtMost(range.to(), most)) {
      end = end.min(((Type.Int) most.type()).max());
    }
    return new Type.Int(BigInteger.ZERO, end.subtract(BigInteger.ONE).max(BigInteger.ZERO));
  }

  private Stmt.Assign after(Item.After a, Scope top) {
    LValue target = binder.targets.target(a.target(), top);
    Value value = binder.bind(a.value(), top, target.type());
    return new Stmt.Assign(target, binder.convert.coerce(value, target.type(), a.span()), a.span());
  }
}
