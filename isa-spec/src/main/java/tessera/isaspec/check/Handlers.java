package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.Handler;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Item;

/// Binds what the text does around instructions (language.md 9, 10): `on trap`, `on interrupt`, a
/// memory's `on access` and `on fetch`, a CSR's `on write`.
final class Handlers {

  /// Where an `on` stands.
  private enum Place {
    TEXT,
    MEMORY,
    CSR
  }

  /// An event: where it stands, what its body is told, and whether the body may only raise.
  private record Event(Place place, Map<String, Type> parameters, boolean onlyRaises) {}

  private static final Type WORD = Type.bits(64);
  private static final Type NUMBER = Type.uint(64);
  private static final Type KIND = Type.Int.of(0, AccessKind.values().length - 1);

  private static final Map<String, Event> EVENTS =
      Map.of(
          "trap",
          new Event(Place.TEXT, told("cause", WORD, "value", WORD, "interrupt", Type.BOOL), false),
          "interrupt",
          new Event(Place.TEXT, Map.of(), true),
          "access",
          new Event(Place.MEMORY, told("a", NUMBER, "bytes", NUMBER, "kind", KIND), true),
          "fetch",
          new Event(Place.MEMORY, told("a", NUMBER, "bytes", NUMBER), true),
          "write",
          new Event(Place.CSR, told("value", WORD), false));

  private record Waiting(Item.On on, Scope scope, @Nullable Csr csr) {}

  private final Definitions defs;
  private final Findings findings;
  private final List<Waiting> collected = new ArrayList<>();

  Handlers(Definitions defs, Findings findings) {
    this.defs = defs;
    this.findings = findings;
  }

