package tessera.emulator.timing;

import java.util.ArrayDeque;
import java.util.Deque;

/// Counts for each set of busy units the cycles in which exactly these were busy.
///
/// The scalar core reports its issue cycles in increasing order, each tile unit its busy intervals
/// in increasing order and never before the scalar core's time. So time is cut into segments in
/// which the tile units do not change, and a scalar cycle costs one comparison.
final class Overlap {
  static final int SCALAR = 1;
  static final int MATRIX = 2;
  static final int TRANSFER = 4;

  private record Interval(long from, long to) {}

  /// Busy intervals of a tile unit that end after `from`.
  private record Stream(int bit, Deque<Interval> pending) {}

  private final Stream array = new Stream(MATRIX, new ArrayDeque<>());
  private final Stream lanes = new Stream(MATRIX, new ArrayDeque<>());
  private final Stream port = new Stream(TRANSFER, new ArrayDeque<>());
  private final long[] cycles = new long[8];
  private long from;
  private long change = Long.MAX_VALUE;
  private int busy;
  private long scalar;

  /// The scalar core is busy for `length` cycles from `at`.
  void scalar(long at, long length) {
    while (at >= change) {
      step();
    }
    scalar += length;
  }

  /// A tile unit is busy.
  void busy(Pipeline.Group group, long start, long end) {
    if (end <= start) {
      return;
    }
    Deque<Interval> pending =
        switch (group) {
          case MATRIX -> array.pending;
          case LANES -> lanes.pending;
          case PORT -> port.pending;
          case SCALAR -> throw new IllegalArgumentException("the scalar core issues");
        };
    Interval last = pending.peekLast();
    if (last != null && last.to >= start) {
      pending.removeLast();
      pending.addLast(new Interval(last.from, Math.max(last.to, end)));
    } else {
      pending.addLast(new Interval(start, end));
    }
    look();
  }

  /// Accounts for everything before `end`.
  void close(long end) {
    while (change < end) {
      step();
    }
    count(end);
    look();
  }

  /// {@return the cycles by set}
  long[] cycles() {
    return cycles.clone();
  }

  private void step() {
    count(change);
    look();
  }

  private void count(long to) {
    cycles[busy | SCALAR] += scalar;
    cycles[busy] += to - from - scalar;
    scalar = 0;
    from = to;
  }

  /// Finds who is busy now, and when that changes.
  private void look() {
    busy = 0;
    change = Long.MAX_VALUE;
    look(array);
    look(lanes);
    look(port);
  }

  private void look(Stream stream) {
    Interval head = stream.pending.peekFirst();
    while (head != null && head.to <= from) {
      stream.pending.removeFirst();
      head = stream.pending.peekFirst();
    }
    if (head == null) {
      return;
    }
    if (head.from <= from) {
      busy |= stream.bit;
      change = Math.min(change, head.to);
    } else {
      change = Math.min(change, head.from);
    }
  }
}
