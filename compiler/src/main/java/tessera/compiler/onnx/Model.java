package tessera.compiler.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tessera.compiler.graph.Tensor;

/// An ONNX model: what the file says, with sizes given to its symbolic extents.
///
/// @param producer the tool that wrote it, may be empty
/// @param opsets the version of each operator set, by domain; ONNX's own is `""`
/// @param functions `domain::name` of each function that the model brings; they are not read
///   further
/// @param sizes what the symbolic extents are bound to
public record Model(
    long irVersion,
    String producer,
    Map<String, Long> opsets,
    OnnxGraph graph,
    Set<String> functions,
    Map<String, Integer> sizes) {
  public Model {
    opsets = Collections.unmodifiableMap(new TreeMap<>(opsets));
    functions = Set.copyOf(functions);
    sizes = Collections.unmodifiableMap(new TreeMap<>(sizes));
  }

  /// A model of one graph of ONNX's own operators.
  public static Model of(long opset, OnnxGraph graph) {
    return new Model(8, "", Map.of("", opset), graph, Set.of(), Map.of());
  }

  /// The version of ONNX's own operators that the model uses.
  public long opset() {
    return opsets.getOrDefault("", 1L);
  }

  /// This model with a size for a symbolic extent: the name that the inputs' shapes use
  /// (`batch_size`), or `input:axis` for one without a name (`x:0`). A name that no input uses
  /// changes nothing.
  ///
  /// @param size 0 or more
  public Model bind(String dim, int size) {
    if (size < 0) {
      throw new IllegalArgumentException(dim + " = " + size);
    }
    var more = new TreeMap<>(sizes);
    more.put(dim, size);
    return new Model(irVersion, producer, opsets, graph, functions, more);
  }

  /// This model with one of its inputs fixed when compiling: what depends on it alone is computed
  /// then.
  public Model fix(String input, Tensor value) {
    var initializers = new ArrayList<>(graph.initializers());
    initializers.removeIf(tensor -> tensor.name().equals(input));
    initializers.add(OnnxTensor.of(input, value));
    return new Model(
        irVersion, producer, opsets, graph.initializers(initializers), functions, sizes);
  }

  /// This model cut such that it gives these values of the main graph instead; empty if it has no
  /// value of one of these names.
  public Optional<Model> withOutputs(List<String> names) {
    Set<String> known = new HashSet<>();
    graph.inputs().forEach(input -> known.add(input.name()));
    graph.initializers().forEach(initializer -> known.add(initializer.name()));
    graph.nodes().forEach(node -> known.addAll(node.outputs()));
    if (!known.containsAll(names)) {
      return Optional.empty();
    }
    var cut = graph.outputs(names.stream().map(this::declared).toList());
    return Optional.of(new Model(irVersion, producer, opsets, cut, functions, sizes));
  }

  private ValueInfo declared(String name) {
    return Stream.of(graph.outputs(), graph.values())
        .flatMap(List::stream)
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElse(new ValueInfo(name, ValueType.OPEN));
  }
}
