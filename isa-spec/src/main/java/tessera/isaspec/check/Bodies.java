package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// Binds statements.
final class Bodies {
  private static final int MOST_ARMS = 300;

  private final Binder binder;

  Bodies(Binder binder) {
    this.binder = binder;
  }

  /// {@return the statements of a block}
  ///
  /// @throws SpecError with the findings of all of them
  List<Stmt> statements(List<Statement> body, Scope scope) {
    List<Stmt> result = new ArrayList<>();
    Findings findings = Findings.collected();
    Facts before = binder.facts;
    try {
      body.forEach(s -> attempt(s, scope, result, findings));
    } finally {
      binder.facts = before;
    }
    findings.orThrow();
    return result;
  }

  /// Binds one statement. What a wrong one was to name stays known as broken, so that its uses are
  /// no findings of their own.
  void attempt(Statement s, Scope scope, List<Stmt> out, Findings findings) {
    if (findings.attempt(() -> bind(s, scope, out))) {
      return;
    }
    switch (s) {
      case Statement.Let let -> breakNames(let.pattern(), scope);
      case Statement.Var variable -> scope.put(variable.name(), new Value.Broken());
      default -> {}
    }
  }

  private static void breakNames(Term.Pattern pattern, Scope scope) {
    switch (pattern) {
      case Term.Pattern.Bind(var name, _) -> scope.put(name, new Value.Broken());
      case Term.Pattern.Tuple(var parts) -> parts.forEach(p -> breakNames(p, scope));
      case Term.Pattern.Constant _ -> {}
    }
  }

  private Stmt block(List<Statement> body, Scope scope) {
    return Make.block(statements(body, scope.inner()));
  }

  private void bind(Statement statement, Scope scope, List<Stmt> out) {
    switch (statement) {
      case Statement.Let s -> let(s, scope, out);
      case Statement.Var s -> variable(s, scope, out);
      case Statement.Assign s -> assign(s, scope, out);
      case Statement.CallOnly s -> call(s, scope, out);
      case Statement.If s -> conditional(s, scope, out);
      case Statement.Choose s -> choose(s, scope, out);
      case Statement.Repeat s -> binder.loops.repeat(s, scope, out);
      case Statement.Each s -> {
        needsEffects(s.span());
        out.add(binder.loops.each(s, scope));
      }
      case Statement.Raise s -> {
        needsEffects(s.span());
        out.add(raise(s, scope));
      }
      case Statement.Require s -> {
        needsEffects(s.span());
        String text = s.text() == null ? s.condition().span().text() : s.text().raw();
        Expr condition = binder.condition(s.condition(), scope);
        out.add(new Stmt.Require(condition, text, s.span()));
        binder.assume(condition);
      }
      case Statement.Jump s -> {
        needsEffects(s.span());
        Value target = binder.bind(s.target(), scope, Type.bits(64));
        out.add(new Stmt.Jump(binder.convert.coerce(target, Type.bits(64), s.span()), s.span()));
      }
      case Statement.Return s ->
          throw new SpecError(
              "syntax", s.span(), "`return` stands only in a function, and not in its loops");
      case Statement.Await s -> {
        needsEffects(s.span());
        out.add(new Stmt.Await(binder.condition(s.condition(), scope), s.span()));
      }
      case Statement.Stop s -> {
        needsEffects(s.span());
        binder.loops.checkStop(s.span());
        out.add(new Stmt.Stop());
      }
    }
  }

  private void needsEffects(Span span) {
    if (!binder.effects) {
      throw new SpecError(
          "effect-in-fn", span, "a `fn` is pure but for flags", "make it an `action`");
    }
  }

  // Names

  private void let(Statement.Let s, Scope scope, List<Stmt> out) {
    Value value = typed(s.type(), s.value(), scope, s.span());
    binder.patterns.destructure(s.pattern(), value, scope, out, s.span());
  }

  private Value typed(@Nullable Term type, Term term, Scope scope, Span span) {
    Type want = type == null ? null : binder.type(type, scope);
    Value value = binder.bind(term, scope, want);
    if (want == null || want instanceof Type.Int && value instanceof Value.Num) {
      return value;
    }
    return new Value.Dyn(binder.convert.coerce(value, want, span));
  }

