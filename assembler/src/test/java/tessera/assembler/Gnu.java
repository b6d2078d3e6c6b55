package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tessera.elf.Elf;
import tessera.elf.ElfReader;
import tessera.elf.ElfWriter;

/// GNU binutils and gcc for RISC-V, the oracles of this module, working in a folder of their own.
///
/// @param folder where relative names of files mean
record Gnu(Path folder) {
  private static final String PREFIX = "riscv64-linux-gnu-";

  /// What a program said, and how it ended.
  record Outcome(int status, String said) {}

  /// {@return binutils}
  static Gnu binutils(Path folder) {
    require("as", "binutils-riscv64-linux-gnu");
    return new Gnu(folder);
  }

  /// {@return binutils and the C compiler}
  static Gnu gcc(Path folder) {
    require("gcc", "gcc-riscv64-linux-gnu");
    return binutils(folder);
  }

  /// {@return binutils and all compilers of the corpus}
  static Gnu compilers(Path folder) {
    require("g++", "g++-riscv64-linux-gnu");
    requireProgram("clang-19", "clang-19");
    return gcc(folder);
  }

  /// Skips the test if the program is missing, but fails it with `-Doracles=required`.
  private static void require(String tool, String debianPackage) {
    requireProgram(PREFIX + tool, debianPackage);
  }

  /// Skips the test if the program is missing, but fails it with `-Doracles=required`.
  static void requireProgram(String program, String debianPackage) {
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(":", -1))
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

  /// Writes a file.
  void put(String name, String text) {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes an ELF file.
  void put(String name, Elf elf) {
    put(name, ElfWriter.write(elf));
  }

  /// {@return a file's text}
  String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return an ELF file}
  Elf elf(String name) {
    try {
      return ElfReader.read(Files.readAllBytes(folder.resolve(name))).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the object that GNU as makes of a text}
  Elf as(String text, String march) {
    put("gnu.s", text);
    run("as", "-march=" + march, "-misa-spec=20191213", "gnu.s", "-o", "gnu.o");
    return elf("gnu.o");
  }

  /// {@return what a tool says, which ends well}
  String run(String tool, String... arguments) {
    Outcome outcome = outcome(tool, arguments);
    assertEquals(0, outcome.status, outcome.said);
    return outcome.said;
  }

  /// {@return what a tool says, and how it ends}
  Outcome outcome(String tool, String... arguments) {
    List<String> command = new ArrayList<>(List.of(PREFIX + tool));
    command.addAll(List.of(arguments));
    return start(folder, command.toArray(String[]::new));
  }

  /// {@return what a program says, and how it ends}
  static Outcome start(Path folder, String... command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(String.join(" ", command) + " does not end");
      }
      return new Outcome(process.exitValue(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
