package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.CsrField;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// Binds statements, and what assignments write.
final class Bodies {
  private final Binder binder;

  Bodies(Binder binder) {
    this.binder = binder;
  }

  // Bodies that are values

  /// {@return the value of a function's body: what it returns, after the statements before}
  Value value(List<Statement> body, Scope scope, @Nullable Type expected, boolean effects) {
    List<Stmt> before = new ArrayList<>();
    Value result = returned(body, 0, scope, expected, effects, before);
    if (result == null) {
      if (!effects || body.isEmpty()) {
        Span span =
            body.isEmpty()
                ? new Span(new tessera.isaspec.diagnostic.Source("", ""), 0, 0)
                : body.getLast().span();
        throw new SpecError(
            "type",
            span,
            "this function does not return a value on every path",
            "end it with `return …;`");
      }
      result = Value.Num.of(0);
    }
    return Binder.after(before, result);
  }

  private @Nullable Value returned(
      List<Statement> body,
      int n,
      Scope scope,
      @Nullable Type expected,
      boolean effects,
      List<Stmt> before) {
    for (int i = n; i < body.size(); i++) {
      Statement s = body.get(i);
      if (s instanceof Statement.Return r) {
        return binder.bind(r.value(), scope, expected);
      }
      if (s instanceof Statement.If f && returns(s)) {
        return returnedIf(f, body, i, scope, expected, effects);
      }
      if (!effects && !isPure(s)) {
        throw new SpecError(
            "effect-in-fn", s.span(), "a `fn` is pure but for flags", "make it an `action`");
      }
      bind(s, scope, before);
    }
    return null;
  }

  private @Nullable Value returnedIf(
      Statement.If f,
      List<Statement> body,
      int at,
      Scope scope,
      @Nullable Type expected,
      boolean effects) {
    Expr condition = binder.condition(f.condition(), scope);
    Value yes =
        Make.isFalse(condition) ? null : branch(f.then(), body, at, scope, expected, effects);
    Value no =
        Make.isTrue(condition) ? null : branch(f.otherwise(), body, at, scope, expected, effects);
    if (Make.isTrue(condition) || Make.isFalse(condition)) {
      return yes != null ? yes : no;
    }
    if (yes == null || no == null) {
      throw new SpecError("type", f.span(), "not every path returns a value");
    }
    return binder.select(condition, yes, no, expected, f.span());
  }

  private @Nullable Value branch(
      List<Statement> then,
      List<Statement> body,
      int at,
      Scope scope,
      @Nullable Type expected,
      boolean effects) {
    List<Statement> whole = new ArrayList<>(then);
    whole.addAll(body.subList(at + 1, body.size()));
    List<Stmt> before = new ArrayList<>();
    Value value = returned(whole, 0, scope.inner(), expected, effects, before);
    return value == null ? null : Binder.after(before, value);
  }

  private static boolean returns(Statement s) {
    return switch (s) {
      case Statement.Return _ -> true;
      case Statement.If f ->
          f.then().stream().anyMatch(Bodies::returns)
              || f.otherwise().stream().anyMatch(Bodies::returns);
      case Statement.Repeat r -> r.body().stream().anyMatch(Bodies::returns);
      case Statement.Choose c ->
          c.cases().stream().anyMatch(k -> k.body().stream().anyMatch(Bodies::returns));
      default -> false;
    };
  }

  private static boolean isPure(Statement s) {
    return switch (s) {
      case Statement.Let _, Statement.Var _, Statement.Return _ -> true;
      case Statement.Assign a -> a.target() instanceof Term.Name;
      case Statement.CallOnly c ->
          c.call() instanceof Term.Call(Term.Name(var name, _), _, _) && name.equals("flag");
      case Statement.If f ->
          f.then().stream().allMatch(Bodies::isPure)
              && f.otherwise().stream().allMatch(Bodies::isPure);
      case Statement.Repeat r -> r.body().stream().allMatch(Bodies::isPure);
      case Statement.Choose c ->
          c.cases().stream().allMatch(k -> k.body().stream().allMatch(Bodies::isPure));
      case Statement.Each _,
          Statement.Raise _,
          Statement.Require _,
          Statement.Await _,
          Statement.Jump _,
          Statement.Stop _ ->
          false;
    };
  }

