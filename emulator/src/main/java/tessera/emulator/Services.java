package tessera.emulator;

import tessera.emulator.device.Semihosting;
import tessera.emulator.linux.Surroundings;
import tessera.emulator.linux.SystemCalls;
import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.GuestTrap;

/// What the platform does for a bare-metal program that has no trap handler (`mtvec` is 0): system
/// calls by their Linux numbers, and semihosting.
final class Services implements TrapHandler {
  private static final int LENGTH = 4;
  private static final int ARGUMENTS = 6;

  private final RegisterFile x;
  private final Csr handler;
  private final SystemCalls calls;
  private final Semihosting semihosting;

  private Services(RegisterFile x, Csr handler, SystemCalls calls, Semihosting semihosting) {
    this.x = x;
    this.handler = handler;
    this.calls = calls;
    this.semihosting = semihosting;
  }

  /// {@return the services, or none where the ISA has no `x` registers or no `mtvec`}
  static TrapHandler of(
      Hart hart,
      Console console,
      SystemCalls calls,
      Surroundings surroundings,
      long hertz,
      Loader.Loaded loaded) {
    RegisterFile x = hart.isa().registerFile("x");
    Csr handler = hart.isa().csr("mtvec");
    if (x == null || handler == null) {
      return TrapHandler.NONE;
    }
    Semihosting semihosting =
        Semihosting.of(console, surroundings, hart::cycles, hertz, loaded.heap(), loaded.heapEnd());
    return new Services(x, handler, calls, semihosting);
  }

  @Override
  public Outcome trapped(Hart hart, GuestTrap trap) {
    return switch (trap.trap()) {
      case "ecall" -> hart.readCsr(handler) == 0 ? call(hart) : Outcome.UNHANDLED;
      case "breakpoint" -> Semihosting.isRequest(hart) ? request(hart) : Outcome.UNHANDLED;
      default -> Outcome.UNHANDLED;
    };
  }

  private Outcome call(Hart hart) {
    long[] arguments = new long[ARGUMENTS];
    for (int i = 0; i < ARGUMENTS; i++) {
      arguments[i] = hart.readRegister(x, argument(i));
    }
    return done(hart, calls.call(hart, hart.readRegister(x, x.registerNumber("a7")), arguments));
  }

  private Outcome request(Hart hart) {
    long number = hart.readRegister(x, argument(0));
    return done(hart, semihosting.call(hart, number, hart.readRegister(x, argument(1))));
  }

  private int argument(int i) {
    return x.registerNumber("a" + i);
  }

  private Outcome done(Hart hart, long result) {
    if (hart.exit() == null) {
      hart.writeRegister(x, argument(0), result);
    }
    hart.pc(hart.pc() + LENGTH);
    return Outcome.SERVED;
  }
}
