package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Binds functions of the text: each call is written out in place, its arguments bound once.
final class Functions {
  /// Calls that may be written out inside each other.
  private static final int DEEPEST = 64;

  /// The terms of an argument that is written out where it is used.
  private static final int LONGEST_MOVED = 200;

  /// Findings that depend on what a call gives.
  private static final Set<String> OF_CALLS =
      Set.of("index-range", "literal-fit", "unbounded-loop", "stage");

  private final Binder binder;

  Functions(Binder binder) {
    this.binder = binder;
  }

  static Value.Func of(Item.Function f, Scope scope) {
    return new Value.Func(
        f.kind(),
        f.name(),
        f.typeParameters(),
        f.parameters(),
        f.result(),
        f.value(),
        f.body(),
        scope,
        f.span());
  }

  Value lambda(Term.Lambda l, Scope scope) {
    return function(l.parameters(), l.body(), scope, l.span());
  }

  private static Value.Func function(List<String> names, Term body, Scope scope, Span span) {
    List<Item.Parameter> parameters =
        names.stream().map(p -> new Item.Parameter(p, null, null, span)).toList();
    return new Value.Func(
        Item.FunctionKind.FN, "fn", List.of(), parameters, null, body, List.of(), scope, span);
  }

  /// {@return a value as a function, also one of two arguments that the tool knows (`max`)}
  static Value.@Nullable Func asFunction(Value value, Span span) {
    return switch (value) {
      case Value.Func f -> f;
      case Value.Builtin(var name) -> {
        Term a = new Term.Name("a", span);
        Term b = new Term.Name("b", span);
        List<Term.Arg> both = List.of(new Term.Arg.Plain(a), new Term.Arg.Plain(b));
        Term call = new Term.Call(new Term.Name(name, span), both, span);
        yield function(List.of("a", "b"), call, Scope.closed(), span);
      }
      default -> null;
    };
  }

  /// Checks a function whose parameters all have types, whether it is called or not.
  static void checkAlone(Item.Function f, Definitions defs) {
    boolean typed =
        f.typeParameters().isEmpty()
            && f.kind() != Item.FunctionKind.SHAPE
            && f.parameters().stream().allMatch(p -> p.type() != null && !isView(p.type()));
    if (!typed) {
      return;
    }
    Binder binder = Binder.global(defs);
    binder.hasEnvironment = true;
    binder.hasRounding = true;
    binder.rounding = Make.number(java.math.BigInteger.ZERO);
    binder.effects = f.kind() == Item.FunctionKind.ACTION;
    Value.Func function = of(f, Scope.closed());
    List<Value> values = new ArrayList<>();
    for (Item.Parameter p : f.parameters()) {
      Type type = binder.type(Objects.requireNonNull(p.type()), Scope.closed());
      values.add(new Value.Dyn(new Expr.LocalValue(binder.local(p.name(), type))));
    }
    try {
      Value result = binder.functions.applied(function, values, Scope.closed(), null, f.span());
      binder.convert.dyn(result, f.span());
    } catch (NeedsContext | Unbound _) {
      // its calls say what it lacks
    } catch (SpecError error) {
      throw new SpecError(
          error.diagnostics().stream().filter(d -> !OF_CALLS.contains(d.code())).toList());
    }
  }

  // Calls

  Value apply(
      Value.Func f,
      @Nullable Term typeArgument,
      Term.Call c,
      Scope scope,
      @Nullable Type expected) {
    if (f.kind() == Item.FunctionKind.SHAPE) {
      throw new SpecError(
          "effect-in-fn", c.span(), "the shape '" + f.name() + "' is a statement, not a value");
    }
    Scope inner = f.scope().inner();
    bindTypeArgument(f, typeArgument, scope, inner, c.span());
    return applied(f, arguments(f, c, scope, inner), inner, expected, c.span());
  }

  private void bindTypeArgument(
      Value.Func f, @Nullable Term argument, Scope scope, Scope inner, Span span) {
    if (argument == null) {
      return;
    }
    if (f.typeParameters().size() != 1) {
      throw new SpecError(
          "type",
          span,
          "a call writes one type argument, '"
              + f.name()
              + "' has "
              + f.typeParameters().size()
              + " type parameters");
    }
    Item.Parameter parameter = f.typeParameters().getFirst();
    inner.put(parameter.name(), fitting(parameter, binder.bind(argument, scope, null), f, span));
  }

  private static Value fitting(Item.Parameter parameter, Value value, Value.Func f, Span span) {
    boolean isFloat = parameter.type() instanceof Term.Name(var bound, _) && bound.equals("float");
    if (isFloat && !(value instanceof Value.TypeOf(Type.Floating _))) {
      throw new SpecError(
          "type", span, "'" + f.name() + "' is for float types, got " + Conversions.what(value));
    }
    return value;
  }

