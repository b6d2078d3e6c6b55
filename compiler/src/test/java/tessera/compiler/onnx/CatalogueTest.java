package tessera.compiler.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  @Test
  void namesAreFound() {
    Catalogue catalogue = Catalogue.bundled();
    Catalogue.Entry entry = catalogue.find("hello_deepa").orElseThrow();
    assertEquals(Catalogue.Client.NPM, entry.client());
    assertEquals("openwakeword-js", entry.packageName());
    assertEquals("models/hello_deepa.onnx", entry.file());
    assertEquals(Optional.empty(), catalogue.find("hello"));
  }

  @Test
  void brokenLinesAreNoticed() {
    String line = "m maven g:a 1 f.onnx " + "0".repeat(64) + " MIT";
    assertEquals("g:a", Catalogue.parse(line).entries().getFirst().packageName());
    assertThrows(IllegalArgumentException.class, () -> Catalogue.parse(line + " more"));
    assertThrows(IllegalArgumentException.class, () -> Catalogue.parse(line.replace("00", "0")));
  }
}
