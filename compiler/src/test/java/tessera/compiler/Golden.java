package tessera.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;

/// Expected texts kept beside the tests; `-Dgolden.update=true` rewrites them.
public final class Golden {
  private Golden() {}

  /// Fails unless `actual` is what `src/test/resources/NAME` of this module holds.
  public static void check(String name, String actual) {
    Path file =
        Path.of(System.getProperty("tessera.root", "..")).resolve("compiler/src/test/resources");
    Path golden = file.resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(golden.getParent());
        Files.writeString(golden, actual);
      }
      Assertions.assertEquals(Files.readString(golden), actual, golden + ": -Dgolden.update=true");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
