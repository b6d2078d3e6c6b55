package tessera.emulator.interpreter;

import java.util.BitSet;
import tessera.emulator.kernel.Kernels;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.Evaluator;

/// What all compiling of one engine shares.
///
/// @param kernels what may stand in for called shapes
/// @param trials which of them agree with the text
/// @param reals what may stand in for `real` functions
/// @param delicate the CSRs whose writes concern counters, by their place in the ISA
record Context(
    Isa isa,
    Evaluator evaluator,
    Traps traps,
    Kernels kernels,
    KernelTrials trials,
    RealKernels reals,
    BitSet delicate) {
  static Context of(Isa isa, Kernels kernels) {
    Evaluator evaluator = isa.evaluator();
    return new Context(
        isa,
        evaluator,
        Traps.of(isa),
        kernels,
        new KernelTrials(),
        new RealKernels(isa, evaluator),
        CsrWrites.delicate(isa));
  }
}
