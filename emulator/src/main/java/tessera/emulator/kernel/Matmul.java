package tessera.emulator.kernel;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Type;

/// Kernels of the shape `matmul<A, B, C>(z, p, q, m, n, c, step, zi, neg)`: for i < m and j < n,
/// `z[i, j] = fold(step, zi == 1 ? 0 : z[i, j], k in 0 .. c by G : ±p[i, k] * q[j, k])`.
///
/// The step says how products are added: `modular` (whole numbers modulo 2^32), `quantum` (the
/// exact sum of G products rounded to f32, then added with one more rounding), `fused` (one fused
/// multiply-add for each k). Where the Vector API is there, columns are computed side by side; each
/// column keeps its order of k.
public final class Matmul {

  /// How products are added.
  enum Step {
    MODULAR,
    QUANTUM,
    FUSED
  }

  private static final boolean VECTORS =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
          && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  private Matmul() {}

  /// {@return the kernels of this shape}
  public static Kernels kernels() {
    return Kernels.none().with("matmul", Matmul::attach);
  }

  /// {@return the fastest kernel for the call that there is here, or null}
  public static @Nullable Kernel attach(ShapeCall call) {
    MatmulCall matmul = MatmulCall.of(call);
    if (matmul == null) {
      return null;
    }
    return VECTORS ? VectorMatmul.of(matmul) : new PlainMatmul(matmul);
  }

  /// {@return the kernel that needs no Vector API, or null}
  static @Nullable Kernel plain(ShapeCall call) {
    MatmulCall matmul = MatmulCall.of(call);
    return matmul == null ? null : new PlainMatmul(matmul);
  }

  static @Nullable Step step(@Nullable String function, Element a, Element b, Type c) {
    boolean whole = a.isWhole() && b.isWhole();
    if ("modular".equals(function)) {
      return whole && c instanceof Type.Bits(_, int width) && width == 32 ? Step.MODULAR : null;
    }
    if (Element.of(c) != Element.F32) {
      return null;
    }
    if ("quantum".equals(function)) {
      // Two products of at most 16 significant bits each to a quantum
      return !whole && a != Element.F32 && b != Element.F32 ? Step.QUANTUM : null;
    }
    boolean fused = "fused".equals(function) && a == Element.F32 && b == Element.F32;
    return fused ? Step.FUSED : null;
  }
}
