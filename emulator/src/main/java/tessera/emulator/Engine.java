package tessera.emulator;

import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernels;
import tessera.isaspec.Isa;

/// Runs instructions. All engines do the same and tell a hart's [Observer] the same; they differ in
/// how fast.
public interface Engine {
  /// Runs a hart until the program ends, a trap that its [TrapHandler] does not take, or the
  /// budget.
  ///
  /// @param budget instructions to complete at most; what is handled as a trap counts as well. The
  ///   run stops exactly there
  /// @return why it stopped; [Exit.BudgetSpent] leaves the hart ready to go on
  Exit run(Hart hart, long budget);

  /// {@return the fast engine, for one memory}
  ///
  /// @param kernels what may stand in for called shapes
  static Engine interpreter(Isa isa, Kernels kernels) {
    return Interpreter.of(isa, kernels);
  }
}
