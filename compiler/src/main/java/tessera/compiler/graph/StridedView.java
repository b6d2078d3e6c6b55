package tessera.compiler.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How an operation that only moves elements reads its operand: result position `p` is the
/// operand's element `first + Σ p[i] · strides[i]`.
public record StridedView(int first, List<Integer> strides) {
  public StridedView {
    strides = List.copyOf(strides);
  }

  /// The view of `op` on an operand of shape `from` that gives shape `to`; empty for an operation
  /// that computes, needs several operands, or keeps the order (a reshape).
  public static Optional<StridedView> of(Op op, Shape from, Shape to) {
    return switch (op) {
      case Op.Broadcast _ -> Optional.of(view(0, from.stridesIn(to)));
      case Op.Transpose(var order) ->
          Optional.of(new StridedView(0, order.stream().map(i -> from.strides()[i]).toList()));
      case Op.Slice slice -> Optional.of(of(slice, from));
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
          Optional.empty();
    };
  }

  private static StridedView of(Op.Slice slice, Shape from) {
    int[] strides = from.strides();
    int first = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      first += slice.starts().get(axis) * strides[axis];
      strides[axis] *= slice.steps().get(axis);
    }
    return view(first, strides);
  }

  private static StridedView view(int first, int[] strides) {
    return new StridedView(first, Arrays.stream(strides).boxed().toList());
  }
}
