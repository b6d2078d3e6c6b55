package tessera.compiler.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A graph in the making: adds nodes one after the other and gives their values' ids. An operation
/// that does not fit its operands is the caller's error (`IllegalArgumentException`); ask [Typing]
/// first where that depends on a user's data.
public final class GraphBuilder {
  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Node> byId = new HashMap<>();
  private final List<Graph.Output> outputs = new ArrayList<>();
  private List<String> origins = List.of();
  private int next;

  private GraphBuilder(String name) {
    this.name = name;
  }

  public static GraphBuilder of(String name) {
    return new GraphBuilder(name);
  }

  /// The nodes added from now on stand for these nodes of the model.
  public GraphBuilder origins(List<String> names) {
    origins = List.copyOf(names);
    return this;
  }

  public int add(Op op, Integer... operands) {
    return add(op, List.of(operands));
  }

  public int add(Op op, List<Integer> operands) {
    return switch (Typing.of(op, operands.stream().map(this::type).toList())) {
      case Typing.Typed(var type) -> append(new Node(next, op, operands, type, origins));
      case Typing.Refused(var reason) -> throw new IllegalArgumentException(op + " " + reason);
    };
  }

  public int input(String inputName, TensorType type) {
    return add(new Op.Input(inputName, type));
  }

  public int constant(Tensor value) {
    return add(new Op.Constant(value));
  }

  public GraphBuilder output(String outputName, int id) {
    outputs.add(new Graph.Output(outputName, id));
    return this;
  }

  public TensorType type(int id) {
    return node(id).type();
  }

  /// The node that defines value `id`.
  public Node node(int id) {
    Node node = byId.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no value %" + id);
    }
    return node;
  }

  public Graph done() {
    return new Graph(name, nodes, outputs);
  }

  private int append(Node node) {
    nodes.add(node);
    byId.put(node.id(), node);
    return next++;
  }
}
