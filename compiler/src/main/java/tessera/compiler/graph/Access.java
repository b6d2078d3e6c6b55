package tessera.compiler.graph;

import java.util.Arrays;
import java.util.List;

/// How the elements of a value in memory are reached: position `p` lies at element `first + Σ p[i]
/// · strides[i]`.
public record Access(int first, List<Integer> strides) {
  public Access {
    strides = List.copyOf(strides);
  }

  /// The elements of a value of this shape as it lies, row-major.
  public static Access whole(Shape shape) {
    return new Access(0, Arrays.stream(shape.strides()).boxed().toList());
  }

  /// The same elements after an operation that changes places, from shape `from` to shape `to`.
  public Access through(Op op, Shape from, Shape to) {
    return switch (op) {
      case Op.Broadcast _ -> broadcast(from, to);
      case Op.Transpose(var order) -> new Access(first, order.stream().map(strides::get).toList());
      case Op.Slice slice -> sliced(slice);
      case Op.Input _,
          Op.Constant _,
          Op.Unary _,
          Op.Binary _,
          Op.Select _,
          Op.Cast _,
          Op.MatMul _,
          Op.Reduce _,
          Op.Reshape _,
          Op.Concat _,
          Op.Gather _,
          Op.Pad _ ->
          throw new IllegalArgumentException(op + " does not only change places");
    };
  }

  /// These elements, of shape `from`, repeated to shape `to`.
  public Access broadcast(Shape from, Shape to) {
    Integer[] repeated = new Integer[to.rank()];
    Arrays.fill(repeated, 0);
    int added = to.rank() - from.rank();
    for (int axis = 0; axis < from.rank(); axis++) {
      repeated[added + axis] = from.dim(axis) == 1 ? 0 : strides.get(axis);
    }
    return new Access(first, List.of(repeated));
  }

  private Access sliced(Op.Slice slice) {
    int start = first;
    Integer[] stepped = new Integer[strides.size()];
    for (int axis = 0; axis < stepped.length; axis++) {
      start += slice.starts().get(axis) * strides.get(axis);
      stepped[axis] = strides.get(axis) * slice.steps().get(axis);
    }
    return new Access(start, List.of(stepped));
  }
}
