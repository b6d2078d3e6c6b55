package tessera.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tessera.isaspec.diagnostic.Renderer;

/// What happens when Tessera itself is wrong: one line for the user, the rest into a file.
final class Crash {
  private Crash() {}

  /// Reports the error.
  static ExitCode report(Throwable error, List<String> words, Terminal terminal) {
    StackTraceElement[] stack = error.getStackTrace();
    String place = stack.length == 0 ? "" : " at " + stack[0];
    String what = error.getClass().getSimpleName() + place;
    String kept;
    try {
      Path file = Files.createTempFile("tessera-report-", ".txt");
      Files.writeString(file, text(error, words, terminal));
      kept = "the report is in " + file;
    } catch (IOException | RuntimeException e) {
      kept = "no report could be written (" + e.getMessage() + ")";
    }
    terminal.err().println("tessera: internal error: " + Renderer.printable(what) + "; " + kept);
    return ExitCode.INTERNAL;
  }

  private static String text(Throwable error, List<String> words, Terminal terminal) {
    StringWriter out = new StringWriter();
    PrintWriter print = new PrintWriter(out);
    print.println("tessera " + Version.NUMBER + " " + terminal.build());
    print.println("java " + Runtime.version() + " " + System.getProperty("java.vm.name"));
    print.println(System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    print.println("command line: " + words);
    print.println("directory: " + terminal.directory());
    print.println();
    error.printStackTrace(print);
    print.flush();
    return out.toString();
  }
}
