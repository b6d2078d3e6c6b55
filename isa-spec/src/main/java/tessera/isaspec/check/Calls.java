package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Binds calls: functions of the text by inlining, names that the tool knows, members, folds.
final class Calls {
  private final Binder binder;

  Calls(Binder binder) {
    this.binder = binder;
  }

  Value call(Term.Call c, Scope scope, @Nullable Type expected) {
    Term function = c.function();
    Term argument = null;
    if (function instanceof Term.Generic g) {
      function = g.base();
      argument = g.argument();
    }
    if (function instanceof Term.Member m) {
      Value member = memberCall(m, argument, c, scope);
      if (member != null) {
        return member;
      }
    }
    boolean fill =
        function instanceof Term.Name(var name, _) && (name.equals("ones") || name.equals("zeros"));
    Value callee =
        fill
            ? new Value.Builtin(((Term.Name) function).name())
            : binder.bind(function, scope, null);
    return switch (callee) {
      case Value.Func f -> apply(f, argument, c, scope, expected);
      case Value.Builtin(var name) -> builtin(name, argument, c, scope, expected);
      case Value.RealOf(var real) -> real(real, c, scope);
      case Value.OpenType open -> reread(open, argument, c, scope);
      case Value.TypeOf(Type.Exact _) -> builtin("exact", argument, c, scope, expected);
      case Value.TypeOf type -> reread(type, argument, c, scope);
      default -> throw new SpecError("type", c.span(), Binder.what(callee) + " can not be called");
    };
  }

  private Value reread(Value type, @Nullable Term argument, Term.Call c, Scope scope) {
    Value target = argument == null ? type : new Value.TypeOf(binder.type(c.function(), scope));
    Value value = binder.bind(single(c), scope, null);
    if (value instanceof Value.Num && target instanceof Value.TypeOf(var full)) {
      return new Value.Dyn(binder.coerce(value, full, c.span()));
    }
    return new Value.Dyn(binder.rereadAs(binder.dyn(value, c.span()), target, c.span()));
  }

  private static Term single(Term.Call c) {
    return argument(c, 0, 1);
  }

  private static Term argument(Term.Call c, int n, int count) {
    if (c.args().size() != count) {
      throw new SpecError(
          "type",
          c.span(),
          "expected " + count + " argument" + (count == 1 ? "" : "s") + ", got " + c.args().size());
    }
    if (c.args().get(n) instanceof Term.Arg.Plain(var value)) {
      return value;
    }
    throw new SpecError("type", c.span(), "expected a plain argument");
  }

  // Functions of the text

  Value lambda(Term.Lambda l, Scope scope) {
    List<Item.Parameter> parameters =
        l.parameters().stream().map(p -> new Item.Parameter(p, null, null, l.span())).toList();
    return new Value.Func(
        Item.FunctionKind.FN,
        "fn",
        List.of(),
        parameters,
        null,
        l.body(),
        List.of(),
        scope,
        l.span());
  }

  private Value apply(
      Value.Func f,
      @Nullable Term typeArgument,
      Term.Call c,
      Scope scope,
      @Nullable Type expected) {
    if (f.kind() == Item.FunctionKind.SHAPE) {
      throw new SpecError(
          "effect-in-fn", c.span(), "the shape '" + f.name() + "' is a statement, not a value");
    }
    List<Value> values = new ArrayList<>();
    Scope inner = f.scope().inner();
    if (typeArgument != null) {
      bindTypeArgument(f, binder.bind(typeArgument, scope, null), inner, c.span());
    }
    for (int i = 0; i < c.args().size(); i++) {
      Type want = i < f.parameters().size() ? wanted(f.parameters().get(i), inner) : null;
      values.add(plain(c.args().get(i), scope, want));
    }
    return applied(f, values, inner, expected, c.span());
  }

  private Value plain(Term.Arg arg, Scope scope, @Nullable Type want) {
    if (arg instanceof Term.Arg.Plain(var term)) {
      Value value = want == null ? binder.tryBind(term, scope) : binder.bind(term, scope, want);
      return value != null ? value : new Value.Later(term, scope);
    }
    throw new SpecError(
        "type",
        ((arg instanceof Term.Arg.Named n) ? n.span() : ((Term.Arg.Over) arg).span()),
        "expected a plain argument");
  }

  private @Nullable Type wanted(Item.Parameter parameter, Scope inner) {
    Term type = parameter.type();
    if (type == null) {
      return null;
    }
    try {
      return binder.type(type, inner);
    } catch (SpecError | NeedsContext _) {
      return null; // depends on a type argument that is still to be inferred
    }
  }

  private void bindTypeArgument(Value.Func f, Value argument, Scope inner, Span span) {
    if (f.typeParameters().size() != 1) {
      throw new SpecError(
          "type", span, "'" + f.name() + "' has " + f.typeParameters().size() + " type parameters");
    }
    inner.put(f.typeParameters().getFirst().name(), argument);
  }

  /// Calls a function with bound arguments.
  Value applied(Value.Func f, List<Value> values, Scope inner, @Nullable Type expected, Span span) {
    if (values.size() > f.parameters().size()) {
      throw new SpecError(
          "type",
          span,
          "'" + f.name() + "' takes " + f.parameters().size() + " arguments, got " + values.size());
    }
    Object frame = f.value() != null ? f.value() : f.body();
    if (binder.inlining.contains(frame) && !f.name().equals("fn")) {
      throw new SpecError(
          "recursion", span, "'" + f.name() + "' calls itself", "loops run over declared ranges");
    }
    inferTypes(f, values, inner, span);
    List<Stmt> lets = new ArrayList<>();
    for (int i = 0; i < f.parameters().size(); i++) {
      Item.Parameter p = f.parameters().get(i);
      Value value = i < values.size() ? values.get(i) : preset(p, inner, f, span);
      inner.put(p.name(), parameter(p, value, f, inner, lets, span));
    }
    binder.inlining.push(frame);
    try {
      Type result = f.result() == null ? null : binder.type(f.result(), inner);
      Value value =
          f.value() != null
              ? binder.bind(f.value(), inner, result != null ? result : expected)
              : binder.bodies.value(
                  f.body(),
                  inner,
                  result != null ? result : expected,
                  f.kind() == Item.FunctionKind.ACTION);
      if (result != null) {
        value =
            result instanceof Type.Int && value instanceof Value.Num
                ? value
                : new Value.Dyn(binder.coerce(value, result, span));
      }
      return Binder.after(lets, value);
    } finally {
      binder.inlining.pop();
    }
  }

