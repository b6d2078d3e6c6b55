package tessera.compiler.template;

import java.util.List;
import java.util.stream.Stream;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand.Virtual;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;

/// A matrix product as the templates see it, and the code for one element by element. On tiles or
/// not, the steps and their order are the same, so the results are the same bits, whatever size the
/// tiles have (Xta 6, rule 3).
///
/// @param transposed whether the rows of `b` are the columns of the product
record Product(
    Node node,
    Node a,
    Node b,
    List<Node> starts,
    boolean transposed,
    int rows,
    int columns,
    int depth) {

  static Product of(Node node, Values values) {
    List<Node> operands = node.operands().stream().map(values::node).toList();
    Shape result = node.type().shape();
    Shape a = operands.getFirst().type().shape();
    int rank = result.rank();
    return new Product(
        node,
        operands.get(0),
        operands.get(1),
        operands.subList(2, operands.size()),
        node.op() instanceof Op.MatMul(boolean turned) && turned,
        result.dim(rank - 2),
        result.dim(rank - 1),
        a.dim(a.rank() - 1));
  }

  static void emit(Code code, Group group, Values values, Target target) {
    Product product = of(group.root(), values);
    if (product.node.type().count() == 0) {
      return;
    }
    if (TileProduct.fits(product, target)) {
      TileProduct.emit(code, product, values);
    } else {
      product.emit(code, values);
    }
  }

  /// Along one axis of the result, how many elements of an operand lie between neighbours.
  ///
  /// @param rowStride what it is along the rows of the result, and `columnStride` along its columns
  private static long along(int axis, Node operand, Node result, int rowStride, int columnStride) {
    int rank = result.type().rank();
    if (axis == rank - 2) {
      return rowStride;
    }
    if (axis == rank - 1) {
      return columnStride;
    }
    Shape shape = operand.type().shape();
    int own = axis - (rank - shape.rank());
    return own < 0 || shape.dim(own) == 1 ? 0 : shape.strides()[own];
  }

  /// For pointers to the result, `a`, `b` and the start, the bytes between neighbours along an axis
  /// of the result.
  List<Long> steps(int axis) {
    long bytes = node.type().dtype().bytes();
    long inResult = node.type().shape().strides()[axis] * bytes;
    long inA = along(axis, a, node, depth, 0) * bytes;
    long inB = along(axis, b, node, 0, transposed ? depth : 1) * bytes;
    return starts.isEmpty()
        ? List.of(inResult, inA, inB)
        : List.of(inResult, inA, inB, startStrides()[axis] * bytes);
  }

  /// The strides, in elements, of what the sums start from, along the axes of the result.
  int[] startStrides() {
    return starts.getFirst().type().shape().stridesIn(node.type().shape());
  }

  /// The pointers that [#steps] is about, at the first elements.
  List<Virtual> pointers(Code code, Values values) {
    return Stream.concat(Stream.of(node, a, b), starts.stream())
        .map(operand -> code.address(values.address(operand.id())))
        .toList();
  }

  /// Element by element.
  private void emit(Code code, Values values) {
    DType dtype = node.type().dtype();
    var element = new Element(code);
    List<Virtual> at = pointers(code, values);
    var nest = new Nest(code, at);
    for (int axis = 0; axis < node.type().rank(); axis++) {
      nest.axis(node.type().shape().dim(axis), steps(axis));
    }
    int kept = nest.fence();
    if (depth > 0) {
      nest.axis(depth, depthSteps());
    }
    Virtual sum = code.fresh(Element.bank(dtype));
    nest.emit(
        level -> {
          if (level == kept) {
            begin(element, sum, at);
          }
          if (level == nest.depth() && depth > 0) {
            step(code, element, sum, at);
          }
        },
        level -> {
          if (level == kept) {
            element.store(dtype, element.rounded(dtype, sum), at.getFirst());
          }
        });
  }

  private List<Long> depthSteps() {
    long bytes = node.type().dtype().bytes();
    long inB = (transposed ? 1 : columns) * bytes;
    return starts.isEmpty() ? List.of(0L, bytes, inB) : List.of(0L, bytes, inB, 0L);
  }

  private void begin(Element element, Virtual sum, List<Virtual> at) {
    DType dtype = node.type().dtype();
    Virtual start =
        starts.isEmpty() ? element.constant(dtype, 0, 0) : element.load(dtype, at.getLast());
    element.set(sum, start);
  }

  private void step(Code code, Element element, Virtual sum, List<Virtual> at) {
    DType dtype = node.type().dtype();
    Virtual inA = element.load(dtype, at.get(1));
    Virtual inB = element.load(dtype, at.get(2));
    if (dtype.isFloat()) {
      code.set(sum, "fmadd.s", inA, inB, sum);
    } else {
      Virtual term = element.binary(BinaryFn.MUL, dtype, inA, inB);
      element.set(sum, element.binary(BinaryFn.ADD, dtype, sum, term));
    }
  }
}
