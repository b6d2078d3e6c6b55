package tessera.isaspec.semantics;

/// A type needs a field or a mode as a constant: bind again with its value.
///
/// Carries no stack: it is part of the ordinary course of binding.
public final class Unbound extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String name;

  /// @param name the field's or mode's name
  public Unbound(String name) {
    super("binding needs " + name, null, false, false);
    this.name = name;
  }

  /// {@return the field's or mode's name}
  public String name() {
    return name;
  }
}
