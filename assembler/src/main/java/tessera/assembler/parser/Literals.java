package tessera.assembler.parser;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;

/// The values of literals: numbers, characters and strings with their escapes.
public final class Literals {
  private Literals() {}

  /// {@return the number that a token spells, or null if it has more than 64 bits or a wrong digit}
  public static @Nullable Long integer(String token) {
    String text = token.toLowerCase(java.util.Locale.ROOT);
    BigInteger value;
    try {
      value =
          text.startsWith("0x")
              ? new BigInteger(text.substring(2), 16)
              : text.startsWith("0b")
                  ? new BigInteger(text.substring(2), 2)
                  : new BigInteger(text, text.startsWith("0") ? 8 : 10);
    } catch (NumberFormatException e) {
      return null;
    }
    return value.bitLength() > 64 ? null : value.longValue();
  }

  /// {@return the byte or code point of a character literal (`'a`, `'\n'`)}
  public static long character(String token) {
    String body =
        token.length() > 2 && token.endsWith("'")
            ? token.substring(1, token.length() - 1)
            : token.substring(1);
    return body.startsWith("\\") ? bytes(body)[0] & 0xff : body.codePointAt(0);
  }

  /// {@return the bytes of a string literal with its quotes, in UTF-8}
  public static byte[] string(String token) {
    return bytes(token.substring(1, token.length() - 1));
  }

  /// {@return the text of a string literal with its quotes, for a name}
  ///
  /// @throws SyntaxError without a place, if a zero byte is in it
  public static String text(String token) {
    String text = new String(string(token), StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      throw new SyntaxError(Diagnostic.error("syntax", null, "a name has no zero byte in it"));
    }
    return text;
  }

  private static byte[] bytes(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length()) {
      int c = body.codePointAt(at);
      if (c == '\\' && at + 1 < body.length()) {
        at = escape(body, at + 1, out);
      } else {
        out.writeBytes(new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(c);
      }
    }
    return out.toByteArray();
  }

  /// Writes what the escape after a backslash stands for; {@return where it ends}
  private static int escape(String body, int at, ByteArrayOutputStream out) {
    char c = body.charAt(at);
    if (c >= '0' && c <= '7') {
      return digits(body, at, 8, 3, out);
    }
    if ((c == 'x' || c == 'X') && at + 1 < body.length() && isDigit(body.charAt(at + 1), 16)) {
      return digits(body, at + 1, 16, Integer.MAX_VALUE, out);
    }
    if (c >= 0x80) {
      out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      return at + 1;
    }
    out.write(
        switch (c) {
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'v' -> 0x0b;
          default -> c;
        });
    return at + 1;
  }

  private static int digits(String body, int from, int radix, int most, ByteArrayOutputStream out) {
    int value = 0;
    int at = from;
    while (at < body.length() && at - from < most && isDigit(body.charAt(at), radix)) {
      value = value * radix + Character.digit(body.charAt(at), radix);
      at++;
    }
    out.write(value);
    return at;
  }

  private static boolean isDigit(char c, int radix) {
    return c < 0x80 && Character.digit(c, radix) >= 0;
  }
}
