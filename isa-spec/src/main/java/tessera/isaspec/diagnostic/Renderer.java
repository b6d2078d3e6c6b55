package tessera.isaspec.diagnostic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prints diagnostics for a person: place, message, the line with a caret under it, notes, help.
public final class Renderer {
  private static final int SHOWN = 20;

  private Renderer() {}

  /// {@return the text of all, errors before warnings, at most 20 of them and then a count}
  public static String render(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    List<Diagnostic> ordered =
        diagnostics.stream().sorted((a, b) -> a.severity().compareTo(b.severity())).toList();
    ordered.stream().limit(SHOWN).forEach(d -> render(d, out));
    if (ordered.size() > SHOWN) {
      out.append("... and ").append(ordered.size() - SHOWN).append(" more\n");
    }
    return out.toString();
  }

  /// {@return the text of one}
  public static String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    render(diagnostic, out);
    return out.toString();
  }

  private static void render(Diagnostic d, StringBuilder out) {
    Span span = d.span();
    if (span != null) {
      out.append(printable(span.place())).append(": ");
    }
    out.append(d.severity().word()).append('[').append(d.code()).append("]: ");
    out.append(printable(d.message())).append('\n');
    if (span != null) {
      excerpt(span, out);
    }
    for (Diagnostic.Note note : d.notes()) {
      out.append("   note: ").append(at(note.span())).append(printable(note.text())).append('\n');
    }
    if (d.help() != null) {
      out.append("   help: ").append(printable(d.help())).append('\n');
    }
  }

  private static String at(@Nullable Span span) {
    return span == null ? "" : printable(span.place()) + ": ";
  }

  private static void excerpt(Span span, StringBuilder out) {
    String line = printable(span.source().lineText(span.from()).replace('\t', ' '));
    if (line.isBlank()) {
      return;
    }
    int column = span.column();
    int length = Math.clamp(span.to() - span.from(), 1, Math.max(1, line.length() - column + 1));
    // A long line is shown around the place only, so that 80 columns suffice.
    int from = Math.max(0, Math.min(column - 20, line.length() - 68));
    String shown = line.substring(from, Math.min(line.length(), from + 68));
    out.append(String.format("%5d | %s%n", span.line(), shown));
    out.append("      | ").append(" ".repeat(Math.max(0, column - 1 - from)));
    out.append("^".repeat(Math.min(length, Math.max(1, 68 - (column - 1 - from))))).append('\n');
  }

  /// {@return `text` without what a terminal would act on: control characters and bidirectional
  /// marks are shown as escapes}
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(c, out));
    return out.toString();
  }

  private static void append(int c, StringBuilder out) {
    boolean acts =
        c < 0x20
            || c >= 0x7f && c < 0xa0
            || Character.getType(c) == Character.FORMAT
            || c == 0x2028
            || c == 0x2029;
    if (acts) {
      out.append(String.format("\\u%04x", c));
    } else {
      out.appendCodePoint(c);
    }
  }
}
