package tessera.compiler.graph;

/// What a value is: `tensor<128x384xf32>`, and `tensor<f32>` for a scalar.
public record TensorType(DType dtype, Shape shape) {
  /// The largest tensor in bytes: what one Java array holds.
  public static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  public static TensorType of(DType dtype, int... dims) {
    return new TensorType(dtype, Shape.of(dims));
  }

  /// The number of elements.
  public long count() {
    return shape.count();
  }

  /// The size in bytes; saturates at `Long.MAX_VALUE`.
  public long bytes() {
    long count = count();
    return count > Long.MAX_VALUE / dtype.bytes() ? Long.MAX_VALUE : count * dtype.bytes();
  }

  public int rank() {
    return shape.rank();
  }

  /// The same extents with other elements.
  public TensorType as(DType other) {
    return new TensorType(other, shape);
  }

  /// The same elements with other extents.
  public TensorType as(Shape other) {
    return new TensorType(dtype, other);
  }

  @Override
  public String toString() {
    return "tensor<" + (rank() == 0 ? "" : shape + "x") + dtype + ">";
  }
}
