package tessera.isaspec.semantics;

/// Why memory is touched; what `kind` is in `on access` and in the traps of memory.
public enum AccessKind {
  LOAD,
  STORE,
  AMO,
  RESERVE,
  FETCH;

  /// {@return the language's word}
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
