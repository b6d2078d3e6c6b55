package tessera.cli;

import java.util.List;
import tessera.isaspec.diagnostic.Diagnostic;

/// Ends a verb because of something the user can change: an exit code and what to print. It carries
/// no stack, since it is no error of ours.
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exit;
  private final transient List<Diagnostic> diagnostics;

  private final String subject;
  private final String last;

  private Failure(ExitCode exit, String subject, List<Diagnostic> diagnostics, String last) {
    super(diagnostics.isEmpty() ? "" : diagnostics.getFirst().message(), null, false, false);
    this.exit = exit;
    this.subject = subject;
    this.last = last;
    this.diagnostics = List.copyOf(diagnostics);
  }

  /// {@return a failure with several findings}
  public static Failure of(ExitCode exit, List<Diagnostic> diagnostics) {
    return new Failure(exit, "tessera", diagnostics, "");
  }

  /// {@return a failure with one finding}
  public static Failure of(ExitCode exit, Diagnostic diagnostic) {
    return of(exit, List.of(diagnostic));
  }

  /// {@return a failure with one finding that has no place in a text}
  public static Failure of(ExitCode exit, String code, String message) {
    return of(exit, Diagnostic.error(code, null, message));
  }

  /// {@return a failure with one finding that has no place in a text, and what to do about it}
  public static Failure of(ExitCode exit, String code, String message, String help) {
    return of(exit, Diagnostic.error(code, null, message).help(help));
  }

  /// {@return a failure whose findings concern a whole file and no place in it}
  public static Failure in(String file, ExitCode exit, List<Diagnostic> diagnostics) {
    return new Failure(exit, file, diagnostics, "");
  }

  /// {@return this with what became of the work, said after the number of errors}
  public Failure note(String became) {
    return new Failure(exit, subject, diagnostics, became);
  }

  /// {@return what became of the work, empty where that goes without saying}
  public String last() {
    return last;
  }

  /// {@return whom findings without a place concern: a file, or the tool itself}
  public String subject() {
    return subject;
  }

  /// {@return the process's exit status}
  public ExitCode exit() {
    return exit;
  }

  /// {@return what to print}
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
