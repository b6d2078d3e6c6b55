package tessera.compiler.rewrite;

import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.UnaryFn;

/// Turns powers with a small constant exponent into products: x² and 1/x are the same bits, x³ is
/// within one unit in the last place.
public final class ExpandPowers {
  private ExpandPowers() {}

  public static Graph run(Graph graph) {
    var rewriter = new Rewriter(graph);
    for (Node old : graph.nodes()) {
      Node node = rewriter.renamed(old);
      if (node.op() instanceof Op.Binary(var fn) && fn == BinaryFn.POW) {
        expand(rewriter, node);
      } else {
        rewriter.keep(node);
      }
    }
    return rewriter.done();
  }

  private static void expand(Rewriter rewriter, Node node) {
    int x = node.operand(0);
    double exponent = exponent(node, rewriter.node(x), rewriter.node(node.operand(1)));
    if (exponent == 1) {
      rewriter.replace(node.id(), x);
    } else if (exponent == 2) {
      multiply(rewriter, node, x, x);
    } else if (exponent == 3) {
      int square = rewriter.add(new Op.Binary(BinaryFn.MUL), List.of(x, x), node);
      multiply(rewriter, node, square, x);
    } else if (exponent == -1) {
      rewriter.become(node, new Op.Unary(UnaryFn.RECIP), List.of(x), node.origins());
    } else {
      rewriter.keep(node);
    }
  }

  /// Whether a power becomes something else.
  public static boolean applies(Node node, Node base, Node exponent) {
    double power = exponent(node, base, exponent);
    return power == 1 || power == 2 || power == 3 || power == -1;
  }

  /// The one exponent of all elements; a NaN if there are several.
  private static double exponent(Node node, Node base, Node exponent) {
    boolean sameShape = base.type().equals(node.type());
    double power = sameShape ? splat(exponent).orElse(Double.NaN) : Double.NaN;
    // The reciprocal of an integer is none.
    return power == -1 && !node.type().dtype().isFloat() ? Double.NaN : power;
  }

  private static void multiply(Rewriter rewriter, Node node, int a, int b) {
    rewriter.become(node, new Op.Binary(BinaryFn.MUL), List.of(a, b), node.origins());
  }

  /// The number that all elements of a constant are.
  private static Optional<Double> splat(Node node) {
    if (!(node.op() instanceof Op.Constant(Tensor value)) || value.count() == 0) {
      return Optional.empty();
    }
    double first = element(value, 0);
    for (int i = 1; i < value.count(); i++) {
      if (element(value, i) != first) {
        return Optional.empty();
      }
    }
    return Optional.of(first);
  }

  private static double element(Tensor value, int i) {
    return value.dtype().isFloat() ? value.real(i) : (double) value.integer(i);
  }
}
