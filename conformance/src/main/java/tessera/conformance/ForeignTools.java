package tessera.conformance;

import java.time.Duration;
import java.util.List;

/// Runs programs that others wrote; the command line implements it.
public interface ForeignTools {
  /// How a program ended.
  ///
  /// @param status its exit status
  /// @param out its standard output
  /// @param err its standard error
  /// @param late it was stopped at the time limit
  record Ran(int status, byte[] out, String err, boolean late) {}

  /// {@return whether there is a program of that name}
  boolean has(String program);

  /// {@return how a program ended}
  ///
  /// @param command the program and its arguments
  /// @param input its standard input
  Ran run(List<String> command, byte[] input, Duration limit);

  /// {@return the path of a file with that content, which lives as long as the tools do}
  String file(String name, byte[] content);
}
