package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "0 0",
        "1000 1000",
        "1_000 1000",
        "1,000,000 1000000",
        "1e6 1000000",
        "2.5e3 2500",
        "3k 3000",
        "1.5M 1500000",
        "2G 2000000000",
        "0xff 255",
        "-7 -7",
        "9223372036854775807 9223372036854775807",
      })
  void countsAreReadAsPeopleWriteThem(String text, long value) {
    assertEquals(value, Numbers.count(text).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"64 64", "1K 1024", "1KiB 1024", "256MiB 268435456", "1G 1073741824", "0x100 256"})
  void bytesScaleBy1024(String text, long value) {
    assertEquals(value, Numbers.bytes(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1.5",
        "1e-1",
        "9223372036854775808",
        "1e999999999",
        "0x",
        "0x-1",
        "k",
        "1e",
        "NaN"
      })
  void whatIsNoCountIsNone(String text) {
    assertTrue(Numbers.count(text).isEmpty());
  }

  @Property
  void anyTextIsANumberOrNone(@ForAll String text) {
    Numbers.count(text);
    Numbers.bytes(text);
    Numbers.seconds(text);
  }

  @Property
  void everyLongIsRead(@ForAll long value) {
    assertEquals(value, Numbers.count(Long.toString(value)).orElseThrow());
  }
}
