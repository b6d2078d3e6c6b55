package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Foreign tools that some tests compare with.
final class Oracle {
  private Oracle() {}

  /// Skips the test when the tool is not there, or fails it under `-Doracles=required`.
  static void require(String tool, String debianPackage) {
    boolean there =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    String message = tool + " is missing: install the Debian package " + debianPackage;
    if (System.getProperty("oracles", "optional").equals("required")) {
      assertTrue(there, message);
    }
    assumeTrue(there, message);
  }
}
