package tessera.compiler.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Operand.Virtual;
import tessera.compiler.graph.Access;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.ReduceFn;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;

/// Code for groups that walk over positions and compute one element at each, and for those that
/// reduce the elements as they come. What does not change in an inner loop is computed outside of
/// it.
final class Elements {
  /// A value in memory and the order in which its elements are read.
  private record Leaf(int base, Access access) {}

  private final Code code;
  private final Element element;
  private final Values values;
  private final Group group;
  private final Node root;
  private final Shape positions;
  private final Map<Integer, Node> members = new HashMap<>();

  /// The leaves, each with its number; the pointer to it is the one behind that of the result.
  private final Map<Leaf, Integer> leaves = new LinkedHashMap<>();

  /// The leaf that is operand `id` of a member.
  private final Map<Integer, Leaf> leafOf = new HashMap<>();

  private Elements(Code code, Group group, Values values) {
    this.code = code;
    this.element = new Element(code);
    this.values = values;
    this.group = group;
    this.root = group.root();
    boolean reduces = root.op() instanceof Op.Reduce;
    this.positions = (reduces ? values.node(root.operand(0)) : root).type().shape();
    group.nodes().forEach(node -> members.put(node.id(), node));
  }

  static void emit(Code code, Group group, Values values) {
    new Elements(code, group, values).emit();
  }

  private void emit() {
    if (root.type().count() == 0) {
      return;
    }
    findLeaves();
    var pointers = new ArrayList<Virtual>();
    pointers.add(code.address(values.address(root.id())));
    for (Leaf leaf : leaves.keySet()) {
      pointers.add(code.address(address(leaf)));
    }
    var nest = new Nest(code, pointers);
    List<Integer> reduced = root.op() instanceof Op.Reduce(_, var axes) ? axes : List.of();
    for (int axis = 0; axis < positions.rank(); axis++) {
      if (!reduced.contains(axis)) {
        nest.axis(positions.dim(axis), steps(axis));
      }
    }
    int kept = nest.fence();
    for (int axis : reduced) {
      nest.axis(positions.dim(axis), steps(axis));
    }
    if (positions.count() > 0) {
      new Body(nest, kept, pointers).emit();
    } else if (root.op() instanceof Op.Reduce(var fn, _)) {
      fill(pointers.getFirst(), start(fn, root.type().dtype()));
    }
  }

  /// What is reduced over nothing is what it starts from.
  private void fill(Virtual pointer, Virtual value) {
    var nest = new Nest(code, List.of(pointer));
    nest.axis(root.type().count(), List.of((long) root.type().dtype().bytes()));
    nest.emit(
        level -> {
          if (level == nest.depth()) {
            element.store(root.type().dtype(), value, pointer);
          }
        },
        _ -> {});
  }

  private Operand.Address address(Leaf leaf) {
    Operand.Address base = values.address(leaf.base);
    int bytes = values.node(leaf.base).type().dtype().bytes();
    return new Operand.Address(base.symbol(), base.addend() + (long) leaf.access.first() * bytes);
  }

  /// For each pointer, the bytes between neighbours along one axis of the positions.
  private List<Long> steps(int axis) {
    var steps = new ArrayList<Long>();
    int[] written = root.type().shape().stridesIn(positions);
    steps.add((long) written[axis] * root.type().dtype().bytes());
    for (Leaf leaf : leaves.keySet()) {
      long bytes = values.node(leaf.base).type().dtype().bytes();
      steps.add(leaf.access.strides().get(axis) * bytes);
    }
    return steps;
  }

  private void findLeaves() {
    for (Node node : group.nodes()) {
      if (isView(node)) {
        leaf(node.id());
      } else {
        node.operands().stream().filter(id -> !members.containsKey(id)).forEach(this::leaf);
      }
    }
  }

  private static boolean isView(Node node) {
    return node.op() instanceof Op.Broadcast
        || node.op() instanceof Op.Transpose
        || node.op() instanceof Op.Slice;
  }

  private void leaf(int id) {
    if (splat(values.node(id)).isEmpty()) {
      Leaf leaf = read(id);
      leafOf.put(id, leaf);
      leaves.putIfAbsent(leaf, leaves.size());
    }
  }

  /// A constant whose elements are all the same.
  private static Optional<Tensor> splat(Node node) {
    if (!(node.op() instanceof Op.Constant(var value)) || value.count() == 0) {
      return Optional.empty();
    }
    int bytes = value.dtype().bytes();
    for (int at = bytes; at < value.data().limit(); at++) {
      if (value.data().get(at) != value.data().get(at - bytes)) {
        return Optional.empty();
      }
    }
    return Optional.of(value);
  }

  /// How the value is read at each position: through the operations that only change places, down
  /// to one that lies in memory.
  private Leaf read(int id) {
    List<Node> views = new ArrayList<>();
    Node base = values.node(id);
    while (isView(base)
        && (views.isEmpty() ? isRootView(base) || !isStored(base) : !isStored(base))) {
      views.addFirst(base);
      base = values.node(base.operand(0));
    }
    Access access = Access.whole(base.type().shape());
    Shape shape = base.type().shape();
    for (Node view : views) {
      access = access.through(view.op(), shape, view.type().shape());
      shape = view.type().shape();
    }
    return new Leaf(base.id(), access.broadcast(shape, positions));
  }

