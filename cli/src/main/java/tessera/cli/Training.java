package tessera.cli;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Runs what people wait for, so that Java can write a start-up cache of it. The launcher calls
/// this once a build; nothing is printed or written.
final class Training {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("version"),
          List.of("version", "--format", "json"),
          List.of("help"),
          List.of("help", "help"),
          List.of("verison"));

  private Training() {}

  /// Runs all.
  public static void main(String[] words) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            nowhere,
            nowhere,
            Map.of(),
            Path.of(System.getProperty("user.dir", "")),
            false,
            "");
    COMMANDS.forEach(command -> Main.run(command, terminal));
  }
}
