package tessera.compiler.graph;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a graph is worth: the oracle that generated code is compared with. Slow and obvious on
/// purpose.
///
/// Every element of a result of `f32` is one correctly rounded operation on its operands; sums take
/// their terms in row-major order, a product by one fused multiply-add for each `k` in increasing
/// order. So integer results and all float results but those of `exp` to `cos` and `pow` are the
/// same bits in generated code.
public final class GraphEvaluator {
  private final Map<Integer, Tensor> values = new HashMap<>();
  private final Map<String, Tensor> inputs;

  private GraphEvaluator(Map<String, Tensor> inputs) {
    this.inputs = inputs;
  }

  /// The outputs by name, in the graph's order.
  ///
  /// @param inputs a tensor of the right type for each input of the graph; else
  ///   `IllegalArgumentException`
  public static Map<String, Tensor> evaluate(Graph graph, Map<String, Tensor> inputs) {
    var evaluator = new GraphEvaluator(inputs);
    Map<Integer, Integer> left = new HashMap<>(graph.uses());
    for (Node node : graph.nodes()) {
      evaluator.values.put(node.id(), evaluator.value(node));
      node.operands().forEach(id -> evaluator.release(id, left));
    }
    var outputs = new LinkedHashMap<String, Tensor>();
    for (Graph.Output output : graph.outputs()) {
      outputs.put(output.name(), evaluator.valueOf(output.id()));
    }
    return Collections.unmodifiableMap(outputs);
  }

  /// What `op`, which fits, makes of these operands.
  ///
  /// @param type what [Typing] gives for it
  public static Tensor apply(Op op, TensorType type, List<Tensor> operands) {
    return switch (op) {
      case Op.Input(var name, _) -> throw new IllegalArgumentException("input " + name);
      case Op.Constant(var value) -> value;
      case Op.Unary(var fn) -> unary(fn, type, operands.getFirst());
      case Op.Binary(var fn) -> binary(fn, type, operands.get(0), operands.get(1));
      case Op.Select _ -> select(type, operands);
      case Op.Cast _ -> cast(type, operands.getFirst());
      case Op.MatMul(var transposed) -> Product.of(transposed, type, operands);
      case Op.Reduce(var fn, _) -> reduce(fn, type, operands.getFirst());
      case Op.Reshape(var to) -> operands.getFirst().as(to);
      case Op.Broadcast _, Op.Transpose _, Op.Slice _ -> view(op, type, operands.getFirst());
      case Op.Concat(var axis) -> concat(axis, type, operands);
      case Op.Gather(var axis) -> gather(axis, type, operands.get(0), operands.get(1));
      case Op.Pad(var before, _) -> pad(before, type, operands.get(0), operands.get(1));
    };
  }

  private Tensor value(Node node) {
    if (node.op() instanceof Op.Input(var name, var type)) {
      return input(name, type);
    }
    return apply(node.op(), node.type(), node.operands().stream().map(this::valueOf).toList());
  }

  private Tensor input(String name, TensorType type) {
    Tensor given = inputs.get(name);
    if (given == null || !given.type().equals(type)) {
      String got = given == null ? "nothing" : given.type().toString();
      throw new IllegalArgumentException("input \"" + name + "\" is " + type + ", got " + got);
    }
    return given;
  }

  private Tensor valueOf(int id) {
    Tensor value = values.get(id);
    if (value == null) {
      throw new IllegalArgumentException("%" + id + " is used before it is defined");
    }
    return value;
  }

  private void release(int id, Map<Integer, Integer> left) {
    if (left.merge(id, -1, Integer::sum) == 0) {
      values.remove(id);
    }
  }

  private static Tensor unary(UnaryFn fn, TensorType type, Tensor of) {
    var result = new Tensor.Filler(type);
    boolean real = type.dtype().isFloat();
    for (int i = 0; i < of.count(); i++) {
      if (real) {
        result.set(i, Arithmetic.apply(fn, of.real(i)));
      } else {
        result.set(i, Arithmetic.apply(fn, type.dtype(), of.integer(i)));
      }
    }
    return result.done();
  }

  private static Tensor binary(BinaryFn fn, TensorType type, Tensor a, Tensor b) {
    var result = new Tensor.Filler(type);
    DType dtype = a.dtype();
    var walk =
        new Walk(
            type.shape(), a.shape().stridesIn(type.shape()), b.shape().stridesIn(type.shape()));
    for (int i = 0; walk.next(); i++) {
      int inA = walk.at(0);
      int inB = walk.at(1);
      if (fn.compares()) {
        boolean holds =
            dtype.isFloat()
                ? Arithmetic.holds(fn, a.real(inA), b.real(inB))
                : Arithmetic.holds(fn, dtype, a.integer(inA), b.integer(inB));
        result.set(i, holds ? 1L : 0L);
      } else if (dtype.isFloat()) {
        result.set(i, Arithmetic.apply(fn, a.real(inA), b.real(inB)));
      } else {
        result.set(i, Arithmetic.apply(fn, dtype, a.integer(inA), b.integer(inB)));
      }
    }
    return result.done();
  }

