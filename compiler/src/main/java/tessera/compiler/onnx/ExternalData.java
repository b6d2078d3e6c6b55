package tessera.compiler.onnx;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Where tensor data that a model keeps in other files comes from. The caller decides: it alone
/// touches files, and must refuse what is not a regular file with one link in the model's own
/// folder.
public interface ExternalData {
  /// The bytes `offset` to `offset + length` of the file, or nothing if there is none such or it is
  /// not allowed.
  ///
  /// @param location a relative path without `..`, already checked to be one
  /// @param length at most what one array holds
  Optional<ByteBuffer> read(String location, long offset, long length);

  /// Whether there is any; if not, a model that needs some is refused with a word on how to allow
  /// it.
  boolean allowed();

  /// No external data at all.
  static ExternalData none() {
    return new ExternalData() {
      @Override
      public Optional<ByteBuffer> read(String location, long offset, long length) {
        return Optional.empty();
      }

      @Override
      public boolean allowed() {
        return false;
      }
    };
  }
}
