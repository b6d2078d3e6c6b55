package tessera.emulator.interpreter;

import java.util.Arrays;
import tessera.emulator.Hart;
import tessera.isaspec.semantics.AccessKind;

/// Where one instruction runs: its hart, its names, the flags raised and the writes that wait for
/// the end of the step.
final class Frame {
  /// Does a write that has waited.
  interface Sink {
    /// Does the write.
    void commit(Frame f, long place, long value);
  }

  /// how many names may hold what is no `long`
  static final int THINGS = 256;

  final Hart hart;
  final long[] x;
  final long[] csrs;
  final Object[] things;
  long[] slots = new long[64];

  /// the sum of [Kernel#bit] over what was raised in this step
  int flags;

  /// the address of the instruction, and of the one after it
  long pc;

  long next;

  /// the fetched bits
  long word;

  /// where it goes on; equal to `next` where it does not jump
  long target;

  boolean jumped;
  boolean stopped;

  /// what the lanes of a loop write, until all of them have read
  byte[] shadow = new byte[0];

  /// whether a lane has written
  boolean wrote;

  private int waiting;
  private Sink[] sinks = new Sink[16];
  private long[] places = new long[16];
  private long[] values = new long[16];

  private int stores;
  private long[] addresses = new long[16];
  private int[] lengths = new int[16];

  Frame(Hart hart) {
    this.hart = hart;
    this.x = hart.registers();
    this.csrs = hart.csrs();
    this.things = new Object[THINGS];
  }

  /// Makes room for the names of a body.
  void room(int names) {
    if (slots.length < names) {
      slots = new long[2 * names];
    }
  }

  /// Begins an instruction.
  void begin(long address, long bits, int bytes) {
    pc = address;
    word = bits;
    next = address + bytes;
    target = next;
    jumped = false;
    stopped = false;
    flags = 0;
    waiting = 0;
    stores = 0;
  }

  /// Forgets the effects of a step that has trapped.
  void drop() {
    waiting = 0;
    stores = 0;
    flags = 0;
  }

  /// Lets a write wait for the end of the step.
  void later(Sink sink, long place, long value) {
    if (waiting == sinks.length) {
      sinks = Arrays.copyOf(sinks, 2 * waiting);
      places = Arrays.copyOf(places, 2 * waiting);
      values = Arrays.copyOf(values, 2 * waiting);
    }
    sinks[waiting] = sink;
    places[waiting] = place;
    values[waiting++] = value;
  }

  /// Lets a store wait for the end of the step.
  void laterStore(Sink sink, long address, int bytes, long value) {
    if (stores == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * stores);
      lengths = Arrays.copyOf(lengths, 2 * stores);
    }
    addresses[stores] = address;
    lengths[stores++] = bytes;
    later(sink, address, value);
  }

  /// Does the writes of the step; all its stores are probed first.
  void commit() {
    if (stores > 1) {
      for (int i = 0; i < stores; i++) {
        hart.check(addresses[i], lengths[i], AccessKind.STORE);
      }
    }
    for (int i = 0; i < waiting; i++) {
      sinks[i].commit(this, places[i], values[i]);
    }
    waiting = 0;
    stores = 0;
  }
}
