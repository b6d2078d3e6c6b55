package tessera.emulator.timing;

import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.State;

/// A hart's state of which only CSRs that hold one given value are ever asked.
record NoState(long csr) implements State {
  @Override
  public long readRegister(RegisterFile file, int index) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeRegister(RegisterFile file, int index, long value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long readBits(RegisterFile file, long at, int width) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeBits(RegisterFile file, long at, int width, long value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long readCsr(Csr which) {
    return csr;
  }

  @Override
  public void writeCsr(Csr which, long bits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long pc() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void pc(long address) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long load(long address, int bytes, AccessKind kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void store(long address, int bytes, long value, AccessKind kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean faults(long address, long bytes, AccessKind kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long event(String event, long code) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long input(String line) {
    throw new UnsupportedOperationException();
  }
}
