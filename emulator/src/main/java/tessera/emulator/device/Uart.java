package tessera.emulator.device;

import tessera.emulator.Console;
import tessera.emulator.memory.Device;

/// The part of a 16550 that polling programs use: data at +0, line status at +5.
public final class Uart implements Device {
  /// Bytes of its registers.
  public static final long SIZE = 256;

  private static final int DATA = 0;
  private static final int INTERRUPT_ENABLE = 1;
  private static final int INTERRUPT_ID = 2;
  private static final int LINE_CONTROL = 3;
  private static final int LINE_STATUS = 5;
  private static final int DIVISOR_ACCESS = 0x80;
  private static final int NOTHING_PENDING = 1;
  private static final int DATA_READY = 1;
  private static final int EMPTY = 0x60;

  private final Console console;
  private final byte[] registers = new byte[8];
  private int next = NOT_READ;
  private static final int NOT_READ = -2;

  private Uart(Console console) {
    this.console = console;
  }

  /// {@return a serial port to a console}
  public static Uart of(Console console) {
    return new Uart(console);
  }

  @Override
  public long load(long offset, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | register((int) offset + i);
    }
    return value;
  }

  private int register(int offset) {
    return switch (offset) {
      case DATA -> isDivisor() ? registers[DATA] & 255 : take();
      case INTERRUPT_ID -> NOTHING_PENDING;
      case LINE_STATUS -> EMPTY | (peek() >= 0 ? DATA_READY : 0);
      default -> offset < registers.length ? registers[offset] & 255 : 0;
    };
  }

  private boolean isDivisor() {
    return (registers[LINE_CONTROL] & DIVISOR_ACCESS) != 0;
  }

  private int peek() {
    if (next == NOT_READ) {
      next = console.read();
    }
    return next;
  }

  private int take() {
    int taken = peek();
    next = taken < 0 ? taken : NOT_READ;
    return Math.max(taken, 0);
  }

  @Override
  public void store(long offset, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      register((int) offset + i, (byte) (value >>> 8 * i));
    }
  }

  private void register(int offset, byte value) {
    if (offset == DATA && !isDivisor()) {
      console.write(1, new byte[] {value}, 0, 1);
    } else if (offset < registers.length && (offset != INTERRUPT_ENABLE || !isDivisor())) {
      registers[offset] = value;
    }
  }
}
