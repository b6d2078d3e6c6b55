package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares a text with the file that holds what it should be; `-Dgolden.update=true` rewrites it.
final class Golden {
  private static final int COLUMNS = 80;

  private Golden() {}

  static void check(String name, String text) throws IOException {
    Path root = Path.of(System.getProperty("tessera.root", ".."));
    Path file = root.resolve("cli/src/test/resources/tessera/cli/golden").resolve(name + ".txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertEquals(Files.readString(file), text, () -> "differs from " + file);
  }

  /// The same, for a text that is all ours and so fits a terminal.
  static void checkNarrow(String name, String text) throws IOException {
    check(name, text);
    text.lines()
        .forEach(line -> assertTrue(line.length() <= COLUMNS, () -> "wider than 80: " + line));
  }
}
