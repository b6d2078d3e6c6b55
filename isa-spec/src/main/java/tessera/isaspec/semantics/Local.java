package tessera.isaspec.semantics;

/// A value with a name inside one bound body: a `let`, a `var`, a loop's index, a fold's
/// accumulator.
///
/// @param slot its place in the body's frame, unique within the body
/// @param name as written, for printing
public record Local(int slot, String name, Type type) {
  @Override
  public String toString() {
    return name;
  }
}
