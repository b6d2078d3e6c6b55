package tessera.emulator;

/// What a program runs on, besides the machine's ISA (machines.md 1).
///
/// @param memory bytes of main memory
/// @param strict main memory is only the program's segments, with their permissions, a heap and the
///   stack, so that overruns are found
/// @param unitsOn the float, vector and tile units are on after reset, so that a kernel needs no
///   boot code
/// @param hostMemory bytes that the host gives for pages that the program touches
/// @param harts how many harts run the program
public record Platform(long memory, boolean strict, boolean unitsOn, long hostMemory, int harts) {
  /// Where main memory begins.
  public static final long RAM = 0x8000_0000L;

  /// Where the scratchpad of hart 0 begins.
  public static final long SCRATCHPAD = 0x4000_0000L;

  /// Where the timer's registers begin.
  public static final long CLINT = 0x0200_0000L;

  /// Where the serial port's registers begin.
  public static final long UART = 0x1000_0000L;

  /// Where the heap begins, unless the program lies there.
  public static final long HEAP = 0x8200_0000L;

  /// Where the stack ends, unless the program reaches there.
  public static final long STACK = 0x8400_0000L;

  /// The most main memory there may be.
  public static final long MOST_MEMORY = 1L << 38;

  /// The most harts there may be.
  public static final int MOST_HARTS = 64;

  private static final long GIB = 1L << 30;

  public Platform {
    if (memory <= 0 || memory > MOST_MEMORY) {
      throw new IllegalArgumentException("memory of " + memory + " bytes");
    }
    if (harts < 1 || harts > MOST_HARTS) {
      throw new IllegalArgumentException(harts + " harts");
    }
  }

  /// {@return 1 GiB of main memory, all units on, three quarters of the host's heap for pages}
  public static Platform standard() {
    return new Platform(GIB, false, true, Runtime.getRuntime().maxMemory() / 4 * 3, 1);
  }

  /// {@return the same with other main memory}
  public Platform withMemory(long bytes) {
    return new Platform(bytes, strict, unitsOn, hostMemory, harts);
  }

  /// {@return the same, finding overruns}
  public Platform strictly() {
    return new Platform(memory, true, unitsOn, hostMemory, harts);
  }

  /// {@return the same with all units off after reset}
  public Platform withUnitsOff() {
    return new Platform(memory, strict, false, hostMemory, harts);
  }

  /// {@return the same with another bound on pages}
  public Platform withHostMemory(long bytes) {
    return new Platform(memory, strict, unitsOn, bytes, harts);
  }

  /// {@return the same with so many harts}
  public Platform withHarts(int count) {
    return new Platform(memory, strict, unitsOn, hostMemory, count);
  }
}
