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
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.Typing;
import tessera.compiler.onnx.Attribute;
import tessera.compiler.onnx.OnnxTensor;

/// Operators that make constants, ask for shapes, or move elements.
final class ShapeRules {
  private ShapeRules() {}

  private static int constant(Site site) {
    for (String name : site.node().attributes().keySet()) {
      Attribute attribute = site.attribute(name).orElseThrow();
      return switch (attribute) {
        case Attribute.TensorValue(var value) -> site.constant(tensor(value));
        case Attribute.Real(float value) -> site.constant(Tensor.of(Shape.SCALAR, value));
        case Attribute.Int(long value) -> site.constant(Tensor.of(DType.I64, Shape.SCALAR, value));
        case Attribute.Reals(var values) -> site.constant(reals(values));
        case Attribute.Ints(var values) -> site.constant(integers(values));
        case Attribute.Text _,
            Attribute.Texts _,
            Attribute.Subgraph _,
            Attribute.Subgraphs _,
            Attribute.TensorValues _,
            Attribute.Reference _,
            Attribute.Other _ ->
            throw Refusal.unsupported("attribute " + name + " is not supported");
      };
    }
    throw Refusal.invalid("it has no value");
  }

  static Tensor tensor(OnnxTensor value) {
    return value
        .tensor()
        .orElseThrow(() ->
            Refusal.unsupported(
                "a constant of " + value.type() + " (supported: " + Operators.TYPES + ")"));
  }

  private static Tensor reals(List<Float> values) {
    float[] elements = new float[values.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = values.get(i);
    }
    return Tensor.of(Shape.of(elements.length), elements);
  }

  static Tensor integers(List<Long> values) {
    long[] elements = values.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(DType.I64, Shape.of(elements.length), elements);
  }

  private static Shape shape(Site site, List<Long> sizes) {
    return new Shape(sizes.stream().map(site::size).toList());
  }

  private static int constantOfShape(Site site) {
    Tensor value =
        site.attribute("value")
            .map(attribute -> oneElement(attribute))
            .orElse(Tensor.of(Shape.of(1), 0f));
    Shape shape = shape(site, site.knownIntegers(0, "the shape"));
    return site.broadcast(site.constant(value.as(Shape.SCALAR)), shape);
  }

  private static Tensor oneElement(Attribute attribute) {
    if (attribute instanceof Attribute.TensorValue(var value) && tensor(value).count() == 1) {
      return tensor(value);
    }
    throw Refusal.invalid("attribute value is not one element");
  }

  private static int shapeOf(Site site) {
    Shape shape = site.shape(site.input(0));
    int rank = shape.rank();
    int start = clamped(site.integer("start", 0), rank);
    int end = clamped(site.integer("end", rank), rank);
    return site.constant(
        integers(
            shape.dims().stream()
                .map(Integer::longValue)
                .toList()
                .subList(start, Math.max(start, end))));
  }

  private static int clamped(long index, int rank) {
    return Math.clamp(index < 0 ? index + rank : index, 0, rank);
  }

  private static int size(Site site) {
    long count = site.shape(site.input(0)).count();
    return site.constant(Tensor.of(DType.I64, Shape.SCALAR, count));
  }

  /// A shape with 0 for "as in the operand" (unless `allowzero`) and −1 for "what is left".
  private static int reshape(Site site) {
    int x = site.input(0);
    boolean zeros = site.flag("allowzero", false);
    List<Long> wanted =
        site.integers("shape", 1, 5).orElseThrow(() -> Refusal.invalid("it has no shape"));
    var dims = new ArrayList<Long>();
    for (int i = 0; i < wanted.size(); i++) {
      boolean copied = wanted.get(i) == 0 && !zeros;
      if (copied && i >= site.shape(x).rank()) {
        throw Refusal.invalid(
            "shape " + wanted + " copies an axis that [" + site.shape(x) + "] has not");
      }
      dims.add(copied ? (long) site.shape(x).dim(i) : wanted.get(i));
    }
    int open = dims.indexOf(-1L);
    if (open >= 0) {
      long rest = dims.stream().filter(dim -> dim != -1).reduce(1L, (a, b) -> a * b);
      dims.set(open, rest == 0 ? 0 : site.shape(x).count() / rest);
    }
    return site.reshape(x, shape(site, dims));
  }

