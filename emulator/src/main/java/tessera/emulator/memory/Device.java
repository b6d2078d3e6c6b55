package tessera.emulator.memory;

/// The registers of something that is not memory. Accesses are whole: one call for each load or
/// store of an instruction.
public interface Device {
  /// {@return the little-endian value of `bytes` (1 to 8) bytes, zero-extended}
  ///
  /// @param offset from the start of the region
  long load(long offset, int bytes);

  /// Stores the low `bytes` (1 to 8) bytes of `value`.
  ///
  /// @param offset from the start of the region
  void store(long offset, int bytes, long value);
}
