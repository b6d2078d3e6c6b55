package tessera.compiler.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds what is wrong with a graph: values used before they are defined or defined twice, types
/// that the operation does not give, outputs that name nothing. A pass that leaves such a graph has
/// a bug.
public final class Verifier {
  private final Map<Integer, TensorType> defined = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Verifier() {}

  /// Every problem, in the order of the graph, each with its node; empty for a sound graph.
  public static List<String> problems(Graph graph) {
    var verifier = new Verifier();
    graph.nodes().forEach(verifier::visit);
    verifier.names(graph);
    return List.copyOf(verifier.problems);
  }

  /// The graph itself if it is sound.
  ///
  /// @param pass whose result it is, for the message
  public static Graph verified(Graph graph, String pass) {
    List<String> problems = problems(graph);
    if (!problems.isEmpty()) {
      throw new AssertionError("after " + pass + ": " + String.join("; ", problems));
    }
    return graph;
  }

  private void visit(Node node) {
    boolean known = true;
    for (int operand : node.operands()) {
      if (!defined.containsKey(operand)) {
        problem(node, "uses %" + operand + " before it is defined");
        known = false;
      }
    }
    if (known) {
      type(node);
    }
    if (defined.put(node.id(), node.type()) != null) {
      problem(node, "is defined twice");
    }
  }

  private void type(Node node) {
    switch (Typing.of(node.op(), node.operands().stream().map(defined::get).toList())) {
      case Typing.Refused(var reason) -> problem(node, reason);
      case Typing.Typed(var type) when !type.equals(node.type()) ->
          problem(node, "gives " + type + ", not " + node.type());
      case Typing.Typed _ -> {}
    }
  }

  private void names(Graph graph) {
    Set<String> inputs = new HashSet<>();
    for (Node node : graph.inputs()) {
      if (node.op() instanceof Op.Input(var name, _) && !inputs.add(name)) {
        problem(node, "is a second input \"" + name + "\"");
      }
    }
    Set<String> outputs = new HashSet<>();
    for (Graph.Output output : graph.outputs()) {
      if (!defined.containsKey(output.id())) {
        problems.add("output \"" + output.name() + "\" names no value: %" + output.id());
      }
      if (!outputs.add(output.name())) {
        problems.add("output \"" + output.name() + "\" is there twice");
      }
    }
  }

  private void problem(Node node, String what) {
    problems.add("%" + node.id() + " " + what);
  }
}
