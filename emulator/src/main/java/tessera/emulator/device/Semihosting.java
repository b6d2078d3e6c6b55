package tessera.emulator.device;

import java.io.ByteArrayOutputStream;
import tessera.emulator.Console;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// RISC-V semihosting: a breakpoint between two shifts of x0 is a request to the host, its number
/// in a0, its argument in a1, the result in a0. Served are exits and the console; files are not
/// there.
public final class Semihosting {
  private static final long BEFORE = 0x01f01013; // slli x0, x0, 0x1f
  private static final long AFTER = 0x40705013; // srai x0, x0, 7
  private static final int OPEN = 0x01;
  private static final int CLOSE = 0x02;
  private static final int WRITE_CHARACTER = 0x03;
  private static final int WRITE_STRING = 0x04;
  private static final int WRITE = 0x05;
  private static final int READ_CHARACTER = 0x07;
  private static final int EXIT = 0x18;
  private static final int EXIT_EXTENDED = 0x20;
  private static final long APPLICATION_EXIT = 0x20026;
  private static final int LONGEST = 1 << 20;

  private final Console console;

  private Semihosting(Console console) {
    this.console = console;
  }

  /// {@return the host's side}
  public static Semihosting of(Console console) {
    return new Semihosting(console);
  }

  /// {@return whether the breakpoint at the hart's pc is a request}
  public static boolean isRequest(Hart hart) {
    try {
      long pc = hart.pc();
      return hart.memory().load(pc - 4, 4, AccessKind.FETCH) == BEFORE
          && hart.memory().load(pc + 4, 4, AccessKind.FETCH) == AFTER;
    } catch (MemoryFault _) {
      return false;
    }
  }

  /// {@return the result}
  public long call(Hart hart, long number, long argument) {
    try {
      return switch ((int) number) {
        case OPEN -> open(hart, argument);
        case CLOSE -> 0;
        case WRITE_CHARACTER -> print(1, new byte[] {(byte) load(hart, argument, 1)});
        case WRITE_STRING -> print(1, string(hart, argument));
        case WRITE -> write(hart, argument);
        case READ_CHARACTER -> console.read();
        case EXIT, EXIT_EXTENDED -> exit(hart, argument);
        default -> -1;
      };
    } catch (MemoryFault _) {
      return -1;
    }
  }

  /// The file `:tt` is the console, to be read in modes below 4.
  private static long open(Hart hart, long argument) {
    byte[] name = string(hart, load(hart, argument, 8));
    boolean terminal = name.length == 3 && name[0] == ':' && name[1] == 't' && name[2] == 't';
    long mode = load(hart, argument + 8, 8);
    return !terminal ? -1 : mode < 4 ? 0 : mode < 8 ? 1 : 2;
  }

  private long write(Hart hart, long argument) {
    long stream = load(hart, argument, 8);
    long length = load(hart, argument + 16, 8);
    if (stream != 1 && stream != 2 || length < 0 || length > LONGEST) {
      return length;
    }
    byte[] bytes = new byte[(int) length];
    hart.memory().read(load(hart, argument + 8, 8), bytes, 0, bytes.length);
    return print((int) stream, bytes);
  }

  private long print(int stream, byte[] bytes) {
    console.write(stream, bytes, 0, bytes.length);
    return 0;
  }

  private static long exit(Hart hart, long argument) {
    long reason = load(hart, argument, 8);
    long code = load(hart, argument + 8, 8);
    hart.stop(new Exit.Halted(reason == APPLICATION_EXIT ? (int) code : 1, "semihosting"));
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

  private static long load(Hart hart, long address, int bytes) {
    return hart.memory().load(address, bytes, AccessKind.LOAD);
  }
}
