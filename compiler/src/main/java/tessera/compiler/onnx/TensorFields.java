package tessera.compiler.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The fields of a `TensorProto` as they come, in any order.
final class TensorFields {
  String name = "";
  long type;
  boolean elsewhere;
  final LongList dims = new LongList();

  /// The field (`raw_data`, `float_data` or `double_data`) whose bytes are the tensor's own, and 0
  /// if none is.
  int bytesField;

  /// The field (`int32_data`, `int64_data` or `uint64_data`) with one number for each element, and
  /// 0 if none.
  int integerField;

  final LongList integers = new LongList();
  final List<ByteBuffer> strings = new ArrayList<>();
  final Map<String, String> external = new TreeMap<>();
  private final List<ByteBuffer> chunks = new ArrayList<>();

  void give(int field, ByteBuffer more) {
    bytesField = field;
    chunks.add(more);
  }

  /// The size of all that was given, in bytes.
  long size() {
    return chunks.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /// All that was given; in the usual case of one piece, that piece itself.
  ByteBuffer bytes() {
    if (chunks.size() == 1) {
      return chunks.getFirst();
    }
    var all = ByteBuffer.allocate((int) size());
    chunks.forEach(all::put);
    return all.flip();
  }
}
