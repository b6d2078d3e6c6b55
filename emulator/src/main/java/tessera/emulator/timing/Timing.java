package tessera.emulator.timing;

import java.util.Locale;

/// How time is told (`--timing`); a report names it.
public enum Timing {
  /// counters only, no cycles
  NONE,
  /// the sum of issue costs, as if nothing overlapped and nothing waited
  STATIC,
  /// the in-order scoreboard of timing.md 2.4
  SCOREBOARD;

  /// {@return the word on the command line and in reports}
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
