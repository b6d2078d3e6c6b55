package tessera.emulator.linux;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// A program's open files by number.
final class Descriptors {
  private static final int MOST = 1024;

  /// What a descriptor leads to; several may lead to the same.
  static final class Description {
    final Node node;
    final String path;
    int flags;
    long position;
    private int users;

    Description(Node node, String path, int flags) {
      this.node = node;
      this.path = path;
      this.flags = flags;
    }
  }

  /// What may be open.
  sealed interface Node {
    /// A standard stream of the console, by its number.
    record Stream(int number) implements Node {}

    /// A file of the file system.
    record Regular(OpenFile file) implements Node {}

    /// A directory, as it was when it was opened.
    record Directory(List<FileSystem.Entry> entries) implements Node {}

    /// One end of a pipe.
    record PipeEnd(Pipe pipe, boolean writes) implements Node {}

    /// `/dev/null` and its like.
    record Device(Devices device) implements Node {}
  }

  /// Devices that need no host.
  enum Devices {
    NULL,
    ZERO,
    RANDOM
  }

  /// Bytes on their way from one end to the other.
  static final class Pipe {
    static final int MOST_BYTES = 1 << 16;
    final ArrayDeque<Byte> bytes = new ArrayDeque<>();
    int readers;
    int writers;
  }

  private final TreeMap<Integer, Description> open = new TreeMap<>();
  private final TreeMap<Integer, Boolean> closeOnExec = new TreeMap<>();

  Descriptors() {
    for (int i = 0; i < 3; i++) {
      put(i, new Description(new Node.Stream(i), "", i == 0 ? 0 : 1), false);
    }
  }

  Description get(long number) {
    // A descriptor is an `int`: Linux looks at the low half of the register only.
    Description found = open.get((int) number);
    if (found == null) {
      throw new Refused(Errno.EBADF);
    }
    return found;
  }

  /// {@return the number of a new descriptor, the lowest from `least` on}
  int add(Description description, int least, boolean closes) {
    if (least < 0 || least >= MOST) {
      throw new Refused(Errno.EINVAL);
    }
    for (int i = least; i < MOST; i++) {
      if (!open.containsKey(i)) {
        put(i, description, closes);
        return i;
      }
    }
    throw new Refused(Errno.EMFILE);
  }

  /// Lets a number lead to a description, instead of what it led to.
  void put(int number, Description description, boolean closes) {
    if (number < 0 || number >= MOST) {
      throw new Refused(Errno.EBADF);
    }
    description.users++;
    if (description.users == 1 && description.node instanceof Node.PipeEnd(var pipe, var writes)) {
      pipe.writers += writes ? 1 : 0;
      pipe.readers += writes ? 0 : 1;
    }
    if (open.containsKey(number)) {
      close(number);
    }
    open.put(number, description);
    closeOnExec.put(number, closes);
  }

  void close(long number) {
    Description description = get(number);
    open.remove((int) number);
    if (--description.users > 0) {
      return;
    }
    switch (description.node) {
      case Node.Regular(var file) -> file.close();
      case Node.PipeEnd(var pipe, var writes) -> {
        pipe.writers -= writes ? 1 : 0;
        pipe.readers -= writes ? 0 : 1;
      }
      case Node.Stream _, Node.Directory _, Node.Device _ -> {}
    }
  }

  boolean closesOnExec(long number) {
    get(number);
    return closeOnExec.getOrDefault((int) number, false);
  }

  void closesOnExec(long number, boolean closes) {
    get(number);
    closeOnExec.put((int) number, closes);
  }

  /// {@return the open numbers}
  List<Integer> numbers() {
    return new ArrayList<>(open.keySet());
  }
}
