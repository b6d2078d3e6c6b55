package tessera.emulator.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import tessera.emulator.Console;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.linux.Descriptors.Description;
import tessera.emulator.linux.Descriptors.Devices;
import tessera.emulator.linux.Descriptors.Node;
import tessera.emulator.memory.Memory;
import tessera.isaspec.semantics.AccessKind;

/// Files, directories, pipes and the standard streams.
final class FileCalls implements Calls {
  private static final int HERE = -100; // AT_FDCWD
  private static final int NO_FOLLOW = 0x100;
  private static final int EMPTY_PATH = 0x1000;
  private static final int REMOVE_DIRECTORY = 0x200;

  private static final int ACCESS = 3;
  private static final int CREATE = 0100;
  private static final int EXCLUSIVE = 0200;
  private static final int TRUNCATE = 01000;
  private static final int APPEND = 02000;
  private static final int NON_BLOCKING = 04000;
  private static final int DIRECTORY = 0200000;
  private static final int NO_LINK = 0400000;
  private static final int CLOSE_ON_EXEC = 02000000;

  private static final int CHUNK = 1 << 16;
  private static final int BLOCK = 4096;
  private static final int MOST_VECTORS = 1024;
  private static final int STAT_BYTES = 128;
  private static final int STATX_BYTES = 256;

  private final Console console;
  private final FileSystem files;
  private final Randomness random;
  private final Runnable brokenPipe;
  private final String program;
  private final Descriptors open = new Descriptors();
  private String directory = "/";

  /// @param brokenPipe called before a write to a pipe without readers fails
  /// @param program what `/proc/self/exe` is a link to
  FileCalls(
      Console console, FileSystem files, Randomness random, Runnable brokenPipe, String program) {
    this.console = console;
    this.files = files;
    this.random = random;
    this.brokenPipe = brokenPipe;
    this.program = program;
  }

  Descriptors open() {
    return open;
  }

  @Override
  public void enter(Map<Integer, Named> t) {
    t.put(17, new Named("getcwd", (h, a) -> currentDirectory(h, a[0], a[1])));
    t.put(23, new Named("dup", (_, a) -> open.add(open.get(a[0]), 0, false)));
    t.put(24, new Named("dup3", (_, a) -> duplicate(a[0], (int) a[1], a[2])));
    t.put(25, new Named("fcntl", (_, a) -> control(a[0], (int) a[1], a[2])));
    t.put(29, new Named("ioctl", (_, a) -> device(a[0])));
    t.put(34, new Named("mkdirat", (h, a) -> makeDirectory(path(h, a[0], a[1]), a[2])));
    t.put(35, new Named("unlinkat", (h, a) -> remove(path(h, a[0], a[1]), a[2])));
    t.put(45, new Named("truncate", (h, a) -> truncate(path(h, HERE, a[0]), a[1])));
    t.put(46, new Named("ftruncate", (_, a) -> truncate(open.get(a[0]), a[1])));
    t.put(48, new Named("faccessat", (h, a) -> access(path(h, a[0], a[1]), a[2])));
    t.put(49, new Named("chdir", (h, a) -> changeDirectory(path(h, HERE, a[0]))));
    t.put(50, new Named("fchdir", (_, a) -> changeDirectory(open.get(a[0]).path)));
    t.put(56, new Named("openat", (h, a) -> openAt(path(h, a[0], a[1]), (int) a[2], (int) a[3])));
    t.put(57, new Named("close", (_, a) -> close(a[0])));
    t.put(59, new Named("pipe2", (h, a) -> pipe(h, a[0], (int) a[1])));
    t.put(61, new Named("getdents64", (h, a) -> entries(h, open.get(a[0]), a[1], a[2])));
    t.put(62, new Named("lseek", (_, a) -> seek(open.get(a[0]), a[1], (int) a[2])));
    t.put(63, new Named("read", (h, a) -> read(h, open.get(a[0]), a[1], a[2])));
    t.put(64, new Named("write", (h, a) -> write(h, open.get(a[0]), a[1], a[2])));
    t.put(65, new Named("readv", (h, a) -> vectors(h, a, this::read)));
    t.put(66, new Named("writev", (h, a) -> vectors(h, a, this::write)));
    t.put(67, new Named("pread64", (h, a) -> at(h, a, this::read)));
    t.put(68, new Named("pwrite64", (h, a) -> at(h, a, this::write)));
    t.put(73, new Named("ppoll", this::poll));
    t.put(78, new Named("readlinkat", (h, a) -> link(h, path(h, a[0], a[1]), a[2], a[3])));
    t.put(79, new Named("newfstatat", (h, a) -> stat(h, statusAt(h, a[0], a[1], a[3]), a[2])));
    t.put(80, new Named("fstat", (h, a) -> stat(h, status(open.get(a[0])), a[1])));
    t.put(82, new Named("fsync", (_, a) -> nothing(a[0])));
    t.put(83, new Named("fdatasync", (_, a) -> nothing(a[0])));
    t.put(276, new Named("renameat2", (h, a) -> rename(path(h, a[0], a[1]), path(h, a[2], a[3]))));
    t.put(291, new Named("statx", (h, a) -> statx(h, statusAt(h, a[0], a[1], a[2]), a[4])));
    t.put(439, new Named("faccessat2", (h, a) -> access(path(h, a[0], a[1]), a[2])));
  }

