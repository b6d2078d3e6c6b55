package tessera.emulator;

/// What a guest reads and prints. Whoever runs a guest decides where it comes from and goes.
public interface Console {
  /// {@return the next byte of the guest's standard input, or -1 at its end}
  int read();

  /// Reads up to the end of a line, or as much as there is room for, as a terminal gives it.
  ///
  /// @return how many bytes; 0 at the end of input
  default int line(byte[] bytes) {
    int n = 0;
    while (n < bytes.length) {
      int c = read();
      if (c < 0) {
        break;
      }
      bytes[n++] = (byte) c;
      if (c == '\n') {
        break;
      }
    }
    return n;
  }

  /// Takes what the guest prints.
  ///
  /// @param stream 1 standard output, 2 standard error
  void write(int stream, byte[] bytes, int offset, int length);

  /// {@return a console without input that drops output}
  static Console silent() {
    return new Console() {
      @Override
      public int read() {
        return -1;
      }

      @Override
      public void write(int stream, byte[] bytes, int offset, int length) {}
    };
  }
}
