package tessera.emulator.interpreter;

import tessera.emulator.Hart;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.MemoryFault;

/// The traps that engines raise by themselves, as the text declares them: a word that is no
/// instruction, an access where nothing is, a jump to an odd place.
public final class Traps {
  private final Evaluator evaluator;
  private final int alignment;

  private Traps(Isa isa) {
    evaluator = isa.evaluator();
    alignment = isa.has("Zca") || isa.has("C") ? 2 : 4;
  }

  /// {@return the engines' traps in an ISA}
  public static Traps of(Isa isa) {
    return new Traps(isa);
  }

  /// {@return what a jump's target is a multiple of}
  public int alignment() {
    return alignment;
  }

  /// {@return the trap of a word that is no instruction, or whose conditions do not hold}
  public GuestTrap illegal(Hart hart, long word) {
    return evaluator.illegal(word, hart);
  }

  /// {@return the trap of an access at an address that is no multiple}
  public GuestTrap misaligned(Hart hart, AccessKind kind, long address) {
    return evaluator.misaligned(kind, address, hart);
  }

  /// {@return the trap of an access that the platform refuses}
  public GuestTrap fault(Hart hart, MemoryFault fault) {
    return evaluator.accessFault(fault, hart);
  }
}
