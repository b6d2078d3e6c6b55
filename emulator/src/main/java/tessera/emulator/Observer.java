package tessera.emulator;

/// Told by an engine what happens: counters and timing models. All engines tell the same things.
public interface Observer {
  /// How much an observer wants to be told.
  enum Detail {
    /// every instruction in program order, through [#retired(InstructionInfo, Step)]
    EVERY,
    /// every instruction whose effects its text alone does not tell (a size that was granted, an
    /// access outside main memory) through [#retired(InstructionInfo, Step)] in program order; the
    /// others in sums, through [#retired(InstructionInfo, long, long)], when the engine returns
    TOTALS
  }

  /// {@return how much to tell; it never changes}
  Detail detail();

  /// One instruction was completed.
  ///
  /// @param step valid during the call
  void retired(InstructionInfo info, Step step);

  /// An instruction was completed `times` times, of which it jumped `taken` times; all its accesses
  /// went to main memory, and each touched [InstructionInfo#loads] and [InstructionInfo#stores]
  /// bytes.
  void retired(InstructionInfo info, long times, long taken);

  /// {@return the cycles until now, which `mcycle` and the timer count}
  ///
  /// @param retired the instructions until now
  default long cycles(long retired) {
    return retired;
  }

  /// Time passes without instructions, since the next one waits.
  ///
  /// @return whether [#cycles] counts it from now on; else the hart does
  default boolean waited(long cycles) {
    return false;
  }

  /// {@return how often the platform's event `code` happened until now (`mhpmevent`)}
  default long event(long code) {
    return 0;
  }
}
