package tessera.compiler.rewrite;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;

/// Computes once what a graph computes twice from the same operands. The same bits.
public final class ShareValues {
  /// Comparing larger constants costs more than it gives.
  private static final int SMALL = 4096;

  /// What two nodes must have in common.
  private record Key(Op op, List<Integer> operands) {}

  private ShareValues() {}

  public static Graph run(Graph graph) {
    var rewriter = new Rewriter(graph);
    Map<Key, Integer> known = new HashMap<>();
    for (Node old : graph.nodes()) {
      Node node = rewriter.renamed(old);
      boolean large =
          node.op() instanceof Op.Constant(var value) && value.data().remaining() > SMALL;
      Integer same =
          large ? null : known.putIfAbsent(new Key(node.op(), node.operands()), node.id());
      if (same == null) {
        rewriter.keep(node);
      } else {
        rewriter.replace(node.id(), same);
      }
    }
    return DropDead.run(rewriter.done());
  }
}
