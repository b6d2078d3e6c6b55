package tessera.emulator.timing;

import org.jspecify.annotations.Nullable;

/// The costs of an instruction word: cycles that its unit is taken, cycles until a result can be
/// used, useful products. Those of a scalar instruction that reads no state are worked out
/// beforehand.
final class Price {
  private static final int LEVELS = 3;

  final Formula issue;
  final Formula latency;

  /// null where there are never any
  final @Nullable Formula macs;

  /// what a cell of a tile array forms in a cycle
  final long products;

  private final long[] fixed;

  private Price(
      Formula issue, Formula latency, @Nullable Formula macs, long products, long[] fixed) {
    this.issue = issue;
    this.latency = latency;
    this.macs = macs;
    this.products = products;
    this.fixed = fixed;
  }

  /// {@return costs that are asked anew for each execution}
  static Price varying(Formula issue, Formula latency, @Nullable Formula macs, long products) {
    return new Price(issue, latency, macs, products, new long[0]);
  }

  /// {@return costs that depend only on the branch and the memory touched}
  ///
  /// @param memory cycles of memory where none, RAM, the scratchpad was touched
  static Price fixed(Formula issue, Formula latency, @Nullable Formula macs, long[] memory) {
    long[] fixed = new long[4 * LEVELS];
    for (int level = 0; level < LEVELS; level++) {
      for (int taken = 0; taken <= 1; taken++) {
        Formula.Seen seen = new Formula.Seen(0, taken, memory[level], 1);
        int place = place(level, taken == 1);
        fixed[place] = Math.max(1, issue.value(null, seen));
        fixed[place + 1] = Math.max(1, latency.value(null, seen));
      }
    }
    return new Price(issue, latency, macs, 1, fixed);
  }

  /// {@return whether costs were worked out beforehand}
  boolean isFixed() {
    return fixed.length > 0;
  }

  /// {@return the issue cost}
  ///
  /// @param level 0 no memory touched, 1 RAM, 2 the scratchpad
  long issue(int level, boolean taken) {
    return fixed[place(level, taken)];
  }

  /// {@return the latency}
  long latency(int level, boolean taken) {
    return fixed[place(level, taken) + 1];
  }

  private static int place(int level, boolean taken) {
    return 4 * level + (taken ? 2 : 0);
  }
}
