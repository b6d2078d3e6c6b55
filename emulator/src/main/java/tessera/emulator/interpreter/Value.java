package tessera.emulator.interpreter;

/// A compiled expression whose values have at most 64 bits: bits and floats zero-extended, whole
/// numbers as they are, true as 1.
@FunctionalInterface
interface Value {
  long get(Frame f);
}
