package tessera.compiler;

import java.nio.charset.StandardCharsets;

/// Names of a model as names of symbols: letters, digits, dot and underscore stay, every other byte
/// of the UTF-8 text becomes `$` and two hexadecimal digits. So no two names become one, and every
/// tool takes them.
final class SymbolNames {
  private SymbolNames() {}

  static String escape(String name) {
    var escaped = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c == '_' || c == '.' || (c < 128 && Character.isLetterOrDigit(c));
      escaped.append(plain ? String.valueOf(c) : String.format("$%02X", (int) c));
    }
    return escaped.toString();
  }

  /// The name that was escaped to this.
  ///
  /// @throws IllegalArgumentException if none was
  static String unescape(String escaped) {
    byte[] bytes = new byte[escaped.length()];
    int count = 0;
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '$') {
        bytes[count++] = (byte) Integer.parseInt(escaped, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[count++] = (byte) c;
      }
    }
    return new String(bytes, 0, count, StandardCharsets.UTF_8);
  }
}
