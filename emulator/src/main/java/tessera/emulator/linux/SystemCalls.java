package tessera.emulator.linux;

import tessera.emulator.Console;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// The system calls of a program without an operating system: standard streams, its heap, the time,
/// its end. All others answer that they do not exist.
public final class SystemCalls {
  private static final int READ = 63;
  private static final int WRITE = 64;
  private static final int EXIT = 93;
  private static final int EXIT_GROUP = 94;
  private static final int CLOCK_GETTIME = 113;
  private static final int BRK = 214;

  private static final long BAD_FILE = -9;
  private static final long BAD_ADDRESS = -14;
  private static final long INVALID = -22;
  private static final long NOT_THERE = -38;
  private static final long SECOND = 1_000_000_000;
  private static final int CHUNK = 1 << 16;

  private final Console console;
  private final long heap;
  private final long heapEnd;
  private final long hertz;
  private long end;

  private SystemCalls(Console console, long heap, long heapEnd, long hertz) {
    this.console = console;
    this.heap = heap;
    this.heapEnd = heapEnd;
    this.hertz = hertz;
    this.end = heap;
  }

  /// {@return the calls of a program}
  ///
  /// @param heap its first byte
  /// @param heapEnd the byte after its last
  /// @param hertz cycles a second
  public static SystemCalls of(Console console, long heap, long heapEnd, long hertz) {
    return new SystemCalls(console, heap, heapEnd, hertz);
  }

  /// {@return the result; a negative errno where it fails}
  public long call(Hart hart, long number, long[] arguments) {
    try {
      return switch ((int) number) {
        case READ -> read(hart, arguments[0], arguments[1], arguments[2]);
        case WRITE -> write(hart, arguments[0], arguments[1], arguments[2]);
        case EXIT -> exit(hart, arguments[0], "exit");
        case EXIT_GROUP -> exit(hart, arguments[0], "exit_group");
        case CLOCK_GETTIME -> time(hart, arguments[0], arguments[1]);
        case BRK -> brk(arguments[0]);
        default -> NOT_THERE;
      };
    } catch (MemoryFault _) {
      return BAD_ADDRESS;
    }
  }

  private static long exit(Hart hart, long code, String how) {
    hart.stop(new Exit.Halted((int) code & 255, how));
    return 0;
  }

  private long read(Hart hart, long file, long address, long length) {
    if (file != 0) {
      return BAD_FILE;
    }
    long most = Math.min(length, CHUNK);
    hart.memory().check(address, Math.max(most, 0), AccessKind.STORE);
    byte[] line = new byte[(int) Math.max(most, 0)];
    int n = 0;
    while (n < line.length) {
      int c = console.read();
      if (c < 0) {
        break;
      }
      line[n++] = (byte) c;
      if (c == '\n') {
        break;
      }
    }
    hart.memory().write(address, line, 0, n);
    return n;
  }

  private long write(Hart hart, long file, long address, long length) {
    if (file != 1 && file != 2) {
      return BAD_FILE;
    }
    if (length < 0) {
      return INVALID;
    }
    hart.memory().check(address, length, AccessKind.LOAD);
    byte[] part = new byte[(int) Math.min(length, CHUNK)];
    for (long done = 0; done < length; ) {
      int n = (int) Math.min(part.length, length - done);
      hart.memory().read(address + done, part, 0, n);
      console.write((int) file, part, 0, n);
      done += n;
    }
    return length;
  }

  private long time(Hart hart, long clock, long address) {
    if (clock < 0 || clock > 11) {
      return INVALID;
    }
    hart.memory().check(address, 16, AccessKind.STORE);
    long cycles = hart.cycles();
    hart.memory().store(address, 8, cycles / hertz, AccessKind.STORE);
    long nanoseconds = (long) (cycles % hertz * ((double) SECOND / hertz));
    hart.memory().store(address + 8, 8, nanoseconds, AccessKind.STORE);
    return 0;
  }

  private long brk(long wanted) {
    if (Long.compareUnsigned(wanted, heap) >= 0 && Long.compareUnsigned(wanted, heapEnd) <= 0) {
      end = wanted;
    }
    return end;
  }
}
