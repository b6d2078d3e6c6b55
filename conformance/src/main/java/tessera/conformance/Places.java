package tessera.conformance;

/// Where cases lie in the address space, the same for every device.
///
/// Around the arena and behind the code nothing is mapped.
public final class Places {
  /// The code of case 0 of a batch.
  public static final long CODE = 0x4000_0000L;

  /// Bytes from the code of one case to that of the next; what is not code is zero, and a zero word
  /// is an illegal instruction of every ISA.
  public static final int SLOT = 256;

  /// The cases that a batch may have.
  public static final int MOST = 1 << 14;

  /// The memory that cases may use.
  public static final long ARENA = 0x5000_0000L;

  /// Its bytes: one page.
  public static final int ARENA_BYTES = 4096;

  private Places() {}

  /// {@return where the code of a batch's n-th case begins}
  public static long code(int n) {
    return CODE + (long) n * SLOT;
  }

  /// {@return whether an access may go here on any device: into the arena, close to it, or to where
  /// no process has anything}
  public static boolean isComparable(long address) {
    boolean near = Math.abs(address - ARENA) < 1 << 16;
    return near || address >= 0 && address < 4096 || address >>> 47 != 0;
  }
}
