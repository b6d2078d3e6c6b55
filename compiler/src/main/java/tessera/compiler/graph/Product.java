package tessera.compiler.graph;

import java.util.List;

/// Matrix products, element by element, each sum in increasing `k`.
final class Product {
  private Product() {}

  static Tensor of(boolean transposed, TensorType type, List<Tensor> operands) {
    return switch (type.dtype()) {
      case F32, F16, BF16 -> reals(transposed, type, operands);
      case F64 -> doubles(transposed, type, operands);
      case I8, U8, I16, U16, I32, U32, I64, U64, BOOL -> integers(transposed, type, operands);
    };
  }

  private static Tensor reals(boolean transposed, TensorType type, List<Tensor> operands) {
    float[] a = operands.get(0).floats();
    float[] b = operands.get(1).floats();
    var steps = new Steps(transposed, type, operands);
    var result = new Tensor.Filler(type);
    for (int i = 0; steps.next(); i++) {
      float sum = steps.hasStart() ? (float) operands.get(2).real(steps.start()) : 0;
      int inA = steps.a();
      int inB = steps.b();
      for (int k = 0; k < steps.depth; k++, inA++, inB += steps.stepB) {
        sum = Math.fma(a[inA], b[inB], sum);
      }
      result.set(i, sum);
    }
    return result.done();
  }

  private static Tensor doubles(boolean transposed, TensorType type, List<Tensor> operands) {
    var steps = new Steps(transposed, type, operands);
    var result = new Tensor.Filler(type);
    for (int i = 0; steps.next(); i++) {
      double sum = steps.hasStart() ? operands.get(2).real(steps.start()) : 0;
      for (int k = 0; k < steps.depth; k++) {
        double inB = operands.get(1).real(steps.b() + k * steps.stepB);
        sum = Math.fma(operands.get(0).real(steps.a() + k), inB, sum);
      }
      result.set(i, sum);
    }
    return result.done();
  }

  private static Tensor integers(boolean transposed, TensorType type, List<Tensor> operands) {
    var steps = new Steps(transposed, type, operands);
    var result = new Tensor.Filler(type);
    for (int i = 0; steps.next(); i++) {
      long sum = steps.hasStart() ? operands.get(2).integer(steps.start()) : 0;
      for (int k = 0; k < steps.depth; k++) {
        long inB = operands.get(1).integer(steps.b() + k * steps.stepB);
        sum += operands.get(0).integer(steps.a() + k) * inB;
      }
      result.set(i, sum);
    }
    return result.done();
  }

  /// For each element of a product, where its row of `a`, its column of `b` and its start lie.
  private static final class Steps {
    final int depth;
    final int stepB;
    private final Walk walk;
    private final boolean hasStart;

    Steps(boolean transposed, TensorType type, List<Tensor> operands) {
      Shape a = operands.get(0).shape();
      Shape b = operands.get(1).shape();
      Shape to = type.shape();
      int rank = to.rank();
      depth = a.dim(a.rank() - 1);
      stepB = transposed ? 1 : b.dim(b.rank() - 1);
      int[] inA = matrix(a, rank);
      inA[rank - 2] = depth;
      int[] inB = matrix(b, rank);
      inB[rank - 1] = transposed ? depth : 1;
      hasStart = operands.size() == 3;
      int[] inStart = hasStart ? operands.get(2).shape().stridesIn(to) : new int[rank];
      walk = new Walk(to, inA, inB, inStart);
    }

    /// The strides of the leading axes; those of the matrix are 0.
    private static int[] matrix(Shape shape, int rank) {
      int[] own = shape.strides();
      int[] strides = new int[rank];
      int added = rank - shape.rank();
      for (int axis = 0; axis < shape.rank() - 2; axis++) {
        strides[added + axis] = shape.dim(axis) == 1 ? 0 : own[axis];
      }
      return strides;
    }

    boolean next() {
      return walk.next();
    }

    boolean hasStart() {
      return hasStart;
    }

    int a() {
      return walk.at(0);
    }

    int b() {
      return walk.at(1);
    }

    int start() {
      return walk.at(2);
    }
  }
}
