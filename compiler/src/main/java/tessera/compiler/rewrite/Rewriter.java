package tessera.compiler.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.Typing;

/// Copies a graph node by node, with changes. Ids of the old graph stay; new nodes get new ones.
final class Rewriter {
  private final Graph graph;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Node> byId = new HashMap<>();
  private final Map<Integer, Integer> replaced = new HashMap<>();
  private int next;

  Rewriter(Graph graph) {
    this.graph = graph;
    this.next = graph.nodes().stream().mapToInt(Node::id).max().orElse(-1) + 1;
  }

  /// The node of the new graph for value `id`.
  Node node(int id) {
    return Graph.require(byId, id);
  }

  /// The node with what its operands became.
  Node renamed(Node node) {
    List<Integer> operands = node.operands().stream().map(this::now).toList();
    return new Node(node.id(), node.op(), operands, node.type(), node.origins());
  }

  private int now(int id) {
    return replaced.getOrDefault(id, id);
  }

  /// Takes a node over.
  void keep(Node node) {
    nodes.add(node);
    byId.put(node.id(), node);
  }

  /// Adds a node that stands for the same of the model as `like`, and gives its value.
  int add(Op op, List<Integer> operands, Node like) {
    List<TensorType> types = operands.stream().map(id -> node(id).type()).toList();
    return switch (Typing.of(op, types)) {
      case Typing.Refused(var reason) -> throw new AssertionError(op + " " + reason);
      case Typing.Typed(var type) -> {
        keep(new Node(next, op, operands, type, like.origins()));
        yield next++;
      }
    };
  }

  /// From now on value `id` of the old graph is value `by`.
  void replace(int id, int by) {
    replaced.put(id, by);
  }

  /// Takes over a node with another operation and other operands, which give the same type.
  void become(Node node, Op op, List<Integer> operands, List<String> origins) {
    keep(new Node(node.id(), op, operands, node.type(), origins));
  }

  Graph done() {
    List<Graph.Output> outputs =
        graph.outputs().stream()
            .map(output -> new Graph.Output(output.name(), now(output.id())))
            .toList();
    return new Graph(graph.name(), nodes, outputs);
  }
}
