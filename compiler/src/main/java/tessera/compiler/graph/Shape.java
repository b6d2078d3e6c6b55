package tessera.compiler.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The extents of a tensor, outermost first; the empty shape is a scalar's. Elements lie in
/// row-major order: the last extent is the contiguous one.
///
/// @param dims the extents, each 0 or more
public record Shape(List<Integer> dims) {
  public static final Shape SCALAR = new Shape(List.of());

  public Shape {
    dims = List.copyOf(dims);
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative extent in " + dims);
      }
    }
  }

  public static Shape of(int... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  public int rank() {
    return dims.size();
  }

  public int dim(int axis) {
    return dims.get(axis);
  }

  /// The number of elements; saturates at `Long.MAX_VALUE`.
  public long count() {
    long count = 1;
    for (int dim : dims) {
      if (dim == 0) {
        return 0;
      }
      count = Math.multiplyHigh(count, dim) == 0 && count * dim >= 0 ? count * dim : Long.MAX_VALUE;
    }
    return count;
  }

  /// This shape with `dim` for the extent of `axis`.
  public Shape with(int axis, int dim) {
    var changed = new ArrayList<>(dims);
    changed.set(axis, dim);
    return new Shape(changed);
  }

  /// The extents from `from` inclusive to `to` exclusive.
  public Shape sub(int from, int to) {
    return new Shape(dims.subList(from, to));
  }

  /// These extents, then those of `inner`.
  public Shape then(Shape inner) {
    var joined = new ArrayList<>(dims);
    joined.addAll(inner.dims);
    return new Shape(joined);
  }

  /// For each axis, how many elements its next index is away.
  public int[] strides() {
    int[] strides = new int[rank()];
    int stride = 1;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dim(axis);
    }
    return strides;
  }

  /// The strides with which a tensor of this shape is read as one of shape `to`: 0 along each axis
  /// in which it is repeated. This shape must be {@linkplain #broadcastsTo able} to broadcast.
  public int[] stridesIn(Shape to) {
    int[] own = strides();
    int[] strides = new int[to.rank()];
    int added = to.rank() - rank();
    for (int axis = 0; axis < rank(); axis++) {
      strides[added + axis] = dim(axis) == 1 ? 0 : own[axis];
    }
    return strides;
  }

  /// Whether this shape can be repeated to `to`, aligned at the last axis, as in NumPy.
  public boolean broadcastsTo(Shape to) {
    int added = to.rank() - rank();
    if (added < 0) {
      return false;
    }
    for (int axis = 0; axis < rank(); axis++) {
      if (dim(axis) != 1 && dim(axis) != to.dim(added + axis)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return dims.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
