package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.elf.Elf;
import tessera.emulator.Emulator;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Guest;
import tessera.emulator.Hart;
import tessera.emulator.Platform;
import tessera.emulator.Reference;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.timing.Meter;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Source;

/// Several harts: they share memory, wake each other, see each other's code, and repeat.
class HartsTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").isa("rv64ima_zicsr_zifencei")).orThrow();

  enum Kind {
    REFERENCE,
    INTERPRETER
  }

  private static Source text(String name) {
    try (InputStream in = HartsTest.class.getResourceAsStream("harts/" + name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new Source(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Guest guest(Source program, int harts, Kind kind) {
    Elf elf = Program.assemble(ISA, program);
    Engine engine =
        kind == Kind.REFERENCE ? Reference.of(ISA) : Interpreter.of(ISA, Kernels.none());
    Emulator emulator = Emulator.of(ISA).on(Platform.standard().withHarts(harts)).with(engine);
    return assertInstanceOf(Emulator.Loaded.Ready.class, emulator.load(elf)).guest();
  }

  private static List<String> states(Guest guest) {
    List<String> all = new ArrayList<>();
    for (Hart hart : guest.harts()) {
      StringBuilder out = new StringBuilder("pc " + Long.toHexString(hart.pc()));
      out.append(" retired ").append(hart.retired()).append(" cycles ").append(hart.cycles());
      RegisterFile x = Objects.requireNonNull(ISA.registerFile("x"));
      for (int r = 0; r < x.count(); r++) {
        out.append(' ').append(Long.toHexString(hart.readRegister(x, r)));
      }
      for (Csr csr : ISA.csrs()) {
        out.append(' ').append(hart.readCsr(csr));
      }
      all.add(out.toString());
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Timing.class)
  void enginesAgree(Timing timing) {
    List<List<String>> states = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Guest guest = guest(text("count.s"), 4, kind);
      guest.harts().forEach(h -> h.observer(Meter.of(h, timing)));
      assertEquals(new Exit.Halted(0, "tohost"), guest.run(1_000_000));
      states.add(states(guest));
    }
    assertEquals(states.getFirst(), states.getLast());
  }

  /// How a caller slices a run changes nothing.
  @ParameterizedTest
  @ValueSource(longs = {1, 7, 999, 1000, 1001})
  void slicesDoNotMatter(long slice) {
    Guest whole = guest(text("count.s"), 4, Kind.INTERPRETER);
    whole.run(1_000_000);
    Guest sliced = guest(text("count.s"), 4, Kind.INTERPRETER);
    Exit exit = new Exit.BudgetSpent();
    while (exit instanceof Exit.BudgetSpent && sliced.retired() < 1_000_000) {
      exit = sliced.run(slice);
    }
    assertEquals(new Exit.Halted(0, "tohost"), exit);
    assertEquals(states(whole), states(sliced));
  }

  @ParameterizedTest
  @EnumSource
  void allWaiting(Kind kind) {
    Source waits = new Source("wait.s", "_start: csrwi mie, 8\n wfi\n nop\n");
    Guest guest = guest(waits, 3, kind);
    assertEquals(new Exit.Waiting(), guest.run(1_000_000));
    assertEquals(3, guest.retired());
    Source spins = new Source("spin.s", "_start: csrr a0, mhartid\n1: j 1b\n");
    assertInstanceOf(Exit.Endless.class, guest(spins, 3, kind).run(1_000_000));
  }

  /// A hart that rests is woken by the timer, and its clock has gone on.
  @ParameterizedTest
  @EnumSource
  void theTimerWakesOneOfThem(Kind kind) {
    Source text =
        new Source(
            "timer.s",
            """
            _start: csrr    a0, mhartid
                    beqz    a0, 1f
            0:      j       0b
            1:      li      t0, 0x2004000
                    li      t1, 500
                    sd      t1, 0(t0)
                    li      t2, 128
                    csrw    mie, t2
                    wfi
                    csrr    a1, mcycle
                    li      a7, 93
                    ecall
            """);
    Guest guest = guest(text, 2, kind);
    assertEquals(new Exit.Halted(0, "exit"), guest.run(1_000_000));
    RegisterFile x = Objects.requireNonNull(ISA.registerFile("x"));
    // 500 ticks of 100 cycles, and the wfi itself.
    assertEquals(50_001, guest.hart().readRegister(x, 11));
  }

  @Test
  void eachHasItsNumberAndItsStack() {
    Guest guest = guest(new Source("nop.s", "_start: nop\n"), 3, Kind.INTERPRETER);
    RegisterFile x = Objects.requireNonNull(ISA.registerFile("x"));
    for (Hart hart : guest.harts()) {
      assertEquals(hart.id(), hart.readRegister(x, 10));
      assertEquals(Platform.STACK - hart.id() * 65536L, hart.readRegister(x, 2));
    }
  }
}
