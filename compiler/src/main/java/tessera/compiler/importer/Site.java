package tessera.compiler.importer;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.ReduceFn;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.UnaryFn;
import tessera.compiler.onnx.Attribute;
import tessera.compiler.onnx.OnnxNode;

/// One node while its rule runs: its operands and attributes, and the means to say what it stands
/// for. An attribute that the rule does not ask for is one it cannot honour, and then the node is
/// refused.
final class Site {
  private final OnnxNode node;
  private final long opset;
  private final List<Optional<Integer>> inputs;
  private final Folding folding;
  private final Set<String> read = new HashSet<>();

  Site(OnnxNode node, long opset, List<Optional<Integer>> inputs, Folding folding) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.folding = folding;
  }

  // What the model says

  long opset() {
    return opset;
  }

  OnnxNode node() {
    return node;
  }

  int inputs() {
    return inputs.size();
  }

  boolean has(int input) {
    return input < inputs.size() && inputs.get(input).isPresent();
  }

  Optional<Integer> optional(int input) {
    return has(input) ? inputs.get(input) : Optional.empty();
  }

  /// The value of an input that must be there.
  int input(int input) {
    return optional(input).orElseThrow(() -> Refusal.invalid("input " + input + " is missing"));
  }

  List<Integer> all() {
    return IntStream.range(0, inputs()).map(this::input).boxed().toList();
  }

  long integer(String attribute, long absent) {
    return switch (get(attribute)) {
      case null -> absent;
      case Attribute.Int(long value) -> value;
      case Attribute other -> throw wrongKind(attribute, "an integer");
    };
  }

  boolean flag(String attribute, boolean absent) {
    return integer(attribute, absent ? 1 : 0) != 0;
  }

  float real(String attribute, float absent) {
    return switch (get(attribute)) {
      case null -> absent;
      case Attribute.Real(float value) -> value;
      case Attribute other -> throw wrongKind(attribute, "a float");
    };
  }

  String text(String attribute, String absent) {
    return switch (get(attribute)) {
      case null -> absent;
      case Attribute.Text(var value) -> value;
      case Attribute other -> throw wrongKind(attribute, "a string");
    };
  }

  Optional<List<Long>> integers(String attribute) {
    return switch (get(attribute)) {
      case null -> Optional.empty();
      case Attribute.Ints(var values) -> Optional.of(values);
      case Attribute other -> throw wrongKind(attribute, "a list of integers");
    };
  }

  Optional<Attribute> attribute(String attribute) {
    return Optional.ofNullable(get(attribute));
  }

  /// Accepts an attribute that changes nothing for us.
  void ignore(String attribute) {
    read.add(attribute);
  }

  private @Nullable Attribute get(String attribute) {
    read.add(attribute);
    return node.attributes().get(attribute);
  }

  private static Refusal wrongKind(String attribute, String kind) {
    return Refusal.invalid("attribute " + attribute + " is not " + kind);
  }

  /// Refuses the node if it has an attribute that its rule did not ask for.
  void checkAllRead() {
    for (String attribute : node.attributes().keySet()) {
      if (!read.contains(attribute)) {
        throw Refusal.unsupported("attribute " + attribute + " is not supported");
      }
    }
  }

  /// The elements of an input that must be known when compiling.
  Tensor known(int input, String what) {
    return folding
        .constant(input(input))
        .orElseThrow(() -> Refusal.unsupported(what + " depends on the data"));
  }

  List<Long> knownIntegers(int input, String what) {
    Tensor known = known(input, what);
    if (known.dtype().isFloat()) {
      throw Refusal.invalid(what + " is not of an integer type");
    }
    return Arrays.stream(known.integers()).boxed().toList();
  }

  /// A list that is an attribute in older operator sets and an input, which may be missing, since
  /// `since`.
  Optional<List<Long>> integers(String attribute, int input, long since) {
    if (opset < since) {
      return integers(attribute);
    }
    return has(input) ? Optional.of(knownIntegers(input, attribute)) : Optional.empty();
  }

  TensorType type(int id) {
    return folding.type(id);
  }

  Shape shape(int id) {
    return type(id).shape();
  }

  DType dtype(int id) {
    return type(id).dtype();
  }

  /// An axis counted from the end if negative.
  int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw Refusal.invalid("axis " + axis + " is none of " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /// Such axes in increasing order.
  List<Integer> axes(List<Long> axes, int rank) {
    List<Integer> sorted = axes.stream().map(axis -> axis(axis, rank)).sorted().toList();
    if (new HashSet<>(sorted).size() != sorted.size()) {
      throw Refusal.invalid("axes " + axes + " name one axis twice");
    }
    return sorted;
  }

  /// An extent or count that must fit a tensor.
  int size(long size) {
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw Refusal.invalid("size " + size + " is out of range");
    }
    return (int) size;
  }

  // What the node stands for

  int add(Op op, Integer... operands) {
    return folding.add(op, operands);
  }

  int add(Op op, List<Integer> operands) {
    return folding.add(op, operands);
  }

  int unary(UnaryFn fn, int x) {
    return folding.add(new Op.Unary(fn), x);
  }

  int binary(BinaryFn fn, int a, int b) {
    return folding.add(new Op.Binary(fn), a, b);
  }

  /// `fn` of each element and one number, of the same type.
  int with(BinaryFn fn, int x, double number) {
    return binary(fn, x, scalar(x, number));
  }

  int select(int condition, int a, int b) {
    return folding.add(new Op.Select(), condition, a, b);
  }

  int constant(Tensor value) {
    return folding.constant(value);
  }

  /// A scalar of the type of `like`'s elements.
  int scalar(int like, double value) {
    return constant(Tensor.scalar(dtype(like), value));
  }

  int cast(int x, DType to) {
    return dtype(x) == to ? x : folding.add(new Op.Cast(to), x);
  }

  int reshape(int x, Shape to) {
    return shape(x).equals(to) ? x : folding.add(new Op.Reshape(to), x);
  }

  int broadcast(int x, Shape to) {
    return shape(x).equals(to) ? x : folding.add(new Op.Broadcast(to), x);
  }

  int transpose(int x, List<Integer> order) {
    boolean moves = IntStream.range(0, order.size()).anyMatch(i -> order.get(i) != i);
    return moves ? folding.add(new Op.Transpose(order), x) : x;
  }

  /// The matrices of `x` turned: its last two axes change places.
  int turned(int x) {
    int rank = shape(x).rank();
    if (rank < 2) {
      throw Refusal.invalid("[" + shape(x) + "] is no matrix");
    }
    var order =
        IntStream.range(0, rank).mapToObj(i -> i < rank - 2 ? i : 2 * rank - 3 - i).toList();
    return transpose(x, order);
  }

  /// Reduced along `axes`, which stay, 1 long.
  int reduce(ReduceFn fn, List<Integer> axes, int x) {
    return axes.isEmpty() ? x : folding.add(new Op.Reduce(fn, axes), x);
  }

  /// The mean along `axes`: the sum divided by the count.
  int mean(List<Integer> axes, int x) {
    double count = axes.stream().mapToDouble(axis -> shape(x).dim(axis)).reduce(1, (a, b) -> a * b);
    return with(BinaryFn.DIV, reduce(ReduceFn.SUM, axes, x), count);
  }

  int concat(int axis, List<Integer> parts) {
    return parts.size() == 1 ? parts.getFirst() : folding.add(new Op.Concat(axis), parts);
  }

  /// What `body` makes of `x` with `f16` and `bf16` widened to `f32` in between, so that an
  /// operator of several steps rounds once.
  int widened(int x, UnaryOperator<Integer> body) {
    DType dtype = dtype(x);
    boolean half = dtype == DType.F16 || dtype == DType.BF16;
    return half ? cast(body.apply(cast(x, DType.F32)), dtype) : body.apply(x);
  }
}
