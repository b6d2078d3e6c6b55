package tessera.emulator.interpreter;

import java.util.HashMap;
import java.util.Map;
import tessera.emulator.Hart;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.GuestTrap;

/// Sees that a program goes on forever doing nothing: a jump to itself, or to an instruction
/// without effect just before it.
public final class EndlessLoop {
  /// The bytes that its jump goes back at most.
  public static final int MOST = 4;

  private final Isa isa;
  private final Traps traps;
  private final Map<Long, Long> forms = new HashMap<>();

  private EndlessLoop(Isa isa, Traps traps) {
    this.isa = isa;
    this.traps = traps;
  }

  /// {@return a watch for an ISA}
  public static EndlessLoop of(Isa isa, Traps traps) {
    return new EndlessLoop(isa, traps);
  }

  /// {@return the instructions of the endless loop that the one at hand closes, or 0}
  ///
  /// @param hart whose pc is that of `decoded`, and stays there
  public int length(Hart hart, Decoded decoded) {
    long op = form(decoded);
    boolean jump = op != MicroOps.NONE && Op.code(op) == Op.JUMP && result(op) == hart.sink();
    long offset = op >> 32;
    if (!jump || offset > 0 || offset < -MOST) {
      return 0;
    }
    return offset == 0 ? 1 : isNothing(hart, offset) ? 2 : 0;
  }

  private boolean isNothing(Hart hart, long offset) {
    long pc = hart.pc();
    try {
      hart.pc(pc + offset);
      Decoded before = Interpreter.fetch(hart, isa, traps);
      long op = form(before);
      return before.bytes() == -offset && op != MicroOps.NONE && Op.code(op) == Op.NOTHING;
    } catch (GuestTrap _) {
      return false;
    } finally {
      hart.pc(pc);
    }
  }

  private static int result(long op) {
    return (int) (op >>> 8) & 255;
  }

  private long form(Decoded decoded) {
    return forms.computeIfAbsent(decoded.word(), _ -> formOf(decoded));
  }

  private long formOf(Decoded decoded) {
    Binding binding = Binding.of(isa, decoded, _ -> Binding.NO_VALUE);
    Bound bound = binding.bound();
    return bound == null || !bound.conditions().isEmpty()
        ? MicroOps.NONE
        : MicroOps.of(isa, bound.body(), decoded.bytes(), traps.alignment()).op();
  }
}
