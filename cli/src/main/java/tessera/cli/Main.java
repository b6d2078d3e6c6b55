package tessera.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;

/// The program: finds the verb, lets it run, prints what went wrong, and makes an exit status of
/// it.
public final class Main {
  /// Every verb, in the order of the help page. Parser, help and completion scripts read this list.
  static final List<Verb> VERBS =
      List.of(
          Check.VERB,
          As.VERB,
          Dis.VERB,
          Run.VERB,
          Trace.VERB,
          Info.VERB,
          Compile.VERB,
          Machines.VERB,
          Conformance.VERB,
          Explain.VERB,
          Completion.VERB,
          Version.VERB,
          Help.VERB);

  private Main() {}

  /// Runs the command line and ends the process with its exit status.
  public static void main(String[] words) {
    Sink sink = new Sink(new FileOutputStream(FileDescriptor.out));
    Terminal terminal =
        new Terminal(
            new FileInputStream(FileDescriptor.in),
            new PrintStream(sink, false, StandardCharsets.UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            System.getenv(),
            Path.of(System.getProperty("user.dir", "")),
            Boolean.getBoolean("tessera.stderr.terminal"),
            System.getProperty("tessera.build", ""));
    int status = run(List.of(words), terminal);
    // Not System.exit: it looks up a logger first. Nothing here relies on shutdown hooks.
    Runtime.getRuntime().halt(sink.failure() == null ? status : cannotWrite(sink, terminal));
  }

  /// Runs the command line.
  ///
  /// @return the exit status
  static int run(List<String> words, Terminal terminal) {
    return run(VERBS, words, terminal);
  }

  /// Runs the command line with another list of verbs.
  ///
  /// @return the exit status
  static int run(List<Verb> verbs, List<String> words, Terminal terminal) {
    try {
      return dispatch(verbs, words, terminal);
    } catch (Failure failure) {
      print(failure, words, terminal);
      return failure.exit().code();
    } catch (Throwable e) { // the last resort: whatever it is, the user gets one line and a report
      return Crash.report(e, words, terminal).code();
    } finally {
      terminal.out().flush();
      terminal.err().flush();
    }
  }

  private static int dispatch(List<Verb> verbs, List<String> words, Terminal terminal) {
    Arguments arguments = new Arguments(verbs);
    int at = arguments.verbAt(words);
    if (at == words.size()) {
      return Help.withoutVerb(words, terminal);
    }
    Verb verb = Arguments.find(verbs, words.get(at));
    if (verb == null) {
      throw Arguments.noSuchVerb(verbs, words.get(at));
    }
    Invocation invocation = arguments.invocation(verb, words, at);
    if (invocation.has(Flags.HELP)) {
      terminal.out().print(HelpPage.verb(verb));
      return ExitCode.OK.code();
    }
    return verb.handler().run(invocation, terminal);
  }

  private static void print(Failure failure, List<String> words, Terminal terminal) {
    List<Diagnostic> diagnostics = failure.diagnostics();
    Colour colour = Colour.of(words, terminal);
    terminal.out().flush();
    terminal.err().print(colour.paint(Printed.text(failure.subject(), diagnostics)));
    if (!failure.last().isEmpty()) {
      long errors = diagnostics.stream().filter(Diagnostic::isError).count();
      terminal.err().println(errors + (errors == 1 ? " error; " : " errors; ") + failure.last());
    }
    if (wantsJson(words)) {
      terminal.out().print(DiagnosticsJson.text(failure.exit(), diagnostics));
    }
  }

  private static boolean wantsJson(List<String> words) {
    int at = words.indexOf("--format");
    return words.contains("--format=json")
        || at >= 0 && at + 1 < words.size() && words.get(at + 1).equals("json");
  }

  private static int cannotWrite(Sink sink, Terminal terminal) {
    @Nullable String why = sink.failure() == null ? null : sink.failure().getMessage();
    // A reader that has seen enough (`tessera dis x.elf | head`) is no error worth a line.
    if (why == null || !why.contains("Broken pipe")) {
      terminal.err().println("tessera: error[cannot-write]: standard output: " + why);
    }
    return ExitCode.CANNOT_WRITE.code();
  }
}
