package tessera.compiler.rewrite;

import java.util.ArrayList;
import java.util.Map;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;

/// Lets the sums of a product start from what is added to it, if that is a row for all rows or a
/// whole matrix and nobody else uses the product. The sum is rounded at other places: within the
/// error bound of a product with one more term.
public final class FuseBias {
  private final Graph graph;
  private final Rewriter rewriter;
  private final Map<Integer, Integer> uses;

  private FuseBias(Graph graph) {
    this.graph = graph;
    this.rewriter = new Rewriter(graph);
    this.uses = graph.uses();
  }

  public static Graph run(Graph graph) {
    return new FuseBias(graph).rewritten();
  }

  private Graph rewritten() {
    for (Node old : graph.nodes()) {
      Node node = rewriter.renamed(old);
      boolean sum =
          node.op() instanceof Op.Binary(var fn)
              && fn == BinaryFn.ADD
              && node.type().dtype() == DType.F32;
      if (!sum || !(fused(node, 0, 1) || fused(node, 1, 0))) {
        rewriter.keep(node);
      }
    }
    return DropDead.run(rewriter.done());
  }

  private boolean fused(Node sum, int productAt, int biasAt) {
    Node product = rewriter.node(sum.operand(productAt));
    Node bias = rewriter.node(sum.operand(biasAt));
    boolean fits =
        product.op() instanceof Op.MatMul
            && product.operands().size() == 2
            && product.type().equals(sum.type())
            && uses.getOrDefault(product.id(), 0) == 1
            && product.id() != bias.id()
            && startsRows(bias.type().shape(), product.type().shape());
    if (fits) {
      var operands = new ArrayList<>(product.operands());
      operands.add(bias.id());
      var origins = new ArrayList<>(product.origins());
      origins.addAll(sum.origins());
      rewriter.become(sum, product.op(), operands, origins.stream().distinct().toList());
    }
    return fits;
  }

  /// Whether neighbours in a row are neighbours in the operand, too.
  private static boolean startsRows(Shape operand, Shape product) {
    int columns = product.dim(product.rank() - 1);
    return operand.broadcastsTo(product)
        && (columns == 1 || (operand.rank() > 0 && operand.dim(operand.rank() - 1) == columns));
  }
}
