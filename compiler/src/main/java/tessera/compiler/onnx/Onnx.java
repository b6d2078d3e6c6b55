package tessera.compiler.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;

/// Reads ONNX files.
///
/// ```
/// Model model = Onnx.parse(bytes).orThrow().bind("batch_size", 1);
/// ```
public final class Onnx {
  /// A model, or everything that is wrong with the file.
  public sealed interface Parsed {
    record Ok(Model model) implements Parsed {}

    record Failed(List<Diagnostic> diagnostics) implements Parsed {
      public Failed {
        diagnostics = List.copyOf(diagnostics);
      }
    }

    /// The model, for a caller that knows the file to be sound; else `IllegalArgumentException`.
    default Model orThrow() {
      return switch (this) {
        case Ok(var model) -> model;
        case Failed(var diagnostics) ->
            throw new IllegalArgumentException(
                diagnostics.stream().map(Renderer::render).collect(Collectors.joining()));
      };
    }
  }

  /// A tensor, or everything that is wrong with the file.
  public sealed interface ParsedTensor {
    record Ok(OnnxTensor tensor) implements ParsedTensor {}

    record Failed(List<Diagnostic> diagnostics) implements ParsedTensor {
      public Failed {
        diagnostics = List.copyOf(diagnostics);
      }
    }
  }

  private Onnx() {}

  /// The model in `bytes`, which must not change afterwards: the tensors are views of it. A file
  /// that keeps data elsewhere is refused.
  public static Parsed parse(byte[] bytes) {
    return parse(ByteBuffer.wrap(bytes), ExternalData.none());
  }

  /// The model in a buffer, a mapped file for instance. Codes of errors: `bad-onnx` (damaged, or no
  /// ONNX model), `onnx-tensor` (a tensor whose data does not fit its shape), `onnx-external-data`.
  public static Parsed parse(ByteBuffer bytes, ExternalData external) {
    return OnnxReader.read(bytes, external);
  }

  /// The tensor in a file of its own (`TensorProto`), as ONNX's test suites keep inputs and
  /// outputs.
  public static ParsedTensor parseTensor(byte[] bytes) {
    return OnnxReader.readTensor(ByteBuffer.wrap(bytes), ExternalData.none());
  }
}
