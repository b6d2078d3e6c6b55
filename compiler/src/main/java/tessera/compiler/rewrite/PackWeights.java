package tessera.compiler.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.Typing;

/// Turns the constant right-hand side of a product such that each column of the product is one row
/// of it: then the tile loads read whole lines. The same bits.
public final class PackWeights {
  private PackWeights() {}

  public static Graph run(Graph graph) {
    var rewriter = new Rewriter(graph);
    for (Node old : graph.nodes()) {
      Node node = rewriter.renamed(old);
      if (node.op() instanceof Op.MatMul(boolean transposed)
          && !transposed
          && rewriter.node(node.operand(1)).op() instanceof Op.Constant(Tensor weights)) {
        int packed = rewriter.add(new Op.Constant(turned(weights)), List.of(), node);
        var operands = new ArrayList<>(node.operands());
        operands.set(1, packed);
        rewriter.become(node, new Op.MatMul(true), operands, node.origins());
      } else {
        rewriter.keep(node);
      }
    }
    return DropDead.run(rewriter.done());
  }

  /// The weights with their last two axes in the other order.
  static Tensor turned(Tensor weights) {
    int rank = weights.type().rank();
    List<Integer> order =
        IntStream.range(0, rank).mapToObj(i -> i < rank - 2 ? i : 2 * rank - 3 - i).toList();
    var op = new Op.Transpose(order);
    return switch (Typing.of(op, List.of(weights.type()))) {
      case Typing.Typed(TensorType type) -> GraphEvaluator.apply(op, type, List.of(weights));
      case Typing.Refused(var reason) -> throw new AssertionError(reason);
    };
  }
}
