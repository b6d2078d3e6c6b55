package tessera.emulator.timing;

/// Says when executions happen. It sees them in program order.
sealed interface Clock permits NoClock, StaticClock, Scoreboard {

  /// Takes the next instruction, which has completed.
  void retire(Footprint insn, Execution execution);

  /// Lets everything in flight complete, and cycles pass in which nothing issues.
  void idle(long cycles);

  /// Lets everything in flight complete: the end of a region.
  void drain();

  /// {@return the cycle in which the next instruction can issue; where there are no cycles, the
  /// number of instructions}
  long now();

  /// Adds what it measures, as of the last drain.
  void measure(Counters.Builder into);
}
