package tessera.emulator.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Generated files that are committed because people read them.
final class Golden {
  private Golden() {}

  /// Compares a committed file with what is generated now; `-Dgolden.update=true` rewrites it.
  static void assertFresh(String path, String text) throws IOException {
    Path file = Path.of(System.getProperty("tessera.root", "..")).resolve(path);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    String committed = Files.exists(file) ? Files.readString(file) : "";
    assertEquals(text, committed, path + " is stale: run the tests with -Dgolden.update=true");
  }
}
