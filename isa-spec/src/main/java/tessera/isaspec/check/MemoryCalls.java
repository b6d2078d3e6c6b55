package tessera.isaspec.check;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// Binds what is asked of memory, and what is done to it.
final class MemoryCalls {
  private static final List<String> KNOWN =
      List.of(
          "load",
          "store",
          "faults",
          "reserve",
          "conditional",
          "amo",
          "reserved",
          "fence",
          "fence_code");

  private final Binder binder;

  MemoryCalls(Binder binder) {
    this.binder = binder;
  }

  /// {@return the memory operation that a call names, or null}
  @Nullable String memoryCall(Term.Call c, Scope scope) {
    Term function = c.function() instanceof Term.Generic g ? g.base() : c.function();
    return function instanceof Term.Member(Term.Name(var name, _), var member, _)
            && binder.lookup(name, scope) instanceof Value.MemoryOf
        ? member
        : null;
  }

  // Values

  Value value(Term.Member m, @Nullable Term argument, Term.Call c, Scope scope) {
    return switch (m.name()) {
      case "load" -> load(argument, c, scope);
      case "faults" ->
          new Value.Dyn(
              new Expr.Faults(
                  address(Calls.argument(c, 0, 3), scope),
                  binder.number(Calls.argument(c, 1, 3), scope),
                  kind(Calls.argument(c, 2, 3), scope)));
      case "reserve" -> {
        needsEffects(m, c);
        Type type = bits(argument, c, scope);
        order(c, 1, scope);
        yield new Value.Dyn(new Expr.Reserve(address(Calls.argument(c, 0, 2), scope), type));
      }
      case "conditional" -> {
        needsEffects(m, c);
        order(c, 2, scope);
        Expr address = address(Calls.argument(c, 0, 3), scope);
        Expr stored =
            binder.convert.dyn(binder.bind(Calls.argument(c, 1, 3), scope, null), c.span());
        atomic(stored.type(), c.span());
        yield new Value.Dyn(new Expr.Conditional(address, stored));
      }
      case "amo" -> amo(m, argument, c, scope);
      case "reserved" -> {
        if (!c.args().isEmpty()) {
          throw new SpecError("type", c.span(), "mem.reserved takes no argument");
        }
        yield new Value.Dyn(new Expr.Reserved());
      }
      case "store", "fence", "fence_code" ->
          throw new SpecError(
              "effect-in-fn", c.span(), "mem." + m.name() + " is a statement, not a value");
      default -> throw unknown(m.name(), c.span());
    };
  }

  // Atomic accesses

  private void needsEffects(Term.Member m, Term.Call c) {
    if (!binder.effects) {
      throw new SpecError(
          "effect-in-fn",
          c.span(),
          "mem." + m.name() + " changes state, which a `fn` may not",
          "make it an `action`");
    }
  }

  private Value amo(Term.Member m, @Nullable Term argument, Term.Call c, Scope scope) {
    needsEffects(m, c);
    Type type = bits(argument, c, scope);
    order(c, 2, scope);
    Expr address = address(Calls.argument(c, 0, 3), scope);
    Term last = Calls.argument(c, 1, 3);
    Value.Func function = Functions.asFunction(binder.bind(last, scope, null), last.span());
    if (function == null || function.parameters().size() != 1) {
      throw new SpecError(
          "type", last.span(), "mem.amo wants a function of the old value", "write fn(old) => …");
    }
    Local old = binder.local("old", type);
    List<Value> arguments = List.of(new Value.Dyn(new Expr.LocalValue(old)));
    Scope inner = function.scope().inner();
    Value fresh = binder.functions.applied(function, arguments, inner, type, last.span());
    return new Value.Dyn(
        new Expr.Amo(address, old, binder.convert.coerce(fresh, type, last.span()), type));
  }

