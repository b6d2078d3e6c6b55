package tessera.emulator.linux;

import java.util.HashMap;
import java.util.Map;
import tessera.emulator.Console;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// The system calls of a program without an operating system: standard streams and files, its heap,
/// the time, its end. All others answer that they do not exist.
public final class SystemCalls {
  private static final int EXIT = 93;
  private static final int EXIT_GROUP = 94;
  private static final int CLOCK_GETTIME = 113;
  private static final int BRK = 214;

  private static final long BAD_ADDRESS = -14;
  private static final long INVALID = -22;
  private static final long NOT_THERE = -38;
  private static final long SECOND = 1_000_000_000;

  private final Map<Integer, Calls.Named> files = new HashMap<>();
  private final long heap;
  private final long heapEnd;
  private final long hertz;
  private long end;

  private SystemCalls(FileCalls calls, long heap, long heapEnd, long hertz) {
    calls.enter(files);
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
  public static SystemCalls of(
      Console console, FileSystem files, long heap, long heapEnd, long hertz) {
    FileCalls calls = new FileCalls(console, files, new Randomness(0), () -> {}, "/program");
    return new SystemCalls(calls, heap, heapEnd, hertz);
  }

  /// {@return the result; a negative errno where it fails}
  public long call(Hart hart, long number, long[] arguments) {
    try {
      return switch ((int) number) {
        case EXIT -> exit(hart, arguments[0], "exit");
        case EXIT_GROUP -> exit(hart, arguments[0], "exit_group");
        case CLOCK_GETTIME -> time(hart, arguments[0], arguments[1]);
        case BRK -> brk(arguments[0]);
        default -> other(hart, (int) number, arguments);
      };
    } catch (Refused refused) {
      return refused.errno().result();
    } catch (MemoryFault _) {
      return BAD_ADDRESS;
    }
  }

  private static long exit(Hart hart, long code, String how) {
    hart.stop(new Exit.Halted((int) code & 255, how));
    return 0;
  }

  private long other(Hart hart, int number, long[] arguments) {
    Calls.Named call = files.get(number);
    return call == null ? NOT_THERE : call.call().of(hart, arguments);
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