  /// {@return the arguments in the order of the parameters}
  private List<Value> arguments(Value.Func f, Term.Call c, Scope scope, Scope inner) {
    int count = f.parameters().size();
    if (c.args().size() > count) {
      throw new SpecError(
          "type",
          c.span(),
          "'" + f.name() + "' takes " + count + " arguments, got " + c.args().size());
    }
    Map<String, Term> named = new HashMap<>();
    for (int i = 0; i < c.args().size(); i++) {
      switch (c.args().get(i)) {
        case Term.Arg.Plain(var term) -> named.put(f.parameters().get(i).name(), term);
        case Term.Arg.Named(var name, var term, var span) -> {
          if (f.parameters().stream().noneMatch(p -> p.name().equals(name))) {
            throw new SpecError(
                "unknown-name", span, "'" + f.name() + "' has no parameter '" + name + "'");
          }
          named.put(name, term);
        }
        case Term.Arg.Over over ->
            throw new SpecError("syntax", over.span(), "expected a plain argument");
      }
    }
    List<Value> values = new ArrayList<>();
    for (Item.Parameter p : f.parameters()) {
      Term term = named.get(p.name());
      if (term == null && p.preset() == null) {
        throw new SpecError(
            "type", c.span(), "'" + f.name() + "' needs an argument for '" + p.name() + "'");
      }
      values.add(
          term != null
              ? value(term, scope, wanted(p, inner))
              : binder.bind(Objects.requireNonNull(p.preset()), inner, null));
    }
    return values;
  }

  /// {@return an argument's value, or the term where only its place says how wide it is}
  Value value(Term term, Scope scope, @Nullable Type want) {
    Value value = want == null ? binder.tryBind(term, scope) : binder.bind(term, scope, want);
    return value != null ? value : new Value.Later(term, scope);
  }

  @Nullable Type wanted(Item.Parameter parameter, Scope inner) {
    Term type = parameter.type();
    if (type == null || isView(type)) {
      return null;
    }
    try {
      return binder.type(type, inner);
    } catch (SpecError | NeedsContext _) {
      return null; // depends on a type argument that is still to be inferred
    }
  }

  private static boolean isView(@Nullable Term type) {
    return type instanceof Term.Generic(Term.Name(var base, _), _, _) && base.equals("view");
  }

  /// Calls a function with bound arguments, one for each parameter.
  Value applied(Value.Func f, List<Value> values, Scope inner, @Nullable Type expected, Span span) {
    boolean action = f.kind() == Item.FunctionKind.ACTION;
    if (action && !binder.effects) {
      throw new SpecError(
          "effect-in-fn",
          span,
          "the action '" + f.name() + "' may write state",
          "call it in an `op` or in another `action`");
    }
    checkRecursion(f, span);
    inferTypes(f, values, inner, span);
    List<Stmt> lets = new ArrayList<>();
    for (int i = 0; i < f.parameters().size(); i++) {
      Item.Parameter p = f.parameters().get(i);
      inner.put(p.name(), parameter(p, values.get(i), f, inner, lets, span));
    }
    boolean before = binder.effects;
    binder.effects = action;
    binder.inlining.push(f);
    try {
      return Conversions.after(lets, result(f, inner, expected, span));
    } finally {
      binder.inlining.pop();
      binder.effects = before;
    }
  }

  private Value result(Value.Func f, Scope inner, @Nullable Type expected, Span span) {
    Type declared = f.result() == null ? null : binder.type(f.result(), inner);
    Type want = declared != null ? declared : expected;
    Value value =
        f.value() != null
            ? binder.bind(f.value(), inner, want)
            : binder.returns.value(f, inner, want);
    boolean open = declared == null || declared instanceof Type.Int && value instanceof Value.Num;
    return open
        ? value
        : new Value.Dyn(binder.convert.coerce(value, Objects.requireNonNull(declared), span));
  }

  /// A function calls itself where its call stands in the text of a function that is being written
  /// out inside it. A function that an argument calls is not that.
  private void checkRecursion(Value.Func f, Span call) {
    boolean inside = false;
    for (Value.Func outer : binder.inlining) {
      boolean named = !outer.name().equals("fn");
      inside |= named && outer.span().contains(call);
      if (inside && outer.span().equals(f.span())) {
        throw recursion(f, call);
      }
    }
    if (binder.inlining.size() >= DEEPEST) {
      throw recursion(f, call);
    }
  }

  private static SpecError recursion(Value.Func f, Span call) {
    return new SpecError(
        Diagnostic.error("recursion", call, "'" + f.name() + "' calls itself")
            .note(f.span(), "it is defined here")
            .help("repeat with `for`, or with a fold over a range"));
  }

  // Types

  private void inferTypes(Value.Func f, List<Value> values, Scope inner, Span span) {
    for (Item.Parameter t : f.typeParameters()) {
      if (inner.get(t.name()) != null) {
        continue;
      }
      Value found = null;
      for (int i = 0; i < values.size() && found == null; i++) {
        found = infer(t.name(), f.parameters().get(i).type(), values.get(i));
      }
      if (found == null) {
        throw new SpecError(
            "type",
            span,
            "nothing says what '" + t.name() + "' of '" + f.name() + "' is",
            "write " + f.name() + "<…>(…)");
      }
      inner.put(t.name(), fitting(t, found, f, span));
    }
  }

