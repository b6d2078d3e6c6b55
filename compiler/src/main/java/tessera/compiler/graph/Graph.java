package tessera.compiler.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A computation on tensors of static shape.
///
/// @param name a label without meaning
/// @param nodes every node after the nodes whose values it uses
/// @param outputs what the computation gives, by name
public record Graph(String name, List<Node> nodes, List<Output> outputs) {
  /// A result: the value `id` under the name that the user knows.
  public record Output(String name, int id) {}

  public Graph {
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
  }

  /// The nodes that read a tensor of the caller, in the order of the graph.
  public List<Node> inputs() {
    return nodes.stream().filter(node -> node.op() instanceof Op.Input).toList();
  }

  /// The inputs' types by name, in the order of the graph.
  public Map<String, TensorType> inputTypes() {
    var types = new LinkedHashMap<String, TensorType>();
    for (Node node : nodes) {
      if (node.op() instanceof Op.Input(var input, var type)) {
        types.put(input, type);
      }
    }
    return types;
  }

  /// The nodes by the id of their value.
  public Map<Integer, Node> byId() {
    var byId = new HashMap<Integer, Node>();
    nodes.forEach(node -> byId.put(node.id(), node));
    return byId;
  }

  /// The node of a sound graph that defines value `id`.
  public static Node require(Map<Integer, Node> byId, int id) {
    Node node = byId.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no value %" + id);
    }
    return node;
  }

  /// How many operands and outputs name each value.
  public Map<Integer, Integer> uses() {
    var uses = new HashMap<Integer, Integer>();
    nodes.forEach(node -> node.operands().forEach(id -> uses.merge(id, 1, Integer::sum)));
    outputs.forEach(output -> uses.merge(output.id(), 1, Integer::sum));
    return uses;
  }
}
