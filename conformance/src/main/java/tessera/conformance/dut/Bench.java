package tessera.conformance.dut;

import tessera.conformance.Case;
import tessera.conformance.Places;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;

/// One hart with the arena and room for the code of a whole batch, on which cases run one after the
/// other. It keeps what is known of the text, as what may be accessed; the state of a case does not
/// outlive it.
public final class Bench {
  private static final byte[] ZEROS = new byte[Places.SLOT];
  private static final long LIMIT = 1 << 24;

  private final Hart hart;

  private Bench(Hart hart) {
    this.hart = hart;
  }

  /// {@return a bench of an ISA}
  public static Bench of(Isa isa) {
    Memory memory = Memory.of(Places.ARENA, Places.ARENA_BYTES, LIMIT);
    int data = Region.READ | Region.WRITE;
    memory.map(Region.memory("arena", Region.Kind.RAM, Places.ARENA, Places.ARENA_BYTES, data));
    long code = (long) Places.MOST * Places.SLOT;
    memory.map(Region.memory("code", Region.Kind.RAM, Places.CODE, code, Region.EXECUTE));
    return new Bench(Hart.of(isa, memory, 0));
  }

  /// {@return the hart after reset, and no code where a case's would begin}
  public Hart clear(long code) {
    hart.reset();
    hart.memory().fill(code, ZEROS, 0, ZEROS.length);
    return hart;
  }

  /// {@return the hart at the beginning of a case}
  public Hart install(Case given) {
    clear(given.before().pc());
    given.before().install(hart);
    hart.memory().fill(hart.pc(), given.code(), 0, given.code().length);
    return hart;
  }

  /// Takes a case's code away, so that no other case runs into it.
  public void remove(Case given) {
    hart.memory().fill(given.before().pc(), ZEROS, 0, ZEROS.length);
  }
}
