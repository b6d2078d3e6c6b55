package tessera.emulator.timing;

import java.util.Locale;

/// A stretch of a run that starts and ends with all queues empty, and what was counted in it.
///
/// @param name `run`, or what marked it
public record Region(String name, Kind kind, Counters counters) {

  /// What a region is.
  public enum Kind {
    RUN,
    MARKER;

    /// {@return the word in reports}
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
