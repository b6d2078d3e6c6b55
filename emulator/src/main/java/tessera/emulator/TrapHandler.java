package tessera.emulator;

import tessera.isaspec.semantics.GuestTrap;

/// Decides what becomes of a trap: the platform's services, and the text's `on trap`.
@FunctionalInterface
public interface TrapHandler {
  /// What became of a trap.
  enum Outcome {
    /// nobody takes it: the run ends
    UNHANDLED,
    /// the platform has done what the instruction asks for, as if it were the instruction's effect
    /// (a system call); the hart's pc is where it goes on
    SERVED,
    /// the hart has entered a handler of the program, at its pc; the instruction was not completed
    ENTERED
  }

  /// Takes a trap, or does not.
  ///
  /// @param hart as it was before the instruction, pc included
  Outcome trapped(Hart hart, GuestTrap trap);

  /// Takes none.
  TrapHandler NONE = (_, _) -> Outcome.UNHANDLED;
}
