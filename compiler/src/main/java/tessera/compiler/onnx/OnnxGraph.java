package tessera.compiler.onnx;

import java.util.List;

/// A graph of a model (`GraphProto`): its main one, or a branch or body in an attribute.
///
/// @param initializers the constants, by their names
/// @param inputs what the caller gives; one that is also an initializer has that as its default
/// @param sparse the names of sparse initializers, which are not read further
public record OnnxGraph(
    String name,
    List<OnnxNode> nodes,
    List<OnnxTensor> initializers,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs,
    List<ValueInfo> values,
    List<String> sparse) {
  public OnnxGraph {
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    values = List.copyOf(values);
    sparse = List.copyOf(sparse);
  }

  /// The same graph with other constants.
  OnnxGraph initializers(List<OnnxTensor> others) {
    return new OnnxGraph(name, nodes, others, inputs, outputs, values, sparse);
  }

  /// The same graph that gives `others` instead.
  OnnxGraph outputs(List<ValueInfo> others) {
    return new OnnxGraph(name, nodes, initializers, inputs, others, values, sparse);
  }
}
