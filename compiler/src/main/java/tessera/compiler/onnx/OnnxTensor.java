package tessera.compiler.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;

/// A constant tensor of a model (`TensorProto`), however the file spelled its elements.
///
/// @param name may be empty, as in an attribute
/// @param dims the extents, outermost first
/// @param data the elements, little-endian, row-major; for `STRING` nothing
/// @param strings the elements of a `STRING` tensor, otherwise nothing
public record OnnxTensor(
    String name, ElementType type, List<Long> dims, ByteBuffer data, List<ByteBuffer> strings) {
  public OnnxTensor {
    dims = List.copyOf(dims);
    strings = List.copyOf(strings);
    data = data.slice().asReadOnlyBuffer();
  }

  public static OnnxTensor of(String name, Tensor tensor) {
    var dims = tensor.shape().dims().stream().map(Integer::longValue).toList();
    return new OnnxTensor(name, ElementType.of(tensor.dtype()), dims, tensor.data(), List.of());
  }

  /// The elements, from position 0; position and limit are the caller's.
  @Override
  public ByteBuffer data() {
    return data.duplicate();
  }

  /// The same as the compiler's kind of constant, if it has the type.
  public Optional<Tensor> tensor() {
    return type.dtype()
        .map(dtype -> {
          var shape = new Shape(dims.stream().map(Math::toIntExact).toList());
          return new Tensor(new TensorType(dtype, shape), data());
        });
  }

  @Override
  public String toString() {
    return name + " " + type + dims;
  }
}