  private Type bits(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError(
          "type", c.span(), "an atomic access needs a type", "write mem.amo<bits<32>>(…)");
    }
    Type type = binder.type(argument, scope);
    atomic(type, c.span());
    return type;
  }

  private static void atomic(Type type, Span span) {
    boolean whole =
        type instanceof Type.Bits(_, int width)
            && (width == 8 || width == 16 || width == 32 || width == 64);
    if (!whole) {
      throw new SpecError("width", span, "an atomic access has 8, 16, 32 or 64 bits, not " + type);
    }
  }

  /// The order that an access asks for says nothing while harts interleave by whole steps.
  private void order(Term.Call c, int n, Scope scope) {
    binder.number(Calls.argument(c, n, n + 1), scope);
  }

  private static SpecError unknown(String name, Span span) {
    if (NotYet.knows("mem." + name)) {
      return NotYet.error("mem." + name, span);
    }
    Diagnostic d = Diagnostic.error("unknown-name", span, "mem has no '" + name + "'");
    String near = Suggestion.nearest(name, KNOWN);
    return new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
  }

  private AccessKind kind(Term term, Scope scope) {
    int kind = binder.whole(term, scope);
    if (kind < 0 || kind >= AccessKind.values().length) {
      throw new SpecError("type", term.span(), "expected load, store, amo, reserve or fetch");
    }
    return AccessKind.values()[kind];
  }

  private Value load(@Nullable Term argument, Term.Call c, Scope scope) {
    if (argument == null) {
      throw new SpecError("type", c.span(), "mem.load needs a type", "write mem.load<bits<32>>(…)");
    }
    Type type = binder.type(argument, scope);
    int count = Math.clamp(c.args().size(), 1, 2);
    Expr address = address(Calls.argument(c, 0, count), scope);
    Expr k = count == 2 ? binder.number(Calls.argument(c, 1, 2), scope) : null;
    storable(type, c.span());
    return new Value.Dyn(new Expr.Load(address, k, type));
  }

  /// Checks that a type can lie in memory.
  private static void storable(Type type, Span span) {
    if (type instanceof Type.Array) {
      throw NotYet.error("mem.array", span);
    }
    int bits = Builtins.storage(type, span);
    if (bits != 4 && bits != 8 && bits != 16 && bits != 32 && bits != 64) {
      throw new SpecError(
          "width", span, "memory holds elements of 4, 8, 16, 32 or 64 bits, not " + type);
    }
  }

  private Expr address(Term term, Scope scope) {
    Value address = binder.bind(term, scope, Type.bits(64));
    return binder.convert.coerce(address, Type.bits(64), term.span());
  }

  // Statements

  void statement(String name, Term.Call c, Scope scope, List<Stmt> out) {
    switch (name) {
      case "store" -> out.add(store(c, scope));
      case "fence" -> {
        binder.number(Calls.argument(c, 0, 2), scope);
        binder.number(Calls.argument(c, 1, 2), scope);
        out.add(new Stmt.Fence(false));
      }
      case "fence_code" -> out.add(new Stmt.Fence(true));
      case "load", "faults", "reserve", "conditional", "amo", "reserved" -> {
        Value value = binder.calls.call(c, scope, null);
        out.add(new Stmt.Evaluate(binder.convert.dyn(value, c.span())));
      }
      default -> throw unknown(name, c.span());
    }
  }

  private Stmt store(Term.Call c, Scope scope) {
    int count = c.args().size();
    if (count != 2 && count != 3) {
      throw new SpecError(
          "type", c.span(), "expected mem.store(address, value) or mem.store(address, k, value)");
    }
    Expr address = address(Calls.argument(c, 0, count), scope);
    Expr k = count == 3 ? binder.number(Calls.argument(c, 1, 3), scope) : null;
    Term last = Calls.argument(c, count - 1, count);
    Expr value = binder.convert.dyn(binder.bind(last, scope, null), c.span());
    storable(value.type(), c.span());
    return new Stmt.Store(address, k, value, c.span());
  }
}
