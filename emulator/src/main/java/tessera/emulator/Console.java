package tessera.emulator;

/// What a guest reads and prints. Whoever runs a guest decides where it comes from and goes.
public interface Console {
  /// {@return the next byte of the guest's standard input, or -1 at its end}
  int read();

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