  // Statements

  List<Stmt> statements(List<Statement> body, Scope scope) {
    List<Stmt> result = new ArrayList<>();
    for (Statement s : body) {
      try {
        bind(s, scope, result);
      } catch (NeedsContext needs) {
        throw needs.error();
      }
    }
    return result;
  }

  private Stmt block(List<Statement> body, Scope scope) {
    return Make.block(statements(body, scope.inner()));
  }

  private void bind(Statement statement, Scope scope, List<Stmt> out) {
    switch (statement) {
      case Statement.Let s -> let(s.pattern(), s.type(), s.value(), scope, out, s.span());
      case Statement.Var s -> variable(s, scope, out);
      case Statement.Assign s -> assign(s, scope, out);
      case Statement.CallOnly s -> call(s, scope, out);
      case Statement.If s -> conditional(s, scope, out);
      case Statement.Choose s -> choose(s, scope, out);
      case Statement.Repeat s -> repeat(s, scope, out);
      case Statement.Each s -> out.add(each(s, scope));
      case Statement.Raise s -> out.add(raise(s, scope));
      case Statement.Require s -> {
        String text = s.text() == null ? s.condition().span().text() : s.text().raw();
        out.add(new Stmt.Require(binder.condition(s.condition(), scope), text, s.span()));
      }
      case Statement.Await s -> throw NotYet.error("await", s.span());
      case Statement.Jump s -> {
        Expr target =
            binder.coerce(binder.bind(s.target(), scope, Type.bits(64)), Type.bits(64), s.span());
        out.add(new Stmt.Jump(target, s.span()));
      }
      case Statement.Return s ->
          throw new SpecError(
              "syntax", s.span(), "`return` stands only in a function, and not in its loops");
      case Statement.Stop s -> throw NotYet.error("stop", s.span());
    }
  }

  private void let(
      Term.Pattern pattern,
      @Nullable Term type,
      Term term,
      Scope scope,
      List<Stmt> out,
      Span span) {
    Type want = type == null ? null : binder.type(type, scope);
    Value value = binder.bind(term, scope, want);
    if (want != null && !(want instanceof Type.Int)) {
      value = new Value.Dyn(binder.coerce(value, want, span));
    }
    destructure(pattern, value, scope, out, span);
  }

  private void destructure(
      Term.Pattern pattern, Value value, Scope scope, List<Stmt> out, Span span) {
    if (value instanceof Value.After(var statements, var inner)) {
      out.addAll(statements);
      destructure(pattern, inner, scope, out, span);
      return;
    }
    switch (pattern) {
      case Term.Pattern.Bind(var name, _) -> {
        if (!name.equals("_")) {
          scope.put(name, named(name, value, out));
        }
      }
      case Term.Pattern.Constant _ ->
          throw new SpecError(
              "syntax", span, "`let` names values; a constant stands only in `match`");
      case Term.Pattern.Tuple(var parts) -> {
        List<Value> values =
            switch (value) {
              case Value.Several(var v) -> v;
              case Value.ListOf(var v) -> v;
              case Value.Dyn(var expr) when expr.type() instanceof Type.Tuple(var types) ->
                  tuple(expr, types, out);
              default ->
                  throw new SpecError(
                      "type",
                      span,
                      "expected " + parts.size() + " values, got " + Binder.what(value));
            };
        if (values.size() != parts.size()) {
          throw new SpecError(
              "type", span, "expected " + parts.size() + " values, got " + values.size());
        }
        for (int i = 0; i < parts.size(); i++) {
          destructure(parts.get(i), values.get(i), scope, out, span);
        }
      }
    }
  }

