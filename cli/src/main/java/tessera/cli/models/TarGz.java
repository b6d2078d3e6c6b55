package tessera.cli.models;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Takes one file out of a gzipped tar archive (POSIX ustar and pax, with GNU's long names).
final class TarGz {
  private static final int BLOCK = 512;
  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8L;
  private static final int LARGEST_HEADER = 1 << 20;

  private final InputStream in;

  private TarGz(InputStream in) {
    this.in = in;
  }

  /// {@return the file of that name, or null when the archive has none}
  ///
  /// @throws IOException when the archive is damaged
  static byte @Nullable [] file(InputStream gzipped, String name) throws IOException {
    return new TarGz(new GZIPInputStream(gzipped, 1 << 16)).find(name);
  }

  private byte @Nullable [] find(String wanted) throws IOException {
    String longName = null;
    for (byte[] header = block(); !isEnd(header); header = block()) {
      long size = octal(header, 124, 12);
      switch (header[156]) {
        case 'L' -> longName = text(content(size, LARGEST_HEADER));
        case 'x' -> longName = paxPath(content(size, LARGEST_HEADER), longName);
        case '0', 0 -> {
          String name = longName == null ? name(header) : longName;
          longName = null;
          if (name.equals(wanted)) {
            return content(size, LARGEST_FILE);
          }
          skip(size);
        }
        default -> {
          longName = header[156] == 'g' ? longName : null;
          skip(size);
        }
      }
    }
    in.transferTo(OutputStream.nullOutputStream()); // to the checksum at the end
    return null;
  }

  private byte[] block() throws IOException {
    byte[] block = in.readNBytes(BLOCK);
    if (block.length == 0) {
      return new byte[BLOCK]; // some writers leave the two closing blocks out
    }
    if (block.length < BLOCK) {
      throw new IOException("the archive ends in the middle");
    }
    return block;
  }

  private static boolean isEnd(byte[] header) {
    return header[0] == 0;
  }

  private byte[] content(long size, long most) throws IOException {
    if (size > most) {
      throw new IOException("an entry of " + size + " bytes is too large");
    }
    byte[] content = in.readNBytes((int) size);
    if (content.length < size) {
      throw new IOException("the archive ends in the middle");
    }
    pass(padding(size));
    return content;
  }

  private void skip(long size) throws IOException {
    pass(size + padding(size));
  }

  private void pass(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw new IOException("the archive ends in the middle", e);
    }
  }

  private static long padding(long size) {
    return -size & (BLOCK - 1);
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    String prefix = header[257] == 'u' ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /// Records read `LENGTH KEY=VALUE\n`, the length counting the whole record.
  private static @Nullable String paxPath(byte[] records, @Nullable String otherwise)
      throws IOException {
    String path = otherwise;
    int at = 0;
    while (at < records.length) {
      int space = at;
      int length = 0;
      while (space < records.length && records[space] >= '0' && records[space] <= '9') {
        length = Math.min(length * 10 + records[space++] - '0', LARGEST_HEADER);
      }
      int end = at + length;
      if (space == at || end > records.length || space + 1 >= end || records[space] != ' ') {
        throw new IOException("no tar archive: an extended header is damaged");
      }
      String entry = new String(records, space + 1, end - space - 2, StandardCharsets.UTF_8);
      path = entry.startsWith("path=") ? entry.substring("path=".length()) : path;
      at = end;
    }
    return path;
  }

  private static long octal(byte[] header, int at, int length) throws IOException {
    String digits = text(header, at, length).strip();
    try {
      long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException("no tar archive: a size reads '" + digits + "'");
  }

  private static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes, int at, int length) {
    int end = at;
    while (end < at + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }
}
