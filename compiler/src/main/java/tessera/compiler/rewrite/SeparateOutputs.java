package tessera.compiler.rewrite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;

/// Gives each output a value of its own, which can lie where the output lies: one that is an input,
/// a constant or another output, reshaped or not, is copied. The same bits.
public final class SeparateOutputs {
  private SeparateOutputs() {}

  public static Graph run(Graph graph) {
    var rewriter = new Rewriter(graph);
    graph.nodes().forEach(rewriter::keep);
    Set<Integer> taken = new HashSet<>();
    List<Graph.Output> outputs = new ArrayList<>();
    for (Graph.Output output : graph.outputs()) {
      Node lies = rewriter.node(output.id());
      while (lies.op() instanceof Op.Reshape) {
        lies = rewriter.node(lies.operand(0));
      }
      boolean same = lies.op() instanceof Op.Input(var name, _) && name.equals(output.name());
      boolean given = lies.op() instanceof Op.Input || lies.op() instanceof Op.Constant;
      if (same && lies.id() == output.id()) {
        outputs.add(output);
        continue;
      }
      int id = given || !taken.add(lies.id()) ? copy(rewriter, output.id()) : output.id();
      outputs.add(new Graph.Output(output.name(), id));
    }
    return new Graph(graph.name(), rewriter.done().nodes(), outputs);
  }

  /// A value repeated to its own shape is a copy of it.
  private static int copy(Rewriter rewriter, int id) {
    Node node = rewriter.node(id);
    return rewriter.add(new Op.Broadcast(node.type().shape()), List.of(id), node);
  }
}
