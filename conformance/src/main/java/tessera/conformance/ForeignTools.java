package tessera.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Runs programs that others wrote; the command line implements it.
public interface ForeignTools {
  /// How a program ended.
  ///
  /// @param status its exit status
  /// @param err its standard error
  /// @param late it was stopped at the time limit
  record Ending(int status, String err, boolean late) {}

  /// What a program left.
  final class Ran {
    private final Ending ending;
    private final byte[] out;

    /// @param out its standard output
    public Ran(Ending ending, byte[] out) {
      this.ending = ending;
      this.out = out.clone();
    }

    /// {@return its exit status}
    public int status() {
      return ending.status();
    }

    /// {@return its standard error}
    public String err() {
      return ending.err();
    }

    /// {@return whether it was stopped at the time limit}
    public boolean late() {
      return ending.late();
    }

    /// {@return its standard output}
    public byte[] out() {
      return out.clone();
    }

    /// {@return its standard output as text}
    public String text() {
      return new String(out, StandardCharsets.UTF_8);
    }
  }

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
