package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.elf.Attributes.Attribute;

final class AttributesTest {
  private static Bytes bytes(int... values) {
    var sink = new ByteSink();
    for (int value : values) {
      sink.u8(value);
    }
    return sink.toBytes();
  }

  @Test
  void theFormIsThatOfThePsabi() {
    var attributes =
        new Attributes(List.of(new Attribute.Numeric(4, 200), new Attribute.Text(5, "rv64i")));
    assertEquals(
        bytes(
            'A', 25, 0, 0, 0, 'r', 'i', 's', 'c', 'v', 0, 1, 15, 0, 0, 0, 4, 0xc8, 1, 5, 'r', 'v',
            '6', '4', 'i', 0),
        attributes.write());
  }

  @Test
  void entriesAreFoundByTag() {
    var attributes =
        Attributes.of("rv64i2p1").with(new Attribute.Numeric(Attributes.UNALIGNED_ACCESS, 1));
    assertEquals(Optional.of("rv64i2p1"), attributes.arch());
    assertEquals(OptionalLong.of(16), attributes.stackAlign());
    assertTrue(attributes.unalignedAccess());
    assertFalse(Attributes.of("rv64i").unalignedAccess());
    assertEquals(OptionalLong.empty(), attributes.number(Attributes.ATOMIC_ABI));
    assertEquals(OptionalLong.of(1), Attributes.read(attributes.write()).orElseThrow().number(6));
  }

  @Test
  void withReplacesAndSortedSorts() {
    var attributes =
        Attributes.of("rv64i")
            .with(new Attribute.Text(Attributes.ARCH, "rv64im"))
            .with(new Attribute.Numeric(2, 7))
            .sorted();
    assertEquals(
        List.of(
            new Attribute.Numeric(2, 7),
            new Attribute.Numeric(4, 16),
            new Attribute.Text(5, "rv64im")),
        attributes.entries());
  }

  @Test
  void otherVendorsAndScopesAreLeftOut() {
    var all =
        new ByteSink()
            .u8('A')
            .i32(4 + 4 + 3)
            .bytes(Bytes.utf8("gnu\0xyz"))
            .bytes(Attributes.of("rv64i").write().slice(1))
            .i32(4 + 6 + 7)
            .bytes(Bytes.utf8("riscv\0"))
            .u8(2)
            .i32(7)
            .u8(4)
            .u8(99)
            .toBytes();
    assertEquals(Attributes.of("rv64i"), Attributes.read(all).orElseThrow());
  }

  @Test
  void theLastOfATagCounts() {
    var twice = bytes('A', 19, 0, 0, 0, 'r', 'i', 's', 'c', 'v', 0, 1, 9, 0, 0, 0, 4, 1, 4, 2);
    assertEquals(OptionalLong.of(2), Attributes.read(twice).orElseThrow().stackAlign());
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(bytes(), "format version: expected 'A', found nothing"),
        Arguments.of(bytes('B'), "format version: expected 'A', found 0x42"),
        Arguments.of(bytes('A', 1), "vendor subsection: expected 4 bytes of length, found 1 bytes"),
        Arguments.of(
            bytes('A', 3, 0, 0, 0), "vendor subsection: expected a length of 4 to 4, found 3"),
        Arguments.of(bytes('A', 0xff, 0xff, 0xff, 0xff), "found 4294967295"),
        Arguments.of(bytes('A', 5, 0, 0, 0, 'r'), "vendor name: expected a zero byte at its end"),
        Arguments.of(riscv(0x80), "uleb128 number: expected at most 64 bits"),
        Arguments.of(riscv(1), "attribute subsection: expected 4 bytes of length, found 0 bytes"),
        Arguments.of(
            riscv(1, 4, 0, 0, 0), "attribute subsection: expected a length of 5 to 5, found 4"),
        Arguments.of(riscv(1, 7, 0, 0, 0, 4, 0x80), "uleb128 number"),
        Arguments.of(
            riscv(1, 7, 0, 0, 0, 5, 'x'), "text of attribute 5: expected a zero byte at its end"),
        Arguments.of(
            riscv(1, 11, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x10, 0),
            "attribute tag: expected at most 31 bits"),
        Arguments.of(
            riscv(1, 16, 0, 0, 0, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2),
            "uleb128 number"));
  }

  private static Bytes riscv(int... values) {
    var inner = bytes(values);
    return new ByteSink()
        .u8('A')
        .i32(10 + inner.length())
        .bytes(Bytes.utf8("riscv\0"))
        .bytes(inner)
        .toBytes();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void problemsSayWhatIsWrong(Bytes bytes, String text) {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> Attributes.read(bytes).orElseThrow());
    assertTrue(String.valueOf(thrown.getMessage()).contains(text), thrown.getMessage());
  }

  @Test
  void wrongEntriesCanNotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> new Attribute.Numeric(5, 1));
    assertThrows(IllegalArgumentException.class, () -> new Attribute.Text(4, "x"));
    assertThrows(IllegalArgumentException.class, () -> new Attribute.Text(5, "x\0"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Attributes(List.of(new Attribute.Numeric(4, 1), new Attribute.Numeric(4, 2))));
  }
}
