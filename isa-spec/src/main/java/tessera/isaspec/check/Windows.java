package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Binds views: the window that a `view` names, with its parameters, bounds and layout.
final class Windows {
  private final Binder binder;

  Windows(Binder binder) {
    this.binder = binder;
  }

  /// {@return the view that a window shows, with its parameters as members}
  Value view(String name, Term term, @Nullable Term type, Scope scope) {
    if (term instanceof Term.Call(Term.Name(var every, _), _, _) && every.equals("every")) {
      return every((Term.Call) term, type, scope);
    }
    String path = term instanceof Term.Call call ? windowName(call.function(), scope) : null;
    if (!(term instanceof Term.Call c) || path == null) {
      throw new SpecError(
          "type", term.span(), "expected a window", "as in view d = v.group(vd, LMUL) : uint<8>;");
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

  /// `every(e)`: a view whose elements all are e.
  private Value every(Term.Call c, @Nullable Term type, Scope scope) {
    Term term = Calls.single(c);
    if (type == null) {
      return new Value.EveryOf(binder.convert.dyn(binder.bind(term, scope, null), c.span()));
    }
    Type element = binder.type(type, scope);
    Value value = binder.bind(term, scope, element);
    if (value instanceof Value.Dyn(var expr)
        && expr.type() instanceof Type.Bits(_, int from)
        && element instanceof Type.Bits(_, int to)
        && from == to) {
      return new Value.EveryOf(Make.reread(expr, element));
    }
    return new Value.EveryOf(binder.convert.coerce(value, element, c.span()));
  }

  /// {@return `file.name` of a window that is called so, or null}
  @Nullable String windowName(Term function, Scope scope) {
    return switch (function) {
      case Term.Member(Term.Name(var file, _), var member, _) -> file + "." + member;
      case Term.Member(Term.HoledName(var holed, _), var member, _) ->
          binder.fill(holed, scope) + "." + member;
      default -> null;
    };
  }

  private Value windowed(
      String name, Item.Window window, Term.Call c, @Nullable Term type, Scope scope) {
    Scope inner = Scope.closed();
    Map<String, Value> members = parameters(window, c, scope, inner);
    Type element = element(window, type, inner, scope, c.span());
    inner.put("T", new Value.TypeOf(element));
    RegisterFile file = file(window);
    window.lets().forEach(l -> binder.bodies.staticLet(l, inner));
    List<Expr> extents = new ArrayList<>();
    window.extents().forEach(extent -> extents.add(binder.number(extent, inner)));
    List<Local> indices = new ArrayList<>();
    for (int i = 0; i < extents.size(); i++) {
      Type.Int extent = (Type.Int) extents.get(i).type();
      BigInteger most = extent.max().subtract(BigInteger.ONE).max(BigInteger.ZERO);
      Local local = binder.local(window.indices().get(i), new Type.Int(BigInteger.ZERO, most));
      indices.add(local);
      inner.put(local.name(), new Value.Dyn(new Expr.LocalValue(local)));
    }
    Expr at = binder.number(window.at(), inner);
    Expr span = binder.number(window.spanned(), inner);
    int storage = Builtins.storage(element, c.span());
    View view =
        new View(
            name, file, indices, at, extents, first(window, members, c), span, element, storage);
    return new Value.ViewOf(view, members);
  }

  /// Gives the window's parameters their values, which are its view's members too.
  private Map<String, Value> parameters(Item.Window window, Term.Call c, Scope scope, Scope inner) {
    Map<String, Value> members = new HashMap<>();
    int count = window.parameters().size();
    if (c.args().size() > count) {
      throw new SpecError(
          "type",
          c.span(),
          "'" + window.name() + "' takes " + count + " arguments, got " + c.args().size());
    }
    for (int i = 0; i < count; i++) {
      Item.Parameter p = window.parameters().get(i);
      if (i >= c.args().size() && p.preset() == null) {
        throw new SpecError(
            "type", c.span(), "'" + window.name() + "' needs an argument for '" + p.name() + "'");
      }
      Value value =
          i < c.args().size()
              ? binder.bind(Calls.argument(c, i, c.args().size()), scope, null)
              : binder.bind(Objects.requireNonNull(p.preset()), inner, null);
      Value number =
          value instanceof Value.Num ? value : new Value.Dyn(binder.convert.asInt(value, c.span()));
      inner.put(p.name(), number);
      members.put(p.name(), number);
    }
    return members;
  }

  private RegisterFile file(Item.Window window) {
    int dot = window.name().indexOf('.');
    String file = dot < 0 ? window.name() : window.name().substring(0, dot);
    if (binder.defs.get(file, binder) instanceof Value.FileOf(var registers)) {
      return registers;
    }
    Diagnostic d =
        Diagnostic.error("unknown-name", window.span(), "there is no register file '" + file + "'");
    throw new SpecError(d.help("a window is named FILE.NAME"));
  }

  private Expr first(Item.Window window, Map<String, Value> members, Term.Call c) {
    if (window.parameters().isEmpty()) {
      return Make.number(BigInteger.ZERO);
    }
    Value register = Objects.requireNonNull(members.get(window.parameters().getFirst().name()));
    return binder.convert.asInt(register, c.span());
  }

  private Type element(
      Item.Window window, @Nullable Term type, Scope inner, Scope scope, Span span) {
    boolean open = window.type() instanceof Term.Name(var name, _) && name.equals("T");
    if (open && type == null) {
      throw new SpecError(
          "type", span, "this view needs a type", "write view … = " + window.name() + "(…) : T;");
    }
    Type element =
        open ? binder.type(Objects.requireNonNull(type), scope) : binder.type(window.type(), inner);
    return switch (element) {
      case Type.Bits _, Type.Floating _, Type.Bool _ -> element;
      case Type.Int _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new SpecError("type", span, "a register holds no " + element);
    };
  }

  /// {@return the scope in which a window's `legal` conjuncts hold for a view of it: they come
  /// first, since what they exclude may have no layout}
  Scope windowScope(Item.Window window, Term.Call c, @Nullable Term type, Scope scope) {
    Scope inner = Scope.closed();
    parameters(window, c, scope, inner);
    inner.put("T", new Value.TypeOf(element(window, type, inner, scope, c.span())));
    window.lets().forEach(l -> binder.bodies.staticLet(l, inner));
    return inner;
  }

  // What is asked of views

  Value totalRead(View view, Term.Call c, Scope scope) {
    int n = view.indices().size();
    List<Expr> indices = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      indices.add(binder.number(Calls.argument(c, i, n + 1), scope));
    }
    Term last = Calls.argument(c, n, n + 1);
    Type element = view.element();
    Expr otherwise = binder.convert.coerce(binder.bind(last, scope, element), element, last.span());
    return new Value.Dyn(new Expr.ReadView(view, indices, otherwise, element));
  }

  Value viewMember(Value.ViewOf view, Term.Member m) {
    Value known = view.members().get(m.name());
    if (known != null) {
      return known;
    }
    return switch (m.name()) {
      case "first" -> new Value.Dyn(view.view().first());
      case "last" -> {
        Value first = new Value.Dyn(view.view().first());
        Value span = new Value.Dyn(view.view().span());
        Value end = binder.operators.arithmetic(Expr.BinaryOp.ADD, first, span, m.span());
        yield binder.operators.arithmetic(Expr.BinaryOp.SUB, end, Value.Num.of(1), m.span());
      }
      default -> {
        Diagnostic d =
            Diagnostic.error(
                "unknown-name",
                m.span(),
                "the view '" + view.view().name() + "' has no '" + m.name() + "'");
        List<String> members = new ArrayList<>(List.of("first", "last"));
        members.addAll(view.members().keySet());
        throw new SpecError(d.help("it has " + String.join(", ", members)));
      }
    };
  }

  /// `apart(a, b)`: no register belongs to both.
  Value apart(Term.Call c, Scope scope) {
    View a = viewOf(Calls.argument(c, 0, 2), scope);
    View b = viewOf(Calls.argument(c, 1, 2), scope);
    if (a.file() != b.file()) {
      return new Value.Truth(true);
    }
    Expr below = Make.compare(Expr.CompareOp.LE, end(a, c.span()), b.first());
    return Conversions.fromBool(
        Make.or(below, Make.compare(Expr.CompareOp.LE, end(b, c.span()), a.first())));
  }

  private View viewOf(Term term, Scope scope) {
    Value value = binder.bind(term, scope, null);
    if (value instanceof Value.ViewOf(var view, _)) {
      return view;
    }
    throw new SpecError("type", term.span(), "expected a view, got " + Conversions.what(value));
  }

  private Expr end(View view, Span span) {
    Value first = new Value.Dyn(view.first());
    Value end =
        binder.operators.arithmetic(Expr.BinaryOp.ADD, first, new Value.Dyn(view.span()), span);
    return binder.convert.asInt(end, span);
  }

  Value extent(Term.Call c, Scope scope) {
    Value view = binder.bind(Calls.argument(c, 0, 2), scope, null);
    int n = binder.whole(Calls.argument(c, 1, 2), scope);
    return switch (view) {
      case Value.ViewOf(var v, _) when n >= 0 && n < v.extents().size() ->
          Builtins.folded(new Value.Dyn(v.extents().get(n)));
      case Value.EveryOf _ -> Value.Num.of(1L << 30);
      default ->
          throw new SpecError("type", c.span(), "expected a view and the number of an index");
    };
  }
}
