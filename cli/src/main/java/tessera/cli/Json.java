package tessera.cli;

import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// One JSON document, indented.
final class Json {
  private static final class Indented extends ObjectWriteContext.Base {
    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter();
    }
  }

  private Json() {}

  /// {@return an object of the given schema with the members that `body` adds, and a line end}
  static String object(String schema, Consumer<JsonGenerator> body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactory.builder().build().createGenerator(new Indented(), text)) {
      json.writeStartObject();
      json.writeStringProperty("schema", schema);
      body.accept(json);
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }
}
