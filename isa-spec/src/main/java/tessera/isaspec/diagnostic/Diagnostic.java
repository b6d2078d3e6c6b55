package tessera.isaspec.diagnostic;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wrong with an input, as a value. Only the command line prints it.
///
/// ```
/// xta.isa:41:3: error[enc-overlap]: 'ta.zap' and 'ta.new' both match 0x3000000b
///    41 |   insn ta.zap : TSET { … }
///       |        ^^^^^^
///    note: xta.isa:77:3: also defined here
///    help: add a `legal` on their fields, or let the extensions conflict
/// ```
///
/// @param code kebab-case name; the same word is its test file and its `explain` page
/// @param span the place, absent where the input has none (a missing file, a command line)
/// @param message what was expected and what was got, one line
/// @param notes further places and facts
/// @param help one suggestion
public record Diagnostic(
    String code,
    Severity severity,
    @Nullable Span span,
    String message,
    List<Note> notes,
    @Nullable String help) {

  /// A second place or a further fact.
  public record Note(@Nullable Span span, String text) {}

  public Diagnostic {
    notes = List.copyOf(notes);
  }

  /// {@return an error at a place}
  public static Diagnostic error(String code, @Nullable Span span, String message) {
    return new Diagnostic(code, Severity.ERROR, span, message, List.of(), null);
  }

  /// {@return a warning at a place}
  public static Diagnostic warning(String code, @Nullable Span span, String message) {
    return new Diagnostic(code, Severity.WARNING, span, message, List.of(), null);
  }

  /// {@return this with other words}
  public Diagnostic message(String text) {
    return new Diagnostic(code, severity, span, text, notes, help);
  }

  /// {@return this with a suggestion}
  public Diagnostic help(String text) {
    return new Diagnostic(code, severity, span, message, notes, text);
  }

  /// {@return this with one more note}
  public Diagnostic note(@Nullable Span at, String text) {
    List<Note> more = new ArrayList<>(notes);
    more.add(new Note(at, text));
    return new Diagnostic(code, severity, span, message, more, help);
  }

  /// {@return whether this keeps the input from being used}
  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
