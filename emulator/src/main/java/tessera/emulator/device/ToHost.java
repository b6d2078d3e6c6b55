package tessera.emulator.device;

import java.util.List;
import tessera.emulator.Console;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.linux.SystemCalls;
import tessera.emulator.memory.Memory;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// The host interface of bare-metal test programs: a store to `tohost` asks for something, the
/// answer comes in `fromhost`.
///
/// An odd value ends the program with code `value >> 1`; an even one is the address of a system
/// call (eight doublewords: number and arguments, the result replaces the number); device 1 (bits
/// 63:56) with command 1 (bits 55:48) prints a character, with command 0 reads one.
public final class ToHost implements Memory.Watcher {
  private static final int CALL_ARGUMENTS = 7;

  private final Memory memory;
  private final List<Hart> harts;
  private final Console console;
  private final SystemCalls calls;
  private final long toHost;
  private final long fromHost;

  private ToHost(List<Hart> harts, Console console, SystemCalls calls, long toHost, long fromHost) {
    this.memory = harts.getFirst().memory();
    this.harts = List.copyOf(harts);
    this.console = console;
    this.calls = calls;
    this.toHost = toHost;
    this.fromHost = fromHost;
  }

  /// Watches a program's `tohost`, to which any hart may store.
  ///
  /// @param fromHost 0: the program has none
  public static void watch(
      List<Hart> harts, Console console, SystemCalls calls, long toHost, long fromHost) {
    ToHost device = new ToHost(harts, console, calls, toHost, fromHost);
    device.memory.watch(toHost, 8, device);
  }

  @Override
  public void stored(long address, long bytes) {
    long asked = memory.load(toHost, 8, AccessKind.LOAD);
    if (asked == 0) {
      return;
    }
    int device = (int) (asked >>> 56);
    int command = (int) (asked >>> 48) & 255;
    long payload = asked & (1L << 48) - 1;
    if (device == 0 && command == 0 && (payload & 1) != 0) {
      Exit end = new Exit.Halted((int) (payload >>> 1), "tohost");
      harts.forEach(h -> h.stop(end));
      return;
    }
    write(toHost, 0);
    if (device == 1 && command == 1) {
      console.write(1, new byte[] {(byte) payload}, 0, 1);
    } else if (device == 1 && command == 0) {
      int read = console.read();
      answer(1L << 56 | (read < 0 ? 0 : 0x100 | read));
    } else if (device == 0 && command == 0) {
      call(payload);
    }
  }

  private void call(long address) {
    try {
      long number = memory.load(address, 8, AccessKind.LOAD);
      long[] arguments = new long[CALL_ARGUMENTS];
      for (int i = 0; i < CALL_ARGUMENTS; i++) {
        arguments[i] = memory.load(address + 8L * (i + 1), 8, AccessKind.LOAD);
      }
      write(address, calls.call(harts.getFirst(), number, arguments));
    } catch (MemoryFault _) {
      // A call from nowhere has no answer, but the program goes on.
    }
    answer(1);
  }

  private void answer(long value) {
    if (fromHost != 0) {
      write(fromHost, value);
    }
  }

  private void write(long address, long value) {
    memory.store(address, 8, value, AccessKind.STORE);
  }
}
