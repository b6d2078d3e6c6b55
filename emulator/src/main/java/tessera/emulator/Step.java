package tessera.emulator;

import java.util.Arrays;
import tessera.emulator.memory.Region;
import tessera.isaspec.semantics.AccessKind;

/// What one execution of an instruction did, as far as its text does not say it already. One object
/// is used again for every instruction: an [Observer] keeps none.
///
/// Memory accesses are *runs*: accesses of one kind that continue or overlap the run before them
/// are part of it, so that an engine that copies a row and one that moves it element by element
/// report the same.
public final class Step {
  private final Hart hart;
  private long pc;
  private long next;
  private boolean taken;
  private int runs;
  private long[] from = new long[4];
  private long[] bytes = new long[4];
  private AccessKind[] kinds = new AccessKind[4];
  private long active;
  private long memoryLatency;

  Step(Hart hart) {
    this.hart = hart;
    Arrays.fill(kinds, AccessKind.LOAD);
  }

  /// {@return the hart, as it is after the instruction}
  public Hart hart() {
    return hart;
  }

  /// {@return the address of the instruction}
  public long pc() {
    return pc;
  }

  /// {@return the address of the instruction that follows}
  public long next() {
    return next;
  }

  /// {@return whether another instruction than the one behind it follows}
  public boolean taken() {
    return taken;
  }

  /// {@return the number of runs of memory accesses}
  public int runs() {
    return runs;
  }

  /// {@return the first byte of run `i`}
  public long address(int i) {
    return from[i];
  }

  /// {@return the bytes of run `i`}
  public long bytes(int i) {
    return bytes[i];
  }

  /// {@return why run `i` touched memory}
  public AccessKind kind(int i) {
    return kinds[i];
  }

  /// {@return what run `i` touched}
  public Region.Kind place(int i) {
    Region region = hart.memory().region(from[i]);
    return region == null ? Region.Kind.RAM : region.kind();
  }

  /// {@return the active elements of a declared loop}
  public long active() {
    return active;
  }

  /// Says what `mem_latency` is in the costs of this instruction.
  public void memoryLatency(long cycles) {
    memoryLatency = cycles;
  }

  /// {@return what `mem_latency` is in the costs of this instruction}
  public long memoryLatency() {
    return memoryLatency;
  }

  // ------------------------------------------------------------------ what engines do

  /// Forgets the instruction before.
  public void begin(long address) {
    pc = address;
    taken = false;
    runs = 0;
    active = 0;
    memoryLatency = 0;
  }

  /// Notes where it goes on.
  public void end(long address, boolean jumped) {
    next = address;
    taken = jumped;
  }

  /// Notes active elements.
  public void addActive(long elements) {
    active += elements;
  }

  /// Notes an access.
  public void access(long address, long size, AccessKind kind) {
    int i = runs - 1;
    if (i >= 0 && kinds[i] == kind && address >= from[i] && address <= from[i] + bytes[i]) {
      bytes[i] = Math.max(bytes[i], address + size - from[i]);
    } else if (size > 0) {
      add(address, size, kind);
    }
  }

  private void add(long address, long size, AccessKind kind) {
    if (runs == from.length) {
      from = Arrays.copyOf(from, 2 * runs);
      bytes = Arrays.copyOf(bytes, 2 * runs);
      kinds = Arrays.copyOf(kinds, 2 * runs);
    }
    from[runs] = address;
    bytes[runs] = size;
    kinds[runs++] = kind;
  }

  /// {@return the same runs, for comparison in tests}
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append(Long.toHexString(pc)).append(" -> ").append(Long.toHexString(next));
    for (int i = 0; i < runs; i++) {
      out.append(' ').append(kinds[i].word()).append(' ').append(Long.toHexString(from[i]));
      out.append('+').append(bytes[i]);
    }
    return out.toString();
  }
}