  private static Map<String, Type> told(Object... namesAndTypes) {
    Map<String, Type> all = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      all.put((String) namesAndTypes[i], (Type) namesAndTypes[i + 1]);
    }
    return all;
  }

  /// Takes an `on` of the text, or of a memory.
  void collect(Item.On on, Scope scope, boolean inMemory) {
    findings.attempt(() -> {
      place(on, inMemory ? Place.MEMORY : Place.TEXT);
      collected.add(new Waiting(on, scope, null));
    });
  }

  /// Takes an `on` of a CSR.
  void collect(Item.On on, Scope scope, Csr csr) {
    findings.attempt(() -> {
      place(on, Place.CSR);
      if (csr.shown() != null) {
        throw new SpecError("type", on.span(), "a view has no `on write` of its own");
      }
      collected.add(new Waiting(on, scope, csr));
    });
  }

  private static void place(Item.On on, Place place) {
    if (on.event().equals("retire")) {
      throw NotYet.error("on-retire", on.span());
    }
    Event event = EVENTS.get(on.event());
    if (event != null && event.place() == place) {
      return;
    }
    List<String> here =
        EVENTS.entrySet().stream()
            .filter(e -> e.getValue().place() == place)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    Diagnostic d =
        Diagnostic.error("unknown-name", on.span(), "nothing here happens on '" + on.event() + "'");
    String near = Suggestion.nearest(on.event(), here);
    throw new SpecError(
        d.help(
            near != null ? "did you mean '" + near + "'?" : "known: " + String.join(", ", here)));
  }

  /// Binds all that was collected; the state and its rules are known by now.
  List<Handler> read() {
    Map<String, Item.On> seen = new LinkedHashMap<>();
    List<Handler> all = new ArrayList<>();
    for (Waiting w : collected) {
      String where = w.csr() == null ? w.on().event() : w.on().event() + " of " + w.csr();
      Item.On earlier = seen.putIfAbsent(where, w.on());
      findings.attempt(() -> {
        Handler handler = handler(w);
        if (earlier != null) {
          throw new SpecError(
              Diagnostic.error(
                      "name-twice", w.on().span(), "there are two `on " + w.on().event() + "`")
                  .note(earlier.span(), "the other one is here"));
        }
        if (w.csr() == null) {
          all.add(handler);
        } else {
          w.csr().written(handler);
        }
      });
    }
    return all;
  }

  private Handler handler(Waiting w) {
    Item.On on = w.on();
    Event event = java.util.Objects.requireNonNull(EVENTS.get(on.event()));
    if (on.parameters().size() != event.parameters().size()) {
      throw new SpecError(
          "type",
          on.span(),
          "`on " + on.event() + "` takes (" + String.join(", ", event.parameters().keySet()) + ")");
    }
    Binder binder = Binder.global(defs);
    binder.effects = true;
    Scope scope = w.scope().inner();
    List<Local> parameters = new ArrayList<>();
    List<Type> types = List.copyOf(event.parameters().values());
    for (int i = 0; i < types.size(); i++) {
      Item.Parameter p = on.parameters().get(i);
      if (p.type() != null && !binder.type(p.type(), scope).equals(types.get(i))) {
        throw new SpecError("type", p.span(), "'" + p.name() + "' is " + types.get(i));
      }
      Local local = binder.local(p.name(), types.get(i));
      parameters.add(local);
      scope.put(p.name(), new Value.Dyn(new Expr.LocalValue(local)));
    }
    Expr condition = condition(on, binder, scope);
    Stmt body = Make.block(binder.bodies.statements(on.body(), scope));
    if (event.onlyRaises()) {
      onlyRaises(on, condition, body);
    }
    return new Handler(on.event(), parameters, condition, body, on.span());
  }

  private static @Nullable Expr condition(Item.On on, Binder binder, Scope scope) {
    if (on.condition() == null) {
      return null;
    }
    if (!on.event().equals("interrupt")) {
      throw new SpecError(
          "type", on.condition().span(), "only `on interrupt` has a condition; write `if` inside");
    }
    return binder.condition(on.condition(), scope);
  }

  /// An engine remembers what a body grants and asks when it likes, so the body changes nothing.
  private void onlyRaises(Item.On on, @Nullable Expr condition, Stmt body) {
    Span culprit = effect(body);
    if (culprit == null && Asks.more(condition, body)) {
      culprit = on.span();
    }
    if (culprit != null) {
      throw new SpecError(
          "effect-in-fn",
          culprit,
          "`on " + on.event() + "` may only raise, and reads CSRs and single registers only");
    }
  }

  /// {@return where a statement does more than name values and raise, or null}
  private static @Nullable Span effect(@Nullable Stmt stmt) {
    return switch (stmt) {
      case null -> null;
      case Stmt.Block(var statements) -> {
        for (Stmt s : statements) {
          Span found = effect(s);
          if (found != null) {
            yield found;
          }
        }
        yield null;
      }
      case Stmt.Let _, Stmt.Evaluate _, Stmt.RaiseFlag _, Stmt.Raise _ -> null;
      case Stmt.Assign(LValue.Variable _, _, _) -> null;
      case Stmt.Assign(_, _, var span) -> span;
      case Stmt.If(_, var then, var otherwise) -> {
        Span found = effect(then);
        yield found != null ? found : effect(otherwise);
      }
      case Stmt.For(_, _, _, var body) -> effect(body);
      case Stmt.Each(var loop, _) -> loop.span();
      case Stmt.Store(_, _, _, var span) -> span;
      case Stmt.Require(_, _, var span) -> span;
      case Stmt.Jump(_, var span) -> span;
      case Stmt.Await(_, var span) -> span;
      case Stmt.CallShape call -> call.span();
      case Stmt.Stop _, Stmt.Fence _ -> null;
    };
  }

  /// Finds what an engine does not watch for changes: memory, and files of registers.
  private static final class Asks {
    static boolean more(@Nullable Expr condition, Stmt body) {
      boolean[] found = {false};
      Consumer<Expr> look =
          e ->
              found[0] |=
                  switch (e) {
                    case Expr.ReadRegister(var file, _, _) -> file.count() > 1;
                    case Expr.ReadElement _,
                        Expr.ReadView _,
                        Expr.Load _,
                        Expr.Faults _,
                        Expr.Reserve _,
                        Expr.Conditional _,
                        Expr.Amo _,
                        Expr.Reserved _ ->
                        true;
                    default -> false;
                  };
      Walk.expr(condition, look);
      Walk.statement(body, look);
      return found[0];
    }
  }
}
