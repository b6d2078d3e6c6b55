package tessera.emulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.interpreter.Describer;
import tessera.emulator.interpreter.EndlessLoop;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.interpreter.Traps;
import tessera.emulator.memory.HostMemoryExhausted;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.MemoryFault;
import tessera.isaspec.semantics.Waiting;

/// The plain engine (lowering.md, tier T0): fetches, decodes and evaluates the text of every
/// instruction anew. It is what the others are tested against.
public final class Reference implements Engine {
  private final Isa isa;
  private final Evaluator evaluator;
  private final Traps traps;
  private final EndlessLoop endless;

  // An observer knows instructions by their ordinals, from one run to the next.
  private final Map<Hart, Describer> describers = new HashMap<>();

  private Reference(Isa isa) {
    this.isa = isa;
    this.evaluator = isa.evaluator();
    this.traps = Traps.of(isa);
    this.endless = EndlessLoop.of(isa, traps);
  }

  /// {@return the plain engine of an ISA}
  public static Reference of(Isa isa) {
    return new Reference(isa);
  }

  @Override
  public Exit run(Hart hart, long budget) {
    Session session = new Session(hart);
    Exit exit = null;
    for (long left = budget; exit == null && left > 0; left--) {
      exit = session.step();
    }
    session.tellSums();
    return exit == null ? new Exit.BudgetSpent() : exit;
  }

  private final class Session {
    private final Hart hart;
    private final @Nullable Observer observer;
    private final @Nullable Describer describer;
    private final Map<InstructionInfo, long[]> sums = new HashMap<>();
    private final List<InstructionInfo> summed = new ArrayList<>();
    private long due;

    Session(Hart hart) {
      this.hart = hart;
      this.observer = hart.observer();
      this.describer =
          observer == null ? null : describers.computeIfAbsent(hart, h -> Describer.of(isa, h));
    }

    /// Does one instruction; null: run on.
    @Nullable Exit step() {
      long pc = hart.pc();
      Step step = hart.step();
      step.begin(pc);
      InstructionInfo info = null;
      GuestTrap interrupt = hart.isWaiting() ? null : interrupt();
      if (interrupt != null) {
        return trapped(null, pc, interrupt);
      }
      try {
        Decoded decoded = Interpreter.fetch(hart, isa, traps);
        info = describer == null ? null : describer.info(decoded);
        evaluator.step(decoded, hart);
        if (pc - hart.pc() >= 0 && pc - hart.pc() <= EndlessLoop.MOST) {
          int loop = endless(pc, decoded);
          if (loop > 0) {
            return new Exit.Endless(loop);
          }
        }
        hart.waiting(false);
        retire(info, pc + decoded.bytes());
        return hart.exit();
      } catch (Waiting _) {
        return waits(pc);
      } catch (MemoryFault fault) {
        return trapped(info, pc, traps.fault(hart, fault));
      } catch (GuestTrap trap) {
        return trapped(info, pc, trap);
      } catch (HostMemoryExhausted exhausted) {
        return new Exit.MemoryExhausted(exhausted.limit());
      }
    }

    /// An endless loop's jump changes nothing but the pc, so it can be taken back.
    ///
    /// @return the instructions of the loop that it closes, or 0; then the pc is where it went
    private int endless(long pc, Decoded decoded) {
      long target = hart.pc();
      hart.pc(pc);
      int loop = due == Long.MAX_VALUE ? endless.length(hart, decoded) : 0;
      hart.pc(loop > 0 ? pc : target);
      return loop;
    }

    /// {@return the interrupt that is due, asked where a line may have changed, or what the text
    /// reads}
    private @Nullable GuestTrap interrupt() {
      if (hart.cycles() >= due) {
        hart.attend();
      }
      if (!hart.mayInterrupt()) {
        return null;
      }
      due = hart.nextEvent();
      return hart.interrupt();
    }

    /// The instruction awaits something: an interrupt is taken at its pc.
    private @Nullable Exit waits(long pc) {
      hart.pc(pc);
      GuestTrap interrupt = hart.mayInterrupt() ? hart.interrupt() : null;
      hart.waiting(interrupt == null);
      return interrupt != null ? trapped(null, pc, interrupt) : new Exit.Waiting();
    }

    private @Nullable Exit trapped(@Nullable InstructionInfo info, long pc, GuestTrap trap) {
      hart.pc(pc);
      hart.waiting(false);
      return switch (hart.take(trap)) {
        case UNHANDLED -> new Exit.Trapped(trap);
        case SERVED -> {
          retire(info, info == null ? hart.pc() : pc + info.decoded().bytes());
          yield hart.exit();
        }
        case ENTERED -> null;
      };
    }

    private void retire(@Nullable InstructionInfo info, long behind) {
      hart.retired(hart.retired() + 1);
      if (observer == null || info == null) {
        return;
      }
      Step step = hart.step();
      step.end(hart.pc(), hart.pc() != behind);
      if (observer.detail() == Observer.Detail.EVERY || !info.isSummable() || isApart(step)) {
        observer.retired(info, step);
      } else {
        long[] sum = sums.computeIfAbsent(info, this::first);
        sum[0]++;
        sum[1] += step.taken() ? 1 : 0;
      }
    }

    private long[] first(InstructionInfo info) {
      summed.add(info);
      return new long[2];
    }

    private static boolean isApart(Step step) {
      for (int i = 0; i < step.runs(); i++) {
        if (step.place(i) != Region.Kind.RAM) {
          return true;
        }
      }
      return false;
    }

    void tellSums() {
      if (observer != null) {
        for (InstructionInfo info : summed) {
          long[] sum = sums.getOrDefault(info, new long[2]);
          observer.retired(info, sum[0], sum[1]);
        }
      }
    }
  }
}