  private List<Value> tuple(Expr expr, List<Type> types, List<Stmt> out) {
    if (expr instanceof Expr.MakeTuple(var elements, _)) {
      return elements.stream().map(e -> (Value) new Value.Dyn(e)).toList();
    }
    Local whole = binder.local("tuple", expr.type());
    out.add(new Stmt.Let(whole, expr));
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      parts.add(new Value.Dyn(new Expr.TupleAt(new Expr.LocalValue(whole), i, types.get(i))));
    }
    return parts;
  }

  /// A run-time value gets a place in the frame; a constant, a view or a function needs none.
  private Value named(String name, Value value, List<Stmt> out) {
    return switch (value) {
      case Value.Dyn(var expr) when !Calls.isCheap(expr) -> {
        Local local = binder.local(name, expr.type());
        out.add(new Stmt.Let(local, expr));
        yield new Value.Dyn(new Expr.LocalValue(local));
      }
      case Value.CsrOf _, Value.FieldOf _ ->
          named(name, new Value.Dyn(binder.dyn(value, null)), out);
      default -> value;
    };
  }

  /// A `let` of an instruction, form or window: its value stands wherever its name does.
  void staticLet(Section.Let let, Scope scope) {
    Type want = let.type() == null ? null : binder.type(let.type(), scope);
    Value value =
        want == null ? binder.tryBind(let.value(), scope) : binder.bind(let.value(), scope, want);
    if (value == null && let.pattern() instanceof Term.Pattern.Bind(var waiting, _)) {
      scope.put(waiting, new Value.Later(let.value(), scope));
      return;
    }
    if (value == null) {
      value = binder.bind(let.value(), scope, null);
    }
    if (want != null && !(want instanceof Type.Int)) {
      value = new Value.Dyn(binder.coerce(value, want, let.span()));
    }
    List<Stmt> none = new ArrayList<>();
    if (let.pattern() instanceof Term.Pattern.Bind(var name, _)) {
      scope.put(name, value);
    } else {
      destructure(let.pattern(), value, scope, none, let.span());
    }
    if (!none.isEmpty()) {
      throw new SpecError("type", let.span(), "this value can not be taken apart here");
    }
  }

  private void variable(Statement.Var s, Scope scope, List<Stmt> out) {
    Type want = s.type() == null ? null : binder.type(s.type(), scope);
    Value value = binder.bind(s.value(), scope, want);
    Expr expr = want == null ? binder.dyn(value, s.span()) : binder.coerce(value, want, s.span());
    Local local = binder.local(s.name(), want == null ? expr.type() : want);
    out.add(new Stmt.Let(local, expr));
    scope.put(s.name(), new Value.Dyn(new Expr.LocalValue(local)));
  }

  private void assign(Statement.Assign s, Scope scope, List<Stmt> out) {
    if (assignThroughAccess(s, scope, out)) {
      return;
    }
    LValue target = target(s.target(), scope);
    Value value = binder.bind(s.value(), scope, target.type());
    if (!s.operator().equals("=")) {
      Expr.BinaryOp op = s.operator().equals("+=") ? Expr.BinaryOp.ADD : Expr.BinaryOp.OR;
      value = binder.arithmetic(op, binder.bind(s.target(), scope, null), value, s.span());
    }
    Expr expr = coerceAssigned(value, target.type(), s);
    out.add(new Stmt.Assign(target, expr, s.span()));
  }

  private Expr coerceAssigned(Value value, Type type, Statement.Assign s) {
    return binder.coerce(value, type, s.value().span());
  }

  private boolean assignThroughAccess(Statement.Assign s, Scope scope, List<Stmt> out) {
    if (!(s.target() instanceof Term.At at)) {
      return false;
    }
    Item.Access access;
    Value argument = null;
    if (at.of() instanceof Term.Generic g
        && binder.bind(g, scope, null) instanceof Value.TypedAccess(var a, var of)) {
      access = a;
      argument = of;
    } else if (at.of() instanceof Term.Name n
        && binder.lookup(n.name(), scope) instanceof Value.AccessOf(var a)) {
      access = a;
    } else {
      return false;
    }
    if (access.setParameter() == null) {
      throw new SpecError("type", s.span(), "'" + access.name() + "' has no `set`");
    }
    Scope inner = binder.calls.accessScope(access, argument, at.indices(), scope, s.span());
    Type type = binder.type(access.type(), inner);
    Expr value = binder.coerce(binder.bind(s.value(), scope, type), type, s.value().span());
    List<Stmt> lets = new ArrayList<>();
    boolean once = Occurrences.of(access.setParameter(), null, access.set()) <= 1;
    inner.put(
        access.setParameter(),
        once ? new Value.Dyn(value) : named(access.setParameter(), new Value.Dyn(value), lets));
    out.addAll(lets);
    out.addAll(statements(access.set(), inner));
    return true;
  }

  /// {@return what a term means on the left of `=`}
  LValue target(Term term, Scope scope) {
    switch (term) {
      case Term.At(Term.Name(var name, var at), var indices, var span) -> {
        Value of = binder.name(name, scope, at);
        switch (of) {
          case Value.FileOf(var file) -> {
            Expr index = binder.index(indices.getFirst(), scope, file.count() - 1, span);
            return new LValue.Register(file, index, Type.bits(file.width()));
          }
          case Value.CsrFile _ -> {
            return new LValue.CsrNumber(binder.number(indices.getFirst(), scope), Type.bits(64));
          }
          case Value.ViewOf(var view, _) -> {
            return new LValue.Element(
                view, binder.indices(view, indices, scope, span), view.element());
          }
          default -> throw notAssignable(of, span);
        }
      }
      case Term.At(Term.Member m, var indices, var span)
          when binder.bind(m, scope, null) instanceof Value.FieldOf(var csr, var field) -> {
        return new LValue.FieldBit(
            csr, field, binder.index(indices.getFirst(), scope, field.width() - 1, span));
      }
      case Term.Call(Term.Member(Term.Member m, var bit, _), var args, var span)
          when bit.equals("bit")
              && args.size() == 1
              && args.getFirst() instanceof Term.Arg.Plain(var index)
              && binder.bind(m, scope, null) instanceof Value.FieldOf(var csr, var field) -> {
        return new LValue.FieldBit(csr, field, binder.index(index, scope, field.width() - 1, span));
      }
      case Term.Bits(Term.At(Term.Name(var name, var at), var indices, _), var hi, var lo, var span)
          when binder.name(name, scope, at) instanceof Value.FileOf(var file) -> {
        int high = binder.whole(hi, scope);
        int low = binder.whole(lo, scope);
        if (low < 0 || high < low || high >= file.width()) {
          throw new SpecError(
              "width", span, "bits " + high + ":" + low + " do not exist in " + file);
        }
        return new LValue.RegisterSlice(
            file, binder.index(indices.getFirst(), scope, file.count() - 1, span), high, low);
      }
      default -> {}
    }
    Value value = binder.bind(term, scope, null);
    return switch (value) {
      case Value.FileOf(var file) when file.count() == 1 ->
          new LValue.Register(file, Make.number(BigInteger.ZERO), Type.bits(file.width()));
      case Value.CsrOf(var csr) -> new LValue.WholeCsr(csr, Type.bits(64));
      case Value.FieldOf(var csr, var field) -> {
        readOnly(field, term.span());
        yield new LValue.Field(csr, field, Type.uint(field.width()));
      }
      case Value.Dyn(Expr.LocalValue(var local)) -> new LValue.Variable(local);
      default -> throw notAssignable(value, term.span());
    };
  }

  private static void readOnly(CsrField field, Span span) {
    if (field.rule() instanceof CsrField.Rule.Computed
        || field.rule() instanceof CsrField.Rule.Line) {
      throw new SpecError(
          "csr-bits", span, "the field '" + field.name() + "' is computed and can not be written");
    }
  }

  private static SpecError notAssignable(Value of, Span span) {
    return new SpecError(
        "type",
        span,
        Binder.what(of) + " can not be assigned to",
        "assign to a register, a CSR, a field, a view's element or a `var`");
  }

  private void call(Statement.CallOnly s, Scope scope, List<Stmt> out) {
    if (!(s.call() instanceof Term.Call c)) {
      throw new SpecError(
          "syntax", s.span(), "a lone value does nothing", "write name = …; or a call");
    }
    Value.Func effect = binder.calls.effect(c, scope);
    if (effect != null && effect.kind() == Item.FunctionKind.SHAPE) {
      out.add(binder.calls.shape(effect, c, scope));
      return;
    }
    if (c.function() instanceof Term.Name(var name, _) && name.equals("flag")) {
      flag(c, scope, out);
      return;
    }
    String memory = memoryCall(c, scope);
    if (memory != null) {
      memory(memory, c, scope, out);
      return;
    }
    if (effect != null) {
      out.add(new Stmt.Evaluate(binder.dyn(binder.calls.call(c, scope, null), s.span())));
      return;
    }
    Value value = binder.calls.call(c, scope, null);
    out.add(new Stmt.Evaluate(binder.dyn(value, s.span())));
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
      out.add(new Stmt.RaiseFlag(Calls.flag(name, span), binder.condition(condition, scope)));
      return;
    }
    throw new SpecError("flag-unknown", c.span(), "expected flag(NAME, condition)");
  }

  private @Nullable String memoryCall(Term.Call c, Scope scope) {
    boolean memory =
        c.function() instanceof Term.Member(Term.Name(var name, _), _, _)
            && binder.lookup(name, scope) instanceof Value.MemoryOf;
    return memory ? ((Term.Member) c.function()).name() : null;
  }

  private void memory(String name, Term.Call c, Scope scope, List<Stmt> out) {
    switch (name) {
      case "store" -> out.add(store(c, scope));
      case "fence" -> out.add(new Stmt.Fence(false));
      case "fence_code" -> out.add(new Stmt.Fence(true));
      case "load", "faults" ->
          out.add(new Stmt.Evaluate(binder.dyn(binder.calls.call(c, scope, null), c.span())));
      case "check", "pin", "remap" -> throw NotYet.error("mem." + name, c.span());
      default -> {
        Diagnostic d = Diagnostic.error("unknown-name", c.span(), "mem has no '" + name + "'");
        String near = Suggestion.nearest(name, List.of("store", "load", "fence", "fence_code"));
        throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
      }
    }
  }

  private Stmt store(Term.Call c, Scope scope) {
    List<Term> args = new ArrayList<>();
    for (Term.Arg arg : c.args()) {
      if (arg instanceof Term.Arg.Plain(var term)) {
        args.add(term);
      }
    }
    if (args.size() != 2 && args.size() != 3) {
      throw new SpecError(
          "type", c.span(), "expected mem.store(address, value) or mem.store(address, k, value)");
    }
    Expr address = binder.calls.address(args.getFirst(), scope);
    Expr k = args.size() == 3 ? binder.number(args.get(1), scope) : null;
    Expr value = binder.dyn(binder.bind(args.getLast(), scope, null), c.span());
    Calls.storable(value.type(), c.span());
    return new Stmt.Store(address, k, value, c.span());
  }

  private void conditional(Statement.If s, Scope scope, List<Stmt> out) {
    Expr condition = binder.condition(s.condition(), scope);
    if (Make.isTrue(condition) || Make.isFalse(condition)) {
      out.addAll(statements(Make.isTrue(condition) ? s.then() : s.otherwise(), scope.inner()));
      return;
    }
    Stmt then = block(s.then(), scope);
    out.add(
        new Stmt.If(condition, then, s.otherwise().isEmpty() ? null : block(s.otherwise(), scope)));
  }

  private void choose(Statement.Choose s, Scope scope, List<Stmt> out) {
    Value of = binder.bind(s.of(), scope, null);
    Stmt chain = null;
    for (Statement.Case arm : s.cases().reversed()) {
      Scope inner = scope.inner();
      Expr test = matches(arm.pattern(), of, inner, s.span());
      if (Make.isFalse(test)) {
        continue;
      }
      Stmt body = Make.block(statements(arm.body(), inner));
      chain = Make.isTrue(test) ? body : new Stmt.If(test, body, chain);
    }
    if (chain != null) {
      out.add(chain);
    }
  }

  /// {@return whether a value matches; the pattern's names are put into `scope`}
  Expr matches(Term.Pattern pattern, Value of, Scope scope, Span span) {
    switch (pattern) {
      case Term.Pattern.Constant(var term) -> {
        return binder.equal(of, binder.bind(term, scope, null), span);
      }
      case Term.Pattern.Bind(var name, _) -> {
        if (name.equals("_")) {
          return Make.bool(true);
        }
        Value known = binder.lookup(name, scope);
        if (known instanceof Value.Num
            || known instanceof Value.Text
            || known instanceof Value.Truth) {
          return binder.equal(of, known, span);
        }
        scope.put(name, of);
        return Make.bool(true);
      }
      case Term.Pattern.Tuple(var parts) -> {
        if (!(of instanceof Value.Several(var values)) || values.size() != parts.size()) {
          throw new SpecError("type", span, "expected " + parts.size() + " values to match");
        }
        Expr all = Make.bool(true);
        for (int i = 0; i < parts.size(); i++) {
          all = Make.and(all, matches(parts.get(i), values.get(i), scope, span));
        }
        return all;
      }
    }
  }

  private void repeat(Statement.Repeat s, Scope scope, List<Stmt> out) {
    if (!(s.range() instanceof Term.Range.FromTo(var a, var b))) {
      for (Value value : binder.values(s.range(), scope, s.span())) {
        out.addAll(statements(s.body(), scope.inner().put(s.index(), value)));
      }
      return;
    }
    Expr from = binder.number(a, scope);
    Expr to = binder.number(b, scope);
    Term max = s.max();
    if (max != null) {
      Expr most = binder.number(max, scope);
      to =
          Make.binary(
              Expr.BinaryOp.MIN,
              to,
              most,
              Make.interval(Expr.BinaryOp.MIN, (Type.Int) to.type(), (Type.Int) most.type()));
    }
    Local index = binder.calls.loopIndex(s.index(), from, to, s.span());
    Scope inner = scope.inner().put(s.index(), new Value.Dyn(new Expr.LocalValue(index)));
    out.add(new Stmt.For(index, from, to, Make.block(statements(s.body(), inner))));
  }

  // Declared loops

  private Stmt each(Statement.Each s, Scope scope) {
    Item.Loop loop = binder.defs.loops.get(s.loop());
    if (loop == null) {
      Diagnostic d =
          Diagnostic.error("unknown-name", s.span(), "there is no loop '" + s.loop() + "'");
      String near = Suggestion.nearest(s.loop(), binder.defs.loops.keySet());
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
    Map<String, Term> bounds = new java.util.HashMap<>();
    loop.bounds().forEach(b -> bounds.put(b.key(), b.value()));
    boolean lanes =
        bounds.containsKey("active") || bounds.containsKey("masked") || bounds.containsKey("tail");
    if (lanes || s.every() || s.carry() != null) {
      throw NotYet.error("lanes", s.span());
    }
    Scope top = Scope.top();
    Expr from =
        bounds.containsKey("from")
            ? binder.number(bounds.get("from"), top)
            : Make.number(BigInteger.ZERO);
    Expr to = bounds.containsKey("to") ? binder.number(bounds.get("to"), top) : null;
    if (s.range() instanceof Term.Range.FromTo(var a, var b)) {
      Expr low = binder.number(a, scope);
      boolean zero = low instanceof Expr.Literal(_, var n) && n.signum() == 0;
      from =
          zero
              ? from
              : Make.binary(
                  Expr.BinaryOp.MAX,
                  from,
                  low,
                  Make.interval(Expr.BinaryOp.MAX, (Type.Int) from.type(), (Type.Int) low.type()));
      to = binder.number(b, scope);
    }
    if (to == null) {
      throw new SpecError(
          "unbounded-loop",
          s.span(),
          "the loop '" + s.loop() + "' has no `to`",
          "write `in a .. b`");
    }
    BigInteger most =
        bounds.containsKey("most")
            ? ((Type.Int) binder.number(bounds.get("most"), top).type()).max()
            : ((Type.Int) to.type()).max();
    Local index =
        binder.local(
            s.index(),
            new Type.Int(BigInteger.ZERO, most.subtract(BigInteger.ONE).max(BigInteger.ZERO)));
    Scope inner = scope.inner().put(s.index(), new Value.Dyn(new Expr.LocalValue(index)));
    Stmt body = Make.block(statements(s.body(), inner));
    LValue restart = bounds.containsKey("restart") ? target(bounds.get("restart"), top) : null;
    List<Stmt.Assign> after = new ArrayList<>();
    for (Item.After a : loop.after()) {
      LValue target = target(a.target(), top);
      after.add(
          new Stmt.Assign(
              target,
              binder.coerce(binder.bind(a.value(), top, target.type()), target.type(), a.span()),
              a.span()));
    }
    return new Stmt.Each(
        new Stmt.Loop(s.loop(), index, s.resume(), from, to, restart, after, s.span()), body);
  }

  private Stmt raise(Statement.Raise s, Scope scope) {
    Item.Trap trap = binder.defs.traps.get(s.trap());
    if (trap == null) {
      if (s.trap().equals("interrupt")) {
        throw NotYet.error("interrupt", s.span());
      }
      Diagnostic d =
          Diagnostic.error("unknown-name", s.span(), "there is no trap '" + s.trap() + "'");
      String near = Suggestion.nearest(s.trap(), binder.defs.traps.keySet());
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
    if (s.args().size() != trap.parameters().size()) {
      throw new SpecError(
          "type",
          s.span(),
          "the trap '"
              + s.trap()
              + "' takes "
              + trap.parameters().size()
              + " arguments, got "
              + s.args().size());
    }
    Scope inner = Scope.closed();
    for (int i = 0; i < s.args().size(); i++) {
      if (s.args().get(i) instanceof Term.Arg.Plain(var term)) {
        inner.put(trap.parameters().get(i).name(), binder.bind(term, scope, null));
      }
    }
    return new Stmt.Raise(
        s.trap(),
        trapWord(trap.cause(), inner),
        trap.value() == null
            ? Make.literal(Type.bits(64), BigInteger.ZERO)
            : trapWord(trap.value(), inner),
        s.span());
  }

  /// {@return a trap's cause or value: 64 bits, whatever the text computes it from}
  Expr trapWord(Term term, Scope scope) {
    Value value = binder.bind(term, scope, Type.bits(64));
    Expr expr = binder.dyn(value, term.span());
    return switch (expr.type()) {
      case Type.Int _ -> Make.wrap(expr, Type.bits(64));
      case Type.Bits(_, int width) when width <= 64 ->
          Make.resize(Expr.Extend.ZEXT, expr, Type.bits(64));
      default -> binder.coerce(value, Type.bits(64), term.span());
    };
  }
}
