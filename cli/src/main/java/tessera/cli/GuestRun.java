package tessera.cli;

import tessera.emulator.Exit;
import tessera.emulator.Guest;

/// Runs a guest in slices, so that a timeout is kept, what it prints appears, and a long run shows
/// that it lives. The budget is kept to the instruction.
///
/// @param budget instructions at most
/// @param timeout nanoseconds at most
record GuestRun(Guest guest, GuestConsole console, long budget, long timeout) {
  private static final long SLICE = 40_000_000; // nanoseconds
  private static final long QUIET = 2_000_000_000L;
  private static final long FIRST = 20_000;
  private static final long MOST = 1L << 26;

  /// How a run went.
  ///
  /// @param exit why it stopped
  /// @param timedOut whether it was the timeout
  /// @param budget what it was
  /// @param nanoseconds how long it took
  record Outcome(Exit exit, boolean timedOut, long budget, long nanoseconds) {
    long milliseconds() {
      return (nanoseconds + 500_000) / 1_000_000;
    }
  }

  static GuestRun of(Guest guest, GuestConsole console, long budget, long timeout) {
    return new GuestRun(guest, console, budget, timeout);
  }

  /// Runs it to its end, its budget or its timeout.
  Outcome run(Terminal terminal, Invocation invocation) {
    boolean shows = terminal.errIsTerminal() && !invocation.quiet();
    long start = System.nanoTime();
    long left = budget;
    long slice = FIRST;
    long shown = QUIET;
    while (true) {
      long before = guest.retired();
      long began = System.nanoTime();
      Exit exit = guest.run(Math.min(slice, left));
      long now = System.nanoTime();
      left -= Math.min(left, guest.retired() - before);
      boolean more = exit instanceof Exit.BudgetSpent && left > 0;
      boolean late = now - start >= timeout;
      if (!more || late) {
        return new Outcome(exit, more && late, budget, now - start);
      }
      console.flush();
      if (shows && now - start >= shown) {
        console.progress(
            Sizes.grouped(guest.retired())
                + " instructions, "
                + (now - start) / 1_000_000_000
                + " s");
        shown += QUIET / 4;
      }
      slice = next(slice, now - began);
    }
  }

  private static long next(long slice, long took) {
    double factor = Math.clamp((double) SLICE / Math.max(took, 1), 0.25, 4);
    return Math.clamp((long) (slice * factor), 100, MOST);
  }
}
