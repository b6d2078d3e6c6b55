package tessera.emulator.device;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Console;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.linux.Errno;
import tessera.emulator.linux.FileSystem;
import tessera.emulator.linux.OpenFile;
import tessera.emulator.linux.Refused;
import tessera.emulator.linux.Surroundings;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// RISC-V semihosting ("RISC-V Semihosting", 1.0, with the operations of Arm's 2.0): a breakpoint
/// between two shifts of x0 is a request to the host, its number in a0, its argument in a1, the
/// result in a0.
///
/// Files are those of the given file system; `:tt` is the console, `:semihosting-features` says
/// which extensions there are. Time comes from cycles.
public final class Semihosting {
  private static final long BEFORE = 0x01f01013; // slli x0, x0, 0x1f
  private static final long AFTER = 0x40705013; // srai x0, x0, 7
  private static final int OPEN = 0x01;
  private static final int CLOSE = 0x02;
  private static final int WRITE_CHARACTER = 0x03;
  private static final int WRITE_STRING = 0x04;
  private static final int WRITE = 0x05;
  private static final int READ = 0x06;
  private static final int READ_CHARACTER = 0x07;
  private static final int IS_ERROR = 0x08;
  private static final int IS_TERMINAL = 0x09;
  private static final int SEEK = 0x0a;
  private static final int LENGTH = 0x0c;
  private static final int TEMPORARY_NAME = 0x0d;
  private static final int REMOVE = 0x0e;
  private static final int RENAME = 0x0f;
  private static final int CLOCK = 0x10;
  private static final int TIME = 0x11;
  private static final int SYSTEM = 0x12;
  private static final int ERROR_NUMBER = 0x13;
  private static final int COMMAND_LINE = 0x15;
  private static final int HEAP = 0x16;
  private static final int EXIT = 0x18;
  private static final int EXIT_EXTENDED = 0x20;
  private static final int ELAPSED = 0x30;
  private static final int TICKS = 0x31;

  private static final long APPLICATION_EXIT = 0x20026;
  private static final long STOPPED_BY_ERROR = 0x20024;
  private static final int ABORT = 134;
  private static final int LONGEST = 1 << 20;
  private static final int FIRST_FILE = 3;
  private static final long START = 1_767_225_600; // 2026, as a program without a clock sees it

  // EXIT_EXTENDED is there; standard output and error are two streams.
  private static final byte[] FEATURES = {'S', 'H', 'F', 'B', 3};

  private final Console console;
  private final FileSystem files;
  private final LongSupplier cycles;
  private final long hertz;
  private final String command;
  private final long heap;
  private final long heapEnd;
  private final TreeMap<Integer, Handle> open = new TreeMap<>();
  private int error;

  /// What a program has opened.
  private static final class Handle {
    final int stream;
    final @Nullable OpenFile file;
    final byte @Nullable [] text;
    long at;

    Handle(int stream, @Nullable OpenFile file, byte @Nullable [] text) {
      this.stream = stream;
      this.file = file;
      this.text = text;
    }

    long length() {
      return file != null ? file.status().size() : text != null ? text.length : 0;
    }
  }

  private Semihosting(
      Console console,
      FileSystem files,
      LongSupplier cycles,
      long hertz,
      String command,
      long heap,
      long heapEnd) {
    this.console = console;
    this.files = files;
    this.cycles = cycles;
    this.hertz = hertz;
    this.command = command;
    this.heap = heap;
    this.heapEnd = heapEnd;
    for (int i = 0; i < FIRST_FILE; i++) {
      open.put(i, new Handle(i, null, null));
    }
  }

  /// {@return the host's side}
  ///
  /// @param cycles the cycles until now
  /// @param hertz cycles a second
  /// @param heap the first byte of the heap; 0: the program finds it by itself
  /// @param heapEnd the byte after its last
  public static Semihosting of(
      Console console,
      Surroundings surroundings,
      LongSupplier cycles,
      long hertz,
      long heap,
      long heapEnd) {
    String command = String.join(" ", surroundings.arguments());
    return new Semihosting(console, surroundings.files(), cycles, hertz, command, heap, heapEnd);
  }