  /// {@return what an argument says of the type parameter `name`, or null}
  private @Nullable Value infer(String name, @Nullable Term declared, Value value) {
    return switch (declared) {
      case Term.Name(var n, _) when n.equals(name) -> typeOf(value);
      case Term.Generic(Term.Name(var base, _), Term.Name(var n, _), _) when n.equals(name) -> {
        Value of = base.equals("view") ? elementOf(value) : typeOf(value);
        boolean bits = base.equals("bits") || base.equals("uint") || base.equals("sint");
        yield bits
            ? of instanceof Value.TypeOf(Type.Bits(_, int width)) ? Value.Num.of(width) : null
            : of;
      }
      case Term.At(Term.Name(var n, _), _, _) when n.equals(name) ->
          typeOf(value) instanceof Value.TypeOf(Type.Array(var element, _))
              ? new Value.TypeOf(element)
              : null;
      case null, default -> null;
    };
  }

  private @Nullable Value typeOf(Value value) {
    return switch (value) {
      case Value.Dyn(var expr) -> new Value.TypeOf(expr.type());
      case Value.Truth _ -> new Value.TypeOf(Type.BOOL);
      case Value.CsrOf(var csr) -> new Value.TypeOf(Conversions.read(csr).type());
      case Value.FieldOf(var csr, var field) ->
          new Value.TypeOf(Conversions.read(csr, field).type());
      case Value.After(_, var inner) -> typeOf(inner);
      case Value.Several(var parts) -> {
        Value element = typeOf(parts.getFirst());
        yield element instanceof Value.TypeOf(var type)
            ? new Value.TypeOf(new Type.Array(type, parts.size()))
            : null;
      }
      default -> null;
    };
  }

  private static @Nullable Value elementOf(Value value) {
    return switch (value) {
      case Value.ViewOf(var view, _) -> new Value.TypeOf(view.element());
      case Value.EveryOf(var element) -> new Value.TypeOf(element.type());
      default -> null;
    };
  }

  // Parameters

  /// The value that a parameter names: what costs nothing, or is pure and used once, stays an
  /// expression; anything else is computed before the call.
  private Value parameter(
      Item.Parameter p, Value value, Value.Func f, Scope inner, List<Stmt> lets, Span span) {
    Type type = p.type() == null || isView(p.type()) ? null : binder.type(p.type(), inner);
    Value typed = value;
    if (value instanceof Value.Later(var term, var at) && type != null) {
      typed = new Value.Dyn(binder.convert.coerce(binder.bind(term, at, type), type, span));
    } else if (type != null && !(value instanceof Value.Func)) {
      boolean number = type instanceof Type.Int && value instanceof Value.Num;
      typed = number ? value : new Value.Dyn(binder.convert.coerce(value, type, span));
    }
    while (typed instanceof Value.After(var statements, var inside)) {
      lets.addAll(statements);
      typed = inside;
    }
    if (typed instanceof Value.FieldOf || typed instanceof Value.CsrOf) {
      typed = new Value.Dyn(binder.convert.dyn(typed, span));
    }
    boolean once =
        typed instanceof Value.Dyn(var expr)
            && Occurrences.of(p.name(), f.value(), f.body()) == 1
            && isPure(expr);
    return once ? typed : binder.patterns.named(p.name(), typed, lets);
  }

  /// {@return whether an expression may move: it neither raises a flag nor traps, and it is short
  /// enough that calls in calls do not nest without end}
  private static boolean isPure(Expr expr) {
    boolean[] pure = {true};
    int[] size = {0};
    Walk.expr(
        expr,
        e -> {
          size[0]++;
          pure[0] &=
              switch (e) {
                case Expr.Round _,
                    Expr.Saturate _,
                    Expr.Load _,
                    Expr.Reserve _,
                    Expr.Conditional _,
                    Expr.Amo _,
                    Expr.Inline _ ->
                    false;
                default -> true;
              };
        });
    return pure[0] && size[0] <= LONGEST_MOVED;
  }

  // Shapes

  /// A called shape: its body bound with the arguments, and what a kernel needs to know of them.
  Stmt shape(Value.Func f, Term.Call c, Scope scope) {
    Scope inner = f.scope().inner();
    bindTypeArgument(
        f, c.function() instanceof Term.Generic g ? g.argument() : null, scope, inner, c.span());
    List<Value> values = arguments(f, c, scope, inner);
    checkRecursion(f, c.span());
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
    binder.inlining.push(f);
    try {
      Stmt body = Make.block(binder.bodies.statements(f.body(), inner));
      String definition = Wording.of(binder.defs, f.name(), functions.values());
      lets.add(
          new Stmt.CallShape(f.name(), types, functions, views, exprs, definition, body, c.span()));
      return Make.block(lets);
    } finally {
      binder.inlining.pop();
    }
  }

  /// {@return the shape or action that a call names, which stands as a statement; null: neither}
  Value.@Nullable Func effect(Term.Call c, Scope scope) {
    Term function = c.function() instanceof Term.Generic g ? g.base() : c.function();
    return function instanceof Term.Name(var name, _)
            && binder.lookup(name, scope) instanceof Value.Func f
            && f.kind() != Item.FunctionKind.FN
        ? f
        : null;
  }
}