  private static Tensor select(TensorType type, List<Tensor> operands) {
    var result = new Tensor.Filler(type);
    int[][] strides =
        operands.stream().map(t -> t.shape().stridesIn(type.shape())).toArray(int[][]::new);
    var walk = new Walk(type.shape(), strides);
    for (int i = 0; walk.next(); i++) {
      int taken = operands.get(0).integer(walk.at(0)) != 0 ? 1 : 2;
      result.copy(i, operands.get(taken), walk.at(taken));
    }
    return result.done();
  }

  private static Tensor cast(TensorType type, Tensor of) {
    var result = new Tensor.Filler(type);
    DType to = type.dtype();
    DType from = of.dtype();
    for (int i = 0; i < of.count(); i++) {
      if (to.isFloat()) {
        result.set(i, from.isFloat() ? of.real(i) : Arithmetic.toReal(from, of.integer(i)));
      } else {
        result.set(i, from.isFloat() ? Arithmetic.toInteger(to, of.real(i)) : of.integer(i));
      }
    }
    return result.done();
  }

  private static Tensor reduce(ReduceFn fn, TensorType type, Tensor of) {
    // The result's strides are 0 along the reduced axes: each element lands on its accumulator, in
    // order.
    var walk = new Walk(of.shape(), of.shape().strides(), type.shape().stridesIn(of.shape()));
    return type.dtype().isFloat()
        ? reduceReals(fn, type, of, walk)
        : reduceIntegers(fn, type, of, walk);
  }

  private static Tensor reduceReals(ReduceFn fn, TensorType type, Tensor of, Walk walk) {
    boolean wide = type.dtype() == DType.F64;
    double[] sums = new double[(int) type.count()];
    Arrays.fill(sums, start(fn));
    while (walk.next()) {
      double next = Arithmetic.apply(step(fn), sums[walk.at(1)], of.real(walk.at(0)));
      sums[walk.at(1)] = wide ? next : (float) next;
    }
    var result = new Tensor.Filler(type);
    for (int i = 0; i < sums.length; i++) {
      result.set(i, sums[i]);
    }
    return result.done();
  }

  private static Tensor reduceIntegers(ReduceFn fn, TensorType type, Tensor of, Walk walk) {
    long[] sums = new long[(int) type.count()];
    Arrays.fill(sums, start(fn, type.dtype()));
    while (walk.next()) {
      sums[walk.at(1)] =
          Arithmetic.apply(step(fn), type.dtype(), sums[walk.at(1)], of.integer(walk.at(0)));
    }
    return Tensor.of(type.dtype(), type.shape(), sums);
  }

  private static BinaryFn step(ReduceFn fn) {
    return switch (fn) {
      case SUM -> BinaryFn.ADD;
      case PROD -> BinaryFn.MUL;
      case MAX -> BinaryFn.MAX;
      case MIN -> BinaryFn.MIN;
    };
  }

  private static double start(ReduceFn fn) {
    return switch (fn) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static long start(ReduceFn fn, DType dtype) {
    return switch (fn) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> dtype.least();
      case MIN -> dtype.greatest();
    };
  }

  private static Tensor view(Op op, TensorType type, Tensor of) {
    Access access = Access.whole(of.shape()).through(op, of.shape(), type.shape());
    var result = new Tensor.Filler(type);
    int[] strides = access.strides().stream().mapToInt(i -> i).toArray();
    var walk = new Walk(type.shape(), strides).from(0, access.first());
    for (int i = 0; walk.next(); i++) {
      result.copy(i, of, walk.at(0));
    }
    return result.done();
  }

  private static Tensor concat(int axis, TensorType type, List<Tensor> operands) {
    var result = new Tensor.Filler(type);
    int along = type.shape().strides()[axis];
    int first = 0;
    for (Tensor operand : operands) {
      place(result, type.shape(), first, operand);
      first += operand.shape().dim(axis) * along;
    }
    return result.done();
  }

  private static Tensor pad(List<Integer> before, TensorType type, Tensor of, Tensor with) {
    var result = new Tensor.Filler(type);
    for (int i = 0; i < type.count(); i++) {
      result.copy(i, with, 0);
    }
    int[] strides = type.shape().strides();
    int first = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      first += before.get(axis) * strides[axis];
    }
    place(result, type.shape(), first, of);
    return result.done();
  }

  /// Copies a whole tensor into a larger one of shape `in`, its first element to index `first`.
  private static void place(Tensor.Filler result, Shape in, int first, Tensor of) {
    var walk = new Walk(of.shape(), in.strides()).from(0, first);
    for (int i = 0; walk.next(); i++) {
      result.copy(walk.at(0), of, i);
    }
  }

  private static Tensor gather(int axis, TensorType type, Tensor of, Tensor indices) {
    var result = new Tensor.Filler(type);
    int dim = of.shape().dim(axis);
    int inner = of.shape().strides()[axis];
    int outer = (int) of.shape().sub(0, axis).count();
    int to = 0;
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.count(); i++) {
        long index = indices.integer(i) < 0 ? indices.integer(i) + dim : indices.integer(i);
        int from = (o * dim + Math.clamp(index, 0, dim - 1)) * inner;
        for (int e = 0; e < inner; e++) {
          result.copy(to++, of, from + e);
        }
      }
    }
    return result.done();
  }
}
