package tessera.emulator.kernel;

import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.isaspec.semantics.Flag;

/// A fast body of one called shape, bound to the registers that the instruction names.
///
/// It stands in for the shape's own loop nest: same inputs, same outputs, nothing else. It never
/// traps and never touches memory.
@FunctionalInterface
public interface Kernel {
  /// Does the shape's outermost loop from index `from` on.
  ///
  /// @param hart whose files the views lie in
  /// @param values the shape's value arguments by [ShapeCall#index], bits zero-extended
  /// @param from the first index to do, less than the loop's bound
  /// @return the flags raised: the sum of their [#bit]
  int run(Hart hart, long[] values, int from);

  /// {@return the bit of a flag in what [#run] returns}
  static int bit(Flag flag) {
    return switch (flag) {
      case NV -> 1;
      case DZ -> 2;
      case OF -> 4;
      case UF -> 8;
      case NX -> 16;
      case SAT -> 32;
    };
  }

  /// Makes kernels for calls of one shape.
  @FunctionalInterface
  interface Factory {
    /// {@return a kernel for this call, or null where it has none}
    @Nullable Kernel attach(ShapeCall call);
  }
}
