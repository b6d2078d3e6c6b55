package tessera.emulator.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tessera.emulator.memory.Memory;

/// A C structure on its way to or from a program's memory, by offsets.
final class Struct {
  private final ByteBuffer bytes;

  private Struct(byte[] array) {
    bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// {@return one of zeros}
  static Struct of(int size) {
    return new Struct(new byte[size]);
  }

  /// {@return what lies at an address}
  static Struct read(Memory memory, long address, int size) {
    byte[] array = new byte[size];
    memory.read(address, array, 0, size);
    return new Struct(array);
  }

  Struct int16(int at, int value) {
    bytes.putShort(at, (short) value);
    return this;
  }

  Struct int32(int at, long value) {
    bytes.putInt(at, (int) value);
    return this;
  }

  Struct int64(int at, long value) {
    bytes.putLong(at, value);
    return this;
  }

  int int32(int at) {
    return bytes.getInt(at);
  }

  long int64(int at) {
    return bytes.getLong(at);
  }

  void write(Memory memory, long address) {
    memory.write(address, bytes.array(), 0, bytes.capacity());
  }
}