  // ------------------------------------------------------------------ paths

  private String path(Hart hart, long start, long address) {
    String text = Calls.text(hart, address);
    if (text.isEmpty()) {
      throw new Refused(Errno.ENOENT);
    }
    return absolute(start, text);
  }

  private String absolute(long start, String text) {
    if (text.startsWith("/")) {
      return plain(text);
    }
    if ((int) start == HERE) {
      return plain(directory + "/" + text);
    }
    Description from = open.get(start);
    if (!(from.node instanceof Node.Directory)) {
      throw new Refused(Errno.ENOTDIR);
    }
    return plain(from.path + "/" + text);
  }

  /// {@return the path without `.`, `..` and empty parts; above the root is the root}
  static String plain(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  private long currentDirectory(Hart hart, long address, long size) {
    byte[] bytes = Calls.bytes(directory + "\0");
    if (size < bytes.length) {
      throw new Refused(Errno.ERANGE);
    }
    hart.memory().write(address, bytes, 0, bytes.length);
    return bytes.length;
  }

  private long changeDirectory(String path) {
    if (files.status(path, true).kind() != Status.Kind.DIRECTORY) {
      throw new Refused(Errno.ENOTDIR);
    }
    directory = path;
    return 0;
  }

  private long makeDirectory(String path, long permissions) {
    files.makeDirectory(path, (int) permissions & 0777);
    return 0;
  }

  private long remove(String path, long flags) {
    files.remove(path, (flags & REMOVE_DIRECTORY) != 0);
    return 0;
  }

  private long rename(String from, String to) {
    files.rename(from, to);
    return 0;
  }

  private long access(String path, long mode) {
    if (device(path) == null) {
      files.status(path, true);
      if ((mode & 2) != 0 && !files.isWritable(path)) {
        throw new Refused(Errno.EACCES);
      }
    }
    return 0;
  }

  private long link(Hart hart, String path, long address, long size) {
    if (size <= 0) {
      throw new Refused(Errno.EINVAL);
    }
    byte[] bytes = Calls.bytes(path.equals("/proc/self/exe") ? program : files.link(path));
    int n = (int) Math.min(size, bytes.length);
    hart.memory().write(address, bytes, 0, n);
    return n;
  }

  // ------------------------------------------------------------------ opening and closing

  private long openAt(String path, int flags, int permissions) {
    boolean closes = (flags & CLOSE_ON_EXEC) != 0;
    Devices device = device(path);
    Node node =
        device != null
            ? new Node.Device(device)
            : isDirectory(path, flags)
                ? new Node.Directory(files.list(path))
                : new Node.Regular(files.open(path, opening(flags, permissions)));
    return open.add(new Description(node, path, flags & ~CLOSE_ON_EXEC), 0, closes);
  }

  private boolean isDirectory(String path, int flags) {
    boolean directory;
    try {
      directory = files.status(path, (flags & NO_LINK) == 0).kind() == Status.Kind.DIRECTORY;
    } catch (Refused refused) {
      if ((flags & CREATE) == 0) {
        throw refused;
      }
      return false;
    }
    if (directory && (flags & (ACCESS | CREATE)) != 0) {
      throw new Refused(Errno.EISDIR);
    }
    if (!directory && (flags & DIRECTORY) != 0) {
      throw new Refused(Errno.ENOTDIR);
    }
    return directory;
  }

  private static FileSystem.Opening opening(int flags, int permissions) {
    int access = flags & ACCESS;
    return new FileSystem.Opening(
        access != 1,
        access != 0,
        (flags & CREATE) != 0,
        (flags & EXCLUSIVE) != 0,
        (flags & TRUNCATE) != 0,
        (flags & NO_LINK) == 0,
        permissions & 0777);
  }

  private static @org.jspecify.annotations.Nullable Devices device(String path) {
    return switch (path) {
      case "/dev/null" -> Devices.NULL;
      case "/dev/zero" -> Devices.ZERO;
      case "/dev/random", "/dev/urandom" -> Devices.RANDOM;
      default -> null;
    };
  }

  private long close(long number) {
    open.close(number);
    return 0;
  }

  private long duplicate(long from, int to, long flags) {
    if (from == to) {
      throw new Refused(Errno.EINVAL);
    }
    open.put(to, open.get(from), (flags & CLOSE_ON_EXEC) != 0);
    return to;
  }

  private long control(long number, int command, long argument) {
    Description description = open.get(number);
    return switch (command) {
      case 0, 1030 -> open.add(description, (int) argument, command != 0);
      case 1 -> open.closesOnExec(number) ? 1 : 0;
      case 2 -> {
        open.closesOnExec(number, (argument & 1) != 0);
        yield 0;
      }
      case 3 -> description.flags;
      case 4 -> {
        int changeable = APPEND | NON_BLOCKING;
        description.flags = description.flags & ~changeable | (int) argument & changeable;
        yield 0;
      }
      case 6, 7 -> 0; // locks: nobody else is there
      default -> throw new Refused(Errno.EINVAL);
    };
  }

  /// Nothing that is open is a terminal, so that output does not depend on where it goes.
  private long device(long number) {
    open.get(number);
    throw new Refused(Errno.ENOTTY);
  }

  private long pipe(Hart hart, long address, int flags) {
    hart.memory().check(address, 8, AccessKind.STORE);
    Descriptors.Pipe pipe = new Descriptors.Pipe();
    boolean closes = (flags & CLOSE_ON_EXEC) != 0;
    int kept = flags & NON_BLOCKING;
    int in = open.add(new Description(new Node.PipeEnd(pipe, false), "", kept), 0, closes);
    int out = open.add(new Description(new Node.PipeEnd(pipe, true), "", kept | 1), 0, closes);
    Struct.of(8).int32(0, in).int32(4, out).write(hart.memory(), address);
    return 0;
  }

  // ------------------------------------------------------------------ reading and writing

  /// Moves bytes between a file and memory.
  private interface Transfer {
    long of(Hart hart, Description file, long address, long length);
  }

  private long read(Hart hart, Description file, long address, long length) {
    if ((file.flags & ACCESS) == 1) {
      throw new Refused(Errno.EBADF);
    }
    if (length < 0) {
      throw new Refused(Errno.EINVAL);
    }
    // No call has to read all that was asked for at once.
    byte[] bytes = new byte[(int) Math.min(length, 16 * CHUNK)];
    hart.memory().check(address, bytes.length, AccessKind.STORE);
    int n =
        switch (file.node) {
          case Node.Stream(var number) -> number == 0 ? console.line(bytes) : bad();
          case Node.Regular(var opened) -> opened.read(file.position, bytes, 0, bytes.length);
          case Node.Directory _ -> throw new Refused(Errno.EISDIR);
          case Node.PipeEnd(var pipe, _) -> take(hart, file, pipe, bytes);
          case Node.Device(var device) -> produce(device, bytes);
        };
    file.position += n;
    hart.memory().write(address, bytes, 0, n);
    return n;
  }

  private static int bad() {
    throw new Refused(Errno.EBADF);
  }

  private static int take(Hart hart, Description file, Descriptors.Pipe pipe, byte[] bytes) {
    if (pipe.bytes.isEmpty() && pipe.writers > 0 && bytes.length > 0) {
      return block(hart, file);
    }
    int n = Math.min(bytes.length, pipe.bytes.size());
    for (int i = 0; i < n; i++) {
      bytes[i] = pipe.bytes.removeFirst();
    }
    return n;
  }

  /// A call that waits for somebody else waits for ever: there is only this program.
  private static int block(Hart hart, Description file) {
    if ((file.flags & NON_BLOCKING) == 0) {
      hart.stop(new Exit.Endless(1));
    }
    throw new Refused(Errno.EAGAIN);
  }

  private int produce(Devices device, byte[] bytes) {
    switch (device) {
      case NULL -> {
        return 0;
      }
      case ZERO -> {}
      case RANDOM -> random.fill(bytes, bytes.length);
    }
    return bytes.length;
  }

  private long write(Hart hart, Description file, long address, long length) {
    if ((file.flags & ACCESS) == 0) {
      throw new Refused(Errno.EBADF);
    }
    if (length < 0) {
      throw new Refused(Errno.EINVAL);
    }
    hart.memory().check(address, length, AccessKind.LOAD);
    if (file.node instanceof Node.Regular(var opened) && (file.flags & APPEND) != 0) {
      file.position = opened.status().size();
    }
    byte[] part = new byte[(int) Math.min(length, CHUNK)];
    long done = 0;
    while (done < length) {
      int n = (int) Math.min(part.length, length - done);
      hart.memory().read(address + done, part, 0, n);
      int written = write(hart, file, part, n);
      file.position += written;
      done += written;
      if (written < n) {
        break;
      }
    }
    return done;
  }

  private int write(Hart hart, Description file, byte[] bytes, int length) {
    return switch (file.node) {
      case Node.Stream(var number) -> {
        if (number == 0) {
          throw new Refused(Errno.EBADF);
        }
        console.write(number, bytes, 0, length);
        yield length;
      }
      case Node.Regular(var opened) -> opened.write(file.position, bytes, 0, length);
      case Node.Directory _ -> throw new Refused(Errno.EBADF);
      case Node.PipeEnd(var pipe, _) -> give(hart, file, pipe, bytes, length);
      case Node.Device _ -> length;
    };
  }

  private int give(Hart hart, Description file, Descriptors.Pipe pipe, byte[] bytes, int length) {
    if (pipe.readers == 0) {
      brokenPipe.run();
      throw new Refused(Errno.EPIPE);
    }
    int n = Math.min(length, Descriptors.Pipe.MOST_BYTES - pipe.bytes.size());
    if (n == 0) {
      return block(hart, file);
    }
    for (int i = 0; i < n; i++) {
      pipe.bytes.addLast(bytes[i]);
    }
    return n;
  }

  private long vectors(Hart hart, long[] a, Transfer transfer) {
    Description file = open.get(a[0]);
    if (a[2] < 0 || a[2] > MOST_VECTORS) {
      throw new Refused(Errno.EINVAL);
    }
    long sum = 0;
    for (long i = 0; i < a[2]; i++) {
      Struct vector = Struct.read(hart.memory(), a[1] + 16 * i, 16);
      long length = vector.int64(8);
      long n = length == 0 ? 0 : transfer.of(hart, file, vector.int64(0), length);
      sum += n;
      if (n < length) {
        break;
      }
    }
    return sum;
  }

  private long at(Hart hart, long[] a, Transfer transfer) {
    Description file = open.get(a[0]);
    if (!(file.node instanceof Node.Regular)) {
      throw new Refused(Errno.ESPIPE);
    }
    if (a[3] < 0) {
      throw new Refused(Errno.EINVAL);
    }
    long before = file.position;
    file.position = a[3];
    try {
      return transfer.of(hart, file, a[1], a[2]);
    } finally {
      file.position = before;
    }
  }

  private static long seek(Description file, long offset, int from) {
    long size =
        switch (file.node) {
          case Node.Regular(var opened) -> opened.status().size();
          case Node.Directory(var entries) -> entries.size();
          case Node.Device _ -> 0;
          case Node.Stream _, Node.PipeEnd _ -> throw new Refused(Errno.ESPIPE);
        };
    long base =
        switch (from) {
          case 0 -> 0;
          case 1 -> file.position;
          case 2 -> size;
          default -> throw new Refused(Errno.EINVAL);
        };
    if (base + offset < 0) {
      throw new Refused(Errno.EINVAL);
    }
    file.position = base + offset;
    return file.position;
  }

  private long truncate(String path, long size) {
    OpenFile file =
        files.open(path, new FileSystem.Opening(false, true, false, false, false, true, 0));
    try {
      file.truncate(notNegative(size));
    } finally {
      file.close();
    }
    return 0;
  }

  private static long truncate(Description file, long size) {
    if (!(file.node instanceof Node.Regular(var opened)) || (file.flags & ACCESS) == 0) {
      throw new Refused(Errno.EINVAL);
    }
    opened.truncate(notNegative(size));
    return 0;
  }

  private static long notNegative(long size) {
    if (size < 0) {
      throw new Refused(Errno.EINVAL);
    }
    return size;
  }

  private long nothing(long number) {
    open.get(number);
    return 0;
  }

  /// Everything that is open is ready, but for a pipe without bytes.
  private long poll(Hart hart, long[] a) {
    if (a[1] < 0 || a[1] > MOST_VECTORS) {
      throw new Refused(Errno.EINVAL);
    }
    Memory memory = hart.memory();
    long ready = 0;
    for (long i = 0; i < a[1]; i++) {
      long at = a[0] + 8 * i;
      int number = (int) memory.load(at, 4, AccessKind.LOAD);
      int wanted = (int) memory.load(at + 4, 2, AccessKind.LOAD);
      int events = number < 0 ? 0 : open.numbers().contains(number) ? wanted & 5 : 0x20;
      ready += events != 0 ? 1 : 0;
      memory.store(at + 6, 2, events, AccessKind.STORE);
    }
    return ready;
  }

  // ------------------------------------------------------------------ what files are

  private Status statusAt(Hart hart, long start, long address, long flags) {
    String text = Calls.text(hart, address);
    if (text.isEmpty()) {
      if ((flags & EMPTY_PATH) == 0) {
        throw new Refused(Errno.ENOENT);
      }
      return (int) start == HERE ? files.status(directory, true) : status(open.get(start));
    }
    String path = absolute(start, text);
    return device(path) != null
        ? new Status(Status.Kind.DEVICE, 0666, 0, path.hashCode(), 0, 0)
        : files.status(path, (flags & NO_FOLLOW) == 0);
  }

  /// A standard stream is a pipe, wherever it really goes.
  private Status status(Description file) {
    return switch (file.node) {
      case Node.Stream(var number) -> new Status(Status.Kind.PIPE, 0600, 0, 1 + number, 0, 0);
      case Node.Regular(var opened) -> opened.status();
      case Node.Directory _ -> files.status(file.path, true);
      case Node.PipeEnd(var pipe, _) ->
          new Status(Status.Kind.PIPE, 0600, pipe.bytes.size(), 1 + pipe.hashCode(), 0, 0);
      case Node.Device _ -> new Status(Status.Kind.DEVICE, 0666, 0, file.path.hashCode(), 0, 0);
    };
  }

  private static long stat(Hart hart, Status status, long address) {
    Struct.of(STAT_BYTES)
        .int64(0, 1)
        .int64(8, status.identity())
        .int32(16, status.mode())
        .int32(20, 1)
        .int32(24, ProcessCalls.USER)
        .int32(28, ProcessCalls.USER)
        .int64(48, status.size())
        .int32(56, BLOCK)
        .int64(64, status.size() + 511 >>> 9)
        .int64(72, status.seconds())
        .int64(80, status.nanoseconds())
        .int64(88, status.seconds())
        .int64(96, status.nanoseconds())
        .int64(104, status.seconds())
        .int64(112, status.nanoseconds())
        .write(hart.memory(), address);
    return 0;
  }

  private static long statx(Hart hart, Status status, long address) {
    Struct struct = Struct.of(STATX_BYTES);
    struct
        .int32(0, 0x7ff)
        .int32(4, BLOCK)
        .int32(16, 1)
        .int32(20, ProcessCalls.USER)
        .int32(24, ProcessCalls.USER)
        .int16(28, status.mode())
        .int64(32, status.identity())
        .int64(40, status.size())
        .int64(48, status.size() + 511 >>> 9)
        .int32(136, 1);
    for (int at = 64; at <= 112; at += 16) {
      struct.int64(at, status.seconds()).int32(at + 8, status.nanoseconds());
    }
    struct.write(hart.memory(), address);
    return 0;
  }

  private static long entries(Hart hart, Description file, long address, long size) {
    if (!(file.node instanceof Node.Directory(var entries))) {
      throw new Refused(Errno.ENOTDIR);
    }
    long at = address;
    while (file.position < entries.size()) {
      FileSystem.Entry entry = entries.get((int) file.position);
      byte[] name = Calls.bytes(entry.name());
      int length = 19 + name.length + 1 + 7 & -8;
      if (at + length - address > size) {
        break;
      }
      Struct.of(length)
          .int64(0, entry.identity())
          .int64(8, file.position + 1)
          .int16(16, length)
          .write(hart.memory(), at);
      hart.memory().store(at + 18, 1, entry.kind().entryType(), AccessKind.STORE);
      hart.memory().write(at + 19, name, 0, name.length);
      at += length;
      file.position++;
    }
    if (at == address && file.position < entries.size()) {
      throw new Refused(Errno.EINVAL);
    }
    return at - address;
  }
}
