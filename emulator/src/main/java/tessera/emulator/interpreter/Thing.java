package tessera.emulator.interpreter;

/// A compiled expression with other values: a `BigInteger` for wide bits and large numbers (bits by
/// their own reading), an `ExactNumber`, a `long[]` for an array.
@FunctionalInterface
interface Thing<T> {
  T get(Frame f);
}
