package tessera.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tools.jackson.core.JsonGenerator;

/// Diagnostics as JSON, schema `tessera-diagnostics-1`.
final class DiagnosticsJson {
  private DiagnosticsJson() {}

  /// {@return the document of a run that ended with `exit`}
  static String text(ExitCode exit, List<Diagnostic> diagnostics) {
    return Json.object(
        "tessera-diagnostics-1",
        json -> {
          json.writeStringProperty("status", exit == ExitCode.OK ? "ok" : "failed");
          json.writeNumberProperty("exit", exit.code());
          add(json, diagnostics);
        });
  }

  /// Adds the member `diagnostics`.
  static void add(JsonGenerator json, List<Diagnostic> diagnostics) {
    json.writeArrayPropertyStart("diagnostics");
    diagnostics.forEach(d -> add(json, d));
    json.writeEndArray();
  }

  private static void add(JsonGenerator json, Diagnostic diagnostic) {
    json.writeStartObject();
    json.writeStringProperty("code", diagnostic.code());
    json.writeStringProperty("severity", diagnostic.severity().word());
    place(json, diagnostic.span());
    json.writeStringProperty("message", diagnostic.message());
    if (diagnostic.help() != null) {
      json.writeStringProperty("help", diagnostic.help());
    }
    json.writeArrayPropertyStart("notes");
    for (Diagnostic.Note note : diagnostic.notes()) {
      json.writeStartObject();
      place(json, note.span());
      json.writeStringProperty("text", note.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void place(JsonGenerator json, @Nullable Span span) {
    if (span != null) {
      json.writeStringProperty("file", span.source().name());
      json.writeNumberProperty("line", span.line());
      json.writeNumberProperty("column", span.column());
      json.writeNumberProperty("length", span.to() - span.from());
    }
  }
}
