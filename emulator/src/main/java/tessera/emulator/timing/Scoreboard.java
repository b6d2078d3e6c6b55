package tessera.emulator.timing;

import tessera.emulator.timing.Footprint.Flow;
import tessera.emulator.timing.Footprint.Order;
import tessera.emulator.timing.Footprint.Role;
import tessera.emulator.timing.Footprint.Tile;
import tessera.emulator.timing.Pipeline.Group;
import tessera.emulator.timing.Pipeline.Part;

/// An in-order scalar core that feeds decoupled tile units through queues (timing.md 2.4).
///
/// Each instruction takes constant time here. All times are maxima of sums of latencies, so more
/// latency never makes a run shorter. Every gap in front of an issue, and every wait in front of a
/// unit, goes to exactly one account as it arises, so accounts sum to T by construction.
final class Scoreboard implements Clock {
  private static final byte REDIRECT = 0;
  private static final byte RAW = 1;
  private static final byte LOAD = 2;
  private static final byte UNIT = 3;
  private static final byte QUEUE = 4;
  private static final byte SYNC = 5;
  private static final byte SERIAL = 6;

  private static final byte FIRST_DATA = 0;
  private static final byte OTHER_DATA = 1;
  private static final byte ACCUMULATOR_WRITTEN = 2;
  private static final byte ACCUMULATOR_READ = 3;
  private static final byte LANES_RAW = 0;
  private static final byte LANES_ACCUMULATOR = 1;
  private static final byte LANES_WAR = 2;
  private static final byte PORT_DATA = 0;
  private static final byte PORT_WAR = 1;

  private final Pipeline pipeline;
  private final Part[] parts;
  private final TileUnit array;
  private final TileUnit lanes;
  private final TileUnit port;
  private final Overlap overlap = new Overlap();

  // The scalar core
  private long issued;
  private int used;
  private long fetch;
  private long serial;
  private long complete;
  private long busy;
  private final long[] stalls = new long[Counter.SCALAR_STALL.names().size()];
  private final long[] ready;
  private final byte[] cause;
  private final long[] free;

  // Tile registers: results complete, last read over, who wrote
  private final long[] last;
  private final long[] read;
  private final Group[] writer;
  private long portComplete;

  /// @param scalars number of scalar registers
  /// @param tiles number of tile registers
  Scoreboard(Pipeline pipeline, int scalars, int tiles) {
    this.pipeline = pipeline;
    this.parts = pipeline.parts().toArray(Part[]::new);
    this.array = unit(Group.MATRIX, Counter.MATRIX_STALL);
    this.lanes = unit(Group.LANES, Counter.LANES_STALL);
    this.port = unit(Group.PORT, Counter.PORT_STALL);
    this.ready = new long[scalars];
    this.cause = new byte[scalars];
    this.free = new long[parts.length];
    this.last = new long[tiles];
    this.read = new long[tiles];
    this.writer = new Group[tiles];
    java.util.Arrays.fill(writer, Group.SCALAR);
  }

  private TileUnit unit(Group group, Counter stall) {
    Part part =
        pipeline.parts().stream()
            .filter(p -> p.group() == group)
            .findFirst()
            .orElse(new Part("", group, true, 1, 0, true));
    return new TileUnit(part, stall.names().size());
  }

  @Override
  public void retire(Footprint insn, Execution execution) {
    Part part = parts[insn.shape.part()];
    if (part.group() == Group.SCALAR) {
      long t = issue(insn, free[insn.shape.part()], UNIT);
      execute(insn, execution, t, part.pipelined());
    } else {
      TileUnit unit = unit(part.group());
      long t = issue(insn, unit.room(pipeline.slot()), QUEUE);
      enqueue(insn, execution, t + pipeline.dispatch(), part.group(), unit);
    }
  }

  /// {@return the cycle in which the instruction issues}
  private long issue(Footprint insn, long takes, byte taken) {
    long t = now();
    byte reason = REDIRECT;
    if (fetch > t) {
      t = fetch;
    }
    for (int r : insn.reads) {
      if (ready[r] > t) {
        t = ready[r];
        reason = cause[r];
      }
    }
    if (takes > t) {
      t = takes;
      reason = taken;
    }
    if (insn.shape.order() == Order.MEMORY && portComplete > t) {
      t = portComplete;
      reason = SYNC;
    }
    if (serial > t) {
      t = serial;
      reason = SERIAL;
    }
    if (used > 0 && t == issued) {
      used++;
      return t;
    }
    stalls[reason] += t - (used > 0 ? issued + pipeline.slot() : issued);
    overlap.scalar(t, pipeline.slot());
    busy += pipeline.slot();
    issued = t;
    used = 1;
    return t;
  }

  private void execute(Footprint insn, Execution execution, long t, boolean pipelined) {
    long occupied = pipelined ? execution.issue : Math.max(execution.issue, execution.latency);
    free[insn.shape.part()] = t + occupied;
    for (int r : insn.writes) {
      ready[r] = t + execution.latency;
      cause[r] = insn.shape.kind() == InstructionClass.LOAD ? LOAD : RAW;
    }
    long done = t + Math.max(occupied, execution.latency);
    if (insn.shape.flow() != Flow.NEXT) {
      fetch = Math.max(fetch, t + redirect(insn, execution));
      done = Math.max(done, fetch);
    }
    switch (insn.shape.order()) {
      case NONE, MEMORY -> {}
      case SERIAL -> serial = done;
      case CODE -> serial = Math.max(done, t + pipeline.slot() + pipeline.redirect());
    }
    complete = Math.max(complete, Math.max(done, serial));
  }

