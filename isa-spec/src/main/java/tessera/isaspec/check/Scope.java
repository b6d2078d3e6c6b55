package tessera.isaspec.check;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names in a lexical chain. What the chain does not know is asked of the instruction at hand (its
/// lets, views and fields), unless the chain is `closed`, and then of the global definitions.
final class Scope {
  private final @Nullable Scope parent;
  private final boolean closed;
  private final Map<String, Value> names = new HashMap<>();

  private Scope(@Nullable Scope parent, boolean closed) {
    this.parent = parent;
    this.closed = closed;
  }

  /// {@return an empty chain, for what stands at the top of a file}
  static Scope top() {
    return new Scope(null, false);
  }

  /// {@return an empty chain that does not see the instruction at hand: the body of a global
  /// function}
  static Scope closed() {
    return new Scope(null, true);
  }

  /// {@return a scope inside this one}
  Scope inner() {
    return new Scope(this, closed);
  }

  Scope put(String name, Value value) {
    names.put(name, value);
    return this;
  }

  @Nullable Value get(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Value value = scope.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  boolean isClosed() {
    return closed;
  }

  /// {@return every name of the chain, for suggestions}
  Map<String, Value> all() {
    Map<String, Value> all = parent == null ? new HashMap<>() : parent.all();
    all.putAll(names);
    return all;
  }
}