  private Value preset(Item.Parameter p, Scope inner, Value.Func f, Span span) {
    if (p.preset() == null) {
      throw new SpecError(
          "type", span, "'" + f.name() + "' needs an argument for '" + p.name() + "'");
    }
    return binder.bind(p.preset(), inner, null);
  }

  private void inferTypes(Value.Func f, List<Value> values, Scope inner, Span span) {
    for (Item.Parameter t : f.typeParameters()) {
      if (inner.get(t.name()) != null) {
        continue;
      }
      for (int i = 0; i < values.size() && i < f.parameters().size(); i++) {
        Type found = infer(t.name(), f.parameters().get(i).type(), values.get(i));
        if (found != null) {
          inner.put(t.name(), new Value.TypeOf(found));
          break;
        }
      }
      if (inner.get(t.name()) == null) {
        throw new SpecError(
            "type",
            span,
            "nothing says what '" + t.name() + "' of '" + f.name() + "' is",
            "write " + f.name() + "<…>(…)");
      }
    }
  }

  private static @Nullable Type infer(String name, @Nullable Term declared, Value value) {
    if (declared instanceof Term.Name(var n, _) && n.equals(name)) {
      return value instanceof Value.Dyn(var expr) ? expr.type() : null;
    }
    if (declared instanceof Term.Generic(Term.Name(var base, _), Term.Name(var n, _), _)
        && base.equals("view")
        && n.equals(name)) {
      return switch (value) {
        case Value.ViewOf(var view, _) -> view.element();
        case Value.EveryOf(var element) -> element.type();
        default -> null;
      };
    }
    return null;
  }

  /// The value that a parameter names: what is used once, or costs nothing, stays an expression.
  private Value parameter(
      Item.Parameter p, Value value, Value.Func f, Scope inner, List<Stmt> lets, Span span) {
    if (value instanceof Value.Later(var term, var at) && p.type() != null) {
      Type type = binder.type(p.type(), inner);
      return parameter(
          p,
          new Value.Dyn(binder.coerce(binder.bind(term, at, type), type, span)),
          f,
          inner,
          lets,
          span);
    }
    Value typed = value;
    boolean view =
        p.type() instanceof Term.Generic(Term.Name(var base, _), _, _) && base.equals("view");
    if (p.type() != null && !view && !(value instanceof Value.Func)) {
      Type type = binder.type(p.type(), inner);
      typed =
          type instanceof Type.Int && value instanceof Value.Num
              ? value
              : new Value.Dyn(binder.coerce(value, type, span));
    }
    if (typed instanceof Value.FieldOf || typed instanceof Value.CsrOf) {
      typed = new Value.Dyn(binder.dyn(typed, span));
    }
    if (typed instanceof Value.Dyn(var expr)
        && !isCheap(expr)
        && Occurrences.of(p.name(), f.value(), f.body()) != 1) {
      Local local = binder.local(p.name(), expr.type());
      lets.add(new Stmt.Let(local, expr));
      return new Value.Dyn(new Expr.LocalValue(local));
    }
    if (typed instanceof Value.After(var statements, var inside)) {
      lets.addAll(statements);
      return parameter(
          new Item.Parameter(p.name(), null, null, p.span()), inside, f, inner, lets, span);
    }
    return typed;
  }

