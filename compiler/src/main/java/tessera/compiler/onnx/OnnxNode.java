package tessera.compiler.onnx;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One operator of a model (`NodeProto`).
///
/// @param name may be empty
/// @param domain empty for ONNX's own operators
/// @param inputs names of values; an empty one is an optional input that is not given
public record OnnxNode(
    String name,
    String domain,
    String opType,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {
  public OnnxNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    domain = domain.equals("ai.onnx") ? "" : domain;
  }

  public static OnnxNode of(String opType, List<String> inputs, List<String> outputs) {
    return new OnnxNode("", "", opType, inputs, outputs, Map.of());
  }

  /// This node with one more attribute.
  public OnnxNode with(String attribute, Attribute value) {
    var more = new TreeMap<>(attributes);
    more.put(attribute, value);
    return new OnnxNode(name, domain, opType, inputs, outputs, more);
  }

  /// This node under another name.
  public OnnxNode named(String other) {
    return new OnnxNode(other, domain, opType, inputs, outputs, attributes);
  }

  /// How a user finds the node: its name, or else what it gives.
  public String label() {
    return !name.isEmpty()
        ? name
        : outputs.stream().filter(o -> !o.isEmpty()).findFirst().orElse("?");
  }

  /// The operator with its domain, `com.acme::Foo`.
  public String operator() {
    return domain.isEmpty() ? opType : domain + "::" + opType;
  }
}
