package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class BytesTest {
  private static final Bytes NINE = Bytes.wrap(new byte[] {0, -1, 2, 3, 4, 5, 6, 7, (byte) 0x88});

  @Test
  void numbersAreLittleEndian() {
    assertEquals(-1, NINE.at(1));
    assertEquals(255, NINE.u8(1));
    assertEquals(0x02ff, NINE.u16(1));
    assertEquals(0x0403_02ff, NINE.i32(1));
    assertEquals(0x8807_0605L, NINE.u32(5));
    assertEquals(0x8807_0605, NINE.i32(5));
    assertEquals(0x8807_0605_0403_02ffL, NINE.i64(1));
  }

  @Test
  void readsOutsideAreRefused() {
    var slice = NINE.slice(1, 8);
    assertThrows(IndexOutOfBoundsException.class, () -> slice.at(7));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.at(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.u16(6));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.i32(4));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.i64(0));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(0, 8));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(8));
  }

  @Test
  void equalityIsThatOfTheBytes() {
    var slice = NINE.slice(2, 5);
    assertEquals(Bytes.copyOf((byte) 2, (byte) 3, (byte) 4), slice);
    assertEquals(Bytes.copyOf((byte) 2, (byte) 3, (byte) 4).hashCode(), slice.hashCode());
    assertNotEquals(NINE.slice(2, 6), slice);
    assertEquals(Bytes.empty(), NINE.slice(9));
    assertTrue(NINE.slice(3, 3).isEmpty());
  }

  @Test
  void bytesComeOutAsCopies() {
    byte[] mine = {1, 2};
    var bytes = Bytes.copyOf(mine);
    mine[0] = 9;
    bytes.toArray()[1] = 9;
    assertArrayEquals(new byte[] {1, 2}, bytes.toArray());
    byte[] target = new byte[4];
    bytes.copyTo(target, 1);
    assertArrayEquals(new byte[] {0, 1, 2, 0}, target);
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.copyTo(target, 3));
  }

  @Test
  void buffersAreViewsThatCanNotBeWritten() {
    var buffer = NINE.slice(1, 5).asBuffer();
    assertEquals(4, buffer.remaining());
    assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.order());
    assertEquals(0x0403_02ff, buffer.getInt(0));
    assertTrue(buffer.isReadOnly());
  }

  @Test
  void textIsUtf8() {
    assertEquals("é→", Bytes.utf8("é→").text());
    assertEquals(5, Bytes.utf8("é→").length());
    assertEquals("\ufffdx", Bytes.copyOf((byte) 0xff, (byte) 'x').text());
    assertEquals(1, Bytes.utf8("aba").slice(1).indexOf((byte) 'a', 0));
    assertEquals(-1, Bytes.utf8("aba").slice(0, 2).indexOf((byte) 'a', 1));
    assertEquals("Bytes[3: 00 ff 02]", NINE.slice(0, 3).toString());
  }
}
