package tessera.cli;

/// Numbers as people read them.
final class Sizes {
  private Sizes() {}

  /// {@return a number of bytes in the largest unit that divides it: `16 KiB`, `1000 B`}
  static String text(long bytes) {
    if (bytes > 0 && (bytes & (1 << 30) - 1) == 0) {
      return (bytes >> 30) + " GiB";
    }
    if (bytes > 0 && (bytes & (1 << 20) - 1) == 0) {
      return (bytes >> 20) + " MiB";
    }
    return bytes > 0 && (bytes & 1023) == 0 ? (bytes >> 10) + " KiB" : grouped(bytes) + " B";
  }

  /// {@return a number of things: `1 instruction`, `1,203 instructions`}
  static String count(long number, String thing) {
    return grouped(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /// {@return a whole number with commas: `1,234,567`}
  static String grouped(long number) {
    String digits = Long.toString(number);
    StringBuilder out = new StringBuilder(digits);
    int sign = digits.startsWith("-") ? 1 : 0;
    for (int at = digits.length() - 3; at > sign; at -= 3) {
      out.insert(at, ',');
    }
    return out.toString();
  }
}
