package tessera.emulator.linux;

/// What `stat` tells of a file.
///
/// @param permissions the low nine bits of the mode
/// @param identity a number that no other file has
/// @param seconds when it was changed, since 1970
public record Status(
    Kind kind, int permissions, long size, long identity, long seconds, int nanoseconds) {

  /// What a file is.
  public enum Kind {
    PIPE(0010000),
    DEVICE(0020000),
    DIRECTORY(0040000),
    REGULAR(0100000),
    LINK(0120000);

    private final int bits;

    Kind(int bits) {
      this.bits = bits;
    }

    /// {@return the number in a directory entry (`DT_…`)}
    int entryType() {
      return bits >>> 12;
    }
  }

  /// {@return the mode as Linux has it}
  int mode() {
    return kind.bits | permissions & 0777;
  }
}
