package tessera.isaspec.semantics;

import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;

/// The few reads and writes that semantics may do: a hart with its memory implements it. All is
/// raw: the rules of the text (x0, WARL, dirty) are the caller's.
public interface State {

  /// {@return register `index` of a file of at most 64 bits, zero-extended}
  long readRegister(RegisterFile file, int index);

  /// Writes register `index` of a file of at most 64 bits.
  void writeRegister(RegisterFile file, int index, long value);

  /// {@return `width` (1 to 64) bits of a file from bit `at`, zero-extended}
  long readBits(RegisterFile file, long at, int width);

  /// Writes `width` (1 to 64) bits of a file from bit `at`.
  void writeBits(RegisterFile file, long at, int width, long value);

  /// {@return the stored bits of a CSR}
  long readCsr(Csr csr);

  /// Stores the bits of a CSR.
  void writeCsr(Csr csr, long bits);

  /// {@return the address of the instruction at hand}
  long pc();

  void pc(long address);

  /// {@return 1 to 8 bytes, little-endian, zero-extended}
  ///
  /// @throws MemoryFault where the platform has nothing
  long load(long address, int bytes, AccessKind kind);

  /// Stores the low 1 to 8 bytes.
  ///
  /// @throws MemoryFault where the platform has nothing; then no byte is stored
  void store(long address, int bytes, long value, AccessKind kind);

  /// {@return whether the platform would refuse any byte; pure}
  boolean faults(long address, long bytes, AccessKind kind);

  /// {@return whether the text's `on access` (for a fetch, `on fetch`) is known to grant this, so
  /// that it need not be asked; who remembers nothing says no}
  default boolean isGranted(long address, long bytes, AccessKind kind) {
    return false;
  }

  /// {@return whether anything that the text's `on interrupt` reads may have changed since it was
  /// asked}
  default boolean mayInterrupt() {
    return false;
  }

  /// Holds a reservation of these bytes, and of no others, until a store of any hart touches one of
  /// them.
  void reserve(long address, int bytes);

  /// Gives up what reservation this hart holds.
  void release();

  /// {@return whether this hart holds a reservation of all these bytes; of no bytes: of any}
  boolean isReserved(long address, int bytes);

  /// {@return how often an event happened before this instruction: `cycles`, `retired`, or `event`
  /// with its code}
  long event(String event, long code);

  /// {@return the level or value of a platform line (`hart`, `mtime`, `external`, `timer`,
  /// `software`)}
  long input(String line);
}
