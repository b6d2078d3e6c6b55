package tessera.emulator;

import tessera.isaspec.semantics.GuestTrap;

/// How a run ended.
public sealed interface Exit {
  /// The program ended itself.
  ///
  /// @param code its exit code
  /// @param how what it used (`tohost`, `ecall exit`, `semihosting`)
  record Halted(int code, String how) implements Exit {}

  /// A signal that the program sent itself and does not handle ended it (Linux user mode).
  ///
  /// @param name what the signal is called
  record Signalled(int signal, String name) implements Exit {}

  /// A trap that nobody handles; the hart is as it was before the instruction, but for the finished
  /// steps of a loop that can be resumed.
  record Trapped(GuestTrap trap) implements Exit {}

  /// The instruction budget is used up, or would be without anything happening.
  record BudgetSpent() implements Exit {}

  /// The program goes on forever doing nothing: it jumps to itself.
  ///
  /// @param instructions how many the loop has
  record Endless(int instructions) implements Exit {}

  /// The instruction at pc awaits what does not hold. An engine gives this when other harts or time
  /// must go on first; a run ends with it when nothing is left that could make it hold.
  record Waiting() implements Exit {}

  /// The program touched more memory than the host gives it.
  ///
  /// @param limit bytes that the host gives
  record MemoryExhausted(long limit) implements Exit {}
}