  private static int flatten(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    long axis = site.integer("axis", 1);
    if (axis < -shape.rank() || axis > shape.rank()) {
      throw Refusal.invalid("axis " + axis + " is none of " + shape.rank());
    }
    int split = (int) (axis < 0 ? axis + shape.rank() : axis);
    return site.reshape(x, matrix(shape, split));
  }

  /// The shape as a matrix, whose rows are the axes before `split`.
  static Shape matrix(Shape shape, int split) {
    return Shape.of(
        (int) shape.sub(0, split).count(), (int) shape.sub(split, shape.rank()).count());
  }

  private static int squeeze(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    Optional<List<Long>> named = site.integers("axes", 1, 13);
    List<Integer> axes =
        named.isPresent()
            ? site.axes(named.get(), shape.rank())
            : IntStream.range(0, shape.rank()).filter(i -> shape.dim(i) == 1).boxed().toList();
    var dims = new ArrayList<Integer>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        dims.add(shape.dim(axis));
      } else if (shape.dim(axis) != 1) {
        throw Refusal.invalid("axis " + axis + " of [" + shape + "] is not 1 long");
      }
    }
    return site.reshape(x, new Shape(dims));
  }

  private static int unsqueeze(Site site) {
    int x = site.input(0);
    List<Long> named =
        site.integers("axes", 1, 13).orElseThrow(() -> Refusal.invalid("it has no axes"));
    int rank = site.shape(x).rank() + named.size();
    var dims = new ArrayList<>(site.shape(x).dims());
    // Increasing order puts each new axis where it stays.
    site.axes(named, rank).forEach(axis -> dims.add(axis, 1));
    return site.reshape(x, new Shape(dims));
  }

  private static int transpose(Site site) {
    int x = site.input(0);
    int rank = site.shape(x).rank();
    List<Long> order =
        site.integers("perm")
            .orElse(IntStream.range(0, rank).mapToObj(i -> rank - 1L - i).toList());
    return site.transpose(x, order.stream().map(axis -> site.axis(axis, rank)).toList());
  }

  private static int concat(Site site) {
    List<Integer> parts = site.all();
    int rank = site.shape(site.input(0)).rank();
    return site.concat(site.axis(site.integer("axis", 1), rank), parts);
  }

  private static List<Integer> split(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    int axis = site.axis(site.integer("axis", 0), shape.rank());
    int count = site.node().outputs().size();
    Optional<List<Long>> named = site.integers("split", 1, 13);
    long stated = site.integer("num_outputs", count);
    int even = (int) ((shape.dim(axis) + stated - 1) / Math.max(1, stated));
    var parts = new ArrayList<Integer>();
    int start = 0;
    for (int i = 0; i < count; i++) {
      int left = shape.dim(axis) - start;
      int length = named.isPresent() ? site.size(named.get().get(i)) : Math.min(even, left);
      parts.add(window(site, x, axis, start, length));
      start += length;
    }
    return parts;
  }

  /// `length` elements along one axis from `start` on.
  private static int window(Site site, int x, int axis, int start, int length) {
    Shape shape = site.shape(x);
    List<Integer> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
    starts.set(axis, start);
    var steps = Collections.nCopies(shape.rank(), 1);
    return site.add(new Op.Slice(starts, shape.with(axis, length).dims(), steps), x);
  }

  /// Bounds clamp to the axis, as in Python; before operator set 10 they are attributes.
  private static int slice(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    List<Long> starts =
        site.integers("starts", 1, 10).orElseThrow(() -> Refusal.invalid("it has no starts"));
    List<Long> ends =
        site.integers("ends", 2, 10).orElseThrow(() -> Refusal.invalid("it has no ends"));
    List<Long> axes =
        site.integers("axes", 3, 10)
            .orElse(IntStream.range(0, starts.size()).mapToObj(Long::valueOf).toList());
    List<Long> steps =
        site.opset() >= 10 && site.has(4)
            ? site.knownIntegers(4, "steps")
            : Collections.nCopies(starts.size(), 1L);
    Op.Slice range = whole(shape);
    for (int i = 0; i < axes.size(); i++) {
      int axis = site.axis(axes.get(i), shape.rank());
      range = along(range, axis, shape.dim(axis), starts.get(i), ends.get(i), steps.get(i));
    }
    return site.add(range, x);
  }

  private static Op.Slice whole(Shape shape) {
    int rank = shape.rank();
    return new Op.Slice(Collections.nCopies(rank, 0), shape.dims(), Collections.nCopies(rank, 1));
  }

  private static Op.Slice along(
      Op.Slice slice, int axis, int dim, long start, long end, long step) {
    if (step == 0) {
      throw Refusal.invalid("a step is 0");
    }
    boolean back = step < 0;
    int highest = back ? dim - 1 : dim;
    long first = dim == 0 ? 0 : Math.clamp(start < 0 ? start + dim : start, 0, highest);
    long last = dim == 0 ? 0 : Math.clamp(end < 0 ? end + dim : end, back ? -1 : 0, highest);
    long size = Math.max(0, Math.ceilDiv(last - first, step));
    return new Op.Slice(
        with(slice.starts(), axis, (int) (size == 0 ? 0 : first)),
        with(slice.sizes(), axis, (int) size),
        // A step that leaves the axis at once is never taken.
        with(slice.steps(), axis, size <= 1 ? 1 : (int) step));
  }

  private static List<Integer> with(List<Integer> list, int at, int value) {
    var changed = new ArrayList<>(list);
    changed.set(at, value);
    return changed;
  }

  private static int gather(Site site) {
    int x = site.input(0);
    int axis = site.axis(site.integer("axis", 0), site.shape(x).rank());
    return site.add(new Op.Gather(axis), x, site.input(1));
  }

  private static int expand(Site site) {
    int x = site.input(0);
    Shape wanted = shape(site, site.knownIntegers(1, "the shape"));
    Shape common =
        Typing.broadcast(site.shape(x), wanted)
            .orElseThrow(() ->
                Refusal.invalid("[" + site.shape(x) + "] does not expand to [" + wanted + "]"));
    return site.broadcast(x, common);
  }

  private static int tile(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    List<Long> repeats = site.knownIntegers(1, "repeats");
    if (repeats.size() != shape.rank()) {
      throw Refusal.invalid(repeats.size() + " repeats for " + shape.rank() + " axes");
    }
    // [a, b] becomes [1, a, 1, b], is repeated to [r, a, s, b], and read as [r·a, s·b].
    var apart = new ArrayList<Integer>();
    var repeated = new ArrayList<Integer>();
    var joined = new ArrayList<Integer>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      int times = site.size(repeats.get(axis));
      Collections.addAll(apart, 1, shape.dim(axis));
      Collections.addAll(repeated, times, shape.dim(axis));
      joined.add(site.size((long) times * shape.dim(axis)));
    }
    int copies = site.broadcast(site.reshape(x, new Shape(apart)), new Shape(repeated));
    return site.reshape(copies, new Shape(joined));
  }

  private static int range(Site site) {
    Tensor start = site.known(0, "start");
    Tensor limit = site.known(1, "limit");
    Tensor delta = site.known(2, "delta");
    boolean real = start.dtype().isFloat();
    double step = real ? delta.real(0) : delta.integer(0);
    double span = real ? limit.real(0) - start.real(0) : limit.integer(0) - start.integer(0);
    int count = site.size((long) Math.max(0, Math.ceil(span / step)));
    var type = new TensorType(start.dtype(), Shape.of(count));
    if (type.bytes() > Folding.LARGEST) {
      throw Refusal.unsupported("a range of " + count + " elements");
    }
    var filler = new Tensor.Filler(type);
    for (int i = 0; i < count; i++) {
      if (real) {
        filler.set(i, start.real(0) + i * step);
      } else {
        filler.set(i, start.integer(0) + i * delta.integer(0));
      }
    }
    return site.constant(filler.done());
  }

  private static int pad(Site site) {
    int x = site.input(0);
    int rank = site.shape(x).rank();
    String mode = site.text("mode", "constant");
    List<Long> pads =
        site.integers("pads", 1, 11).orElseThrow(() -> Refusal.invalid("it has no pads"));
    List<Integer> axes =
        site.has(3)
            ? site.knownIntegers(3, "axes").stream().map(axis -> site.axis(axis, rank)).toList()
            : IntStream.range(0, rank).boxed().toList();
    if (pads.size() != 2 * axes.size()) {
      throw Refusal.invalid(pads.size() + " pads for " + axes.size() + " axes");
    }
    int padded = x;
    for (int i = 0; i < axes.size(); i++) {
      long before = pads.get(i);
      long after = pads.get(i + axes.size());
      padded = pad(site, padded, mode, axes.get(i), before, after);
    }
    return padded;
  }

  /// Pads along one axis; a negative count crops.
  private static int pad(Site site, int x, String mode, int axis, long before, long after) {
    int dim = site.shape(x).dim(axis);
    int start = site.size(Math.max(0, -before));
    int kept = site.size(dim + Math.min(0, before) + Math.min(0, after));
    int cropped = kept == dim ? x : window(site, x, axis, start, kept);
    int low = site.size(Math.max(0, before));
    int high = site.size(Math.max(0, after));
    if (low == 0 && high == 0) {
      return cropped;
    }
    if (mode.equals("constant")) {
      int rank = site.shape(x).rank();
      List<Integer> none = Collections.nCopies(rank, 0);
      var pad = new Op.Pad(with(none, axis, low), with(none, axis, high));
      return site.add(pad, cropped, padding(site, x));
    }
    var indices = new ArrayList<Long>();
    for (int i = -low; i < kept + high; i++) {
      indices.add((long) source(mode, i, kept));
    }
    return site.add(new Op.Gather(axis), cropped, site.constant(integers(indices)));
  }

  private static int padding(Site site, int x) {
    if (site.opset() < 11) {
      return site.scalar(x, site.real("value", 0));
    }
    return site.has(2) ? site.reshape(site.input(2), Shape.SCALAR) : site.scalar(x, 0);
  }

  /// Which element of `count` stands at `i`, which may lie before or behind them.
  private static int source(String mode, int i, int count) {
    return switch (mode) {
      case "edge" -> Math.clamp(i, 0, count - 1);
      case "wrap" -> Math.floorMod(i, count);
      case "reflect" -> {
        int period = Math.max(1, 2 * (count - 1));
        int folded = Math.floorMod(i, period);
        yield Math.min(folded, period - folded);
      }
      default ->
          throw Refusal.unsupported(
              "attribute mode=" + mode + " (supported: constant, edge, reflect, wrap)");
    };
  }

  private static int depthToSpace(Site site) {
    int x = site.input(0);
    Shape s = site.shape(x);
    int block = site.size(site.integer("blocksize", 1));
    String mode = site.text("mode", "DCR");
    int depth = s.dim(1) / (block * block);
    boolean depthFirst = mode.equals("DCR");
    Shape apart =
        depthFirst
            ? Shape.of(s.dim(0), block, block, depth, s.dim(2), s.dim(3))
            : Shape.of(s.dim(0), depth, block, block, s.dim(2), s.dim(3));
    List<Integer> order = depthFirst ? List.of(0, 3, 4, 1, 5, 2) : List.of(0, 1, 4, 2, 5, 3);
    int moved = site.transpose(site.reshape(x, apart), order);
    return site.reshape(moved, Shape.of(s.dim(0), depth, s.dim(2) * block, s.dim(3) * block));
  }

  private static int spaceToDepth(Site site) {
    int x = site.input(0);
    Shape s = site.shape(x);
    int block = site.size(site.integer("blocksize", 1));
    int rows = s.dim(2) / block;
    int columns = s.dim(3) / block;
    Shape apart = Shape.of(s.dim(0), s.dim(1), rows, block, columns, block);
    int moved = site.transpose(site.reshape(x, apart), List.of(0, 3, 5, 1, 2, 4));
    return site.reshape(moved, Shape.of(s.dim(0), s.dim(1) * block * block, rows, columns));
  }

  /// Keeps a triangle of each matrix; the rest becomes 0.
  private static int trilu(Site site) {
    int x = site.input(0);
    Shape shape = site.shape(x);
    boolean upper = site.flag("upper", true);
    long diagonal = site.has(1) ? site.knownIntegers(1, "k").getFirst() : 0;
    int rows = shape.dim(shape.rank() - 2);
    int columns = shape.dim(shape.rank() - 1);
    var kept = new Tensor.Filler(TensorType.of(DType.BOOL, rows, columns));
    for (int i = 0; i < rows * columns; i++) {
      long offset = i % columns - (i / columns) - diagonal;
      kept.set(i, (upper ? offset >= 0 : offset <= 0) ? 1L : 0L);
    }
    return site.select(site.constant(kept.done()), x, site.scalar(x, 0));
  }

  private static int oneHot(Site site) {
    int indices = site.input(0);
    int depth =
        site.size(
            site.known(1, "depth").dtype().isFloat()
                ? (long) site.known(1, "depth").real(0)
                : site.known(1, "depth").integer(0));
    int values = site.input(2);
    int rank = site.shape(indices).rank() + 1;
    int axis = site.axis(site.integer("axis", -1), rank);
    var dims = new ArrayList<>(site.shape(indices).dims());
    dims.add(axis, 1);
    int spread = site.reshape(site.cast(indices, DType.I64), new Shape(dims));
    long[] all = IntStream.range(0, depth).asLongStream().toArray();
    Shape along = new Shape(Collections.nCopies(rank, 1)).with(axis, depth);
    int count = site.constant(Tensor.of(DType.I64, along, all));
    int below =
        site.binary(BinaryFn.SUB, count, site.constant(Tensor.of(DType.I64, Shape.SCALAR, depth)));
    int hit =
        site.binary(
            BinaryFn.OR,
            site.binary(BinaryFn.EQ, spread, count),
            site.binary(BinaryFn.EQ, spread, below));
    int off = site.reshape(window(site, values, 0, 0, 1), Shape.SCALAR);
    int on = site.reshape(window(site, values, 0, 1, 1), Shape.SCALAR);
    return site.select(hit, on, off);
  }

  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          Map.entry("Constant", single(ShapeRules::constant)),
          Map.entry("ConstantOfShape", single(ShapeRules::constantOfShape)),
          Map.entry("Shape", single(ShapeRules::shapeOf)),
          Map.entry("Size", single(ShapeRules::size)),
          Map.entry("Reshape", single(ShapeRules::reshape)),
          Map.entry("Flatten", single(ShapeRules::flatten)),
          Map.entry("Squeeze", single(ShapeRules::squeeze)),
          Map.entry("Unsqueeze", single(ShapeRules::unsqueeze)),
          Map.entry("Transpose", single(ShapeRules::transpose)),
          Map.entry("Concat", single(ShapeRules::concat)),
          Map.entry("Split", ShapeRules::split),
          Map.entry("Slice", single(ShapeRules::slice)),
          Map.entry("Gather", single(ShapeRules::gather)),
          Map.entry("Expand", single(ShapeRules::expand)),
          Map.entry("Tile", single(ShapeRules::tile)),
          Map.entry("Range", single(ShapeRules::range)),
          Map.entry("Pad", single(ShapeRules::pad)),
          Map.entry("DepthToSpace", single(ShapeRules::depthToSpace)),
          Map.entry("SpaceToDepth", single(ShapeRules::spaceToDepth)),
          Map.entry("Trilu", single(ShapeRules::trilu)),
          Map.entry("OneHot", single(ShapeRules::oneHot)));
}
