package tessera.compiler.template;

import java.util.List;
import tessera.compiler.graph.Node;

/// Nodes that become one piece of code, which writes one tensor.
///
/// @param number from 1 on, in the order they run; the marker of the group in the code
/// @param nodes in the order of the graph; the last one's value is what the group writes
public record Group(int number, Kind kind, List<Node> nodes) {
  /// Which template makes the code.
  public enum Kind {
    /// A matrix product.
    PRODUCT,
    /// Element by element.
    MAP,
    /// Element by element, and then reduced.
    REDUCE,
    /// Elements that only change their places.
    MOVE
  }

  public Group {
    nodes = List.copyOf(nodes);
  }

  /// The node whose value the group writes.
  public Node root() {
    return nodes.getLast();
  }

  /// The names of the model's nodes it stands for, each once, in order.
  public List<String> origins() {
    return nodes.stream().flatMap(node -> node.origins().stream()).distinct().toList();
  }
}