  /// {@return the cycles from a branch's or jump's issue to the next instruction's}
  private long redirect(Footprint insn, Execution execution) {
    long slot = pipeline.slot();
    return switch (insn.shape.flow()) {
      case NEXT -> slot;
      case BRANCH -> {
        boolean predicted = insn.shape.backward() && pipeline.backwardTaken();
        long right = execution.taken ? Math.max(slot, execution.issue) : slot;
        yield predicted == execution.taken ? right : Math.max(right, slot + pipeline.redirect());
      }
      case JUMP -> Math.max(slot, execution.issue);
      case INDIRECT -> Math.max(execution.issue, slot + pipeline.indirect());
    };
  }

  private void enqueue(
      Footprint insn, Execution execution, long arrival, Group group, TileUnit unit) {
    long start = Math.max(arrival, unit.free());
    byte reason = 0;
    for (int i = 0; i < insn.tiles.size(); i++) {
      Role role = insn.tiles.get(i).role();
      for (int r = execution.first[i]; r < execution.first[i] + execution.span[i]; r++) {
        boolean own = group == Group.MATRIX && writer[r] == group;
        if (last[r] > start && !(own && writes(role))) {
          start = last[r];
          reason = waitsForWriter(group, role, writer[r]);
        }
        if (writes(role) && read[r] > start) {
          start = read[r];
          reason = waitsForReader(group);
        }
      }
    }
    long fed = start + execution.issue;
    long done =
        group == Group.MATRIX
            ? start + Math.max(execution.issue, execution.latency)
            : fed - pipeline.slot() + Math.max(pipeline.slot(), execution.latency);
    unit.start(arrival, start, reason, execution.issue, done, overlap);
    settle(insn, execution, group, fed, done);
  }

  /// Notes when registers are read and written.
  private void settle(Footprint insn, Execution execution, Group group, long fed, long done) {
    for (int i = 0; i < insn.tiles.size(); i++) {
      Tile tile = insn.tiles.get(i);
      for (int r = execution.first[i]; r < execution.first[i] + execution.span[i]; r++) {
        if (writes(tile.role())) {
          last[r] = Math.max(last[r], done);
          writer[r] = group;
        }
        // An accumulator stays in the cells: its reads are the array's own business
        if (tile.role() != Role.RESULT && !(group == Group.MATRIX && writes(tile.role()))) {
          read[r] = Math.max(read[r], fed);
        }
      }
    }
    for (int r : insn.writes) {
      ready[r] = done;
      cause[r] = SYNC;
    }
    if (group == Group.PORT) {
      portComplete = Math.max(portComplete, done);
    }
    complete = Math.max(complete, done);
  }

  private static boolean writes(Role role) {
    return role == Role.ACCUMULATOR || role == Role.RESULT;
  }

  private static byte waitsForWriter(Group group, Role role, Group writer) {
    return switch (group) {
      case MATRIX ->
          switch (role) {
            case FIRST_OPERAND -> FIRST_DATA;
            case OTHER_OPERAND -> OTHER_DATA;
            case ACCUMULATOR, RESULT -> ACCUMULATOR_WRITTEN;
          };
      case LANES ->
          role == Role.RESULT ? LANES_WAR : writer == Group.MATRIX ? LANES_ACCUMULATOR : LANES_RAW;
      case PORT -> writes(role) ? PORT_WAR : PORT_DATA;
      case SCALAR -> throw new IllegalArgumentException("scalar units have no queue");
    };
  }

  private static byte waitsForReader(Group group) {
    return switch (group) {
      case MATRIX -> ACCUMULATOR_READ;
      case LANES -> LANES_WAR;
      case PORT -> PORT_WAR;
      case SCALAR -> throw new IllegalArgumentException("scalar units have no queue");
    };
  }

  private TileUnit unit(Group group) {
    return switch (group) {
      case MATRIX -> array;
      case LANES -> lanes;
      case PORT -> port;
      case SCALAR -> throw new IllegalArgumentException("scalar units have no queue");
    };
  }

  @Override
  public long now() {
    return used == 0 || used < pipeline.width() ? issued : issued + pipeline.slot();
  }

  @Override
  public void idle(long cycles) {
    complete = Math.max(complete, now() + cycles);
    drain();
  }

  @Override
  public void drain() {
    long from = used > 0 ? issued + pipeline.slot() : issued;
    long end = Math.max(from, complete);
    stalls[SYNC] += end - from;
    issued = end;
    used = 0;
    overlap.close(end);
    array.close(end);
    lanes.close(end);
    port.close(end);
  }

  @Override
  public void measure(Counters.Builder into) {
    into.set(Counter.CYCLES, issued);
    into.set(Counter.SCALAR_BUSY, busy).set(Counter.SCALAR_STALL, stalls.clone());
    if (pipeline.has(Group.MATRIX)) {
      into.set(Counter.MATRIX_BUSY, array.busy()).set(Counter.MATRIX_STREAM, array.stream());
      into.set(Counter.MATRIX_FILL, 0).set(Counter.MATRIX_DRAIN, array.drained());
      into.set(Counter.MATRIX_STALL, array.stalls()).set(Counter.MATRIX_IDLE, array.idle());
    }
    if (pipeline.has(Group.LANES)) {
      into.set(Counter.LANES_BUSY, lanes.busy());
      into.set(Counter.LANES_STALL, lanes.stalls()).set(Counter.LANES_IDLE, lanes.idle());
    }
    if (pipeline.has(Group.PORT)) {
      into.set(Counter.PORT_BUSY, port.busy());
      into.set(Counter.PORT_STALL, port.stalls()).set(Counter.PORT_IDLE, port.idle());
    }
    into.set(Counter.OVERLAP, overlap.cycles());
  }
}
