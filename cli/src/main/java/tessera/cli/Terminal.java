package tessera.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// The outside world as a verb sees it, as a value: tests run verbs on streams of their own.
///
/// @param in standard input
/// @param out standard output, where results go
/// @param err standard error, where diagnostics and progress go
/// @param environment the process's environment variables
/// @param directory where relative paths start
/// @param errIsTerminal whether a person reads `err`
/// @param build the hash of the program's own jars, empty when unknown
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path directory,
    boolean errIsTerminal,
    String build) {

  /// {@return the path that a user wrote, made absolute}
  public Path path(String written) {
    return directory.resolve(written);
  }

  /// {@return this with results going to another stream}
  public Terminal withOut(PrintStream other) {
    return new Terminal(in, other, err, environment, directory, errIsTerminal, build);
  }
}
