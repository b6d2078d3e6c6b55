package tessera.emulator.interpreter;

/// A compiled statement.
@FunctionalInterface
interface Action {
  void run(Frame f);
}