  /// A `let` of an instruction, form or window: its value stands wherever its name does.
  void staticLet(Section.Let let, Scope scope) {
    if (let.type() == null && let.pattern() instanceof Term.Pattern.Bind(var waiting, _)) {
      Value known = binder.tryBind(let.value(), scope);
      scope.put(waiting, known != null ? known : new Value.Later(let.value(), scope));
      return;
    }
    Value value = typed(let.type(), let.value(), scope, let.span());
    if (let.pattern() instanceof Term.Pattern.Bind(var name, _)) {
      scope.put(name, value);
      return;
    }
    List<Value> parts = Conversions.parts(value);
    if (!(let.pattern() instanceof Term.Pattern.Tuple(var names))
        || parts == null
        || parts.size() != names.size()) {
      throw new SpecError("type", let.span(), "this value can not be taken apart here");
    }
    for (int i = 0; i < parts.size(); i++) {
      if (names.get(i) instanceof Term.Pattern.Bind(var name, _)) {
        scope.put(name, parts.get(i));
      }
    }
  }

  private void variable(Statement.Var s, Scope scope, List<Stmt> out) {
    Type want = s.type() == null ? null : binder.type(s.type(), scope);
    Value value = binder.bind(s.value(), scope, want);
    Type type = Conversions.counted(want != null ? want : binder.operators.typeOf(value, s.span()));
    Local local = binder.local(s.name(), type);
    binder.variables.add(local);
    out.add(new Stmt.Let(local, binder.convert.counted(value, type, s.span())));
    scope.put(s.name(), new Value.Dyn(new Expr.LocalValue(local)));
  }

  // Assignments

  private void assign(Statement.Assign s, Scope scope, List<Stmt> out) {
    if (binder.accesses.assign(s, scope, out)) {
      return;
    }
    Targets.Place place = binder.targets.place(s.target(), scope);
    if (!(place.target() instanceof LValue.Variable)) {
      needsEffects(s.span());
      if (!(place.target() instanceof LValue.Element)) {
        binder.loops.checkEffect(s.span());
      }
    }
    Value value = assigned(s, place.type(), scope);
    Expr part = binder.convert.counted(value, place.type(), s.value().span());
    out.add(new Stmt.Assign(place.target(), place.whole().apply(part), s.span()));
  }

  /// {@return what the left side gets}
  Value assigned(Statement.Assign s, Type type, Scope scope) {
    Value value = binder.bind(s.value(), scope, type);
    if (s.operator().equals("=")) {
      return value;
    }
    Expr.BinaryOp op = s.operator().equals("+=") ? Expr.BinaryOp.ADD : Expr.BinaryOp.OR;
    Value old = new Value.Dyn(binder.convert.dyn(binder.bind(s.target(), scope, null), s.span()));
    return binder.operators.arithmetic(op, old, value, s.span());
  }

  // Calls

  private void call(Statement.CallOnly s, Scope scope, List<Stmt> out) {
    if (!(s.call() instanceof Term.Call c)) {
      throw new SpecError(
          "syntax", s.span(), "a lone value does nothing", "write name = …; or a call");
    }
    Value.Func effect = binder.functions.effect(c, scope);
    if (effect != null && effect.kind() == Item.FunctionKind.SHAPE) {
      needsEffects(s.span());
      out.add(binder.functions.shape(effect, c, scope));
      return;
    }
    if (c.function() instanceof Term.Name(var name, _) && name.equals("flag")) {
      flag(c, scope, out);
      return;
    }
    String memory = binder.memory.memoryCall(c, scope);
    if (memory != null) {
      needsEffects(s.span());
      binder.loops.checkEffect(s.span());
      binder.memory.statement(memory, c, scope, out);
      return;
    }
    evaluate(binder.calls.call(c, scope, null), s.span(), out);
  }

  /// Of a call for its effects or flags alone, the value is dropped where it costs nothing.
  private void evaluate(Value value, Span span, List<Stmt> out) {
    if (value instanceof Value.After(var statements, var inner)) {
      out.addAll(statements);
      evaluate(inner, span, out);
      return;
    }
    Expr expr = binder.convert.dyn(value, span);
    if (!binder.isCheap(expr)) {
      out.add(new Stmt.Evaluate(expr));
    }
  }

  private void flag(Term.Call c, Scope scope, List<Stmt> out) {
    if (!binder.hasEnvironment) {
      throw new SpecError(
          "no-env",
          c.span(),
          "`flag` needs `env` to say where flags go",
          "add `env …;` to the instruction");
    }
    if (c.args().size() == 2
        && c.args().get(0) instanceof Term.Arg.Plain(Term.Name(var name, var span))
        && c.args().get(1) instanceof Term.Arg.Plain(var condition)) {
      out.add(new Stmt.RaiseFlag(Builtins.flag(name, span), binder.condition(condition, scope)));
      return;
    }
    throw new SpecError("flag-unknown", c.span(), "expected flag(NAME, condition)");
  }

  // Choices