  /// {@return whether the breakpoint at the hart's pc is a request}
  public static boolean isRequest(Hart hart) {
    try {
      long pc = hart.pc();
      return word(hart, pc - 4) == BEFORE && word(hart, pc + 4) == AFTER;
    } catch (MemoryFault _) {
      return false;
    }
  }

  private static long word(Hart hart, long address) {
    return hart.memory().load(address, 4, AccessKind.FETCH);
  }

  /// {@return the result}
  public long call(Hart hart, long number, long argument) {
    try {
      return switch ((int) number) {
        case OPEN -> open(hart, argument);
        case CLOSE -> close(load(hart, argument));
        case WRITE_CHARACTER -> print(1, new byte[] {(byte) load(hart, argument, 1)});
        case WRITE_STRING -> print(1, string(hart, argument));
        case WRITE -> write(hart, handle(load(hart, argument)), argument);
        case READ -> read(hart, handle(load(hart, argument)), argument);
        case READ_CHARACTER -> console.read();
        case IS_ERROR -> load(hart, argument) < 0 ? 1 : 0;
        case IS_TERMINAL -> isConsole(handle(load(hart, argument))) ? 1 : 0;
        case SEEK -> seek(handle(load(hart, argument)), load(hart, argument + 8));
        case LENGTH -> handle(load(hart, argument)).length();
        case TEMPORARY_NAME -> temporaryName(hart, argument);
        case REMOVE -> remove(name(hart, argument));
        case RENAME -> rename(name(hart, argument), name(hart, argument + 16));
        case CLOCK -> cycles.getAsLong() / Math.max(1, hertz / 100);
        case TIME -> START + cycles.getAsLong() / hertz;
        case ERROR_NUMBER -> error;
        case COMMAND_LINE -> commandLine(hart, argument);
        case HEAP -> heap(hart, argument);
        case EXIT, EXIT_EXTENDED -> exit(hart, argument);
        case ELAPSED -> elapsed(hart, argument);
        case TICKS -> hertz;
        case SYSTEM -> fails(Errno.ENOSYS);
        default -> fails(Errno.ENOSYS);
      };
    } catch (MemoryFault _) {
      return fails(Errno.EFAULT);
    } catch (Refused refused) {
      return fails(refused.errno());
    }
  }

  private long fails(Errno why) {
    error = why.number();
    return -1;
  }

  private Handle handle(long number) {
    Handle handle = open.get((int) number);
    if (handle == null) {
      throw new Refused(Errno.EBADF);
    }
    return handle;
  }

  private static boolean isConsole(Handle handle) {
    return handle.file == null && handle.text == null;
  }

  // ------------------------------------------------------------------ files

  /// Modes are those of `fopen`, four for each of r, w and a: plain, binary, plus, both.
  private long open(Hart hart, long argument) {
    String name = name(hart, argument);
    int mode = (int) load(hart, argument + 8);
    if (mode < 0 || mode > 11) {
      throw new Refused(Errno.EINVAL);
    }
    if (name.equals(":tt")) {
      return add(new Handle(mode < 4 ? 0 : mode < 8 ? 1 : 2, null, null));
    }
    if (name.equals(":semihosting-features")) {
      return add(new Handle(-1, null, FEATURES));
    }
    boolean both = (mode & 2) != 0;
    OpenFile file =
        files.open(
            name.startsWith("/") ? name : "/" + name,
            new FileSystem.Opening(
                mode < 4 || both, mode >= 4 || both, mode >= 4, false, mode / 4 == 1, true, 0644));
    Handle handle = new Handle(-1, file, null);
    handle.at = mode >= 8 ? file.status().size() : 0;
    return add(handle);
  }

  private long add(Handle handle) {
    int number = FIRST_FILE;
    while (open.containsKey(number)) {
      number++;
    }
    open.put(number, handle);
    return number;
  }

  private long close(long number) {
    Handle handle = handle(number);
    open.remove((int) number);
    if (handle.file != null) {
      handle.file.close();
    }
    return 0;
  }

