package tessera.conformance;

import java.util.Arrays;
import tessera.emulator.Hart;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;

/// All that a hart and the arena hold at one moment.
///
/// Mutable while it is made; whoever has been given one copies before changing it.
public final class Snapshot {
  private final Isa isa;
  private final long[][] narrow;
  private final byte[][] wide;
  private final long[] csrs;
  private long pc;
  private byte[] arena;

  private Snapshot(Isa isa, long[][] narrow, byte[][] wide, long[] csrs, long pc, byte[] arena) {
    this.isa = isa;
    this.narrow = narrow;
    this.wide = wide;
    this.csrs = csrs;
    this.pc = pc;
    this.arena = arena;
  }

  /// {@return what a hart holds; the arena is `arena` itself where memory holds the same bytes}
  public static Snapshot of(Hart hart, byte[] arena) {
    Isa isa = hart.isa();
    int files = isa.registerFiles().size();
    long[][] narrow = new long[files][];
    byte[][] wide = new byte[files][];
    for (RegisterFile file : isa.registerFiles()) {
      if (file.width() <= 64) {
        long[] values = new long[file.count()];
        for (int r = 0; r < values.length; r++) {
          values[r] = hart.readRegister(file, r);
        }
        narrow[file.ordinal()] = values;
        wide[file.ordinal()] = new byte[0];
      } else {
        narrow[file.ordinal()] = new long[0];
        wide[file.ordinal()] = hart.bytes(file).clone();
      }
    }
    byte[] now = new byte[arena.length];
    hart.memory().read(Places.ARENA, now, 0, now.length);
    byte[] kept = Arrays.equals(now, arena) ? arena : now;
    return new Snapshot(isa, narrow, wide, hart.csrs().clone(), hart.pc(), kept);
  }

  /// {@return one that can be changed apart; the arena is shared until it is replaced}
  public Snapshot copy() {
    long[][] n = narrow.clone();
    Arrays.setAll(n, i -> narrow[i].clone());
    byte[][] w = wide.clone();
    Arrays.setAll(w, i -> wide[i].clone());
    return new Snapshot(isa, n, w, csrs.clone(), pc, arena);
  }

  /// Puts all of it into a hart and its memory.
  public void install(Hart hart) {
    for (RegisterFile file : isa.registerFiles()) {
      long[] values = narrow[file.ordinal()];
      for (int r = 0; r < values.length; r++) {
        if (file.zero() == null || file.zero() != r) {
          hart.writeRegister(file, r, values[r]);
        }
      }
      byte[] bytes = wide[file.ordinal()];
      if (bytes.length > 0) {
        System.arraycopy(bytes, 0, hart.bytes(file), 0, bytes.length);
      }
    }
    for (Csr csr : isa.csrs()) {
      hart.writeCsr(csr, csrs[csr.ordinal()]);
    }
    hart.pc(pc);
    hart.memory().fill(Places.ARENA, arena, 0, arena.length);
  }

  public Isa isa() {
    return isa;
  }

  public long pc() {
    return pc;
  }

  /// Sets the address of the next instruction.
  public void pc(long address) {
    pc = address;
  }

  /// {@return the registers of a file of at most 64 bits, to be changed in place}
  public long[] narrow(RegisterFile file) {
    return narrow[file.ordinal()];
  }

  /// {@return the bytes of a file of more than 64 bits, to be changed in place}
  public byte[] wide(RegisterFile file) {
    return wide[file.ordinal()];
  }

  /// {@return the stored bits of a CSR}
  public long csr(Csr csr) {
    return csrs[csr.ordinal()];
  }

  /// Sets the stored bits of a CSR.
  public void csr(Csr csr, long bits) {
    csrs[csr.ordinal()] = bits;
  }

  /// {@return the memory that cases may use, not to be changed}
  public byte[] arena() {
    return arena;
  }

  /// Replaces the memory that cases may use.
  public void arena(byte[] bytes) {
    arena = bytes;
  }
}
