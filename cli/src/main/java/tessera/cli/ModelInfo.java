package tessera.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tessera.compiler.onnx.Dim;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.OnnxNode;
import tessera.compiler.onnx.OnnxTensor;
import tessera.compiler.onnx.ValueInfo;
import tessera.compiler.onnx.ValueType;
import tessera.isaspec.diagnostic.Renderer;

/// An ONNX model described, as text and as JSON (schema `tessera-model-1`).
record ModelInfo(ModelFile file) {

  private Model model() {
    return file.model();
  }

  /// {@return the description; `nodes` adds a line for each node}
  String text(boolean nodes) {
    StringBuilder out = new StringBuilder();
    out.append(Renderer.printable(file.name())).append(": ONNX, opset ").append(model().opset());
    out.append(", IR ").append(model().irVersion());
    String producer = Renderer.printable(model().producer());
    out.append(producer.isEmpty() ? "" : ", written by " + producer).append('\n');
    out.append('\n');
    inputs().forEach(input -> out.append("input   ").append(value(input)).append('\n'));
    model().graph().outputs().forEach(o -> out.append("output  ").append(value(o)).append('\n'));
    out.append("\nweights ").append(Sizes.grouped(elements())).append(" elements, ");
    out.append(Sizes.text(bytes())).append(" in ").append(model().graph().initializers().size());
    out.append(" tensors\n");
    out.append("\n").append(model().graph().nodes().size()).append(" nodes\n");
    operators()
        .forEach(
            (name, n) -> out.append(String.format("  %5d  %s%n", n, Renderer.printable(name))));
    if (nodes) {
      out.append('\n');
      model().graph().nodes().forEach(node -> line(out, node));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, OnnxNode node) {
    out.append(Renderer.printable(node.label())).append("  ").append(node.operator()).append(" (");
    out.append(Renderer.printable(String.join(", ", node.inputs()))).append(") -> ");
    out.append(Renderer.printable(String.join(", ", node.outputs()))).append('\n');
  }

  /// What the caller gives: an input that has a value in the file is a constant.
  private List<ValueInfo> inputs() {
    List<String> constants = model().graph().initializers().stream().map(OnnxTensor::name).toList();
    return model().graph().inputs().stream().filter(i -> !constants.contains(i.name())).toList();
  }

  private static String value(ValueInfo value) {
    return Renderer.printable(value.name() + "  " + type(value.type()));
  }

  private static String type(ValueType type) {
    return switch (type) {
      case ValueType.Other(String what) -> what;
      case ValueType.TensorOf(var element, var shape) ->
          element.map(e -> e.name().toLowerCase(java.util.Locale.ROOT)).orElse("tensor")
              + shape.map(ModelInfo::dims).orElse(" of unknown shape");
    };
  }

  private static String dims(List<Dim> dims) {
    return dims.stream().map(ModelInfo::dim).collect(Collectors.joining(" x ", "[", "]"));
  }

  private static String dim(Dim dim) {
    return switch (dim) {
      case Dim.Known(long size) -> Long.toString(size);
      case Dim.Named(String name) -> name;
      case Dim.Unknown() -> "?";
    };
  }

  private long elements() {
    long sum = 0;
    for (OnnxTensor tensor : model().graph().initializers()) {
      long product = 1;
      for (long dim : tensor.dims()) {
        product *= dim;
      }
      sum += product;
    }
    return sum;
  }

  private long bytes() {
    return model().graph().initializers().stream().mapToLong(t -> t.data().remaining()).sum();
  }

  private Map<String, Integer> operators() {
    Map<String, Integer> counts = new TreeMap<>();
    model().graph().nodes().forEach(node -> counts.merge(node.operator(), 1, Integer::sum));
    return counts;
  }

  /// {@return the description as JSON, nodes included}
  String json() {
    return Json.object(
        "tessera-model-1",
        json -> {
          json.writeStringProperty("file", file.name());
          json.writeNumberProperty("opset", model().opset());
          json.writeNumberProperty("ir", model().irVersion());
          json.writeStringProperty("producer", model().producer());
          json.writeArrayPropertyStart("inputs");
          inputs().forEach(input -> add(json, input));
          json.writeEndArray();
          json.writeArrayPropertyStart("outputs");
          model().graph().outputs().forEach(output -> add(json, output));
          json.writeEndArray();
          json.writeNumberProperty("weights", elements());
          json.writeNumberProperty("weightBytes", bytes());
          json.writeObjectPropertyStart("operators");
          operators().forEach(json::writeNumberProperty);
          json.writeEndObject();
          json.writeArrayPropertyStart("nodes");
          for (OnnxNode node : model().graph().nodes()) {
            json.writeStartObject();
            json.writeStringProperty("name", node.label());
            json.writeStringProperty("operator", node.operator());
            json.writeArrayPropertyStart("inputs");
            node.inputs().forEach(json::writeString);
            json.writeEndArray();
            json.writeArrayPropertyStart("outputs");
            node.outputs().forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void add(tools.jackson.core.JsonGenerator json, ValueInfo value) {
    json.writeStartObject();
    json.writeStringProperty("name", value.name());
    json.writeStringProperty("type", type(value.type()));
    json.writeEndObject();
  }
}
