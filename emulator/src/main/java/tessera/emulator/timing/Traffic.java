package tessera.emulator.timing;

import java.util.Arrays;
import tessera.emulator.Step;
import tessera.emulator.memory.Region;

/// The bytes that one instruction touches, as runs of adjacent bytes, whatever the order and size
/// of the accesses an engine makes; and the totals of a run.
///
/// A byte counts once for each instruction and direction: a row that a tile load spreads over many
/// rows is asked for once. Devices are no memory: accesses to them are not counted.
final class Traffic {
  static final int NOTHING = 0;
  static final int RAM = 1;
  static final int SCRATCHPAD = 2;

  private static final int LEVELS = 2;
  private static final int KINDS = 2;
  private static final int DIRECTIONS = 2;

  /// Runs of one direction and level, as first addresses and ends.
  private static final class Runs {
    private long[] from = new long[8];
    private long[] to = new long[8];
    private int count;

    void add(long address, long bytes) {
      if (count == from.length) {
        from = Arrays.copyOf(from, 2 * count);
        to = Arrays.copyOf(to, 2 * count);
      }
      from[count] = address;
      to[count++] = address + bytes;
    }

    /// Sorts and joins, so that no two runs touch.
    void settle() {
      if (count < 2) {
        return;
      }
      Integer[] order = new Integer[count];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compareUnsigned(from[a], from[b]));
      long[] starts = new long[count];
      long[] ends = new long[count];
      int n = 0;
      for (int i : order) {
        if (n > 0 && Long.compareUnsigned(from[i], ends[n - 1]) <= 0) {
          ends[n - 1] = Long.compareUnsigned(to[i], ends[n - 1]) > 0 ? to[i] : ends[n - 1];
        } else {
          starts[n] = from[i];
          ends[n++] = to[i];
        }
      }
      System.arraycopy(starts, 0, from, 0, n);
      System.arraycopy(ends, 0, to, 0, n);
      count = n;
    }

    long bytes() {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        sum += to[i] - from[i];
      }
      return sum;
    }

    long cycles(long width) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        sum += ceil(to[i] - from[i], width);
      }
      return sum;
    }
  }

  // By level and direction: scratchpad reads and writes, then RAM's
  private final Runs[] runs = {new Runs(), new Runs(), new Runs(), new Runs()};
  private final long[] accesses = new long[LEVELS * KINDS * DIRECTIONS];
  private final long[] requested = new long[LEVELS * KINDS * DIRECTIONS];

  /// Takes the accesses of an instruction.
  ///
  /// @return what it touched: [#NOTHING], [#RAM], [#SCRATCHPAD] (the slowest where several)
  int take(Step step) {
    for (Runs r : runs) {
      r.count = 0;
    }
    int level = NOTHING;
    for (int i = 0; i < step.runs(); i++) {
      Region.Kind place = step.place(i);
      if (place != Region.Kind.DEVICE) {
        boolean pad = place == Region.Kind.SCRATCHPAD;
        level = Math.max(level, pad ? SCRATCHPAD : RAM);
        take(step, i, pad ? 0 : DIRECTIONS);
      }
    }
    for (Runs r : runs) {
      r.settle();
    }
    // A tile load from RAM takes longer than one from the scratchpad
    return level == SCRATCHPAD && runs[2].count + runs[3].count > 0 ? RAM : level;
  }

  private void take(Step step, int i, int first) {
    boolean reads =
        switch (step.kind(i)) {
          case LOAD, RESERVE, FETCH, AMO -> true;
          case STORE -> false;
        };
    boolean writes =
        switch (step.kind(i)) {
          case STORE, AMO -> true;
          case LOAD, RESERVE, FETCH -> false;
        };
    if (reads) {
      runs[first].add(step.address(i), step.bytes(i));
    }
    if (writes) {
      runs[first + 1].add(step.address(i), step.bytes(i));
    }
  }

  /// {@return the cycles that a tile port needs for the runs at hand, one run after the other}
  long cycles(Pipeline pipeline) {
    return runs[0].cycles(pipeline.scratchpad().reads())
        + runs[1].cycles(pipeline.scratchpad().writes())
        + runs[2].cycles(pipeline.ram().reads())
        + runs[3].cycles(pipeline.ram().writes());
  }

  static long ceil(long a, long b) {
    return (a + b - 1) / b;
  }

  /// Counts the instruction at hand.
  void count(boolean tile) {
    for (int i = 0; i < runs.length; i++) {
      if (runs[i].count > 0) {
        int place = place(i / DIRECTIONS, tile ? 1 : 0, i % DIRECTIONS);
        accesses[place] += runs[i].count;
        requested[place] += runs[i].bytes();
      }
    }
  }

  /// Counts an instruction's accesses to RAM in sums.
  void add(long loads, long stores, long times) {
    accesses[place(1, 0, 0)] += loads > 0 ? times : 0;
    requested[place(1, 0, 0)] += loads * times;
    accesses[place(1, 0, 1)] += stores > 0 ? times : 0;
    requested[place(1, 0, 1)] += stores * times;
  }

  private static int place(int level, int kind, int direction) {
    return (level * KINDS + kind) * DIRECTIONS + direction;
  }

  /// Adds the totals.
  ///
  /// @param tile whether the machine moves tiles
  /// @param pad whether it has a scratchpad
  void measure(Counters.Builder into, boolean tile, boolean pad) {
    for (int i = 0; i < requested.length; i++) {
      boolean isTile = i / DIRECTIONS % KINDS == 1;
      boolean isPad = i / (DIRECTIONS * KINDS) == 0;
      if ((tile || !isTile) && (pad || !isPad)) {
        into.set(Counter.ACCESSES.names().get(i), accesses[i]);
        into.set(Counter.REQUESTED.names().get(i), requested[i]);
      }
    }
  }
}
