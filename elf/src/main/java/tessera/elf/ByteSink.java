package tessera.elf;

import java.util.Arrays;

/// Bytes being written one after the other, little-endian.
final class ByteSink {
  private byte[] array = new byte[64];
  private int length;

  int length() {
    return length;
  }

  ByteSink u8(int value) {
    reserve(1);
    array[length++] = (byte) value;
    return this;
  }

  ByteSink u16(int value) {
    return u8(value).u8(value >> 8);
  }

  ByteSink i32(int value) {
    return u16(value).u16(value >> 16);
  }

  ByteSink i64(long value) {
    return i32((int) value).i32((int) (value >> 32));
  }

  ByteSink uleb128(long value) {
    long rest = value;
    while (Long.compareUnsigned(rest, 0x7f) > 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  ByteSink bytes(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, array, length, bytes.length);
    length += bytes.length;
    return this;
  }

  ByteSink bytes(Bytes bytes) {
    reserve(bytes.length());
    bytes.copyTo(array, length);
    length += bytes.length();
    return this;
  }

  ByteSink align(int alignment) {
    while (length % alignment != 0) {
      u8(0);
    }
    return this;
  }

  Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(array, length));
  }

  private void reserve(int more) {
    int needed = Math.addExact(length, more);
    if (needed > array.length) {
      array =
          Arrays.copyOf(
              array, Math.max(needed, (int) Math.min(2L * array.length, Integer.MAX_VALUE - 8)));
    }
  }
}
