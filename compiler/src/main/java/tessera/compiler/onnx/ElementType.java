package tessera.compiler.onnx;

import java.util.Arrays;
import java.util.Optional;
import tessera.compiler.graph.DType;

/// The element types of ONNX (`TensorProto.DataType`), all of them, so that a model which uses one
/// that cannot be compiled still reads.
public enum ElementType {
  FLOAT(1, 32, DType.F32),
  UINT8(2, 8, DType.U8),
  INT8(3, 8, DType.I8),
  UINT16(4, 16, DType.U16),
  INT16(5, 16, DType.I16),
  INT32(6, 32, DType.I32),
  INT64(7, 64, DType.I64),
  /// Elements are byte strings of their own lengths; it has no width.
  STRING(8, 0),
  BOOL(9, 8, DType.BOOL),
  FLOAT16(10, 16, DType.F16),
  DOUBLE(11, 64, DType.F64),
  UINT32(12, 32, DType.U32),
  UINT64(13, 64, DType.U64),
  COMPLEX64(14, 64),
  COMPLEX128(15, 128),
  BFLOAT16(16, 16, DType.BF16),
  FLOAT8E4M3FN(17, 8),
  FLOAT8E4M3FNUZ(18, 8),
  FLOAT8E5M2(19, 8),
  FLOAT8E5M2FNUZ(20, 8),
  UINT4(21, 4),
  INT4(22, 4),
  FLOAT4E2M1(23, 4),
  FLOAT8E8M0(24, 8),
  UINT2(25, 2),
  INT2(26, 2);

  private final int code;
  private final int bits;
  private final Optional<DType> dtype;

  ElementType(int code, int bits) {
    this.code = code;
    this.bits = bits;
    this.dtype = Optional.empty();
  }

  ElementType(int code, int bits, DType dtype) {
    this.code = code;
    this.bits = bits;
    this.dtype = Optional.of(dtype);
  }

  /// The type with this number in the file, if there is one.
  public static Optional<ElementType> of(long code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  public static ElementType of(DType dtype) {
    return Arrays.stream(values())
        .filter(type -> type.dtype.equals(Optional.of(dtype)))
        .findFirst()
        .orElseThrow();
  }

  /// The number in the file.
  public int code() {
    return code;
  }

  /// The width of an element; elements of less than a byte are packed, the first in the lowest
  /// bits.
  public int bits() {
    return bits;
  }

  /// The type as the compiler knows it, if it does.
  public Optional<DType> dtype() {
    return dtype;
  }
}
