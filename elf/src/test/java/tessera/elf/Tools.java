package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Foreign programs, the oracles of this module's tests, working in a folder of their own.
///
/// @param folder where relative names of files mean
record Tools(Path folder) {
  private static final String PREFIX = "riscv64-linux-gnu-";

  /// What a program said, and how it ended.
  record Outcome(int status, String said) {}

  /// GNU binutils for RISC-V.
  static Tools binutils(Path folder) {
    require(PREFIX + "readelf", "binutils-riscv64-linux-gnu");
    return new Tools(folder);
  }

  /// GNU binutils and an emulator of Linux programs.
  static Tools qemu(Path folder) {
    require("qemu-riscv64", "qemu-user");
    return binutils(folder);
  }

  /// GNU binutils and the C compiler with its library.
  static Tools gcc(Path folder) {
    require(PREFIX + "gcc", "gcc-riscv64-linux-gnu and libc6-dev-riscv64-cross");
    return binutils(folder);
  }

  /// Skips the test if the program is missing, but fails it with `-Doracles=required`.
  private static void require(String program, String debianPackage) {
    boolean installed =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    if (!installed && "required".equals(System.getProperty("oracles"))) {
      fail("install the Debian package " + debianPackage);
    }
    assumeTrue(installed, "needs the Debian package " + debianPackage);
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
    var arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of(name + ".s", "-o", name));
    run("as", arguments.toArray(String[]::new));
    return get(name);
  }

  /// What a tool for RISC-V says. It must end well and have no complaints.
  String run(String tool, String... arguments) {
    var outcome = outcome(PREFIX + tool, arguments);
    assertEquals(0, outcome.status, outcome.said);
    assertFalse(outcome.said.toLowerCase(Locale.ROOT).contains("warning"), outcome.said);
    return outcome.said;
  }

  /// What a program says, and how it ends.
  Outcome outcome(String program, String... arguments) {
    var command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " does not end");
      }
      return new Outcome(process.exitValue(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
