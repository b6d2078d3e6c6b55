package tessera.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What one run of the tool did, in this process and on streams of its own.
record Ran(int status, String out, String err) {

  static Ran tessera(String... words) {
    return in(Path.of(""), Map.of(), words);
  }

  static Ran with(List<Verb> verbs, String... words) {
    return run(verbs, Path.of(""), Map.of(), words);
  }

  static Ran in(Path directory, Map<String, String> environment, String... words) {
    return run(Main.VERBS, directory, environment, words);
  }

  private static Ran run(
      List<Verb> verbs, Path directory, Map<String, String> environment, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            environment,
            directory.toAbsolutePath(),
            false,
            "");
    int status = Main.run(verbs, List.of(words), terminal);
    return new Ran(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// {@return all that a golden file holds of a run}
  String transcript() {
    String errors = err.isEmpty() ? "" : "--- stderr\n" + err;
    return out + errors + "--- exit " + status + "\n";
  }
}