  private void conditional(Statement.If s, Scope scope, List<Stmt> out) {
    Findings findings = Findings.collected();
    Expr condition = findings.value(() -> binder.condition(s.condition(), scope));
    if (condition == null) {
      findings.attempt(() -> block(s.then(), scope));
      findings.attempt(() -> block(s.otherwise(), scope));
      findings.orThrow();
      return;
    }
    if (Make.isTrue(condition) || Make.isFalse(condition)) {
      out.addAll(statements(Make.isTrue(condition) ? s.then() : s.otherwise(), scope.inner()));
      return;
    }
    List<Stmt> arms = new ArrayList<>();
    findings.attempt(() -> arms.add(binder.assuming(condition, () -> block(s.then(), scope))));
    if (!s.otherwise().isEmpty()) {
      findings.attempt(
          () -> arms.add(binder.assumingNot(condition, () -> block(s.otherwise(), scope))));
    }
    findings.orThrow();
    out.add(new Stmt.If(condition, arms.getFirst(), arms.size() > 1 ? arms.getLast() : null));
  }

  private void choose(Statement.Choose s, Scope scope, List<Stmt> out) {
    if (s.cases().size() > MOST_ARMS) {
      throw new SpecError(
          "nesting", s.span(), "a match has at most " + MOST_ARMS + " arms, use a `table`");
    }
    Value of = binder.patterns.named("match", binder.bind(s.of(), scope, null), out);
    Findings findings = Findings.collected();
    Stmt chain = arms(of, s, 0, scope, findings);
    findings.orThrow();
    if (chain != null) {
      out.add(chain);
    }
  }

  private @Nullable Stmt arms(Value of, Statement.Choose s, int n, Scope scope, Findings findings) {
    if (n == s.cases().size()) {
      return null;
    }
    Statement.Case arm = s.cases().get(n);
    Scope inner = scope.inner();
    Expr test = binder.patterns.matches(arm.pattern(), of, inner, s.span());
    if (Make.isFalse(test)) {
      return arms(of, s, n + 1, scope, findings);
    }
    List<Stmt> body = new ArrayList<>();
    findings.attempt(() -> body.addAll(binder.assuming(test, () -> statements(arm.body(), inner))));
    if (Make.isTrue(test)) {
      return Make.block(body);
    }
    Stmt rest = binder.assumingNot(test, () -> arms(of, s, n + 1, scope, findings));
    return new Stmt.If(test, Make.block(body), rest);
  }

  // Traps

  private Stmt raise(Statement.Raise s, Scope scope) {
    if (s.trap().equals(GuestTrap.INTERRUPT)) {
      return interrupt(s, scope);
    }
    Item.Trap trap = binder.defs.traps.get(s.trap());
    if (trap == null) {
      Diagnostic d =
          Diagnostic.error("unknown-name", s.span(), "there is no trap '" + s.trap() + "'");
      String near = Suggestion.nearest(s.trap(), binder.defs.traps.keySet());
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
    int count = trap.parameters().size();
    if (s.args().size() != count) {
      throw new SpecError(
          "type",
          s.span(),
          "the trap '" + s.trap() + "' takes " + count + " arguments, got " + s.args().size());
    }
    Scope inner = Scope.closed();
    for (int i = 0; i < count; i++) {
      if (!(s.args().get(i) instanceof Term.Arg.Plain(var term))) {
        throw new SpecError("type", s.span(), "expected a plain argument");
      }
      inner.put(trap.parameters().get(i).name(), binder.bind(term, scope, null));
    }
    Expr value =
        trap.value() == null
            ? Make.literal(Type.bits(64), BigInteger.ZERO)
            : trapWord(trap.value(), inner);
    return new Stmt.Raise(s.trap(), trapWord(trap.cause(), inner), value, s.span());
  }

  /// An interrupt enters with its code as cause and the value 0.
  private Stmt interrupt(Statement.Raise s, Scope scope) {
    if (s.args().size() != 1 || !(s.args().getFirst() instanceof Term.Arg.Plain(var code))) {
      throw new SpecError("type", s.span(), "expected raise interrupt(code)");
    }
    Expr none = Make.literal(Type.bits(64), BigInteger.ZERO);
    return new Stmt.Raise(GuestTrap.INTERRUPT, trapWord(code, scope), none, s.span());
  }

  /// {@return a trap's cause or value: 64 bits, whatever the text computes it from}
  Expr trapWord(Term term, Scope scope) {
    Value value = binder.bind(term, scope, Type.bits(64));
    Expr expr = binder.convert.dyn(value, term.span());
    return switch (expr.type()) {
      case Type.Int _ -> Make.wrap(expr, Type.bits(64));
      case Type.Bits(_, int width) when width <= 64 ->
          Make.resize(Expr.Extend.ZEXT, expr, Type.bits(64));
      default -> binder.convert.coerce(value, Type.bits(64), term.span());
    };
  }
}
