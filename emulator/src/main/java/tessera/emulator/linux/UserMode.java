package tessera.emulator.linux;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tessera.emulator.Console;
import tessera.emulator.Hart;
import tessera.emulator.TrapHandler;
import tessera.emulator.device.Semihosting;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.MemoryFault;

/// The kernel of a Linux program: takes its traps. System calls are served, what instructions do
/// wrong becomes a signal.
public final class UserMode implements TrapHandler {
  private static final int LENGTH = 4;
  private static final int ARGUMENTS = 6;
  private static final int FIRST_ARGUMENT = 10;
  private static final int NUMBER = 17;
  private static final int HANDLER_RETURNS = 139; // rt_sigreturn

  private final RegisterFile x;
  private final Signals signals;
  private final Surroundings surroundings;
  private final Semihosting semihosting;
  private final Map<Integer, Calls.Named> table = new HashMap<>();
  private final Set<Long> unknown = new HashSet<>();

  private UserMode(
      RegisterFile x, Signals signals, Surroundings surroundings, Semihosting semihosting) {
    this.x = x;
    this.signals = signals;
    this.surroundings = surroundings;
    this.semihosting = semihosting;
  }

  /// {@return the kernel of a program}
  ///
  /// @param hertz cycles a second
  /// @param trampoline where [#trampoline] lies
  public static UserMode of(
      Hart hart,
      Console console,
      Surroundings surroundings,
      AddressSpace space,
      long hertz,
      long memoryBytes,
      long trampoline) {
    RegisterFile x = hart.isa().registerFile("x");
    if (x == null) {
      throw new IllegalArgumentException("no x registers");
    }
    Time time = new Time(hart::cycles, hertz, surroundings.clock());
    Randomness random = new Randomness(surroundings.seed());
    Signals signals = new Signals(hart.isa(), x, trampoline);
    String name = FileCalls.plain("/" + surroundings.arguments().getFirst());
    FileCalls files =
        new FileCalls(console, surroundings.files(), random, signals::brokenPipe, name);
    UserMode kernel =
        new UserMode(
            x,
            signals,
            surroundings,
            Semihosting.of(console, surroundings, hart::cycles, hertz, 0, 0));
    files.enter(kernel.table);
    new MemoryCalls(space, files.open()).enter(kernel.table);
    new ProcessCalls(hart.isa(), time, random, memoryBytes).enter(kernel.table);
    new SignalCalls(signals, time).enter(kernel.table);
    return kernel;
  }

  /// {@return the instructions that return from a signal's handler}
  public static byte[] trampoline() {
    return Signals.trampoline();
  }

  @Override
  public Outcome trapped(Hart hart, GuestTrap trap) {
    if (trap.trap().equals("ecall")) {
      return call(hart);
    }
    if (trap.trap().equals("breakpoint") && Semihosting.isRequest(hart)) {
      long number = hart.readRegister(x, FIRST_ARGUMENT);
      long result = semihosting.call(hart, number, hart.readRegister(x, FIRST_ARGUMENT + 1));
      return done(hart, result);
    }
    Signals.Info info = Signals.of(trap.trap(), hart.pc(), trap.value(), hart.memory());
    return info != null && signals.fault(hart, info) ? Outcome.ENTERED : Outcome.UNHANDLED;
  }

  private Outcome call(Hart hart) {
    long number = hart.readRegister(x, NUMBER);
    if (number == HANDLER_RETURNS) {
      signals.handlerReturns(hart);
      signals.deliver(hart);
      return Outcome.SERVED;
    }
    long[] arguments = new long[ARGUMENTS];
    for (int i = 0; i < ARGUMENTS; i++) {
      arguments[i] = hart.readRegister(x, FIRST_ARGUMENT + i);
    }
    return done(hart, result(hart, number, arguments));
  }

  private Outcome done(Hart hart, long result) {
    if (hart.exit() == null) {
      hart.writeRegister(x, FIRST_ARGUMENT, result);
    }
    hart.pc(hart.pc() + LENGTH);
    signals.deliver(hart);
    return Outcome.SERVED;
  }

  private long result(Hart hart, long number, long[] arguments) {
    Calls.Named call = number == (int) number ? table.get((int) number) : null;
    try {
      if (call == null) {
        throw new Refused(Errno.ENOSYS);
      }
      return call.call().of(hart, arguments);
    } catch (Refused refused) {
      if (refused.errno() == Errno.ENOSYS && unknown.add(number)) {
        String name = call == null ? Unserved.name(number) : call.name();
        surroundings.notes().accept("system call " + name + " is not there (ENOSYS)");
      }
      return refused.errno().result();
    } catch (MemoryFault _) {
      return Errno.EFAULT.result();
    }
  }
}
