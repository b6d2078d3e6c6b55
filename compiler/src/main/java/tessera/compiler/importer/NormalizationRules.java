package tessera.compiler.importer;

import static tessera.compiler.importer.Operator.single;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.ReduceFn;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.UnaryFn;

/// Softmax and the normalizations, spelled out.
final class NormalizationRules {
  private NormalizationRules() {}

  private interface Along {
    int apply(int x, List<Integer> axes);
  }

  /// Before operator set 13 the axis cuts the operand into a matrix, whose rows are normalized.
  private static int alongAxis(Site site, Along body) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    boolean cut = site.opset() < 13;
    int axis = site.axis(site.integer("axis", cut ? 1 : -1), Math.max(1, shape.rank()));
    if (!cut) {
      return site.widened(x, wide -> body.apply(wide, List.of(axis)));
    }
    Shape matrix = ShapeRules.matrix(shape, axis);
    int rows = site.widened(site.reshape(x, matrix), wide -> body.apply(wide, List.of(1)));
    return site.reshape(rows, shape);
  }

  private static int softmax(Site site, int x, List<Integer> axes) {
    int top = site.reduce(ReduceFn.MAX, axes, x);
    int powers = site.unary(UnaryFn.EXP, site.binary(BinaryFn.SUB, x, top));
    return site.binary(BinaryFn.DIV, powers, site.reduce(ReduceFn.SUM, axes, powers));
  }

  private static int logSoftmax(Site site, int x, List<Integer> axes) {
    int shifted = site.binary(BinaryFn.SUB, x, site.reduce(ReduceFn.MAX, axes, x));
    int sum = site.reduce(ReduceFn.SUM, axes, site.unary(UnaryFn.EXP, shifted));
    return site.binary(BinaryFn.SUB, shifted, site.unary(UnaryFn.LOG, sum));
  }

  /// A value with mean 0 and variance 1 along `axes`, with what was taken out.
  private record Standard(int value, int mean, int inverse) {}

  private static Standard standard(Site site, int x, List<Integer> axes, double epsilon) {
    int mean = site.mean(axes, x);
    int centred = site.binary(BinaryFn.SUB, x, mean);
    int variance = site.mean(axes, site.binary(BinaryFn.MUL, centred, centred));
    int deviation = site.unary(UnaryFn.SQRT, site.with(BinaryFn.ADD, variance, epsilon));
    int inverse = site.unary(UnaryFn.RECIP, deviation);
    return new Standard(site.binary(BinaryFn.DIV, centred, deviation), mean, inverse);
  }

  private static List<Integer> layerNormalization(Site site) {
    int x = site.input(0);
    int rank = site.shape(x).rank();
    int first = site.axis(site.integer("axis", -1), rank);
    List<Integer> axes = IntStream.range(first, rank).boxed().toList();
    DType dtype = site.dtype(x);
    DType inner = stash(site, dtype);
    var normal = standard(site, site.cast(x, inner), axes, site.real("epsilon", 1e-5f));
    int scaled = site.binary(BinaryFn.MUL, site.cast(normal.value, dtype), site.input(1));
    int shifted = site.has(2) ? site.binary(BinaryFn.ADD, scaled, site.input(2)) : scaled;
    return List.of(shifted, normal.mean, normal.inverse);
  }

  /// The type that the first, normalizing stage computes in.
  private static DType stash(Site site, DType dtype) {
    long stash = site.integer("stash_type", 1);
    boolean half = dtype == DType.F16 || dtype == DType.BF16;
    return half && stash == 1 ? DType.F32 : dtype;
  }

  private static int rmsNormalization(Site site) {
    int x = site.input(0);
    int rank = site.shape(x).rank();
    List<Integer> axes =
        IntStream.range(site.axis(site.integer("axis", -1), rank), rank).boxed().toList();
    int wide = site.cast(x, stash(site, site.dtype(x)));
    int square = site.mean(axes, site.binary(BinaryFn.MUL, wide, wide));
    int root =
        site.unary(UnaryFn.SQRT, site.with(BinaryFn.ADD, square, site.real("epsilon", 1e-5f)));
    int normal = site.cast(site.binary(BinaryFn.DIV, wide, root), site.dtype(x));
    return site.binary(BinaryFn.MUL, normal, site.input(1));
  }

  /// One value for each channel, the second axis, in a shape that broadcasts against `rank` axes.
  private static int perChannel(Site site, int value, int rank) {
    Shape shape = new Shape(Collections.nCopies(rank, 1)).with(1, (int) site.shape(value).count());
    return site.reshape(value, shape);
  }

  /// At inference: `scale · (x − mean) / √(variance + ε) + bias`, all but `x` per channel.
  private static int batchNormalization(Site site) {
    site.ignore("momentum");
    site.ignore("consumed_inputs");
    boolean test = site.opset() >= 7 || site.flag("is_test", false);
    if (!test || site.flag("training_mode", false) || !site.flag("spatial", true)) {
      throw Refusal.unsupported("training_mode=1 or spatial=0 (supported: inference, spatial)");
    }
    int x = site.input(0);
    int rank = Math.max(2, site.shape(x).rank());
    DType dtype = site.dtype(x);
    List<Integer> parts =
        IntStream.range(1, 5)
            .mapToObj(i -> perChannel(site, site.cast(site.input(i), dtype), rank))
            .toList();
    int variance = site.with(BinaryFn.ADD, parts.get(3), site.real("epsilon", 1e-5f));
    int centred = site.binary(BinaryFn.SUB, x, parts.get(2));
    int factor = site.binary(BinaryFn.DIV, parts.get(0), site.unary(UnaryFn.SQRT, variance));
    return site.binary(BinaryFn.ADD, site.binary(BinaryFn.MUL, centred, factor), parts.get(1));
  }

  private static int instanceNormalization(Site site) {
    int x = site.input(0);
    int rank = site.shape(x).rank();
    List<Integer> axes = IntStream.range(2, rank).boxed().toList();
    float epsilon = site.real("epsilon", 1e-5f);
    int normal = site.widened(x, wide -> standard(site, wide, axes, epsilon).value);
    int scaled = site.binary(BinaryFn.MUL, normal, perChannel(site, site.input(1), rank));
    return site.binary(BinaryFn.ADD, scaled, perChannel(site, site.input(2), rank));
  }

  private static int groupNormalization(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    int groups = site.size(site.integer("num_groups", 1));
    stash(site, site.dtype(x));
    if (groups == 0 || shape.rank() < 2 || shape.dim(1) % groups != 0) {
      throw Refusal.invalid("[" + shape + "] has no " + groups + " groups of channels");
    }
    int each = shape.dim(1) / groups;
    Shape apart = Shape.of(shape.dim(0), groups, each).then(shape.sub(2, shape.rank()));
    List<Integer> axes = IntStream.range(2, apart.rank()).boxed().toList();
    float epsilon = site.real("epsilon", 1e-5f);
    int normal =
        site.widened(site.reshape(x, apart), wide -> standard(site, wide, axes, epsilon).value);
    // Scale and bias are per group in operator set 18, per channel since 21.
    boolean perGroup = site.opset() < 21;
    int within = perGroup ? normal : site.reshape(normal, shape);
    int rank = perGroup ? apart.rank() : shape.rank();
    int scaled = site.binary(BinaryFn.MUL, within, perChannel(site, site.input(1), rank));
    int shifted = site.binary(BinaryFn.ADD, scaled, perChannel(site, site.input(2), rank));
    return site.reshape(shifted, shape);
  }

  private static int meanVarianceNormalization(Site site) {
    int x = site.input(0);
    Optional<List<Long>> named = site.integers("axes");
    List<Integer> axes = site.axes(named.orElse(List.of(0L, 2L, 3L)), site.shape(x).rank());
    return site.widened(x, wide -> standard(site, wide, axes, 0).value);
  }

  private static int lpNormalization(Site site) {
    int x = site.input(0);
    var axes = new ArrayList<Integer>();
    axes.add(site.axis(site.integer("axis", -1), site.shape(x).rank()));
    boolean magnitudes = site.integer("p", 2) == 1;
    int terms = magnitudes ? site.unary(UnaryFn.ABS, x) : site.binary(BinaryFn.MUL, x, x);
    int sum = site.reduce(ReduceFn.SUM, axes, terms);
    return site.binary(BinaryFn.DIV, x, magnitudes ? sum : site.unary(UnaryFn.SQRT, sum));
  }

  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          Map.entry(
              "Softmax", single(site -> alongAxis(site, (x, axes) -> softmax(site, x, axes)))),
          Map.entry(
              "LogSoftmax",
              single(site -> alongAxis(site, (x, axes) -> logSoftmax(site, x, axes)))),
          Map.entry("LayerNormalization", NormalizationRules::layerNormalization),
          Map.entry("RMSNormalization", single(NormalizationRules::rmsNormalization)),
          Map.entry("BatchNormalization", single(NormalizationRules::batchNormalization)),
          Map.entry("InstanceNormalization", single(NormalizationRules::instanceNormalization)),
          Map.entry("GroupNormalization", single(NormalizationRules::groupNormalization)),
          Map.entry(
              "MeanVarianceNormalization", single(NormalizationRules::meanVarianceNormalization)),
          Map.entry("LpNormalization", single(NormalizationRules::lpNormalization)));
}
