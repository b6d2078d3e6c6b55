package tessera.conformance;

/// What a device makes of a case.
public sealed interface Outcome {
  /// It ran until a trap, as every case does.
  ///
  /// @param trap the trap's name, as the text declares it
  /// @param value its value (mtval), or 0 where the device does not tell
  /// @param after the state then
  record Stopped(String trap, long value, Snapshot after) implements Outcome {}

  /// The device itself broke down, or never stopped.
  ///
  /// @param why one line
  record Lost(String why) implements Outcome {}
}
