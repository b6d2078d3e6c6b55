package tessera.compiler;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.UnaryFn;

/// An output of a program beside that of the graph evaluator.
///
/// @param largest the largest distance between two elements; infinite where one is a NaN and the
///   other is not, or the types differ
/// @param allowed what is allowed: nothing where every operation before the output is exact, since
///   then code and evaluator take the same roundings; else some units in the last place of the
///   largest element, since the functions that code approximates are within 4 and what follows may
///   amplify that
public record Comparison(double largest, double allowed) {
  private static final double UNITS = 1024;

  /// Compares what an output of `graph` should be with what it is.
  public static Comparison of(Graph graph, String output, Tensor expected, Tensor actual) {
    if (!expected.type().equals(actual.type())) {
      return new Comparison(Double.POSITIVE_INFINITY, 0);
    }
    boolean exact = !expected.dtype().isFloat() || isExact(graph, output);
    double unit = Math.ulp((float) magnitude(expected)) * coarseness(expected.dtype());
    double scale = exact ? 0 : UNITS * unit;
    return new Comparison(distance(expected, actual), scale);
  }

  /// Whether the two agree.
  public boolean agrees() {
    return largest <= allowed;
  }

  /// How much larger a unit in the last place is than in `f32`, for functions that are approximated
  /// there: the few units that count are of the type itself.
  private static double coarseness(DType dtype) {
    return switch (dtype) {
      case F16 -> 0x1p13 / UNITS * 4;
      case BF16 -> 0x1p16 / UNITS * 4;
      case F32, F64, I8, U8, I16, U16, I32, U32, I64, U64, BOOL -> 1;
    };
  }

  private static double magnitude(Tensor tensor) {
    double magnitude = 0;
    for (int i = 0; i < tensor.count(); i++) {
      double element = Math.abs(tensor.real(i));
      magnitude = element <= Float.MAX_VALUE ? Math.max(magnitude, element) : magnitude;
    }
    return magnitude;
  }

  private static double distance(Tensor expected, Tensor actual) {
    double distance = 0;
    for (int i = 0; i < expected.count(); i++) {
      boolean real = expected.dtype().isFloat();
      double e = real ? expected.real(i) : (double) expected.integer(i);
      double a = real ? actual.real(i) : (double) actual.integer(i);
      double between = e == a || Double.isNaN(e) && Double.isNaN(a) ? 0 : Math.abs(e - a);
      distance = Math.max(distance, Double.isNaN(between) ? Double.POSITIVE_INFINITY : between);
    }
    return distance;
  }

  /// Whether nothing that the output depends on is approximated.
  private static boolean isExact(Graph graph, String output) {
    Set<Integer> needed = new HashSet<>();
    for (Graph.Output o : graph.outputs()) {
      if (o.name().equals(output)) {
        needed.add(o.id());
      }
    }
    List<Node> backwards = graph.nodes().reversed();
    for (Node node : backwards) {
      if (needed.contains(node.id())) {
        if (isApproximated(node.op())) {
          return false;
        }
        needed.addAll(node.operands());
      }
    }
    return true;
  }

  private static boolean isApproximated(Op op) {
    return switch (op) {
      case Op.Unary(UnaryFn fn) ->
          switch (fn) {
            case EXP, LOG, TANH, SIGMOID, ERF, SIN, COS -> true;
            case NEG, ABS, SIGN, SQRT, RECIP, FLOOR, CEIL, ROUND, NOT -> false;
          };
      case Op.Binary(var fn) -> fn == BinaryFn.POW;
      // A large integer is rounded to `f32` first.
      case Op.Cast(var to) -> to == DType.BF16;
      case Op.Input _,
          Op.Constant _,
          Op.Select _,
          Op.MatMul _,
          Op.Reduce _,
          Op.Reshape _,
          Op.Broadcast _,
          Op.Transpose _,
          Op.Slice _,
          Op.Concat _,
          Op.Gather _,
          Op.Pad _ ->
          false;
    };
  }
}
