package tessera.compiler.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.TensorType;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;

/// Brings the data of a tensor, which a file may spell in eight ways, into one form, and checks
/// that it fits the shape before anything of the shape's size is allocated.
final class TensorData {
  private static final int RAW = 9;
  private static final int FLOATS = 4;
  private static final int DOUBLES = 10;
  private static final int INT32S = 5;
  private static final int INT64S = 7;
  private static final int UINT64S = 11;

  private final ExternalData external;
  private final Diagnostics problems;

  TensorData(ExternalData external, Diagnostics problems) {
    this.external = external;
    this.problems = problems;
  }

  /// The tensor; without elements if there is something wrong with it, which then is among the
  /// problems.
  OnnxTensor tensor(TensorFields fields) {
    Optional<ElementType> type = ElementType.of(fields.type);
    if (type.isEmpty()) {
      return broken(fields, "has the unknown element type " + fields.type);
    }
    List<Long> dims = fields.dims.boxed();
    if (dims.stream().anyMatch(dim -> dim < 0)) {
      return broken(fields, "has a negative extent: " + dims);
    }
    long bytes = bytes(type.get(), dims);
    if (bytes > TensorType.MAX_BYTES) {
      return broken(
          fields, spelled(type.get(), dims) + " is larger than " + TensorType.MAX_BYTES + " bytes");
    }
    return type.get() == ElementType.STRING
        ? strings(fields, dims)
        : numbers(fields, type.get(), dims, bytes);
  }

  /// The size of the data; saturates.
  private static long bytes(ElementType type, List<Long> dims) {
    if (dims.contains(0L)) {
      return 0;
    }
    long count = 1;
    for (long dim : dims) {
      if (dim > Integer.MAX_VALUE || count > Integer.MAX_VALUE) {
        return Long.MAX_VALUE;
      }
      count *= dim;
    }
    return count > Long.MAX_VALUE / 128 ? Long.MAX_VALUE : (count * type.bits() + 7) / 8;
  }

  private OnnxTensor strings(TensorFields fields, List<Long> dims) {
    long count = dims.stream().reduce(1L, (a, b) -> a * b);
    return count == fields.strings.size()
        ? new OnnxTensor(
            fields.name, ElementType.STRING, dims, ByteBuffer.allocate(0), fields.strings)
        : broken(fields, "STRING" + dims + " has " + fields.strings.size() + " strings");
  }

  private OnnxTensor numbers(TensorFields fields, ElementType type, List<Long> dims, long bytes) {
    if (fields.elsewhere) {
      return elsewhere(fields, type, dims, bytes);
    }
    if (fields.bytesField != 0 && fields.integerField != 0) {
      return broken(fields, "has its data twice");
    }
    int given = fields.bytesField != 0 ? fields.bytesField : fields.integerField;
    if (given != 0 && given != RAW && given != typedField(type)) {
      return broken(fields, "has its " + type + " data in a field for other types");
    }
    long size =
        fields.integerField != 0 ? (long) fields.integers.size() * width(type) : fields.size();
    if (size != bytes) {
      return broken(fields, spelled(type, dims) + " takes " + bytes + " bytes, has " + size);
    }
    ByteBuffer data = fields.integerField != 0 ? packed(fields.integers, type) : fields.bytes();
    return new OnnxTensor(fields.name, type, dims, whole(type, data), List.of());
  }

  /// The field in which numbers of this type stand if they are not raw.
  private static int typedField(ElementType type) {
    return switch (type) {
      case FLOAT, COMPLEX64 -> FLOATS;
      case DOUBLE, COMPLEX128 -> DOUBLES;
      case INT64 -> INT64S;
      case UINT32, UINT64 -> UINT64S;
      case UINT8,
          INT8,
          UINT16,
          INT16,
          INT32,
          BOOL,
          FLOAT16,
          BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT8E8M0,
          UINT4,
          INT4,
          FLOAT4E2M1,
          UINT2,
          INT2 ->
          INT32S;
      case STRING -> 6;
    };
  }

  /// Each number in as many bytes as an element has; elements of less than a byte come packed
  /// already.
  private static ByteBuffer packed(LongList numbers, ElementType type) {
    int width = width(type);
    var data = ByteBuffer.allocate(numbers.size() * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < numbers.size(); i++) {
      long number = numbers.get(i);
      switch (width) {
        case 1 -> data.put((byte) number);
        case 2 -> data.putShort((short) number);
        case 4 -> data.putInt((int) number);
        default -> data.putLong(number);
      }
    }
    return data.flip();
  }

  private static int width(ElementType type) {
    return Math.max(1, type.bits() / 8);
  }

  private static String spelled(ElementType type, List<Long> dims) {
    return type + dims.toString();
  }

  /// A `bool` is 0 or 1 for us, and anything but 0 may stand for true in a file.
  private static ByteBuffer whole(ElementType type, ByteBuffer data) {
    boolean odd = false;
    for (int i = 0; type == ElementType.BOOL && i < data.limit(); i++) {
      odd |= (data.get(i) & ~1) != 0;
    }
    if (!odd) {
      return data;
    }
    var bools = ByteBuffer.allocate(data.remaining());
    while (data.hasRemaining()) {
      bools.put((byte) (data.get() == 0 ? 0 : 1));
    }
    return bools.flip();
  }

  private OnnxTensor elsewhere(TensorFields fields, ElementType type, List<Long> dims, long bytes) {
    String location = fields.external.getOrDefault("location", "");
    if (!external.allowed()) {
      problems.add(
          Diagnostic.error(
                  "onnx-external-data",
                  null,
                  named(fields) + " lies in another file, '" + location + "'")
              .help("save the model with its data inside, or allow its folder's files"));
      return empty(fields);
    }
    if (!staysInFolder(location)) {
      return broken(fields, "lies in '" + location + "', outside the model's folder");
    }
    long offset = number(fields, "offset", 0);
    if (offset < 0 || number(fields, "length", bytes) != bytes) {
      return broken(fields, "does not fit its place in '" + location + "'");
    }
    return external
        .read(location, offset, bytes)
        .filter(data -> data.remaining() == bytes)
        .map(data -> whole(type, data.slice()))
        .map(data -> new OnnxTensor(fields.name, type, dims, data, List.of()))
        .orElseGet(() -> broken(fields, "cannot be read from '" + location + "'"));
  }

  private static long number(TensorFields fields, String key, long absent) {
    try {
      String digits = fields.external.get(key);
      return digits == null ? absent : Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static boolean staysInFolder(String location) {
    boolean strange =
        location.isEmpty()
            || location.startsWith("/")
            || location.contains("\\")
            || location.contains(":")
            || location.indexOf('\0') >= 0;
    return !strange && !List.of(location.split("/", -1)).contains("..");
  }

  private OnnxTensor broken(TensorFields fields, String why) {
    problems.add(Diagnostic.error("onnx-tensor", null, named(fields) + " " + why));
    return empty(fields);
  }

  private static String named(TensorFields fields) {
    return fields.name.isEmpty() ? "a tensor" : "tensor '" + fields.name + "'";
  }

  private static OnnxTensor empty(TensorFields fields) {
    return new OnnxTensor(
        fields.name, ElementType.UINT8, List.of(0L), ByteBuffer.allocate(0), List.of());
  }
}