  static boolean isCheap(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.LocalValue _, Expr.FieldValue _, Expr.Pc _, Expr.NextPc _ -> true;
      case Expr.ToInt(var of, _) -> isCheap(of);
      case Expr.Wrap(var of, _) -> isCheap(of);
      case Expr.Reread(var of, _) -> isCheap(of);
      default -> false;
    };
  }

  private Value real(Item.Real real, Term.Call c, Scope scope) {
    if (c.args().size() != real.parameters().size()) {
      throw new SpecError(
          "type",
          c.span(),
          "'"
              + real.name()
              + "' takes "
              + real.parameters().size()
              + " arguments, got "
              + c.args().size());
    }
    List<Expr> arguments = new ArrayList<>();
    for (Term.Arg arg : c.args()) {
      arguments.add(binder.exact(plain(arg, scope, null), c.span()));
    }
    return new Value.Dyn(new Expr.RealCall(define(real), arguments));
  }

  private Expr.RealFunction define(Item.Real real) {
    Scope inner = Scope.closed();
    List<Local> parameters = new ArrayList<>();
    for (Item.Parameter p : real.parameters()) {
      Local local = binder.local(p.name(), Type.EXACT);
      parameters.add(local);
      inner.put(p.name(), new Value.Dyn(new Expr.LocalValue(local)));
    }
    List<Expr.Special> special = new ArrayList<>();
    for (Item.Special s : real.special()) {
      Expr condition = binder.condition(s.condition(), inner);
      special.add(new Expr.Special(condition, specialValue(s.value(), inner)));
    }
    Local target = binder.local(real.target(), Type.EXACT);
    inner.put(real.target(), new Value.Dyn(new Expr.LocalValue(target)));
    Value compare =
        real.compare() != null
            ? binder.bind(real.compare(), inner, null)
            : binder.bodies.value(real.body(), inner, null, false);
    return new Expr.RealFunction(
        real.name(), parameters, special, target, binder.asInt(compare, real.span()), real.span());
  }

  private @Nullable Expr specialValue(Term term, Scope inner) {
    if (term instanceof Term.Name(var name, _) && name.equals("invalid")) {
      return null;
    }
    if (term instanceof Term.Name(var name, _)
        && (name.equals("infinity") || name.equals("zero"))) {
      return new Expr.SignedSpecial(List.of(), name.equals("infinity"));
    }
    if (term instanceof Term.Call(Term.Name(var name, _), var args, var span)
        && name.equals("signed")) {
      List<Expr> signs = new ArrayList<>();
      for (Term.Arg arg : args.subList(0, args.size() - 1)) {
        signs.add(binder.exact(plain(arg, inner, null), span));
      }
      boolean infinity =
          args.getLast() instanceof Term.Arg.Plain(Term.Name(var what, _))
              && what.equals("infinity");
      return new Expr.SignedSpecial(signs, infinity);
    }
    return binder.exact(binder.bind(term, inner, Type.EXACT), term.span());
  }

  // Members that are called

  private @Nullable Value memberCall(
      Term.Member m, @Nullable Term argument, Term.Call c, Scope scope) {
    if (m.of() instanceof Term.Name(var name, _)) {
      Value of = binder.lookup(name, scope);
      if (of instanceof Value.CsrFile && m.name().equals("ok")) {
        Expr number = binder.number(argument(c, 0, 2), scope);
        return new Value.Dyn(
            new Expr.CsrAllows(number, binder.condition(argument(c, 1, 2), scope)));
      }
      if (of instanceof Value.MemoryOf) {
        return memory(m, argument, c, scope);
      }
      if (of == null && binder.defs.windows.containsKey(name + "." + m.name())) {
        throw new SpecError(
            "type", c.span(), "the window " + name + "." + m.name() + " stands only in `view`");
      }
    }
    if (m.name().equals("bit")) {
      Expr of = binder.dyn(binder.bind(m.of(), scope, null), m.span());
      return Binder.fromBool(bit(of, binder.number(single(c), scope)));
    }
    if (m.name().equals("at")) {
      Value view = binder.bind(m.of(), scope, null);
      if (view instanceof Value.ViewOf(var v, _)) {
        return totalRead(v, c, scope);
      }
      if (view instanceof Value.EveryOf(var element)) {
        return new Value.Dyn(element);
      }
    }
    return null;
  }

  private static Expr bit(Expr of, Expr index) {
    if (of instanceof Expr.Literal(_, var value) && index instanceof Expr.Literal(_, var n)) {
      return Make.bool(value.testBit(n.intValue()));
    }
    if (index instanceof Expr.Literal(_, var n)
        && of.type() instanceof Type.Bits(_, int width)
        && n.intValue() < width) {
      Expr slice = Make.slice(of, n.intValue(), n.intValue());
      return new Expr.Compare(
          Expr.CompareOp.EQ,
          Make.reread(slice, Type.bits(1)),
          Make.literal(Type.bits(1), BigInteger.ONE));
    }
    return new Expr.BitAt(of, index);
  }

  private Value totalRead(View view, Term.Call c, Scope scope) {
    int n = view.indices().size();
    List<Expr> indices = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      indices.add(binder.number(argument(c, i, n + 1), scope));
    }
    Term last = argument(c, n, n + 1);
    Expr otherwise =
        binder.coerce(binder.bind(last, scope, view.element()), view.element(), last.span());
    return new Value.Dyn(new Expr.ReadView(view, indices, otherwise, view.element()));
  }

  private Value memory(Term.Member m, @Nullable Term argument, Term.Call c, Scope scope) {
    return switch (m.name()) {
      case "load" -> load(argument, c, scope);
      case "faults" ->
          new Value.Dyn(
              new Expr.Faults(
                  address(argument(c, 0, 3), scope),
                  binder.number(argument(c, 1, 3), scope),
                  AccessKind.values()[binder.whole(argument(c, 2, 3), scope)]));
      case "store", "fence", "fence_code", "check" ->
          throw new SpecError(
              "effect-in-fn", c.span(), "mem." + m.name() + " is a statement, not a value");
      case "reserve", "conditional", "amo", "reserved", "pin", "remap" ->
          throw NotYet.error("mem." + m.name(), c.span());
      default -> {
        Diagnostic d = Diagnostic.error("unknown-name", m.span(), "mem has no '" + m.name() + "'");
        String near =
            Suggestion.nearest(m.name(), List.of("load", "store", "faults", "fence", "fence_code"));
        throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
      }
    };
  }

  private Value load(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError("type", c.span(), "mem.load needs a type", "write mem.load<bits<32>>(…)");
    }
    Type type = binder.type(argument, scope);
    int count = Math.clamp(c.args().size(), 1, 2);
    Expr address = address(argument(c, 0, count), scope);
    Expr k = count == 2 ? binder.number(argument(c, 1, 2), scope) : null;
    storable(type, c.span());
    return new Value.Dyn(new Expr.Load(address, k, type));
  }

  /// Checks that a type can lie in memory.
  static void storable(Type type, Span span) {
    int bits = Binder.bitsOf(type, span);
    if (bits != 4 && bits != 8 && bits != 16 && bits != 32 && bits != 64) {
      throw new SpecError(
          "width", span, "memory holds elements of 4, 8, 16, 32 or 64 bits, not " + type);
    }
  }

  Expr address(Term term, Scope scope) {
    return binder.coerce(binder.bind(term, scope, Type.bits(64)), Type.bits(64), term.span());
  }

  Value viewMember(Value.ViewOf view, Term.Member m) {
    return switch (m.name()) {
      case "first" -> new Value.Dyn(view.view().first());
      case "last" -> {
        Value first = new Value.Dyn(view.view().first());
        Value span = new Value.Dyn(view.view().span());
        Value end = binder.arithmetic(Expr.BinaryOp.ADD, first, span, m.span());
        yield binder.arithmetic(Expr.BinaryOp.SUB, end, Value.Num.of(1), m.span());
      }
      default -> {
        Value member = view.members().get(m.name());
        if (member == null) {
          throw new SpecError(
              "unknown-name",
              m.span(),
              "the view '" + view.view().name() + "' has no '" + m.name() + "'");
        }
        yield member;
      }
    };
  }

  /// Reads through an access, which is a body with an index.
  Value get(
      Item.Access access, @Nullable Value argument, List<Term> indices, Scope scope, Span span) {
    Scope inner = accessScope(access, argument, indices, scope, span);
    Type type = binder.type(access.type(), inner);
    return new Value.Dyn(binder.coerce(binder.bind(access.get(), inner, type), type, span));
  }

  Scope accessScope(
      Item.Access access, @Nullable Value argument, List<Term> indices, Scope scope, Span span) {
    if (indices.size() != access.indices().size()) {
      throw new SpecError(
          "syntax", span, "'" + access.name() + "' has " + access.indices().size() + " indices");
    }
    if ((argument == null) != access.typeParameters().isEmpty()) {
      throw new SpecError(
          "type",
          span,
          "'" + access.name() + "' needs a type argument",
          "write " + access.name() + "<F>[…]");
    }
    Scope inner = Scope.closed();
    if (argument != null) {
      inner.put(access.typeParameters().getFirst().name(), argument);
    }
    for (int i = 0; i < indices.size(); i++) {
      inner.put(access.indices().get(i), binder.bind(indices.get(i), scope, null));
    }
    return inner;
  }

  // Names that the tool knows

  private Value builtin(
      String name, @Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    return switch (name) {
      case "width" -> widthOf(c, scope, false);
      case "storage" -> widthOf(c, scope, true);
      case "has" -> new Value.Truth(binder.defs.active.contains(single(c).span().text()));
      case "index" -> index(c, scope);
      case "zext" -> extend(Expr.Extend.ZEXT, argument, c, scope, expected);
      case "sext" -> extend(Expr.Extend.SEXT, argument, c, scope, expected);
      case "trunc" -> extend(Expr.Extend.TRUNC, argument, c, scope, expected);
      case "widen" -> widen(argument, c, scope, expected);
      case "wrap" -> wrap(argument, c, scope, expected);
      case "ones", "zeros" -> binder.filled(name, wantedBits(argument, scope, expected), c.span());
      case "wmul" -> wideMultiply(c, scope);
      case "split" -> split(argument, c, scope);
      case "join" -> join(c, scope);
      case "ceil" -> ceil(c, scope);
      case "min" -> leastOrGreatest(Expr.BinaryOp.MIN, c, scope);
      case "max" -> leastOrGreatest(Expr.BinaryOp.MAX, c, scope);
      case "exact" -> new Value.Dyn(binder.exact(binder.bind(single(c), scope, null), c.span()));
      case "floor" -> exactCall(Expr.ExactFunction.FLOOR, Type.EXACT, c, scope);
      case "sign" -> exactCall(Expr.ExactFunction.SIGN, Type.Int.of(-1, 1), c, scope);
      case "exponent" ->
          exactCall(Expr.ExactFunction.EXPONENT, Type.Int.of(-40000, 40000), c, scope);
      case "pow2" ->
          new Value.Dyn(
              new Expr.ExactCall(
                  Expr.ExactFunction.POW2, binder.number(single(c), scope), Type.EXACT));
      case "round" -> round(argument, c, scope);
      case "saturate" -> saturate(argument, c, scope, expected);
      case "mute" -> mute(argument, c, scope, expected);
      case "fold" -> fold(c, scope, false);
      case "fold_any" -> fold(c, scope, true);
      case "sum" -> sum(c, scope);
      case "count" ->
          accumulate(c, scope, Value.Num.of(0), Type.Int.of(0, 1L << 32), this::countStep);
      case "any" ->
          accumulate(c, scope, new Value.Truth(false), Type.BOOL, (a, e) -> Make.or(a, e));
      case "all" ->
          accumulate(c, scope, new Value.Truth(true), Type.BOOL, (a, e) -> Make.and(a, e));
      case "xor" -> xor(c, scope, expected);
      case "first" -> first(c, scope);
      case "extent" -> extent(c, scope);
      case "flag" ->
          throw new SpecError("effect-in-fn", c.span(), "flag(…) is a statement, not a value");
      case "roundoff", "apart", "registers" -> throw NotYet.error(name, c.span());
      default ->
          throw new SpecError("unknown-name", c.span(), "'" + name + "' can not be called here");
    };
  }

  private @Nullable Type wantedBits(@Nullable Term argument, Scope scope, @Nullable Type expected) {
    return argument == null ? expected : Type.bits(binder.whole(argument, scope));
  }

  private Value widthOf(Term.Call c, Scope scope, boolean stored) {
    Value value = binder.bind(single(c), scope, null);
    Type type =
        switch (value) {
          case Value.TypeOf(var t) -> t;
          case Value.ViewOf(var view, _) -> view.element();
          case Value.EveryOf(var element) -> element.type();
          default -> binder.dyn(value, c.span()).type();
        };
    return Value.Num.of(stored ? storage(type, c.span()) : Binder.bitsOf(type, c.span()));
  }

  /// {@return bits that an element occupies in a register or in memory}
  static int storage(Type type, Span span) {
    return type instanceof Type.Floating(var format) ? format.storage() : Binder.bitsOf(type, span);
  }

  private Value index(Term.Call c, Scope scope) {
    Value value = binder.bind(single(c), scope, null);
    return value instanceof Value.Num ? value : new Value.Dyn(binder.asInt(value, c.span()));
  }

  private Value extend(
      Expr.Extend how, @Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    String name = how.name().toLowerCase(Locale.ROOT);
    if (!(wantedBits(argument, scope, expected) instanceof Type.Bits(_, int width))) {
      throw new NeedsContext(c.span(), name);
    }
    Value value = binder.bind(single(c), scope, null);
    if (value instanceof Value.Num n) {
      return new Value.Dyn(binder.coerce(n, Type.bits(width), c.span()));
    }
    Expr of = binder.dyn(value, c.span());
    if (of.type() instanceof Type.Bool) {
      of =
          new Expr.Select(
              of,
              Make.literal(Type.bits(1), BigInteger.ONE),
              Make.literal(Type.bits(1), BigInteger.ZERO),
              Type.bits(1));
    }
    if (!(of.type() instanceof Type.Bits(_, int from))) {
      throw new SpecError("type", c.span(), "only bits can be resized, this is " + of.type());
    }
    boolean shrinks = how == Expr.Extend.TRUNC;
    if (shrinks ? width > from : width < from) {
      throw new SpecError(
          "width",
          c.span(),
          name + " from " + from + " to " + width + " bits" + binder.with(),
          shrinks ? "write zext or sext" : "write trunc or wrap");
    }
    return new Value.Dyn(Make.resize(how, of, Type.bits(width)));
  }

  private Value widen(@Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    Expr of = binder.dyn(binder.bind(single(c), scope, null), c.span());
    if (!(of.type() instanceof Type.Bits(var reading, _)) || reading == Type.Reading.BITS) {
      throw new SpecError("type", c.span(), "widen wants uint or sint, got " + of.type());
    }
    if (!(wantedBits(argument, scope, expected) instanceof Type.Bits(_, int width))) {
      throw new NeedsContext(c.span(), "widen");
    }
    boolean sint = reading == Type.Reading.SINT;
    return new Value.Dyn(
        Make.resize(sint ? Expr.Extend.SEXT : Expr.Extend.ZEXT, of, new Type.Bits(reading, width)));
  }

  private Value wrap(@Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    Type target = argument == null ? expected : wantedBits(argument, scope, expected);
    if (!(target instanceof Type.Bits to)) {
      if (target instanceof Type.Floating(var format)) {
        Expr bits = binder.dyn(binder.bind(single(c), scope, null), c.span());
        return new Value.Dyn(Make.reread(Make.slice(bits, format.width() - 1, 0), target));
      }
      throw new NeedsContext(c.span(), "wrap");
    }
    Value value = binder.bind(single(c), scope, null);
    if (value instanceof Value.Num n) {
      return new Value.Dyn(Make.literal(to, n.numerator()));
    }
    Expr of = binder.dyn(value, c.span());
    return switch (of.type()) {
      case Type.Bits(_, int from) when from >= to.width() ->
          new Value.Dyn(Make.resize(Expr.Extend.TRUNC, of, to));
      case Type.Int _, Type.Exact _ -> new Value.Dyn(Make.wrap(of, to));
      default -> throw new SpecError("width", c.span(), "wrap from " + of.type() + " to " + to);
    };
  }

  private Value wideMultiply(Term.Call c, Scope scope) {
    Expr a = binder.dyn(binder.bind(argument(c, 0, 2), scope, null), c.span());
    Expr b = binder.dyn(binder.bind(argument(c, 1, 2), scope, null), c.span());
    if (!(a.type() instanceof Type.Bits(var ra, int wa))
        || !(b.type() instanceof Type.Bits(var rb, int wb))
        || wa != wb
        || ra == Type.Reading.BITS
        || rb == Type.Reading.BITS) {
      throw new SpecError(
          "width",
          c.span(),
          "wmul wants uint or sint of one width, got " + a.type() + " and " + b.type());
    }
    boolean sint = ra == Type.Reading.SINT || rb == Type.Reading.SINT;
    Type.Bits type = new Type.Bits(sint ? Type.Reading.SINT : Type.Reading.UINT, 2 * wa);
    Expr wide = Make.binary(Expr.BinaryOp.MUL, widened(a, ra, type), widened(b, rb, type), type);
    return new Value.Dyn(wide);
  }

  private static Expr widened(Expr of, Type.Reading reading, Type.Bits type) {
    return Make.resize(
        reading == Type.Reading.SINT ? Expr.Extend.SEXT : Expr.Extend.ZEXT, of, type);
  }

  private Value split(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError("type", c.span(), "split needs a width", "write split<8>(…)");
    }
    int part = binder.whole(argument, scope);
    Expr of = binder.dyn(binder.bind(single(c), scope, null), c.span());
    int width = Binder.bitsOf(of.type(), c.span());
    if (part < 1 || width % part != 0) {
      throw new SpecError("width", c.span(), width + " bits do not split into parts of " + part);
    }
    List<Stmt> lets = new ArrayList<>();
    Expr whole = shared("split", of, lets);
    List<Value> parts = new ArrayList<>();
    for (int lo = 0; lo < width; lo += part) {
      parts.add(new Value.Dyn(Make.reread(Make.slice(whole, lo + part - 1, lo), Type.bits(part))));
    }
    return Binder.after(lets, new Value.Several(parts));
  }

  private Expr shared(String name, Expr of, List<Stmt> lets) {
    if (isCheap(of)) {
      return of;
    }
    Local local = binder.local(name, of.type());
    lets.add(new Stmt.Let(local, of));
    return new Expr.LocalValue(local);
  }

  private Value join(Term.Call c, Scope scope) {
    Value value = binder.bind(single(c), scope, null);
    if (value instanceof Value.Several(var parts)) {
      List<Expr> high = new ArrayList<>();
      for (Value part : parts.reversed()) {
        high.add(binder.dyn(part, c.span()));
      }
      return new Value.Dyn(Binder.concat(high, c.span()));
    }
    throw new SpecError("type", c.span(), "join wants an array, got " + Binder.what(value));
  }

  private Value ceil(Term.Call c, Scope scope) {
    if (c.args().size() == 1) {
      Value.Num n = binder.constant(single(c), scope);
      return Value.Num.of(Arithmetic.floorDivide(n.numerator().negate(), n.denominator()).negate());
    }
    Value a = binder.bind(argument(c, 0, 2), scope, null);
    Value b = binder.bind(argument(c, 1, 2), scope, null);
    Value number = new Value.Dyn(binder.asInt(a, c.span()));
    Value divisor = new Value.Dyn(binder.asInt(b, c.span()));
    Value less = binder.arithmetic(Expr.BinaryOp.SUB, divisor, Value.Num.of(1), c.span());
    Value up = binder.arithmetic(Expr.BinaryOp.ADD, number, less, c.span());
    return folded(binder.arithmetic(Expr.BinaryOp.DIV, up, divisor, c.span()));
  }

  private static Value folded(Value value) {
    return value instanceof Value.Dyn(Expr.Literal(Type.Int _, var n)) ? Value.Num.of(n) : value;
  }

  private Value leastOrGreatest(Expr.BinaryOp op, Term.Call c, Scope scope) {
    Value result = binder.bind(argument(c, 0, c.args().size()), scope, null);
    for (int i = 1; i < c.args().size(); i++) {
      Value next = binder.bind(argument(c, i, c.args().size()), scope, null);
      if (result instanceof Value.Num x && next instanceof Value.Num y) {
        boolean less =
            x.numerator()
                    .multiply(y.denominator())
                    .compareTo(y.numerator().multiply(x.denominator()))
                <= 0;
        result = less == (op == Expr.BinaryOp.MIN) ? x : y;
      } else {
        Value a =
            result instanceof Value.Num ? result : new Value.Dyn(binder.asInt(result, c.span()));
        Value b = next instanceof Value.Num ? next : new Value.Dyn(binder.asInt(next, c.span()));
        result = binder.arithmetic(op, a, b, c.span());
      }
    }
    return result;
  }

  private Value exactCall(Expr.ExactFunction function, Type type, Term.Call c, Scope scope) {
    Expr of = binder.exact(binder.bind(single(c), scope, null), c.span());
    return new Value.Dyn(new Expr.ExactCall(function, of, type));
  }

  private Value round(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError("type", c.span(), "round needs a type", "write round<F>(…)");
    }
    Rounding mode = c.args().size() == 2 ? mode(argument(c, 1, 2)) : null;
    if (!binder.hasEnvironment) {
      throw new SpecError(
          "no-env",
          c.span(),
          "`round` needs `env` to say the rounding mode and where flags go",
          "add `env …;` to the instruction");
    }
    boolean integral = argument instanceof Term.Name(var n, _) && n.equals("integral");
    Type type = integral ? Type.EXACT : binder.type(argument, scope);
    boolean target =
        integral
            || type instanceof Type.Floating
            || type instanceof Type.Bits(var reading, _) && reading != Type.Reading.BITS;
    if (!target) {
      throw new SpecError(
          "type", c.span(), "round makes a float, uint, sint or integral, not " + type);
    }
    Expr of = binder.exact(binder.bind(argument(c, 0, c.args().size()), scope, null), c.span());
    return new Value.Dyn(new Expr.Round(of, mode, type));
  }

  private static Rounding mode(Term term) {
    if (term instanceof Term.Name(var name, _)) {
      for (Rounding mode : Rounding.values()) {
        if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
          return mode;
        }
      }
    }
    throw new SpecError(
        "round-mode", term.span(), "expected a rounding mode", "rne, rtz, rdn, rup, rmm or rod");
  }

  private Value saturate(
      @Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    if (!binder.hasEnvironment) {
      throw new SpecError(
          "no-env",
          c.span(),
          "`saturate` needs `env` to say where its flag goes",
          "add `env …;` to the instruction");
    }
    Type type = argument != null ? binder.type(argument, scope) : expected;
    if (!(type instanceof Type.Bits(var reading, _)) || reading == Type.Reading.BITS) {
      throw new SpecError(
          "type", c.span(), "saturate makes a uint or sint", "write saturate<sint<8>>(…)");
    }
    Value value = binder.bind(single(c), scope, null);
    Expr of = isExact(value) ? binder.dyn(value, c.span()) : binder.asInt(value, c.span());
    return new Value.Dyn(new Expr.Saturate(of, type));
  }

  private static boolean isExact(Value value) {
    return value instanceof Value.Dyn(var expr) && expr.type() instanceof Type.Exact;
  }

  private Value mute(@Nullable Term argument, Term.Call c, Scope scope, @Nullable Type expected) {
    if (!(argument instanceof Term.Name(var name, var span))) {
      throw new SpecError("flag-unknown", c.span(), "mute needs a flag", "write mute<NX>(…)");
    }
    return new Value.Dyn(
        new Expr.Mute(
            flag(name, span), binder.dyn(binder.bind(single(c), scope, expected), c.span())));
  }

  static Flag flag(String name, Span span) {
    for (Flag flag : Flag.values()) {
      if (flag.name().equals(name)) {
        return flag;
      }
    }
    throw new SpecError(
        "flag-unknown", span, "there is no flag '" + name + "'", "NV, DZ, OF, UF, NX or SAT");
  }

  // Folds

  private record Terms(
      Local index,
      Expr from,
      Expr to,
      @Nullable Expr condition,
      Value term,
      int by,
      boolean grouped) {}

  private Term.Arg.Over over(Term.Call c, int n) {
    if (n < c.args().size() && c.args().get(n) instanceof Term.Arg.Over over) {
      return over;
    }
    throw new SpecError("syntax", c.span(), "expected `k in a .. b : value`");
  }

  private Terms terms(Term.Arg.Over over, Scope scope, @Nullable Type want) {
    if (!(over.range() instanceof Term.Range.FromTo(var a, var b))) {
      if (over.range() instanceof Term.Range.Named(var path, var span) && path.equals("active")) {
        throw NotYet.error("active", span);
      }
      throw new SpecError("syntax", over.span(), "a fold runs over a .. b");
    }
    Expr from = binder.number(a, scope);
    Expr to = binder.number(b, scope);
    Local index = loopIndex(over.index(), from, to, over.span());
    Scope inner = scope.inner().put(over.index(), new Value.Dyn(new Expr.LocalValue(index)));
    Expr condition = over.condition() == null ? null : binder.condition(over.condition(), inner);
    Value term = binder.bind(over.value(), inner, want);
    int by = over.by() == null ? 1 : binder.whole(over.by(), scope);
    return new Terms(index, from, to, condition, term, by, over.by() != null);
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

  private Value fold(Term.Call c, Scope scope, boolean anyOrder) {
    Value step = binder.bind(argument3(c, 0), scope, null);
    if (!(step instanceof Value.Func f) || f.parameters().size() != 2) {
      throw new SpecError(
          "type",
          c.span(),
          "fold's first argument is a function of two arguments, got " + Binder.what(step));
    }
    Term startTerm = argument3(c, 1);
    Term.Arg.Over over = over(c, 2);
    Scope types = f.scope().inner();
    Type declared = wanted(f.parameters().getFirst(), types);
    Value startValue = binder.bind(startTerm, scope, declared);
    Type type =
        declared != null
            ? declared
            : startValue instanceof Value.Num ? null : binder.dyn(startValue, c.span()).type();
    Terms terms = terms(over, scope, null);
    if (type == null) {
      type = binder.dyn(terms.term(), c.span()).type();
    }
    Expr start = binder.coerce(startValue, type, c.span());
    Expr term =
        terms.grouped()
            ? binder.exact(terms.term(), over.span())
            : binder.dyn(terms.term(), over.span());
    Local accumulator = binder.local("acc", type);
    Local group =
        binder.local(
            "terms", terms.grouped() ? new Type.Array(Type.EXACT, terms.by()) : term.type());
    List<Value> arguments =
        List.of(
            new Value.Dyn(new Expr.LocalValue(accumulator)),
            new Value.Dyn(new Expr.LocalValue(group)));
    Value next = applied(withGroup(f, terms), arguments, f.scope().inner(), type, c.span());
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
            group,
            binder.coerce(next, type, c.span()),
            anyOrder,
            type));
  }

  /// A step that declares `exact[8]` takes groups of any size up to that; its parameter is the
  /// group as it is.
  private static Value.Func withGroup(Value.Func f, Terms terms) {
    if (!terms.grouped()) {
      return f;
    }
    Item.Parameter second = f.parameters().get(1);
    List<Item.Parameter> parameters =
        List.of(
            f.parameters().getFirst(),
            new Item.Parameter(second.name(), null, null, second.span()));
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

  private static Term argument3(Term.Call c, int n) {
    return argument(c, n, 3);
  }

  private Value sum(Term.Call c, Scope scope) {
    if (c.args().size() == 1 && c.args().getFirst() instanceof Term.Arg.Plain(var term)) {
      Value value = binder.bind(term, scope, null);
      if (value instanceof Value.Dyn(Expr.LocalValue(var local))
          && local.type() instanceof Type.Array(Type.Exact _, _)) {
        return new Value.Dyn(new Expr.SumTerms(local, Type.EXACT));
      }
      throw new SpecError(
          "type", c.span(), "sum wants the terms of a fold, or `k in a .. b : value`");
    }
    Term.Arg.Over over = over(c, 0);
    Terms terms = terms(over, scope, null);
    Expr term = binder.dyn(terms.term(), over.span());
    Type type =
        switch (term.type()) {
          case Type.Floating _, Type.Exact _ -> Type.EXACT;
          case Type.Int(var min, var max) -> {
            BigInteger most = ((Type.Int) terms.to().type()).max().max(BigInteger.ONE);
            yield new Type.Int(
                min.multiply(most).min(BigInteger.ZERO), max.multiply(most).max(BigInteger.ZERO));
          }
          default -> term.type();
        };
    Value zero =
        type instanceof Type.Exact
            ? new Value.Dyn(new Expr.ToExact(Make.number(BigInteger.ZERO)))
            : Value.Num.of(0);
    return folding(
        terms,
        binder.coerce(zero, type, c.span()),
        binder.coerce(terms.term(), type, c.span()),
        type,
        (a, e) -> new Expr.Binary(Expr.BinaryOp.ADD, a, e, type));
  }

  private Value xor(Term.Call c, Scope scope, @Nullable Type expected) {
    Term.Arg.Over over = over(c, 0);
    Terms terms = terms(over, scope, expected);
    Expr term = binder.dyn(terms.term(), over.span());
    Type type = term.type();
    if (!(type instanceof Type.Bits)) {
      throw new SpecError("type", over.span(), "xor folds bits, got " + type);
    }
    return folding(
        terms,
        Make.literal(type, BigInteger.ZERO),
        term,
        type,
        (a, e) -> new Expr.Binary(Expr.BinaryOp.XOR, a, e, type));
  }

  private Expr countStep(Expr accumulator, Expr term) {
    Expr one =
        new Expr.Select(
            term, Make.number(BigInteger.ONE), Make.number(BigInteger.ZERO), Type.Int.of(0, 1));
    return new Expr.Binary(Expr.BinaryOp.ADD, accumulator, one, accumulator.type());
  }

  private Value accumulate(
      Term.Call c, Scope scope, Value start, Type type, BiFunction<Expr, Expr, Expr> step) {
    Term.Arg.Over over = over(c, 0);
    Terms terms = terms(over, scope, Type.BOOL);
    Expr term = binder.coerce(terms.term(), Type.BOOL, over.span());
    Expr first =
        start instanceof Value.Num n
            ? new Expr.Literal(type, n.numerator())
            : binder.dyn(start, c.span());
    return folding(terms, first, term, type, step);
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

  private Value first(Term.Call c, Scope scope) {
    if (c.args().size() == 1 && c.args().getFirst() instanceof Term.Arg.Plain(var term)) {
      Value value = binder.bind(term, scope, null);
      if (value instanceof Value.ViewOf(var view, _)) {
        return new Value.Dyn(view.first());
      }
    }
    Term.Arg.Over over = over(c, 0);
    Terms terms = terms(over, scope, Type.BOOL);
    Type.Int range = (Type.Int) terms.index().type();
    Type type = new Type.Int(BigInteger.ONE.negate(), range.max());
    Expr condition = binder.coerce(terms.term(), Type.BOOL, over.span());
    return new Value.Dyn(new Expr.First(terms.index(), terms.from(), terms.to(), condition, type));
  }

  private Value extent(Term.Call c, Scope scope) {
    Value view = binder.bind(argument(c, 0, 2), scope, null);
    int n = binder.whole(argument(c, 1, 2), scope);
    return switch (view) {
      case Value.ViewOf(var v, _) when n >= 0 && n < v.extents().size() ->
          folded(new Value.Dyn(v.extents().get(n)));
      case Value.EveryOf _ -> Value.Num.of(1L << 30);
      default ->
          throw new SpecError("type", c.span(), "expected a view and the number of an index");
    };
  }

  // Shapes

  /// A called shape: its body bound with the arguments, and what a kernel needs to know of them.
  Stmt shape(Value.Func f, Term.Call c, Scope scope) {
    List<Value> values = new ArrayList<>();
    for (Term.Arg arg : c.args()) {
      values.add(plain(arg, scope, null));
    }
    if (values.size() != f.parameters().size()) {
      throw new SpecError(
          "type",
          c.span(),
          "'" + f.name() + "' takes " + f.parameters().size() + " arguments, got " + values.size());
    }
    Scope inner = f.scope().inner();
    inferTypes(f, values, inner, c.span());
    List<Stmt> lets = new ArrayList<>();
    Map<String, String> functions = new LinkedHashMap<>();
    Map<String, View> views = new LinkedHashMap<>();
    Map<String, Expr> exprs = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      Item.Parameter p = f.parameters().get(i);
      Value value = parameter(p, values.get(i), f, inner, lets, c.span());
      inner.put(p.name(), value);
      switch (value) {
        case Value.Func g -> functions.put(p.name(), g.name());
        case Value.ViewOf v -> views.put(p.name(), v.view());
        case Value.Num n when n.whole() -> exprs.put(p.name(), Make.number(n.numerator()));
        case Value.Dyn d -> exprs.put(p.name(), d.expr());
        default -> {}
      }
    }
    List<Type> types = new ArrayList<>();
    for (Item.Parameter t : f.typeParameters()) {
      if (inner.get(t.name()) instanceof Value.TypeOf(var type)) {
        types.add(type);
      }
    }
    Stmt body = Make.block(binder.bodies.statements(f.body(), inner));
    String definition = Wording.of(binder.defs, f.name(), functions.values());
    Stmt call =
        new Stmt.CallShape(f.name(), types, functions, views, exprs, definition, body, c.span());
    lets.add(call);
    return Make.block(lets);
  }

  /// {@return the view that a window shows, with its parameters as members}
  Value view(String name, Term term, @Nullable Term type, Scope scope) {
    if (term instanceof Term.Call(Term.Name(var every, _), var args, var span)
        && every.equals("every")
        && args.size() == 1) {
      Type element = type == null ? null : binder.type(type, scope);
      Value value = plain(args.getFirst(), scope, element);
      return new Value.EveryOf(
          element == null ? binder.dyn(value, span) : coerceElement(value, element, span));
    }
    String path = term instanceof Term.Call call ? windowName(call.function(), scope) : null;
    if (!(term instanceof Term.Call c) || path == null) {
      throw new SpecError("type", term.span(), "expected a window, as in v.group(vd, LMUL)");
    }
    Item.Window window = binder.defs.windows.get(path);
    if (window == null) {
      String near = Suggestion.nearest(path, binder.defs.windows.keySet());
      Diagnostic d =
          Diagnostic.error("unknown-name", term.span(), "there is no window '" + path + "'");
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
    return windowed(name, window, c, type, scope);
  }

  private Expr coerceElement(Value value, Type element, Span span) {
    Expr expr = binder.dyn(value, span);
    if (!expr.type().equals(element)
        && expr.type() instanceof Type.Bits(_, int from)
        && element instanceof Type.Bits(_, int to)
        && from == to) {
      return Make.reread(expr, element);
    }
    return binder.coerce(value, element, span);
  }

  @Nullable String windowName(Term function, Scope scope) {
    if (function instanceof Term.Member(var of, var member, _)) {
      return switch (of) {
        case Term.Name(var file, _) -> file + "." + member;
        case Term.HoledName(var holed, _) -> binder.fill(holed, scope) + "." + member;
        default -> null;
      };
    }
    return null;
  }

  private Value windowed(
      String name, Item.Window window, Term.Call c, @Nullable Term type, Scope scope) {
    Scope inner = Scope.closed();
    Map<String, Value> members = new HashMap<>();
    if (c.args().size() > window.parameters().size()) {
      throw new SpecError(
          "type",
          c.span(),
          "'" + window.name() + "' takes " + window.parameters().size() + " arguments");
    }
    for (int i = 0; i < window.parameters().size(); i++) {
      Item.Parameter p = window.parameters().get(i);
      Value value;
      if (i < c.args().size()) {
        value = plain(c.args().get(i), scope, null);
      } else if (p.preset() != null) {
        value = binder.bind(p.preset(), inner, null);
      } else {
        throw new SpecError(
            "type", c.span(), "'" + window.name() + "' needs an argument for '" + p.name() + "'");
      }
      Value number =
          value instanceof Value.Num ? value : new Value.Dyn(binder.asInt(value, c.span()));
      inner.put(p.name(), number);
      members.put(p.name(), number);
    }
    Type element = element(window, type, inner, scope, c.span());
    inner.put("T", new Value.TypeOf(element));
    String file = window.name().substring(0, window.name().indexOf('.'));
    if (!(binder.defs.get(file, binder) instanceof Value.FileOf(var registers))) {
      throw new SpecError(
          "unknown-name", window.span(), "there is no register file '" + file + "'");
    }
    List<Local> indices = new ArrayList<>();
    List<Expr> extents = new ArrayList<>();
    window.lets().forEach(l -> binder.bodies.staticLet(l, inner));
    for (Term extent : window.extents()) {
      extents.add(binder.number(extent, inner));
    }
    for (int i = 0; i < window.indices().size(); i++) {
      Type.Int most = (Type.Int) extents.get(Math.min(i, extents.size() - 1)).type();
      Local local =
          binder.local(window.indices().get(i), new Type.Int(BigInteger.ZERO, most.max()));
      indices.add(local);
      inner.put(local.name(), new Value.Dyn(new Expr.LocalValue(local)));
    }
    Expr at = binder.number(window.at(), inner);
    Expr span = binder.number(window.spanned(), inner);
    Value register =
        window.parameters().isEmpty() ? null : members.get(window.parameters().getFirst().name());
    Expr first = register == null ? Make.number(BigInteger.ZERO) : binder.asInt(register, c.span());
    View view =
        new View(
            name,
            registers,
            indices,
            at,
            extents,
            first,
            span,
            element,
            storage(element, c.span()));
    return new Value.ViewOf(view, members);
  }

  private Type element(
      Item.Window window, @Nullable Term type, Scope inner, Scope scope, Span span) {
    boolean open = window.type() instanceof Term.Name(var name, _) && name.equals("T");
    if (!open) {
      return binder.type(window.type(), inner);
    }
    if (type == null) {
      throw new SpecError(
          "type", span, "this view needs a type", "write view … = " + window.name() + "(…) : T;");
    }
    return binder.type(type, scope);
  }

  /// {@return the scope in which a window's `legal` conjuncts hold for a view of it}
  Scope windowScope(Value.ViewOf view, Item.Window window) {
    Scope inner = Scope.closed();
    view.members().forEach(inner::put);
    inner.put("T", new Value.TypeOf(view.view().element()));
    window.lets().forEach(l -> binder.bodies.staticLet(l, inner));
    return inner;
  }

  /// {@return the shape or action that a call names, which stands as a statement; null: neither}
  Value.@Nullable Func effect(Term.Call c, Scope scope) {
    Term function = c.function() instanceof Term.Generic g ? g.base() : c.function();
    boolean named = function instanceof Term.Name;
    if (named && binder.lookup(((Term.Name) function).name(), scope) instanceof Value.Func f) {
      return f.kind() == Item.FunctionKind.FN ? null : f;
    }
    return null;
  }
}
