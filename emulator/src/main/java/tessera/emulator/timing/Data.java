package tessera.emulator.timing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A document as a tree, in the order in which it is to be written. Numbers are integers.
public sealed interface Data {

  record Text(String value) implements Data {}

  record Whole(long value) implements Data {}

  record Items(List<Data> values) implements Data {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// Named parts in their order.
  record Fields(Map<String, Data> values) implements Data {
    public Fields {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /// {@return a text}
  static Data of(String value) {
    return new Text(value);
  }

  /// {@return a number}
  static Data of(long value) {
    return new Whole(value);
  }

  /// {@return texts}
  static Data of(List<String> values) {
    return new Items(values.stream().map(Data::of).toList());
  }

  /// {@return numbers by name}
  static Data of(Map<String, Long> values) {
    Map<String, Data> fields = new LinkedHashMap<>();
    values.forEach((name, value) -> fields.put(name, of(value)));
    return new Fields(fields);
  }

  /// {@return the tree as JSON, two spaces an indentation, with a newline at the end}
  default String json() {
    StringBuilder out = new StringBuilder();
    write(this, "\n", out);
    return out.append('\n').toString();
  }

  private static void write(Data data, String newline, StringBuilder out) {
    switch (data) {
      case Text(var value) -> quote(value, out);
      case Whole(var value) -> out.append(value);
      case Items(var values) -> {
        String inner = newline + "  ";
        String separator = "";
        out.append('[');
        for (Data value : values) {
          out.append(separator).append(inner);
          write(value, inner, out);
          separator = ",";
        }
        out.append(values.isEmpty() ? "]" : newline + "]");
      }
      case Fields(var values) -> {
        String inner = newline + "  ";
        String separator = "";
        out.append('{');
        for (Map.Entry<String, Data> field : values.entrySet()) {
          out.append(separator).append(inner);
          quote(field.getKey(), out);
          write(field.getValue(), inner, out.append(": "));
          separator = ",";
        }
        out.append(values.isEmpty() ? "}" : newline + "}");
      }
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
