package tessera.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// An immutable run of bytes, little-endian when read as numbers. A slice shares the bytes it was
/// cut from, so sections and segments of a file cost no copy.
public final class Bytes {
  private static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int start;
  private final int length;

  private Bytes(byte[] array, int start, int length) {
    this.array = array;
    this.start = start;
    this.length = length;
  }

  /// No bytes.
  public static Bytes empty() {
    return EMPTY;
  }

  /// A copy of `bytes`.
  public static Bytes copyOf(byte... bytes) {
    return wrap(bytes.clone());
  }

  /// `bytes` itself, without a copy: the caller hands the array over and must not write to it
  /// again.
  public static Bytes wrap(byte[] bytes) {
    return new Bytes(bytes, 0, bytes.length);
  }

  /// The UTF-8 form of `text`, without a terminator.
  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /// The bytes `from` (included) to `to` (not included).
  ///
  /// @throws IndexOutOfBoundsException if they are not all inside
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return new Bytes(array, start + from, to - from);
  }

  /// The bytes from `from` to the end.
  ///
  /// @throws IndexOutOfBoundsException if `from` is outside
  public Bytes slice(int from) {
    return slice(from, length);
  }

  /// The byte at `index`, as it is (signed).
  ///
  /// @throws IndexOutOfBoundsException if it is outside; so do all reads
  public byte at(int index) {
    return array[start + Objects.checkIndex(index, length)];
  }

  /// The unsigned byte at `index`.
  public int u8(int index) {
    return at(index) & 0xff;
  }

  /// The unsigned 16-bit number at `index`.
  public int u16(int index) {
    Objects.checkFromIndexSize(index, 2, length);
    return u8(index) | u8(index + 1) << 8;
  }

  /// The 32 bits at `index`.
  public int i32(int index) {
    Objects.checkFromIndexSize(index, 4, length);
    return u16(index) | u16(index + 2) << 16;
  }

  /// The unsigned 32-bit number at `index`.
  public long u32(int index) {
    return Integer.toUnsignedLong(i32(index));
  }

  /// The 64 bits at `index`.
  public long i64(int index) {
    Objects.checkFromIndexSize(index, 8, length);
    return u32(index) | u32(index + 4) << 32;
  }

  /// The index of the first byte equal to `value` at or after `from`, or -1.
  public int indexOf(byte value, int from) {
    for (int i = Math.max(from, 0); i < length; i++) {
      if (array[start + i] == value) {
        return i;
      }
    }
    return -1;
  }

  /// The text of the bytes, read as UTF-8; what is not UTF-8 reads as U+FFFD.
  public String text() {
    return new String(array, start, length, StandardCharsets.UTF_8);
  }

  /// Copies all bytes to `target` from `position` on.
  ///
  /// @throws IndexOutOfBoundsException if they do not fit
  public void copyTo(byte[] target, int position) {
    System.arraycopy(array, start, target, position, length);
  }

  /// The bytes in a new array.
  public byte[] toArray() {
    return Arrays.copyOfRange(array, start, start + length);
  }

  /// A read-only, little-endian view of the same bytes, position 0.
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(array, start, length)
        .slice()
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Equal when the bytes are.
  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && length == that.length
        && Arrays.equals(array, start, start + length, that.array, that.start, that.start + length);
  }

  @Override
  public int hashCode() {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + array[start + i];
    }
    return hash;
  }

  /// The length and the first bytes, for messages: `Bytes[6: 7f 45 4c 46 02 01]`.
  @Override
  public String toString() {
    var text = new StringBuilder("Bytes[").append(length).append(length == 0 ? "" : ":");
    for (int i = 0; i < Math.min(length, 16); i++) {
      text.append(' ').append(String.format("%02x", u8(i)));
    }
    return text.append(length > 16 ? " …]" : "]").toString();
  }
}
