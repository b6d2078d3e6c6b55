package tessera.emulator.linux;

/// An open regular file. Every method may throw [Refused].
public interface OpenFile {
  /// {@return how many bytes from `at` on were read; 0 at the end}
  int read(long at, byte[] to, int offset, int length);

  /// {@return how many bytes were written at `at`}
  int write(long at, byte[] from, int offset, int length);

  /// Makes it this long.
  void truncate(long size);

  Status status();

  void close();
}
