package tessera.compiler.importer;

import static tessera.compiler.importer.Operator.single;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.ReduceFn;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.UnaryFn;

/// Operators that make one element of many.
final class ReductionRules {
  private ReductionRules() {}

  /// What is computed along axes that stay, 1 long.
  private interface Body {
    int reduce(Site site, List<Integer> axes, int x);
  }

  /// @param since the operator set in which `axes` became an input
  private static Operator reduction(long since, Body body) {
    return single(site -> {
      int x = site.input(0);
      int rank = site.shape(x).rank();
      boolean keep = site.flag("keepdims", true);
      boolean nothing = site.flag("noop_with_empty_axes", false);
      Optional<List<Long>> named = site.integers("axes", 1, since).filter(axes -> !axes.isEmpty());
      if (named.isEmpty() && nothing) {
        return body.reduce(site, List.of(), x);
      }
      List<Integer> axes =
          named
              .map(some -> site.axes(some, rank))
              .orElse(IntStream.range(0, rank).boxed().toList());
      int reduced = site.widened(x, wide -> body.reduce(site, axes, wide));
      return keep ? reduced : site.reshape(reduced, without(site.shape(x), axes));
    });
  }

  private static Shape without(Shape shape, List<Integer> axes) {
    var dims = new ArrayList<Integer>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        dims.add(shape.dim(axis));
      }
    }
    return new Shape(dims);
  }

  private static Body plain(ReduceFn fn) {
    return (site, axes, x) -> site.reduce(fn, axes, x);
  }

  /// Of bools, the largest is whether any is true.
  private static Body extreme(ReduceFn fn) {
    return (site, axes, x) ->
        site.dtype(x) == DType.BOOL
            ? site.cast(site.reduce(fn, axes, site.cast(x, DType.U8)), DType.BOOL)
            : site.reduce(fn, axes, x);
  }

  private static int sumOfSquares(Site site, List<Integer> axes, int x) {
    return site.reduce(ReduceFn.SUM, axes, site.binary(BinaryFn.MUL, x, x));
  }

  private static int sumOfMagnitudes(Site site, List<Integer> axes, int x) {
    return site.reduce(ReduceFn.SUM, axes, site.unary(UnaryFn.ABS, x));
  }

  private static int logSum(Site site, List<Integer> axes, int x) {
    return site.unary(UnaryFn.LOG, site.reduce(ReduceFn.SUM, axes, x));
  }

  /// The largest element is taken out before the exponentials, which then cannot overflow.
  private static int logSumExp(Site site, List<Integer> axes, int x) {
    int top = site.reduce(ReduceFn.MAX, axes, x);
    int powers = site.unary(UnaryFn.EXP, site.binary(BinaryFn.SUB, x, top));
    return site.binary(BinaryFn.ADD, logSum(site, axes, powers), top);
  }

  /// The mean, maximum or minimum of all axes behind the first two.
  private static Operator global(Body body) {
    return single(site -> {
      int x = site.input(0);
      List<Integer> axes = IntStream.range(2, site.shape(x).rank()).boxed().toList();
      return site.widened(x, wide -> body.reduce(site, axes, wide));
    });
  }

  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          Map.entry("ReduceSum", reduction(13, plain(ReduceFn.SUM))),
          Map.entry("ReduceProd", reduction(18, plain(ReduceFn.PROD))),
          Map.entry("ReduceMax", reduction(18, extreme(ReduceFn.MAX))),
          Map.entry("ReduceMin", reduction(18, extreme(ReduceFn.MIN))),
          Map.entry("ReduceMean", reduction(18, (site, axes, x) -> site.mean(axes, x))),
          Map.entry("ReduceL1", reduction(18, ReductionRules::sumOfMagnitudes)),
          Map.entry(
              "ReduceL2",
              reduction(
                  18, (site, axes, x) -> site.unary(UnaryFn.SQRT, sumOfSquares(site, axes, x)))),
          Map.entry("ReduceSumSquare", reduction(18, ReductionRules::sumOfSquares)),
          Map.entry("ReduceLogSum", reduction(18, ReductionRules::logSum)),
          Map.entry("ReduceLogSumExp", reduction(18, ReductionRules::logSumExp)),
          Map.entry("GlobalAveragePool", global((site, axes, x) -> site.mean(axes, x))),
          Map.entry("GlobalMaxPool", global(plain(ReduceFn.MAX))));
}
