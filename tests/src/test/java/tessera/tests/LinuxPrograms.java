package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tessera.elf.Elf;
import tessera.elf.ElfReader;
import tessera.elf.ElfResult;
import tessera.emulator.Console;
import tessera.emulator.Emulator;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.linux.FileSystem;
import tessera.emulator.linux.Surroundings;
import tessera.isaspec.Isa;

/// The C and C++ programs of the test resources, compiled by the stock cross compilers, run by us
/// and by qemu.
final class LinuxPrograms {
  static final String INPUT = "a\nbb\nccc\n";
  static final List<String> ARGUMENTS = List.of("one", "two three");
  static final String SETTING = "TESSERA_TEST=yes";

  private static final long BUDGET = 400_000_000;
  private static final Path SOURCES = Path.of("src/test/resources/programs/linux");

  /// What a run gives.
  record Ran(String output, int status) {}

  private LinuxPrograms() {}

  /// {@return the sources whose names end so}
  static List<Path> sources(String... endings) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .filter(f -> Stream.of(endings).anyMatch(f.toString()::endsWith))
          .sorted()
          .toList();
    }
  }

  /// Skips the test when a tool is not there, or fails it under `-Doracles=required`.
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

  /// {@return the compiled program}
  static Path compile(Path source, Path folder, String... compiler)
      throws IOException, InterruptedException {
    Path program = folder.resolve(source.getFileName() + ".elf");
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(List.of("-static", "-w", "-o", program.toString(), source.toString(), "-lm"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return program;
  }

  /// {@return what qemu makes of a program}
  ///
  /// @param cpu what `-cpu` says
  static Ran qemu(Path program, Path folder, String cpu) throws IOException, InterruptedException {
    Path input = folder.resolve("input.txt");
    Files.writeString(input, INPUT);
    List<String> command =
        new ArrayList<>(List.of("qemu-riscv64", "-cpu", cpu, "-E", SETTING, program.toString()));
    command.addAll(ARGUMENTS);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Ran(output, process.exitValue());
  }

  /// {@return what we make of a program}
  static Ran ours(Path program, Isa isa, FileSystem files, List<String> notes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(INPUT.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console =
        new Console() {
          @Override
          public int read() {
            return in.read();
          }

          @Override
          public void write(int stream, byte[] bytes, int offset, int length) {
            if (stream == 1) {
              out.write(bytes, offset, length);
            }
          }
        };
    List<String> arguments = new ArrayList<>(List.of("program"));
    arguments.addAll(ARGUMENTS);
    Surroundings surroundings =
        new Surroundings(arguments, List.of(SETTING), files, 0, null, notes::add);
    Emulator emulator = Emulator.of(isa).with(console).with(surroundings);
    Guest guest =
        switch (emulator.load(read(program))) {
          case Emulator.Loaded.Ready(var ready) -> ready;
          case Emulator.Loaded.Refused(var why) -> throw new AssertionError(why.toString());
        };
    int status = status(guest.run(BUDGET), guest);
    return new Ran(out.toString(StandardCharsets.ISO_8859_1), status);
  }

  private static Elf read(Path program) throws IOException {
    return switch (ElfReader.read(Files.readAllBytes(program))) {
      case ElfResult.Ok<Elf>(var elf) -> elf;
      case ElfResult.Failed<Elf> failed -> throw new AssertionError(failed.toString());
    };
  }

  /// {@return the exit status as a shell has it}
  private static int status(Exit exit, Guest guest) {
    return switch (exit) {
      case Exit.Halted(int code, _) -> code;
      case Exit.Signalled(int signal, _) -> 128 + signal;
      case Exit.Trapped(var trap) when trap.trap().equals("access_fault") -> 139;
      case Exit.Trapped(var trap) when trap.trap().equals("illegal") -> 132;
      case Exit.Trapped _,
          Exit.BudgetSpent _,
          Exit.Endless _,
          Exit.Waiting _,
          Exit.MemoryExhausted _ ->
          throw new AssertionError(exit + " at 0x" + Long.toHexString(guest.hart().pc()));
    };
  }
}
