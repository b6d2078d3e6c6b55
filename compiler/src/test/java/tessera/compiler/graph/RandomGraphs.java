package tessera.compiler.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import tessera.compiler.importer.Support;

/// Sound graphs made at random from a seed, with inputs for them.
public final class RandomGraphs {
  private static final int NODES = 14;
  private static final List<DType> ALL = List.of(DType.values());

  private final Random random;
  private final List<DType> dtypes;
  private final Support support;
  private final GraphBuilder builder = GraphBuilder.of("random \"graph\"");
  private final List<Integer> values = new ArrayList<>();

  private RandomGraphs(long seed, List<DType> dtypes, Support support) {
    this.random = new Random(seed);
    this.dtypes = dtypes;
    this.support = support;
  }

  /// A graph over all element types.
  public static Graph of(long seed) {
    return of(seed, ALL, Support.all());
  }

  /// A graph of nodes that something supports, whose inputs, constants and casts have these element
  /// types; comparisons still give `bool`.
  public static Graph of(long seed, List<DType> dtypes, Support support) {
    return new RandomGraphs(seed, dtypes, support).graph();
  }

  /// Elements for each input, small enough that sums stay exact in no type in particular.
  public static Map<String, Tensor> inputs(Graph graph, long seed) {
    var random = new Random(seed);
    var inputs = new LinkedHashMap<String, Tensor>();
    graph.inputTypes().forEach((name, type) -> inputs.put(name, tensor(random, type)));
    return inputs;
  }

  public static Tensor tensor(Random random, TensorType type) {
    var filler = new Tensor.Filler(type);
    for (int i = 0; i < type.count(); i++) {
      if (type.dtype().isFloat()) {
        filler.set(i, random.nextGaussian() * 2);
      } else {
        filler.set(i, (long) random.nextInt(-3, 120));
      }
    }
    return filler.done();
  }

  private Graph graph() {
    for (int i = 0; i < 3; i++) {
      values.add(builder.input("in" + i, type()));
    }
    for (int attempts = 0; values.size() < NODES && attempts < 400; attempts++) {
      addOne();
    }
    for (int i = 0; i < 3; i++) {
      builder.output("out/" + i, values.get(values.size() - 1 - i));
    }
    return builder.done();
  }

  private TensorType type() {
    return new TensorType(pick(dtypes), shape(random.nextInt(4)));
  }

  private Shape shape(int rank) {
    return new Shape(IntStream.range(0, rank).mapToObj(_ -> random.nextInt(1, 5)).toList());
  }

  private void addOne() {
    int a = pick(values);
    Op op = op(builder.type(a));
    List<Integer> operands = new ArrayList<>(List.of(a));
    int more = more(op);
    for (int i = 0; i < more; i++) {
      operands.add(pick(values));
    }
    if (op instanceof Op.Constant) {
      operands.clear();
    }
    var types = operands.stream().map(builder::type).toList();
    var nodes = operands.stream().map(builder::node).toList();
    if (Typing.of(op, types) instanceof Typing.Typed(var type)
        && type.count() < 2_000
        && support.refusal(new Node(-1, op, operands, type, List.of()), nodes).isEmpty()) {
      builder.origins(random.nextBoolean() ? List.of("node µ" + values.size()) : List.of());
      values.add(builder.add(op, operands));
    }
  }

  private static int more(Op op) {
    return switch (op) {
      case Op.Binary _, Op.MatMul _, Op.Gather _, Op.Concat _, Op.Pad _ -> 1;
      case Op.Select _ -> 2;
      case Op.Input _,
          Op.Constant _,
          Op.Unary _,
          Op.Cast _,
          Op.Reduce _,
          Op.Reshape _,
          Op.Broadcast _,
          Op.Transpose _,
          Op.Slice _ ->
          0;
    };
  }

  private Op op(TensorType of) {
    int rank = of.rank();
    return switch (random.nextInt(15)) {
      case 0 -> new Op.Constant(tensor(random, type()));
      case 1 -> new Op.Unary(pick(List.of(UnaryFn.values())));
      case 2, 3, 4 -> new Op.Binary(pick(List.of(BinaryFn.values())));
      case 5 -> new Op.Select();
      case 6 -> new Op.Cast(pick(dtypes));
      case 7 -> new Op.MatMul(random.nextBoolean());
      case 8 -> new Op.Reduce(pick(List.of(ReduceFn.values())), axes(rank));
      case 9 -> new Op.Reshape(Shape.of((int) of.count()));
      case 10 -> new Op.Broadcast(shape(1).then(of.shape()));
      case 11 -> new Op.Transpose(shuffled(rank));
      case 12 -> slice(of.shape());
      case 13 -> random.nextBoolean() ? new Op.Gather(axis(rank)) : new Op.Concat(axis(rank));
      default -> new Op.Pad(counts(rank), counts(rank));
    };
  }

  private Op slice(Shape shape) {
    var starts = new ArrayList<Integer>();
    var sizes = new ArrayList<Integer>();
    var steps = new ArrayList<Integer>();
    for (int dim : shape.dims()) {
      int start = random.nextInt(dim);
      boolean back = random.nextBoolean();
      int step = random.nextInt(1, 3);
      starts.add(start);
      steps.add(back ? -step : step);
      sizes.add(random.nextInt((back ? start : dim - 1 - start) / step + 1) + 1);
    }
    return new Op.Slice(starts, sizes, steps);
  }

  private List<Integer> axes(int rank) {
    return IntStream.range(0, rank).filter(_ -> random.nextBoolean()).boxed().toList();
  }

  private List<Integer> shuffled(int rank) {
    var order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.shuffle(order, random);
    return order;
  }

  private List<Integer> counts(int rank) {
    return IntStream.range(0, rank).mapToObj(_ -> random.nextInt(3)).toList();
  }

  private int axis(int rank) {
    return rank == 0 ? 0 : random.nextInt(rank);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
