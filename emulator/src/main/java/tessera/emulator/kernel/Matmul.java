package tessera.emulator.kernel;

import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.Type;

/// Kernels of the shape `matmul<A, B, C>(z, p, q, m, n, c, step, zi, neg)`: for i < m and j < n,
/// `z[i, j] = fold(step, zi == 1 ? 0 : z[i, j], k in 0 .. c by G : ±p[i, k] * q[j, k])`.
///
/// The step says how products are added: `modular` (whole numbers modulo 2^32), `quantum` (the
/// exact sum of G products rounded to f32, then added with one more rounding), `fused` (one fused
/// multiply-add for each k). Where the Vector API is there, columns are computed side by side; each
/// column keeps its order of k.
public final class Matmul {

  /// How products are added, and the words that its kernels were verified against: the hash of the
  /// shape's and the step's text. When a text changes, its kernels are not used until the tests
  /// have passed with the new hash here.
  enum Step {
    MODULAR("66975c48ef6783b3"),
    QUANTUM("fa054bea864de1c2"),
    FUSED("a38dfc71f7a66817");

    private final String evidence;

    Step(String evidence) {
      this.evidence = evidence;
    }

    String evidence() {
      return evidence;
    }
  }

  private static final boolean VECTORS =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
          && isThere("jdk.incubator.vector.FloatVector");

  private final Consumer<Diagnostic> told;
  private final Set<String> stale = new HashSet<>();

  private Matmul(Consumer<Diagnostic> told) {
    this.told = told;
  }

  /// Asks for the class and not for the module: one that is loaded late is in no boot layer.
  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, Matmul.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  /// {@return the kernels of this shape}
  ///
  /// @param told gets a warning, once for each signature, when a text differs from the one that its
  ///   kernel was verified against; then the text runs, slowly
  public static Kernels kernels(Consumer<Diagnostic> told) {
    return Kernels.none().with("matmul", new Matmul(told)::attach);
  }

  /// {@return the same, telling nobody: a text that differs just runs as written}
  public static Kernels kernels() {
    return kernels(_ -> {});
  }

  private @Nullable Kernel attach(ShapeCall call) {
    MatmulCall matmul = MatmulCall.of(call);
    if (matmul == null) {
      return null;
    }
    if (!matmul.step().evidence().equals(call.evidence())) {
      if (stale.add(call.signature())) {
        told.accept(staleKernel(call));
      }
      return null;
    }
    return kernel(matmul);
  }

  private static Diagnostic staleKernel(ShapeCall call) {
    return Diagnostic.warning(
            "stale-kernel",
            call.span(),
            "the text of "
                + call.signature()
                + " is not the one that its kernel was verified against; it runs as written, slowly")
        .help("if the change is meant, let the kernel's tests pass with " + call.evidence());
  }

  /// {@return the fastest body that there is here}
  static Kernel kernel(MatmulCall call) {
    return VECTORS ? VectorMatmul.of(call) : new PlainMatmul(call);
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
