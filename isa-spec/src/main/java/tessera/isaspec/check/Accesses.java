package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// Binds accesses: named elements of state that have a body for reading and one for writing.
final class Accesses {
  private final Binder binder;

  Accesses(Binder binder) {
    this.binder = binder;
  }

  /// Reads through an access.
  Value get(
      Item.Access access, @Nullable Value argument, List<Term> indices, Scope scope, Span span) {
    List<Stmt> lets = new ArrayList<>();
    Scope inner = inside(access, argument, indices, scope, lets, span);
    Type type = binder.type(access.type(), inner);
    Value value = binder.bind(access.get(), inner, type);
    return Conversions.after(lets, new Value.Dyn(binder.convert.coerce(value, type, span)));
  }

  private Scope inside(
      Item.Access access,
      @Nullable Value argument,
      List<Term> indices,
      Scope scope,
      List<Stmt> lets,
      Span span) {
    if (indices.size() != access.indices().size()) {
      throw new SpecError(
          "syntax", span, "'" + access.name() + "' has " + access.indices().size() + " indices");
    }
    if ((argument == null) != access.typeParameters().isEmpty()) {
      throw new SpecError(
          "type",
          span,
          "'" + access.name() + (argument == null ? "' needs a" : "' has no") + " type argument",
          "write " + access.name() + (argument == null ? "<F>[…]" : "[…]"));
    }
    Scope inner = Scope.closed();
    if (argument != null) {
      inner.put(access.typeParameters().getFirst().name(), argument);
    }
    for (int i = 0; i < indices.size(); i++) {
      Value index = binder.bind(indices.get(i), scope, null);
      String name = access.indices().get(i);
      inner.put(name, binder.patterns.named(name, index, lets));
    }
    return inner;
  }

  /// {@return whether the left side names an access; then the assignment is written out}
  boolean assign(Statement.Assign s, Scope scope, List<Stmt> out) {
    if (!(s.target() instanceof Term.At at)) {
      return false;
    }
    Value of =
        switch (at.of()) {
          case Term.Generic g -> binder.bind(g, scope, null);
          case Term.Name n -> binder.lookup(n.name(), scope);
          default -> null;
        };
    switch (of) {
      case Value.TypedAccess(var access, var argument) ->
          assign(access, argument, at, s, scope, out);
      case Value.AccessOf(var access) -> assign(access, null, at, s, scope, out);
      case null, default -> {
        return false;
      }
    }
    return true;
  }

  private void assign(
      Item.Access access,
      @Nullable Value argument,
      Term.At at,
      Statement.Assign s,
      Scope scope,
      List<Stmt> out) {
    String parameter = access.setParameter();
    if (parameter == null) {
      throw new SpecError("type", s.span(), "'" + access.name() + "' has no `set`");
    }
    Scope inner = inside(access, argument, at.indices(), scope, out, s.span());
    Type type = binder.type(access.type(), inner);
    Value value = binder.bodies.assigned(s, type, scope);
    Value typed = new Value.Dyn(binder.convert.coerce(value, type, s.value().span()));
    boolean once = Occurrences.of(parameter, null, access.set()) <= 1;
    inner.put(parameter, once ? typed : binder.patterns.named(parameter, typed, out));
    out.addAll(binder.bodies.statements(access.set(), inner));
  }
}
