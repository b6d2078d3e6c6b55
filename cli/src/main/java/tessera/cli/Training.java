package tessera.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Runs what people wait for, so that Java can write a start-up cache of it. The launcher calls
/// this once a build; nothing is printed, and what is written is removed again.
final class Training {
  private static final String PROGRAM =
      """
      _start: li a0, 0
              la a1, text
      1:      lw a2, 0(a1)
              beqz a0, 2f
              j 1b
      2:      li a7, 93
              ecall
              .data
      text:   .word 1
      """;

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("version"),
          List.of("version", "--format", "json"),
          List.of("help"),
          List.of("help", "run"),
          List.of("verison"),
          List.of("check"),
          List.of("explain", "addi"),
          List.of("machines", "edge16"),
          List.of("as", "p.s", "-o", "p.elf"),
          List.of("dis", "p.elf"),
          List.of("info", "p.elf"),
          List.of("run", "--counters", "p.s"),
          List.of("run", "--format", "json", "p.elf"));

  private Training() {}

  /// Runs all.
  public static void main(String[] words) throws IOException {
    Path folder = Files.createTempDirectory("tessera-training-");
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]), nowhere, nowhere, Map.of(), folder, false, "");
    Files.writeString(folder.resolve("p.s"), PROGRAM);
    COMMANDS.forEach(command -> Main.run(command, terminal));
    Files.deleteIfExists(folder.resolve("p.s"));
    Files.deleteIfExists(folder.resolve("p.elf"));
    Files.deleteIfExists(folder);
  }
}
