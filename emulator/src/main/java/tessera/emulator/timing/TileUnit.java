package tessera.emulator.timing;

/// One decoupled, in-order tile unit: its queue, its time line and its account.
final class TileUnit {
  private final Pipeline.Group group;
  private final boolean skewed;
  private final long[] starts;
  private final long[] stalls;
  private long operations;
  private long free;
  private long held;
  private long fed;
  private long busy;
  private long stream;
  private long drain;
  private long idle;

  TileUnit(Pipeline.Part part, int reasons) {
    this.group = part.group();
    this.skewed = part.skewed();
    this.starts = new long[Math.max(1, part.queue())];
    this.stalls = new long[reasons];
  }

  /// {@return the cycle after which the queue has room}
  long room(long slot) {
    return operations < starts.length ? 0 : starts[place()] + slot;
  }

  /// {@return the cycle from which it takes an operation}
  long free() {
    return free;
  }

  /// Starts an operation that came into the queue at `arrival`.
  ///
  /// @param reason what it waited for last, where it waited longer than for the unit
  /// @param issue cycles that it feeds the unit
  /// @param last the cycle from which its results can be used
  void start(long arrival, long start, int reason, long issue, long last, Overlap overlap) {
    starts[place()] = start;
    operations++;
    long end = group == Pipeline.Group.MATRIX ? Math.max(held, last) : start + issue;
    if (start > held) {
      long waits = Math.max(held, arrival);
      idle += waits - held;
      if (start > waits) {
        stalls[reason] += start - waits;
      }
    }
    drain += Math.min(start, held) - fed;
    long from = Math.max(start, held);
    busy += end - from;
    overlap.busy(group, from, end);
    fed = start + issue;
    stream += issue;
    held = end;
    free = skewed ? fed : last;
  }

  /// Closes the account at `now`, when it is empty.
  void close(long now) {
    drain += held - fed;
    idle += now - held;
    held = now;
    fed = now;
  }

  long busy() {
    return busy;
  }

  long stream() {
    return stream;
  }

  long drained() {
    return drain;
  }

  long idle() {
    return idle;
  }

  long[] stalls() {
    return stalls.clone();
  }

  private int place() {
    return (int) (operations % starts.length);
  }
}
