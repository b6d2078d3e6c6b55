package tessera.compiler.rewrite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;

/// Removes the nodes that no output depends on. Inputs stay: the caller may give them. The same
/// bits.
public final class DropDead {
  private DropDead() {}

  public static Graph run(Graph graph) {
    Set<Integer> wanted = new HashSet<>();
    graph.outputs().forEach(output -> wanted.add(output.id()));
    var kept = new ArrayList<Node>();
    for (Node node : graph.nodes().reversed()) {
      if (node.op() instanceof Op.Input || wanted.contains(node.id())) {
        wanted.addAll(node.operands());
        kept.add(node);
      }
    }
    return new Graph(graph.name(), kept.reversed(), graph.outputs());
  }
}
