package tessera.emulator;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Reservation;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.State;

/// The state of a hart, and its way to memory.
///
/// Registers of at most 64 bits lie zero-extended in one array, file after file; wider files are
/// byte strings, register r from bit `r * width`, low bits first. CSRs hold their stored bits.
/// Engines reach into the arrays; whoever changes a CSR or a `reg` (a file of one register) does it
/// through this class, which then moves on to another *epoch*: what was true of them in an epoch
/// stays true in it.
public final class Hart implements State {
  private final Isa isa;
  private final Memory memory;
  private final int id;
  private final long[] registers;
  private final int[] offsets;
  private final byte[] @Nullable [] wide;
  private final long[] csrs;
  private final Evaluator evaluator;
  private final Watched guard;
  private final Watched alarm;
  private final Grants grants;
  private Grants.@Nullable View granted;
  private boolean attention = true;
  private boolean waiting;
  private long idle;
  private LongSupplier nextEvent = () -> Long.MAX_VALUE;
  private long lastEntry = -1;
  private @Nullable GuestTrap lastTrap;
  private long lastRetired = -1;
  private final Map<String, LongSupplier> lines = new HashMap<>();
  private final Step step = new Step(this);
  private final Reservation reservation = new Reservation();
  private final int pcFile;
  private long pc;
  private long retired;
  private long epoch;
  private boolean recording;
  private @Nullable Observer observer;
  private TrapHandler handler = TrapHandler.NONE;
  private @Nullable Exit exit;

  private Hart(Isa isa, Memory memory, int id) {
    this.isa = isa;
    this.memory = memory;
    this.id = id;
    List<RegisterFile> files = isa.registerFiles();
    offsets = new int[files.size()];
    wide = new byte[files.size()][];
    int narrow = 0;
    int pcOrdinal = -1;
    for (RegisterFile file : files) {
      if (file.width() <= 64) {
        offsets[file.ordinal()] = narrow;
        narrow += file.count();
      } else {
        long bits = (long) file.width() * file.count();
        wide[file.ordinal()] = new byte[Math.toIntExact(bits + 7 >>> 3)];
      }
      pcOrdinal = file.name().equals("pc") ? file.ordinal() : pcOrdinal;
    }
    pcFile = pcOrdinal;
    // One more register swallows what is written to a register that is always zero.
    registers = new long[narrow + 1];
    csrs = new long[isa.csrs().size()];
    epoch = (long) id << 48;
    evaluator = isa.evaluator();
    guard = Watched.by(isa, "access", "fetch");
    alarm = Watched.by(isa, GuestTrap.INTERRUPT);
    lines.put("hart", () -> id);
    clear();
    grants = Grants.of(isa, this, memory, evaluator, guard);
  }

  /// {@return a hart after reset, as the text says it}
  ///
  /// @param id its number, from 0
  public static Hart of(Isa isa, Memory memory, int id) {
    return new Hart(isa, memory, id);
  }

  public Isa isa() {
    return isa;
  }

  public Memory memory() {
    return memory;
  }

  /// {@return its number}
  public int id() {
    return id;
  }

