package tessera.emulator;

import java.util.List;

/// Runs the harts of a machine by turns, [#QUANTUM] instructions each, so that a run repeats.
///
/// A hart that waits, or does nothing but jump to itself, gives its turn away; when all do, time
/// goes on to the next event of any of them. When there is none, the run ends.
final class Harts {
  /// Instructions of a turn.
  static final long QUANTUM = 1000;

  private final List<Hart> harts;
  private final List<Engine> engines;
  private int turn;
  private long left = QUANTUM;
  private int resting;
  private Hart last;

  Harts(List<Hart> harts, List<Engine> engines) {
    this.harts = List.copyOf(harts);
    this.engines = List.copyOf(engines);
    this.last = harts.getFirst();
  }

  List<Hart> all() {
    return harts;
  }

  /// {@return the hart that ended the run, hart 0 before it starts}
  Hart last() {
    return last;
  }

  /// {@return the cycles until now of the hart that is farthest}
  static long now(List<Hart> harts) {
    long now = 0;
    for (Hart hart : harts) {
      now = Math.max(now, hart.cycles());
    }
    return now;
  }

  /// Runs until the program ends or all harts together have completed `budget` instructions.
  Exit run(long budget) {
    long rest = budget;
    while (rest > 0) {
      Hart hart = harts.get(turn);
      last = hart;
      long before = hart.retired();
      long slice = harts.size() == 1 ? rest : Math.min(rest, left);
      if (resting > 0) {
        hart.idleUntil(now(harts));
      }
      Exit exit = engines.get(turn).run(hart, slice);
      long done = exit instanceof Exit.BudgetSpent ? slice : hart.retired() - before;
      rest -= Math.min(rest, done);
      left -= Math.min(left, done);
      boolean rests =
          exit instanceof Exit.Waiting || exit instanceof Exit.Endless && harts.size() > 1;
      if (!rests && !(exit instanceof Exit.BudgetSpent)) {
        return exit;
      }
      resting = rests ? done > 0 ? 1 : resting + 1 : 0;
      if (rests && resting >= harts.size() && !waitForAnEvent()) {
        return exit;
      }
      if (rests || left == 0) {
        turn = (turn + 1) % harts.size();
        left = QUANTUM;
      }
    }
    return new Exit.BudgetSpent();
  }

  /// Lets time go on for all; false: there is nothing to wait for.
  private boolean waitForAnEvent() {
    long next = Long.MAX_VALUE;
    for (Hart hart : harts) {
      next = Math.min(next, hart.nextEvent());
    }
    if (next == Long.MAX_VALUE) {
      return false;
    }
    for (Hart hart : harts) {
      hart.idleUntil(next);
    }
    resting = 0;
    return true;
  }
}
