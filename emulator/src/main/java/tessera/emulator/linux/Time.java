package tessera.emulator.linux;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Time as a program sees it: cycles and what it slept, or the host's.
final class Time {
  static final long SECOND = 1_000_000_000;

  /// The start of 2026, in seconds: when a program without the host's clock starts.
  private static final long START = 1_767_225_600;

  private final LongSupplier cycles;
  private final long hertz;
  private final @Nullable LongSupplier clock;
  private long slept;

  /// @param hertz cycles a second
  /// @param clock nanoseconds since 1970, or null
  Time(LongSupplier cycles, long hertz, @Nullable LongSupplier clock) {
    this.cycles = cycles;
    this.hertz = hertz;
    this.clock = clock;
  }

  /// {@return nanoseconds since 1970}
  long real() {
    return clock != null ? clock.getAsLong() : START * SECOND + monotonic();
  }

  /// {@return nanoseconds since the program started}
  long monotonic() {
    return busy() + slept;
  }

  /// {@return nanoseconds of work}
  long busy() {
    long now = cycles.getAsLong();
    return now / hertz * SECOND + (long) (now % hertz * ((double) SECOND / hertz));
  }

  /// Lets time pass.
  void sleep(long nanoseconds) {
    slept += Math.clamp(nanoseconds, 0, Long.MAX_VALUE / 4 - Math.min(slept, Long.MAX_VALUE / 4));
  }
}
