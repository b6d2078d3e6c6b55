package tessera.emulator.timing;

import java.util.Arrays;

/// The bytes that one instruction touches, as runs of adjacent bytes, whatever the order and size
/// of the accesses an engine makes; and the totals of a run.
///
/// A byte counts once for each instruction and direction: a row that a tile load spreads over many
/// rows is asked for once.
final class Traffic {
  private static final int LEVELS = 2;
  private static final int KINDS = 2;
  private static final int DIRECTIONS = 2;

  /// Runs of one direction, as pairs of first address and end.
  private static final class Runs {
    private long[] from = new long[8];
    private long[] to = new long[8];
    private int count;

    void add(long address, long bytes) {
      long end = address + bytes;
      int at = count - 1;
      if (at >= 0 && to[at] == address) {
        to[at] = end;
        return;
      }
      if (count == from.length) {
        from = Arrays.copyOf(from, 2 * count);
        to = Arrays.copyOf(to, 2 * count);
      }
      from[count] = address;
      to[count++] = end;
    }

    /// Sorts and joins, so that no two runs touch.
    void settle() {
      if (count < 2) {
        return;
      }
      long[] ends = new long[count];
      Integer[] order = new Integer[count];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compareUnsigned(from[a], from[b]));
      long[] starts = new long[count];
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
  }

  private final long scratchpad;
  private final long scratchpadBytes;
  private final Runs reads = new Runs();
  private final Runs writes = new Runs();
  private final long[] accesses = new long[LEVELS * KINDS * DIRECTIONS];
  private final long[] requested = new long[LEVELS * KINDS * DIRECTIONS];

  /// @param scratchpad its first address
  Traffic(long scratchpad, long scratchpadBytes) {
    this.scratchpad = scratchpad;
    this.scratchpadBytes = scratchpadBytes;
  }

  void read(long address, long bytes) {
    reads.add(address, bytes);
  }

  void write(long address, long bytes) {
    writes.add(address, bytes);
  }

  /// {@return whether the instruction at hand has touched memory}
  boolean any() {
    return reads.count + writes.count > 0;
  }

  /// {@return whether all that the instruction at hand has touched first is the scratchpad}
  boolean inScratchpad() {
    return reads.count > 0 ? inScratchpad(reads.from[0]) : inScratchpad(writes.from[0]);
  }

  private boolean inScratchpad(long address) {
    return Long.compareUnsigned(address - scratchpad, scratchpadBytes) < 0;
  }

  /// {@return the cycles that a tile port needs for the runs at hand, one run after the other}
  long cycles(Pipeline pipeline) {
    long cycles = 0;
    for (int i = 0; i < reads.count; i++) {
      cycles += ceil(reads.to[i] - reads.from[i], port(pipeline, reads.from[i]).reads());
    }
    for (int i = 0; i < writes.count; i++) {
      cycles += ceil(writes.to[i] - writes.from[i], port(pipeline, writes.from[i]).writes());
    }
    return cycles;
  }

  private Pipeline.Port port(Pipeline pipeline, long address) {
    return inScratchpad(address) ? pipeline.scratchpad() : pipeline.ram();
  }

  static long ceil(long a, long b) {
    return (a + b - 1) / b;
  }

  /// Joins the accesses of the instruction at hand into runs.
  void settle() {
    reads.settle();
    writes.settle();
  }

  /// Counts the instruction at hand, and forgets it.
  void count(boolean tile) {
    count(reads, tile, 0);
    count(writes, tile, 1);
    forget();
  }

  private void count(Runs runs, boolean tile, int direction) {
    for (int i = 0; i < runs.count; i++) {
      int level = inScratchpad(runs.from[i]) ? 0 : 1;
      int place = (level * KINDS + (tile ? 1 : 0)) * DIRECTIONS + direction;
      accesses[place]++;
      requested[place] += runs.to[i] - runs.from[i];
    }
  }

  /// Forgets the instruction at hand.
  void forget() {
    reads.count = 0;
    writes.count = 0;
  }

  /// Adds the totals.
  ///
  /// @param tile whether the machine moves tiles; @param pad whether it has a scratchpad
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