  /// Puts all state of the hart back to what it is after reset; its memory stays as it is, and so
  /// do the platform's lines.
  public void reset() {
    Arrays.fill(registers, 0);
    for (byte[] bytes : wide) {
      if (bytes != null) {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    Arrays.fill(csrs, 0);
    clear();
    release();
    pc = 0;
    retired = 0;
    idle = 0;
    waiting = false;
    attention = true;
    lastEntry = -1;
    lastTrap = null;
    lastRetired = -1;
    exit = null;
    granted = null;
    epoch++;
  }

  private void clear() {
    for (RegisterFile file : isa.registerFiles()) {
      long low = file.reset().longValue();
      if (file.width() <= 64) {
        int at = offsets[file.ordinal()];
        Arrays.fill(registers, at, at + file.count(), low & ones(file.width()));
      } else if (file.reset().signum() != 0) {
        for (int r = 0; r < file.count(); r++) {
          for (int b = 0; b < file.width(); b++) {
            writeBits(file, (long) r * file.width() + b, 1, file.reset().testBit(b) ? 1 : 0);
          }
        }
      }
    }
  }

  // ------------------------------------------------------------------ what engines reach into

  /// {@return the registers of all files of at most 64 bits}
  public long[] registers() {
    return registers;
  }

  /// {@return where register 0 of a file of at most 64 bits lies in [#registers]}
  public int offset(RegisterFile file) {
    if (file.width() > 64) {
      throw new IllegalArgumentException(file + " is wide");
    }
    return offsets[file.ordinal()];
  }

  /// {@return the place in [#registers] that nobody reads}
  public int sink() {
    return registers.length - 1;
  }

  /// {@return the bytes of a file of more than 64 bits}
  public byte[] bytes(RegisterFile file) {
    byte[] all = wide[file.ordinal()];
    if (all == null) {
      throw new IllegalArgumentException(file + " is narrow");
    }
    return all;
  }

  /// {@return the stored bits of the CSRs by their place in the ISA, to be read only}
  public long[] csrs() {
    return csrs;
  }

  /// {@return a number that differs whenever a CSR or a `reg` may differ, of this hart or of
  /// another}
  public long epoch() {
    return epoch;
  }

  /// {@return what the instruction at hand does}
  public Step step() {
    return step;
  }

  /// {@return whether accesses are noted in [#step]}
  public boolean recording() {
    return recording;
  }

  /// Says who is told; null: nobody. Accesses are noted from now on if somebody is.
  public void observer(@Nullable Observer told) {
    observer = told;
    recording = told != null;
  }

  /// {@return who is told, or null}
  public @Nullable Observer observer() {
    return observer;
  }

  /// Says who takes traps.
  public void handler(TrapHandler taker) {
    handler = taker;
  }

  /// {@return who takes traps}
  public TrapHandler handler() {
    return handler;
  }

  /// Ends the run after the instruction at hand.
  public void stop(Exit how) {
    exit = how;
  }

  /// {@return how the run ends after the instruction at hand, or null}
  public @Nullable Exit exit() {
    return exit;
  }

  /// {@return the instructions completed since reset}
  public long retired() {
    return retired;
  }

  /// Sets the number of instructions completed.
  public void retired(long instructions) {
    retired = instructions;
  }

  /// Connects a line of the platform.
  public void connect(String line, LongSupplier level) {
    lines.put(line, level);
  }

  // ------------------------------------------------------------------ State

  @Override
  public long readRegister(RegisterFile file, int index) {
    if (file.ordinal() == pcFile) {
      return pc;
    }
    return file.width() <= 64
        ? registers[offsets[file.ordinal()] + index]
        : readBits(file, (long) index * file.width(), 64);
  }

  @Override
  public void writeRegister(RegisterFile file, int index, long value) {
    if (file.ordinal() == pcFile) {
      pc = value;
      return;
    }
    int at = offsets[file.ordinal()] + index;
    if (file.count() == 1 && registers[at] != value) {
      changed(file);
    }
    registers[at] = value;
  }

  private void changed(RegisterFile file) {
    epoch++;
    if (guard.reads(file.ordinal())) {
      granted = null;
    }
    attention |= alarm.reads(file.ordinal());
  }

  @Override
  public long readBits(RegisterFile file, long at, int width) {
    byte[] all = wide[file.ordinal()];
    if (all == null) {
      return narrowBits(file, at, width);
    }
    int first = (int) (at >>> 3);
    int low = (int) at & 7;
    if (low == 0 && (width & 7) == 0) {
      return Memory.get(all, first, width >>> 3);
    }
    long value = 0;
    for (int i = (low + width + 7 >>> 3) - 1; i > 0; i--) {
      value = value << 8 | all[first + i] & 0xffL;
    }
    return (value << 8 - low | (all[first] & 0xffL) >>> low) & ones(width);
  }

  private long narrowBits(RegisterFile file, long at, int width) {
    int base = offsets[file.ordinal()];
    int per = file.width();
    long value = 0;
    for (int done = 0; done < width; ) {
      int bit = (int) ((at + done) % per);
      int n = Math.min(per - bit, width - done);
      long part = registers[base + (int) ((at + done) / per)] >>> bit & ones(n);
      value |= part << done;
      done += n;
    }
    return value;
  }

  @Override
  public void writeBits(RegisterFile file, long at, int width, long value) {
    byte[] all = wide[file.ordinal()];
    if (all == null) {
      narrowBits(file, at, width, value);
      return;
    }
    if ((at & 7) == 0 && (width & 7) == 0) {
      Memory.put(all, (int) (at >>> 3), width >>> 3, value);
      return;
    }
    for (int done = 0; done < width; ) {
      int index = (int) (at + done >>> 3);
      int bit = (int) (at + done) & 7;
      int n = Math.min(8 - bit, width - done);
      int mask = (1 << n) - 1;
      int part = (int) (value >>> done) & mask;
      all[index] = (byte) (all[index] & ~(mask << bit) | part << bit);
      done += n;
    }
  }

  private void narrowBits(RegisterFile file, long at, int width, long value) {
    int base = offsets[file.ordinal()];
    int per = file.width();
    for (int done = 0; done < width; ) {
      int bit = (int) ((at + done) % per);
      int n = Math.min(per - bit, width - done);
      int index = base + (int) ((at + done) / per);
      long mask = ones(n) << bit;
      registers[index] = registers[index] & ~mask | value >>> done << bit & mask;
      done += n;
    }
    if (file.count() == 1) {
      changed(file);
    }
  }

  @Override
  public long readCsr(Csr csr) {
    return csrs[csr.ordinal()];
  }

  @Override
  public void writeCsr(Csr csr, long bits) {
    int i = csr.ordinal();
    long difference = csrs[i] ^ bits;
    if (difference != 0) {
      csrs[i] = bits;
      epoch++;
      if ((difference & guard.bits(i)) != 0) {
        granted = null;
      }
      attention |= (difference & alarm.bits(i)) != 0;
    }
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void pc(long address) {
    pc = address;
  }

  // ------------------------------------------------------------------ what the text grants

  /// {@return what the text grants in the state as it is}
  Grants.View granted() {
    Grants.View view = granted;
    if (view == null || !view.isOf(memory)) {
      view = grants.view();
      granted = view;
    }
    return view;
  }

  @Override
  public boolean isGranted(long address, long bytes, AccessKind kind) {
    return granted().grants(address, bytes, kind);
  }

  /// {@return whether all aligned accesses inside a range are known to be granted by the text}
  public boolean isRunGranted(long address, long bytes, AccessKind kind) {
    return granted().grantsRun(address, bytes, kind);
  }

  /// {@return whether elements side by side may be moved at once: the text grants an access to
  /// each, and all lie in memory, not in a device, that allows it}
  ///
  /// @param element bytes of an element; 0: less than one
  public boolean isPlainRun(long address, long bytes, int element, AccessKind kind) {
    Grants.View view = granted();
    return view.grantsRun(address, bytes, kind)
        && (element <= 1 || (address & element - 1) == 0 || view.grantsUnaligned(element, kind))
        && memory.isPlain(address, bytes, kind);
  }

  /// {@return what stands for the grants of the state as it is: the same object where nothing that
  /// the text reads has changed}
  public Object grants() {
    return granted();
  }

  /// {@return whether the text grants every access of a kind to all memory there is}
  public boolean isOpen(AccessKind kind) {
    return granted().isOpen(kind);
  }

  /// Asks the text for an access.
  ///
  /// @throws GuestTrap when it refuses
  public void ask(long address, long bytes, AccessKind kind) {
    if (!isGranted(address, bytes, kind)) {
      evaluator.ask(address, bytes, kind, this);
    }
  }

  /// {@return whether the text or the platform would refuse an access}
  public boolean refuses(long address, long bytes, AccessKind kind) {
    if (bytes <= 0) {
      return false;
    }
    try {
      ask(address, bytes, kind);
    } catch (GuestTrap _) {
      return true;
    }
    return memory.faults(address, bytes, kind);
  }

  /// Asks the text for all bytes of a run.
  private void askRun(long address, long bytes, AccessKind kind) {
    if (!isRunGranted(address, bytes, kind)) {
      for (long i = 0; i < bytes; i++) {
        ask(address + i, 1, kind);
      }
    }
  }

  // ------------------------------------------------------------------ traps and interrupts

  /// Lets the platform, or the text's `on trap`, take a trap of the instruction at pc.
  ///
  /// A handler whose first instruction traps again, and again the same way, would never get
  /// anywhere: then nobody takes it.
  public TrapHandler.Outcome take(GuestTrap trap) {
    TrapHandler.Outcome outcome = handler.trapped(this, trap);
    if (outcome != TrapHandler.Outcome.UNHANDLED) {
      return outcome;
    }
    long from = pc;
    GuestTrap last = lastTrap;
    boolean again =
        from == lastEntry
            && last != null
            && retired == lastRetired
            && last.cause() == trap.cause()
            && last.value() == trap.value()
            && !trap.isInterrupt();
    if (again || !evaluator.enter(trap, this)) {
      return TrapHandler.Outcome.UNHANDLED;
    }
    lastEntry = pc == from ? pc : -1;
    lastTrap = trap;
    lastRetired = retired;
    return TrapHandler.Outcome.ENTERED;
  }

  @Override
  public boolean mayInterrupt() {
    return attention;
  }

  /// Says that a line of the platform may have changed.
  public void attend() {
    attention = true;
  }

  /// {@return the interrupt that is to be taken now, or null; asked once, until something that
  /// matters changes}
  public @Nullable GuestTrap interrupt() {
    attention = false;
    GuestTrap interrupt = evaluator.interrupt(this);
    attention = interrupt != null;
    return interrupt;
  }

  /// Says when, in cycles, the platform's lines change next by themselves.
  public void events(LongSupplier next) {
    nextEvent = next;
  }

  /// {@return the cycle, later than now, in which a line of the platform changes by itself;
  /// `Long.MAX_VALUE`: none will}
  public long nextEvent() {
    return nextEvent.getAsLong();
  }

  /// {@return whether the instruction at pc awaits something, and has not begun}
  public boolean isWaiting() {
    return waiting;
  }

  /// Says whether the instruction at pc awaits something.
  public void waiting(boolean awaits) {
    waiting = awaits;
  }

  /// Lets time pass without instructions.
  public void idleUntil(long cycle) {
    long more = cycle - cycles();
    if (more > 0) {
      if (observer == null || !observer.waited(more)) {
        idle += more;
      }
      attention = true;
    }
  }

  // ------------------------------------------------------------------ memory

  @Override
  public long load(long address, int bytes, AccessKind kind) {
    ask(address, bytes, kind);
    long value = memory.load(address, bytes, kind);
    if (recording) {
      step.access(address, bytes, kind);
    }
    return value;
  }

  @Override
  public void store(long address, int bytes, long value, AccessKind kind) {
    ask(address, bytes, kind);
    memory.store(address, bytes, value, kind);
    if (recording) {
      step.access(address, bytes, kind);
    }
  }

  /// Reads bytes of memory into a file, all or none.
  ///
  /// @throws tessera.isaspec.semantics.MemoryFault with the first byte that may not be read
  public void load(long address, byte[] to, int offset, int length) {
    askRun(address, length, AccessKind.LOAD);
    memory.read(address, to, offset, length);
    if (recording) {
      step.access(address, length, AccessKind.LOAD);
    }
  }

  /// Writes bytes of a file to memory, all or none.
  ///
  /// @throws tessera.isaspec.semantics.MemoryFault with the first byte that may not be written
  public void store(long address, byte[] from, int offset, int length) {
    askRun(address, length, AccessKind.STORE);
    memory.write(address, from, offset, length);
    if (recording) {
      step.access(address, length, AccessKind.STORE);
    }
  }

  /// Refuses an access that touches a byte it may not.
  ///
  /// @throws tessera.isaspec.semantics.MemoryFault with the first such byte
  public void check(long address, long bytes, AccessKind kind) {
    ask(address, bytes, kind);
    memory.check(address, bytes, kind);
  }

  @Override
  public void reserve(long address, int bytes) {
    memory.reserve(reservation, address, bytes);
  }

  @Override
  public void release() {
    memory.release(reservation);
  }

  @Override
  public boolean isReserved(long address, int bytes) {
    return reservation.covers(address, bytes);
  }

  @Override
  public boolean faults(long address, long bytes, AccessKind kind) {
    return memory.faults(address, bytes, kind);
  }

  @Override
  public long event(String event, long code) {
    return switch (event) {
      case "retired" -> retired;
      case "cycles" -> cycles();
      default -> observer == null ? 0 : observer.event(code);
    };
  }

  /// {@return the cycles until now, those without instructions included; without a timing model an
  /// instruction is one}
  public long cycles() {
    return (observer == null ? retired : observer.cycles(retired)) + idle;
  }

  @Override
  public long input(String line) {
    LongSupplier level = lines.get(line);
    return level == null ? 0 : level.getAsLong();
  }

  private static long ones(int width) {
    return width >= 64 ? -1 : (1L << width) - 1;
  }
}
