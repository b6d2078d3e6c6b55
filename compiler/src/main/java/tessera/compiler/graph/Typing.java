package tessera.compiler.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The type that an operation gives its value: the shape rules, in one place.
public sealed interface Typing {
  /// The operation fits its operands and gives this type.
  record Typed(TensorType type) implements Typing {}

  /// It does not fit, for a reason in words.
  record Refused(String reason) implements Typing {}

  /// What `op` makes of operands of these types.
  static Typing of(Op op, List<TensorType> operands) {
    Optional<String> miscount = miscount(op, operands.size());
    if (miscount.isPresent()) {
      return new Refused(miscount.get());
    }
    return switch (rule(op, operands)) {
      case Typed(var type) when type.bytes() > TensorType.MAX_BYTES ->
          refuse(type + " is larger than " + TensorType.MAX_BYTES + " bytes");
      case Typed typed -> typed;
      case Refused refused -> refused;
    };
  }

  /// The smallest shape that both broadcast to, if there is one.
  static Optional<Shape> broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    var dims = new ArrayList<Integer>();
    for (int axis = 0; axis < rank; axis++) {
      int fromA = axis - (rank - a.rank());
      int fromB = axis - (rank - b.rank());
      int inA = fromA < 0 ? 1 : a.dim(fromA);
      int inB = fromB < 0 ? 1 : b.dim(fromB);
      if (inA != inB && inA != 1 && inB != 1) {
        return Optional.empty();
      }
      dims.add(inA == 1 ? inB : inA);
    }
    return Optional.of(new Shape(dims));
  }

  private static Typing refuse(String reason) {
    return new Refused(reason);
  }

  private static Typing typed(TensorType type) {
    return new Typed(type);
  }

  private static Optional<String> miscount(Op op, int count) {
    boolean fits =
        switch (op) {
          case Op.Input _, Op.Constant _ -> count == 0;
          case Op.Unary _,
              Op.Cast _,
              Op.Reduce _,
              Op.Reshape _,
              Op.Broadcast _,
              Op.Transpose _,
              Op.Slice _ ->
              count == 1;
          case Op.Binary _, Op.Gather _, Op.Pad _ -> count == 2;
          case Op.Select _ -> count == 3;
          case Op.MatMul _ -> count == 2 || count == 3;
          case Op.Concat _ -> count >= 1;
        };
    return fits ? Optional.empty() : Optional.of("does not take " + count + " operands");
  }

  private static Typing rule(Op op, List<TensorType> operands) {
    return switch (op) {
      case Op.Input(_, var type) -> typed(type);
      case Op.Constant(var value) -> typed(value.type());
      case Op.Unary(var fn) -> unary(fn, operands.getFirst());
      case Op.Binary(var fn) -> binary(fn, operands.get(0), operands.get(1));
      case Op.Select _ -> select(operands.get(0), operands.get(1), operands.get(2));
      case Op.Cast(var to) -> typed(operands.getFirst().as(to));
      case Op.MatMul(var transposed) -> matMul(transposed, operands);
      case Op.Reduce(var fn, var axes) -> reduce(fn, axes, operands.getFirst());
      case Op.Reshape(var to) -> reshape(to, operands.getFirst());
      case Op.Broadcast(var to) -> broadcastTo(to, operands.getFirst());
      case Op.Transpose(var order) -> transpose(order, operands.getFirst());
      case Op.Slice slice -> slice(slice, operands.getFirst());
      case Op.Concat(var axis) -> concat(axis, operands);
      case Op.Gather(var axis) -> gather(axis, operands.get(0), operands.get(1));
      case Op.Pad(var before, var after) -> pad(before, after, operands.get(0), operands.get(1));
    };
  }

  private static Typing unary(UnaryFn fn, TensorType of) {
    return fn.takes(of.dtype()) ? typed(of) : refuse("is not defined for " + of.dtype());
  }

  private static Typing binary(BinaryFn fn, TensorType a, TensorType b) {
    if (a.dtype() != b.dtype()) {
      return refuse("takes two operands of one type, not " + a.dtype() + " and " + b.dtype());
    }
    if (!fn.takes(a.dtype())) {
      return refuse("is not defined for " + a.dtype());
    }
    DType result = fn.compares() ? DType.BOOL : a.dtype();
    return broadcast(a.shape(), b.shape())
        .map(shape -> typed(new TensorType(result, shape)))
        .orElse(refuse(clash(a, b)));
  }

  private static String clash(TensorType a, TensorType b) {
    return "shapes [" + a.shape() + "] and [" + b.shape() + "] do not broadcast";
  }

  private static Typing select(TensorType condition, TensorType a, TensorType b) {
    if (condition.dtype() != DType.BOOL || a.dtype() != b.dtype()) {
      return refuse("takes a bool and two operands of one type");
    }
    return broadcast(a.shape(), b.shape())
        .flatMap(shape -> broadcast(shape, condition.shape()))
        .map(shape -> typed(a.as(shape)))
        .orElse(refuse(clash(a, b) + " with [" + condition.shape() + "]"));
  }

  private static Typing matMul(boolean transposed, List<TensorType> operands) {
    TensorType a = operands.get(0);
    TensorType b = operands.get(1);
    if (a.rank() < 2 || b.rank() < 2) {
      return refuse("takes operands of two axes or more");
    }
    if (a.dtype() == DType.BOOL || operands.stream().anyMatch(t -> t.dtype() != a.dtype())) {
      return refuse("takes operands of one numeric type");
    }
    int inner = b.shape().dim(b.rank() - (transposed ? 1 : 2));
    int columns = b.shape().dim(b.rank() - (transposed ? 2 : 1));
    if (a.shape().dim(a.rank() - 1) != inner) {
      return refuse("shapes [" + a.shape() + "] and [" + b.shape() + "] differ in the inner axis");
    }
    Shape matrix = Shape.of(a.shape().dim(a.rank() - 2), columns);
    Optional<Shape> result =
        broadcast(a.shape().sub(0, a.rank() - 2), b.shape().sub(0, b.rank() - 2))
            .map(batch -> batch.then(matrix));
    if (result.isEmpty()) {
      return refuse(clash(a, b));
    }
    if (operands.size() == 3 && !operands.get(2).shape().broadcastsTo(result.get())) {
      return refuse(
          "[" + operands.get(2).shape() + "] does not broadcast to [" + result.get() + "]");
    }
    return typed(a.as(result.get()));
  }

  private static Typing reduce(ReduceFn fn, List<Integer> axes, TensorType of) {
    if (of.dtype() == DType.BOOL) {
      return refuse(fn.name().toLowerCase(Locale.ROOT) + " is not defined for bool");
    }
    Shape shape = of.shape();
    int last = -1;
    for (int axis : axes) {
      if (axis <= last || axis >= of.rank()) {
        return refuse("axes " + axes + " are not increasing axes of [" + of.shape() + "]");
      }
      last = axis;
      shape = shape.with(axis, 1);
    }
    return typed(of.as(shape));
  }

  private static Typing reshape(Shape to, TensorType of) {
    return to.count() == of.count()
        ? typed(of.as(to))
        : refuse(
            "[" + of.shape() + "] has " + of.count() + " elements, [" + to + "] " + to.count());
  }

  private static Typing broadcastTo(Shape to, TensorType of) {
    return of.shape().broadcastsTo(to)
        ? typed(of.as(to))
        : refuse("[" + of.shape() + "] does not broadcast to [" + to + "]");
  }

  private static Typing transpose(List<Integer> order, TensorType of) {
    boolean permutes =
        order.size() == of.rank()
            && new HashSet<>(order).size() == order.size()
            && order.stream().allMatch(axis -> axis >= 0 && axis < of.rank());
    return permutes
        ? typed(of.as(new Shape(order.stream().map(of.shape()::dim).toList())))
        : refuse("order " + order + " does not permute the axes of [" + of.shape() + "]");
  }

  private static Typing slice(Op.Slice slice, TensorType of) {
    int rank = of.rank();
    if (slice.starts().size() != rank
        || slice.sizes().size() != rank
        || slice.steps().size() != rank) {
      return refuse("needs start, size and step for each of " + rank + " axes");
    }
    for (int axis = 0; axis < rank; axis++) {
      int size = slice.sizes().get(axis);
      long first = slice.starts().get(axis);
      long last = first + (long) (size - 1) * slice.steps().get(axis);
      int dim = of.shape().dim(axis);
      if (size < 0 || (size > 0 && (first < 0 || first >= dim || last < 0 || last >= dim))) {
        return refuse("leaves axis " + axis + " of [" + of.shape() + "]");
      }
    }
    return typed(of.as(new Shape(slice.sizes())));
  }

  private static Typing concat(int axis, List<TensorType> operands) {
    TensorType first = operands.getFirst();
    if (axis < 0 || axis >= first.rank()) {
      return refuse("axis " + axis + " is none of [" + first.shape() + "]");
    }
    long sum = 0;
    for (TensorType operand : operands) {
      boolean fits =
          operand.dtype() == first.dtype()
              && operand.rank() == first.rank()
              && operand.shape().with(axis, 0).equals(first.shape().with(axis, 0));
      if (!fits) {
        return refuse(first + " and " + operand + " differ in more than axis " + axis);
      }
      sum += operand.shape().dim(axis);
    }
    return sum <= Integer.MAX_VALUE
        ? typed(first.as(first.shape().with(axis, (int) sum)))
        : refuse("the result is too long");
  }

  private static Typing gather(int axis, TensorType of, TensorType indices) {
    if (axis < 0 || axis >= of.rank()) {
      return refuse("axis " + axis + " is none of [" + of.shape() + "]");
    }
    if (indices.dtype() != DType.I32 && indices.dtype() != DType.I64) {
      return refuse("indices are i32 or i64, not " + indices.dtype());
    }
    Shape outer = of.shape().sub(0, axis).then(indices.shape());
    if (of.shape().dim(axis) == 0 && indices.count() > 0) {
      return refuse("there is nothing to take along axis " + axis + " of [" + of.shape() + "]");
    }
    return typed(of.as(outer.then(of.shape().sub(axis + 1, of.rank()))));
  }

  private static Typing pad(
      List<Integer> before, List<Integer> after, TensorType of, TensorType with) {
    if (before.size() != of.rank() || after.size() != of.rank()) {
      return refuse("needs two counts for each of " + of.rank() + " axes");
    }
    if (with.dtype() != of.dtype() || with.count() != 1) {
      return refuse("pads with one " + of.dtype() + ", not " + with);
    }
    if (!before.isEmpty() && Math.min(Collections.min(before), Collections.min(after)) < 0) {
      return refuse("counts are 0 or more");
    }
    var dims = new ArrayList<Integer>();
    for (int axis = 0; axis < of.rank(); axis++) {
      long dim = (long) before.get(axis) + of.shape().dim(axis) + after.get(axis);
      if (dim > Integer.MAX_VALUE) {
        return refuse("the result is too long");
      }
      dims.add((int) dim);
    }
    return typed(of.as(new Shape(dims)));
  }
}
