package tessera.compiler.graph;

import java.util.List;

/// What a node computes. There is one record for each operation, with what is fixed when the graph
/// is made; the tensors it works on are the node's operands. [Typing] states the shapes,
/// [GraphEvaluator] the values.
///
/// To add an operation, add a record here: the compiler then lists every place that must know it.
public sealed interface Op {
  /// A tensor that the caller gives; no operands.
  record Input(String name, TensorType type) implements Op {}

  /// A tensor known when compiling; no operands.
  record Constant(Tensor value) implements Op {}

  /// `fn` of each element.
  record Unary(UnaryFn fn) implements Op {}

  /// `fn` of each pair of elements; the operands broadcast to a common shape, as in NumPy.
  record Binary(BinaryFn fn) implements Op {}

  /// Operand 1 where operand 0, a `bool`, is true, else operand 2; all three broadcast.
  record Select() implements Op {}

  /// The same values in another type: floats round to nearest even; float to integer drops the
  /// fraction and saturates, a NaN counting as the greatest value (unpriv. spec, F, conversions);
  /// integers wrap; to `bool` is whether it is not 0.
  record Cast(DType to) implements Op {}

  /// The product `a · b` over the last two axes, the earlier ones broadcasting: `[…, m, k]` by `[…,
  /// k, n]`, or by `[…, n, k]` if `transposed`. An optional third operand, broadcast to the result,
  /// is what each sum starts from; else it is 0. Each sum takes increasing `k`, and in `f32` and
  /// `f64` each step is one fused multiply-add, the rule of the tile instructions (Xta 6, rule 3).
  /// For `f16` and `bf16` the steps are in `f32` and the sum is rounded at its end; integers wrap.
  record MatMul(boolean transposed) implements Op {}

  /// `fn` over `axes`, increasing and distinct, each of which becomes 1 long.
  record Reduce(ReduceFn fn, List<Integer> axes) implements Op {
    public Reduce {
      axes = List.copyOf(axes);
    }
  }

  /// The same elements in the same order in other extents.
  record Reshape(Shape to) implements Op {}

  /// The operand repeated to `to`, as in NumPy.
  record Broadcast(Shape to) implements Op {}

  /// Axis `i` of the result is axis `order[i]` of the operand.
  record Transpose(List<Integer> order) implements Op {
    public Transpose {
      order = List.copyOf(order);
    }
  }

  /// Along each axis, `sizes` elements from index `starts` on in steps of `steps`, which may be
  /// negative.
  record Slice(List<Integer> starts, List<Integer> sizes, List<Integer> steps) implements Op {
    public Slice {
      starts = List.copyOf(starts);
      sizes = List.copyOf(sizes);
      steps = List.copyOf(steps);
    }
  }

  /// The operands one after the other along `axis`.
  record Concat(int axis) implements Op {}

  /// For each index in operand 1 (of `i32` or `i64`; −1 is the last), that slice of operand 0 along
  /// `axis`. The axis is replaced by the extents of operand 1. An index out of range takes the
  /// nearest slice there is.
  record Gather(int axis) implements Op {}

  /// Operand 0 with `before` and `after` elements equal to operand 1, a scalar, added along each
  /// axis.
  record Pad(List<Integer> before, List<Integer> after) implements Op {
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }
}
