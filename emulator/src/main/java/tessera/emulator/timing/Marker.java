package tessera.emulator.timing;

/// The hint that marks regions of a program (timing.md 2.6): set-less-than-immediate of x0 into x0,
/// which every RISC-V machine ignores. Its immediate N > 0 starts region N, -N ends it.
final class Marker {
  // imm[11:0] | rs1 = 00000 | funct3 = 010 | rd = 00000 | opcode = 0010011
  private static final long MASK = 0x000f_ffff;
  private static final long MATCH = 0x0000_2013;

  private Marker() {}

  /// {@return the region that the word starts (positive) or ends (negative), or 0}
  static int of(long word) {
    return (word & MASK) == MATCH ? (int) word >> 20 : 0;
  }
}
