package tessera.emulator.timing;

/// What is known of one execution after it: the part of a retired instruction that its word does
/// not tell. One object serves a whole run.
final class Execution {
  /// cycles that the unit is taken, at least 1
  long issue = 1;

  /// cycles until a result can be used
  long latency = 1;

  /// whether it did not go on to the next instruction
  boolean taken;

  /// of each group of tile registers the number of the first one
  final int[] first = new int[16];

  /// and how many they are
  final int[] span = new int[16];
}
