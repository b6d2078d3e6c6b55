package tessera.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;

/// Reservations in programs, the same on every engine.
class AtomicsTest {
  private static final Isa ISA = Isa.bundled("tiny4");

  enum Kind {
    REFERENCE,
    INTERPRETER
  }

  private static Guest run(Kind kind, Programs program) {
    Emulator plain = Emulator.of(ISA);
    Emulator emulator = kind == Kind.REFERENCE ? plain.with(Reference.of(ISA)) : plain;
    Guest guest = Programs.guest(emulator, program.exit(0).elf());
    assertEquals(new Exit.Halted(0, "exit"), guest.run(10_000));
    return guest;
  }

  private static long x(Guest guest, int register) {
    RegisterFile x = java.util.Objects.requireNonNull(ISA.registerFile("x"));
    return guest.hart().readRegister(x, register);
  }

  /// A program that reserves the word behind sp - 64, which it fills first.
  private static Programs reserving() {
    return new Programs(ISA)
        .add("addi", "rd", 5, "rs1", 2, "imm", -64)
        .li(6, 77)
        .add("sw", "rs1", 5, "rs2", 6, "imm", 0)
        .add("lr.w", "rd", 7, "rs1", 5)
        .li(6, 78);
  }

  private static Programs conditional(Programs program) {
    return program
        .add("sc.w", "rd", 8, "rs1", 5, "rs2", 6)
        .add("sc.w", "rd", 9, "rs1", 5, "rs2", 5)
        .add("lw", "rd", 18, "rs1", 5, "imm", 0);
  }

  @ParameterizedTest
  @EnumSource
  void storesWhileReserved(Kind kind) {
    Guest guest = run(kind, conditional(reserving()));
    assertEquals(77, x(guest, 7));
    assertEquals(0, x(guest, 8));
    assertEquals(1, x(guest, 9));
    assertEquals(78, x(guest, 18));
  }

  /// Stores beside it leave the reservation, one that touches it ends it; the page is stored to
  /// before, so the fast way is open until it is reserved.
  @ParameterizedTest
  @EnumSource
  void aStoreEndsIt(Kind kind) {
    Guest beside =
        run(
            kind,
            conditional(
                reserving()
                    .add("sd", "rs1", 5, "rs2", 6, "imm", 8)
                    .add("sb", "rs1", 5, "rs2", 6, "imm", -1)));
    assertEquals(0, x(beside, 8));
    Guest touching = run(kind, conditional(reserving().add("sb", "rs1", 5, "rs2", 0, "imm", 3)));
    assertEquals(1, x(touching, 8));
    assertEquals(77, x(touching, 18));
    Guest atomic = run(kind, conditional(reserving().add("amoor.w", "rd", 0, "rs1", 5, "rs2", 0)));
    assertEquals(1, x(atomic, 8));
  }

  /// After it the page is fast again, and stays right.
  @ParameterizedTest
  @EnumSource
  void countsInALoop(Kind kind) {
    Programs program =
        reserving()
            .li(19, 50)
            .add("lr.w", "rd", 7, "rs1", 5)
            .add("addi", "rd", 7, "rs1", 7, "imm", 1)
            .add("sc.w", "rd", 8, "rs1", 5, "rs2", 7)
            .add("bne", "rs1", 8, "rs2", 0, "to", -12)
            .add("sw", "rs1", 5, "rs2", 7, "imm", 4)
            .add("addi", "rd", 19, "rs1", 19, "imm", -1)
            .add("bne", "rs1", 19, "rs2", 0, "to", -24)
            .add("ld", "rd", 18, "rs1", 5, "imm", 0);
    assertEquals(127L << 32 | 127, x(run(kind, program), 18));
  }
}
