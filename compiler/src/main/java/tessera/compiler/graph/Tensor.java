package tessera.compiler.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A constant array of elements in row-major order. Immutable as long as whoever made the buffer
/// leaves it alone; equal to any tensor of the same type and bytes (so a NaN equals itself and −0
/// is not +0).
///
/// @param type what the elements are
/// @param data exactly `type.bytes()` bytes, little-endian
public record Tensor(TensorType type, ByteBuffer data) {
  public Tensor {
    if (data.remaining() != type.bytes()) {
      throw new IllegalArgumentException(
          type + " takes " + type.bytes() + " bytes, not " + data.remaining());
    }
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A tensor of `f32`.
  public static Tensor of(Shape shape, float... elements) {
    var filler = new Filler(new TensorType(DType.F32, shape));
    for (int i = 0; i < elements.length; i++) {
      filler.set(i, elements[i]);
    }
    return filler.done();
  }

  /// A tensor of an integer type or `bool`; each element is wrapped to it.
  public static Tensor of(DType dtype, Shape shape, long... elements) {
    var filler = new Filler(new TensorType(dtype, shape));
    for (int i = 0; i < elements.length; i++) {
      filler.set(i, elements[i]);
    }
    return filler.done();
  }

  /// The scalar of type `dtype` that is nearest to `value`.
  public static Tensor scalar(DType dtype, double value) {
    var filler = new Filler(new TensorType(dtype, Shape.SCALAR));
    if (dtype.isFloat()) {
      filler.set(0, value);
    } else {
      filler.set(0, (long) value);
    }
    return filler.done();
  }

  public DType dtype() {
    return type.dtype();
  }

  public Shape shape() {
    return type.shape();
  }

  /// The number of elements.
  public int count() {
    return (int) type.count();
  }

  /// The elements, read-only and little-endian, from position 0; position and limit are the
  /// caller's.
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Element `i` of a tensor of floats, exactly.
  public double real(int i) {
    return switch (dtype()) {
      case F32 -> data.getFloat(4 * i);
      case F64 -> data.getDouble(8 * i);
      case F16 -> Float.float16ToFloat(data.getShort(2 * i));
      case BF16 -> Float.intBitsToFloat(data.getShort(2 * i) << 16);
      case I8, U8, I16, U16, I32, U32, I64, U64, BOOL ->
          throw new IllegalArgumentException(dtype() + " is no float type");
    };
  }

  /// Element `i` of a tensor of integers or `bool`, as [DType#wrap] gives it.
  public long integer(int i) {
    return switch (dtype()) {
      case I8 -> data.get(i);
      case U8, BOOL -> Byte.toUnsignedLong(data.get(i));
      case I16 -> data.getShort(2 * i);
      case U16 -> Short.toUnsignedLong(data.getShort(2 * i));
      case I32 -> data.getInt(4 * i);
      case U32 -> Integer.toUnsignedLong(data.getInt(4 * i));
      case I64, U64 -> data.getLong(8 * i);
      case F32, F64, F16, BF16 ->
          throw new IllegalArgumentException(dtype() + " is no integer type");
    };
  }

  /// All elements of a tensor of floats, rounded to `f32`.
  public float[] floats() {
    float[] all = new float[count()];
    if (dtype() == DType.F32) {
      data().asFloatBuffer().get(all);
      return all;
    }
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) real(i);
    }
    return all;
  }

  /// All elements of a tensor of integers or `bool`.
  public long[] integers() {
    long[] all = new long[count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = integer(i);
    }
    return all;
  }

  /// The same elements with other extents, as many.
  public Tensor as(Shape shape) {
    return new Tensor(type.as(shape), data());
  }

  @Override
  public String toString() {
    return type + " of " + data.remaining() + " bytes";
  }

  /// A tensor in the making; all its elements start as 0.
  public static final class Filler {
    private final TensorType type;
    private final ByteBuffer data;

    public Filler(TensorType type) {
      if (type.bytes() > TensorType.MAX_BYTES) {
        throw new IllegalArgumentException(type + " is too large");
      }
      this.type = type;
      this.data = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Sets element `i` to `value`, rounded to nearest even.
    public void set(int i, double value) {
      switch (type.dtype()) {
        case F32 -> data.putFloat(4 * i, (float) value);
        case F64 -> data.putDouble(8 * i, value);
        case F16 -> data.putShort(2 * i, Float.floatToFloat16(roundToOdd(value)));
        case BF16 -> data.putShort(2 * i, toBf16(roundToOdd(value)));
        case I8, U8, I16, U16, I32, U32, I64, U64, BOOL ->
            throw new IllegalArgumentException(type.dtype() + " is no float type");
      }
    }

    /// Sets element `i` to `value`, [wrapped][DType#wrap].
    public void set(int i, long value) {
      switch (type.dtype()) {
        case I8, U8 -> data.put(i, (byte) value);
        case I16, U16 -> data.putShort(2 * i, (short) value);
        case I32, U32 -> data.putInt(4 * i, (int) value);
        case I64, U64 -> data.putLong(8 * i, value);
        case BOOL -> data.put(i, (byte) DType.BOOL.wrap(value));
        case F32, F64, F16, BF16 ->
            throw new IllegalArgumentException(type.dtype() + " is no integer type");
      }
    }

    /// Copies element `from` of `source`, a tensor of the same element type, to element `i`.
    void copy(int i, Tensor source, int from) {
      int bytes = type.dtype().bytes();
      data.put(i * bytes, source.data, from * bytes, bytes);
    }

    public Tensor done() {
      return new Tensor(type, data);
    }

    /// A float between `value` and its neighbours such that rounding it again, to a shorter type,
    /// gives what rounding `value` at once would give: an inexact result has an odd last bit.
    private static float roundToOdd(double value) {
      float near = (float) value;
      if (near == value || Float.isNaN(near) || (Float.floatToRawIntBits(near) & 1) == 1) {
        return near;
      }
      return value > near ? Math.nextUp(near) : Math.nextDown(near);
    }

    private static short toBf16(float value) {
      int bits = Float.floatToRawIntBits(value);
      if (Float.isNaN(value)) {
        return (short) (bits >>> 16 | 0x40);
      }
      int half = 0x7fff + (bits >>> 16 & 1);
      return (short) (bits + half >>> 16);
    }
  }
}
