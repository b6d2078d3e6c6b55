package tessera.compiler.onnx;

import java.util.List;
import java.util.Optional;

/// What a value is declared to be (`TypeProto`).
public sealed interface ValueType {
  /// A tensor of which nothing is declared.
  ValueType OPEN = new TensorOf(Optional.empty(), Optional.empty());

  /// A dense tensor.
  ///
  /// @param element absent where the file leaves it open
  /// @param shape absent where even the number of axes is open
  record TensorOf(Optional<ElementType> element, Optional<List<Dim>> shape) implements ValueType {
    public TensorOf {
      shape = shape.map(List::copyOf);
    }
  }

  /// A sequence, map, optional or sparse tensor: named, and no more.
  record Other(String what) implements ValueType {}
}
