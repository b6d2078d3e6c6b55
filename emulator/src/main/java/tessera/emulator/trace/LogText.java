package tessera.emulator.trace;

import java.util.Arrays;

/// Collects the lines of a log and hands them on in large parts, whole lines at a time.
public final class LogText {
  private static final int FULL = 1 << 16;
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /// Takes the text.
  @FunctionalInterface
  public interface Sink {
    /// Takes bytes, which are used again after the call.
    void write(byte[] bytes, int length);
  }

  private final Sink sink;
  private byte[] bytes = new byte[2 * FULL];
  private int used;

  private LogText(Sink sink) {
    this.sink = sink;
  }

  /// {@return an empty text}
  public static LogText to(Sink sink) {
    return new LogText(sink);
  }

  /// Hands on what was not yet handed on.
  public void flush() {
    if (used > 0) {
      sink.write(bytes, used);
      used = 0;
    }
  }

  void character(char c) {
    room(1);
    bytes[used++] = (byte) c;
  }

  void text(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[used++] = (byte) text.charAt(i);
    }
  }

  /// Adds `0x` and the low digits.
  void hex(long value, int digits) {
    room(digits + 2);
    bytes[used++] = '0';
    bytes[used++] = 'x';
    for (int i = digits - 1; i >= 0; i--) {
      bytes[used++] = DIGITS[(int) (value >>> 4 * i) & 15];
    }
  }

  /// Adds two digits.
  void octet(byte value) {
    room(2);
    bytes[used++] = DIGITS[value >>> 4 & 15];
    bytes[used++] = DIGITS[value & 15];
  }

  /// Ends a line.
  void end() {
    character('\n');
    if (used >= FULL) {
      flush();
    }
  }

  private void room(int more) {
    if (used + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length + more);
    }
  }
}