  /// {@return the bytes that were not written}
  private long write(Hart hart, Handle handle, long argument) {
    long length = load(hart, argument + 16);
    if (length < 0 || length > LONGEST || handle.text != null || handle.stream == 0) {
      return length;
    }
    byte[] bytes = new byte[(int) length];
    hart.memory().read(load(hart, argument + 8), bytes, 0, bytes.length);
    if (handle.file == null) {
      return print(handle.stream, bytes);
    }
    int n = handle.file.write(handle.at, bytes, 0, bytes.length);
    handle.at += n;
    return length - n;
  }

  /// {@return the bytes that were not read}
  private long read(Hart hart, Handle handle, long argument) {
    long length = load(hart, argument + 16);
    byte[] bytes = new byte[(int) Math.clamp(length, 0L, LONGEST)];
    long to = load(hart, argument + 8);
    hart.memory().check(to, bytes.length, AccessKind.STORE);
    int n = read(handle, bytes);
    handle.at += n;
    hart.memory().write(to, bytes, 0, n);
    return length - n;
  }

  private int read(Handle handle, byte[] bytes) {
    if (handle.file != null) {
      return handle.file.read(handle.at, bytes, 0, bytes.length);
    }
    if (handle.text != null) {
      int n = (int) Math.min(bytes.length, Math.max(0, handle.text.length - handle.at));
      System.arraycopy(handle.text, (int) handle.at, bytes, 0, n);
      return n;
    }
    return handle.stream == 0 ? console.line(bytes) : 0;
  }

  private static long seek(Handle handle, long at) {
    if (isConsole(handle) || at < 0 || at > handle.length()) {
      throw new Refused(Errno.EINVAL);
    }
    handle.at = at;
    return 0;
  }

  private long remove(String name) {
    files.remove(name, false);
    return 0;
  }

  private long rename(String from, String to) {
    files.rename(from, to);
    return 0;
  }

  private static long temporaryName(Hart hart, long argument) {
    byte[] name =
        String.format("/tmp/t%03d\0", load(hart, argument + 8) & 255)
            .getBytes(StandardCharsets.US_ASCII);
    if (load(hart, argument + 16) < name.length) {
      throw new Refused(Errno.EINVAL);
    }
    hart.memory().write(load(hart, argument), name, 0, name.length);
    return 0;
  }

  private String name(Hart hart, long argument) {
    return new String(string(hart, load(hart, argument)), StandardCharsets.UTF_8);
  }

  private long print(int stream, byte[] bytes) {
    console.write(stream, bytes, 0, bytes.length);
    return 0;
  }

  // ------------------------------------------------------------------ the rest

  private long commandLine(Hart hart, long argument) {
    byte[] text = (command + "\0").getBytes(StandardCharsets.UTF_8);
    if (load(hart, argument + 8) < text.length) {
      throw new Refused(Errno.EINVAL);
    }
    hart.memory().write(load(hart, argument), text, 0, text.length);
    hart.memory().store(argument + 8, 8, text.length - 1, AccessKind.STORE);
    return 0;
  }

  /// The four words of a heap and a stack; 0 where the program is to find them by itself.
  private long heap(Hart hart, long argument) {
    long block = load(hart, argument);
    long[] words = {heap, heapEnd, 0, 0};
    for (int i = 0; i < words.length; i++) {
      hart.memory().store(block + 8L * i, 8, words[i], AccessKind.STORE);
    }
    return 0;
  }

  private long elapsed(Hart hart, long argument) {
    hart.memory().store(argument, 8, cycles.getAsLong(), AccessKind.STORE);
    return 0;
  }

  private static long exit(Hart hart, long argument) {
    long reason = load(hart, argument);
    long code = load(hart, argument + 8);
    int status =
        reason == APPLICATION_EXIT ? (int) code & 255 : reason == STOPPED_BY_ERROR ? ABORT : 1;
    hart.stop(new Exit.Halted(status, "semihosting"));
    return 0;
  }

  private static byte[] string(Hart hart, long address) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long at = address;
    for (long c = load(hart, at, 1); c != 0 && out.size() < LONGEST; c = load(hart, ++at, 1)) {
      out.write((int) c);
    }
    return out.toByteArray();
  }

  private static long load(Hart hart, long address) {
    return load(hart, address, 8);
  }

  private static long load(Hart hart, long address, int bytes) {
    return hart.memory().load(address, bytes, AccessKind.LOAD);
  }
}
