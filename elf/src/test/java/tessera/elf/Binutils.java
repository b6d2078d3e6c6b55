package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// GNU binutils for RISC-V, the oracle of this module's tests, working in a folder of its own.
///
/// @param folder where relative names of files mean
record Binutils(Path folder) {
  private static final String PREFIX = "riscv64-linux-gnu-";
  private static final String PACKAGE = "binutils-riscv64-linux-gnu";

  /// Skips the test if they are missing, but fails it with `-Doracles=required`.
  static Binutils in(Path folder) {
    boolean installed =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(path -> Files.isExecutable(Path.of(path, PREFIX + "readelf")));
    if ("required".equals(System.getProperty("oracles"))) {
      assertEquals(true, installed, "install the Debian package " + PACKAGE);
    }
    assumeTrue(installed, "needs the Debian package " + PACKAGE);
    return new Binutils(folder);
  }

  /// Writes a file.
  void put(String name, byte[] bytes) {
    try {
      Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a file.
  byte[] get(String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Assembles `text` to the object `name`.
  byte[] as(String text, String name, String... options) {
    put(name + ".s", text.getBytes(StandardCharsets.UTF_8));
    run("as", List.of(options), name + ".s", "-o", name);
    return get(name);
  }

  /// What the tool says, without complaints, which fail the test.
  String run(String tool, String... arguments) {
    return run(tool, List.of(), arguments);
  }

  private String run(String tool, List<String> options, String... arguments) {
    var command = new ArrayList<String>();
    command.add(PREFIX + tool);
    command.addAll(options);
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(true, process.waitFor(60, TimeUnit.SECONDS), command + " does not end");
      assertEquals(0, process.exitValue(), command + " says " + said);
      assertEquals(
          false,
          said.toLowerCase(java.util.Locale.ROOT).contains("warning"),
          command + " says " + said);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