  private boolean isRootView(Node node) {
    return node.id() == root.id();
  }

  private boolean isStored(Node node) {
    return values.isStored(node.id());
  }

  /// The code inside the loops.
  private final class Body {
    private final Nest nest;
    private final int kept;
    private final List<Virtual> pointers;
    private final Map<Leaf, Virtual> loaded = new HashMap<>();
    private final Map<Integer, Virtual> computed = new HashMap<>();
    private Optional<Virtual> sum = Optional.empty();

    Body(Nest nest, int kept, List<Virtual> pointers) {
      this.nest = nest;
      this.kept = kept;
      this.pointers = pointers;
    }

    void emit() {
      nest.emit(this::enter, this::leave);
    }

    private void enter(int level) {
      for (var leaf : leaves.entrySet()) {
        int pointer = leaf.getValue() + 1;
        if (nest.level(pointer) == level) {
          DType dtype = values.node(leaf.getKey().base).type().dtype();
          loaded.put(leaf.getKey(), element.load(dtype, pointers.get(pointer)));
        }
      }
      if (root.op() instanceof Op.Reduce(var fn, _) && level == kept) {
        sum = Optional.of(start(fn, root.type().dtype()));
      }
      for (Node node : group.nodes()) {
        if (node.id() != root.id() && level(node.id()) == level) {
          computed.put(node.id(), compute(node));
        }
      }
      if (level == nest.depth()) {
        finish();
      }
    }

    /// At a position: the root's own step.
    private void finish() {
      if (root.op() instanceof Op.Reduce(var fn, _)) {
        accumulate(fn, sum.orElseThrow(), value(root.operand(0)));
      } else {
        store(isView(root) ? value(root.id()) : compute(root));
      }
    }

    private void leave(int level) {
      if (root.op() instanceof Op.Reduce && level == kept) {
        store(element.rounded(root.type().dtype(), sum.orElseThrow()));
      }
    }

    private void store(Virtual value) {
      element.store(root.type().dtype(), value, pointers.getFirst());
    }

    /// In how many loops the value changes.
    private int level(int id) {
      Leaf leaf = leafOf.get(id);
      if (leaf != null) {
        return nest.level(leaves.getOrDefault(leaf, 0) + 1);
      }
      Node node = members.get(id);
      return node == null ? 0 : node.operands().stream().mapToInt(this::level).max().orElse(0);
    }

    private Virtual value(int id) {
      Leaf leaf = leafOf.get(id);
      Virtual value = leaf != null ? loaded.get(leaf) : computed.get(id);
      if (value != null) {
        return value;
      }
      Tensor splat = splat(values.node(id)).orElseThrow();
      boolean real = splat.dtype().isFloat();
      return element.constant(splat.dtype(), real ? splat.real(0) : 0, real ? 0 : splat.integer(0));
    }

    private Virtual compute(Node node) {
      List<Virtual> operands = node.operands().stream().map(this::value).toList();
      DType from = values.node(node.operand(0)).type().dtype();
      return switch (node.op()) {
        case Op.Unary(var fn) -> element.unary(fn, from, operands.getFirst());
        case Op.Binary(var fn) -> element.binary(fn, from, operands.get(0), operands.get(1));
        case Op.Select _ -> element.select(operands.get(0), operands.get(1), operands.get(2));
        case Op.Cast(var to) -> element.cast(from, to, operands.getFirst());
        case Op.Input _,
            Op.Constant _,
            Op.MatMul _,
            Op.Reduce _,
            Op.Reshape _,
            Op.Broadcast _,
            Op.Transpose _,
            Op.Slice _,
            Op.Concat _,
            Op.Gather _,
            Op.Pad _ ->
            throw new IllegalArgumentException(node.op() + " does not work element by element");
      };
    }

    private void accumulate(ReduceFn fn, Virtual sum, Virtual value) {
      BinaryFn step =
          switch (fn) {
            case SUM -> BinaryFn.ADD;
            case PROD -> BinaryFn.MUL;
            case MAX -> BinaryFn.MAX;
            case MIN -> BinaryFn.MIN;
          };
      element.accumulate(step, root.type().dtype(), sum, value);
    }
  }

  private Virtual start(ReduceFn fn, DType dtype) {
    Virtual constant = element.constant(dtype, realStart(fn), integerStart(fn, dtype));
    Virtual sum = code.fresh(constant.bank());
    element.set(sum, constant);
    return sum;
  }

  private static double realStart(ReduceFn fn) {
    return switch (fn) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static long integerStart(ReduceFn fn, DType dtype) {
    return switch (fn) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> dtype.isInteger() ? dtype.least() : 0;
      case MIN -> dtype.isInteger() ? dtype.greatest() : 0;
    };
  }

  /// The nodes whose values a group reads from memory.
  static List<Integer> reads(Group group, Values values) {
    var elements = new Elements(Code.empty(), group, values);
    elements.findLeaves();
    return elements.leaves.keySet().stream().map(Leaf::base).distinct().toList();
  }
}
