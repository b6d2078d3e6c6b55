package tessera.isaspec.check;

import java.util.HashMap;
import java.util.Map;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.State;

/// A hart for trying an instruction out: registers are kept where they were written, all else reads
/// 0, and memory is everywhere.
final class ScratchState implements State {
  private record Place(RegisterFile file, long chunk) {}

  private final Map<Place, Long> chunks = new HashMap<>();
  private final Map<Csr, Long> csrs = new HashMap<>();
  private long pc = 0x1000;

  ScratchState(Isa isa) {
    isa.csrs().forEach(c -> csrs.put(c, c.reset()));
    for (RegisterFile file : isa.registerFiles()) {
      if (file.reset().signum() != 0) {
        for (int r = 0; r < file.count(); r++) {
          for (int done = 0; done < file.width(); done += 32) {
            int n = Math.min(32, file.width() - done);
            writeBits(
                file, (long) r * file.width() + done, n, file.reset().shiftRight(done).longValue());
          }
        }
      }
    }
  }

  @Override
  public long readRegister(RegisterFile file, int index) {
    return readBits(file, (long) index * file.width(), Math.min(64, file.width()));
  }

  @Override
  public void writeRegister(RegisterFile file, int index, long value) {
    writeBits(file, (long) index * file.width(), Math.min(64, file.width()), value);
  }

  @Override
  public long readBits(RegisterFile file, long at, int width) {
    int shift = (int) (at & 63);
    long low = chunk(file, at >> 6) >>> shift;
    long high = shift == 0 ? 0 : chunk(file, (at >> 6) + 1) << (64 - shift);
    return (low | high) & ones(width);
  }

  private long chunk(RegisterFile file, long n) {
    return chunks.getOrDefault(new Place(file, n), 0L);
  }

  private static long ones(int width) {
    return width >= 64 ? -1 : (1L << width) - 1;
  }

  @Override
  public void writeBits(RegisterFile file, long at, int width, long value) {
    for (int i = 0; i < width; i++) {
      long bit = at + i;
      long one = 1L << (bit & 63);
      long old = chunk(file, bit >> 6);
      chunks.put(new Place(file, bit >> 6), (value >> i & 1) != 0 ? old | one : old & ~one);
    }
  }

  @Override
  public long readCsr(Csr csr) {
    return csrs.getOrDefault(csr, 0L);
  }

  @Override
  public void writeCsr(Csr csr, long bits) {
    csrs.put(csr, bits);
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void pc(long address) {
    pc = address;
  }

  @Override
  public long load(long address, int bytes, AccessKind kind) {
    return 0;
  }

  @Override
  public void store(long address, int bytes, long value, AccessKind kind) {}

  @Override
  public boolean faults(long address, long bytes, AccessKind kind) {
    return false;
  }

  @Override
  public void reserve(long address, int bytes) {}

  @Override
  public void release() {}

  @Override
  public boolean isReserved(long address, int bytes) {
    return false;
  }

  @Override
  public long event(String event, long code) {
    return 0;
  }

  @Override
  public long input(String line) {
    return 0;
  }
}
