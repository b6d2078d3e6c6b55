package tessera.emulator.linux;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tessera.emulator.Hart;
import tessera.emulator.memory.Memory;
import tessera.isaspec.semantics.AccessKind;

/// System calls that belong together.
interface Calls {
  int PATH_MOST = 4096;

  /// What a call does. It gives the result, or throws [Refused].
  @FunctionalInterface
  interface Call {
    long of(Hart hart, long[] arguments);
  }

  /// A call by its name.
  record Named(String name, Call call) {}

  /// Adds the calls by their numbers.
  void enter(Map<Integer, Named> table);

  /// {@return the text at an address, up to its zero}
  static String text(Hart hart, long address) {
    Memory memory = hart.memory();
    byte[] bytes = new byte[PATH_MOST];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) memory.load(address + i, 1, AccessKind.LOAD);
      if (bytes[i] == 0) {
        return new String(bytes, 0, i, StandardCharsets.UTF_8);
      }
    }
    throw new Refused(Errno.ENAMETOOLONG);
  }

  /// {@return a text of bytes}
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// {@return nanoseconds of a `timespec`}
  static long duration(Hart hart, long address) {
    Struct time = Struct.read(hart.memory(), address, 16);
    long seconds = time.int64(0);
    long nanoseconds = time.int64(8);
    if (seconds < 0 || nanoseconds < 0 || nanoseconds >= Time.SECOND) {
      throw new Refused(Errno.EINVAL);
    }
    return Math.min(seconds, Long.MAX_VALUE / 4 / Time.SECOND) * Time.SECOND + nanoseconds;
  }
}
