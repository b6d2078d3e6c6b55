package tessera.emulator.kernel;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kernels that an engine may use.
///
/// @param factories by [ShapeCall#signature], such as `matmul<sint<8>, sint<8>, sint<32>,
///   modular>`, or by the shape's name alone for what serves every signature
public record Kernels(Map<String, Kernel.Factory> factories) {
  public Kernels {
    factories = Map.copyOf(factories);
  }

  /// {@return no kernels: every shape runs its own text}
  public static Kernels none() {
    return new Kernels(Map.of());
  }

  /// {@return these and one more}
  public Kernels with(String signatureOrName, Kernel.Factory factory) {
    Map<String, Kernel.Factory> more = new HashMap<>(factories);
    more.put(signatureOrName, factory);
    return new Kernels(more);
  }

  /// {@return a kernel for the call, or null: then its text runs}
  public @Nullable Kernel attach(ShapeCall call) {
    Kernel.Factory exact = factories.get(call.signature());
    Kernel kernel = exact == null ? null : exact.attach(call);
    if (kernel != null) {
      return kernel;
    }
    Kernel.Factory named = factories.get(call.name());
    return named == null ? null : named.attach(call);
  }
}
