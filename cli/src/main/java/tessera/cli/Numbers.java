package tessera.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Numbers as people write them on a command line.
final class Numbers {
  private Numbers() {}

  /// {@return a whole number: `1000`, `1_000`, `1,000`, `0x3e8`, `1e6`, `2k`, `3M`, `1G` (powers of
  /// ten), or nothing when it is none or does not fit 64 bits}
  static OptionalLong count(String text) {
    return scaled(text, 1000);
  }

  /// {@return a number of bytes: like [#count], but `K M G` and `KiB MiB GiB` are powers of 1024}
  static OptionalLong bytes(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return scaled(lower.endsWith("ib") ? text.substring(0, text.length() - 2) : text, 1024);
  }

  /// {@return a number of seconds, or nothing when it is none}
  static OptionalDouble seconds(String text) {
    String number = text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
    try {
      double value = new BigDecimal(number).doubleValue();
      return value >= 0 && value < 1e9 ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static OptionalLong scaled(String text, long step) {
    String plain = text.replace("_", "").replace(",", "");
    if (plain.isEmpty() || plain.length() > 40) {
      return OptionalLong.empty();
    }
    if (plain.startsWith("0x") || plain.startsWith("0X")) {
      return hex(plain.substring(2));
    }
    long scale =
        switch (plain.charAt(plain.length() - 1)) {
          case 'k', 'K' -> step;
          case 'm', 'M' -> step * step;
          case 'g', 'G' -> step * step * step;
          default -> 1;
        };
    String digits = scale == 1 ? plain : plain.substring(0, plain.length() - 1);
    try {
      BigDecimal value = new BigDecimal(digits);
      // An exponent of a billion is a short text and a huge number.
      if (Math.abs((long) value.scale()) > 40) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(value.multiply(BigDecimal.valueOf(scale)).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong hex(String digits) {
    try {
      return digits.startsWith("+") || digits.startsWith("-")
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(digits, 16));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
