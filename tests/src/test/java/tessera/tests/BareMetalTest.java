package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tessera.assembler.Assembled;
import tessera.assembler.Assembler;
import tessera.elf.Elf;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// Programs as instruction test suites write them: they start in machine mode at 0x8000_0000, take
/// traps themselves, and end by a store to `tohost` with the number of the case that failed.
class BareMetalTest {
  private static final Isa PLAIN = load("rv64imaf_zicsr_zicntr_zihpm");

  private static final long BUDGET = 20_000;

  private static Isa load(String isa) {
    return Isa.load(Isa.Request.bundled("edge16").isa(isa)).orThrow();
  }

  private static Source text(String name) {
    try (InputStream in = BareMetalTest.class.getResourceAsStream("bare/" + name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new Source(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Elf assemble(Isa isa, Source... texts) {
    StringBuilder all = new StringBuilder();
    for (Source text : texts) {
      all.append(text.text()).append('\n');
    }
    Source one = new Source(texts[texts.length - 1].name(), all.toString());
    return switch (Assembler.of(isa).program(List.of(one))) {
      case Assembled.Ok ok -> ok.elf();
      case Assembled.Failed failed ->
          throw new AssertionError(Renderer.render(failed.diagnostics()));
    };
  }

  /// Everything that must be the same in every engine and under every timing that counts
  /// instructions.
  private static Map<String, String> state(Hart hart) {
    Map<String, String> all = new HashMap<>();
    all.put("pc", Long.toHexString(hart.pc()));
    all.put("retired", Long.toString(hart.retired()));
    for (RegisterFile file : hart.isa().registerFiles()) {
      for (int r = 0; r < file.count() && file.width() <= 64; r++) {
        all.put(file.name() + r, Long.toHexString(hart.readRegister(file, r)));
      }
    }
    for (Csr csr : hart.isa().csrs()) {
      all.put(csr.name(), Long.toHexString(hart.readCsr(csr)));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"csr.s", "traps.s", "fetch.s", "user.s", "interrupts.s"})
  void passes(String name) {
    Elf elf = assemble(PLAIN, text("env.s"), text(name));
    for (Timing timing : Timing.values()) {
      Program.Outcome expected = Program.run(PLAIN, elf, Program.Runs.EVALUATOR, timing, BUDGET);
      assertEquals(new Exit.Halted(0, "tohost"), expected.exit(), timing.word());
      Program.Outcome actual = Program.run(PLAIN, elf, Program.Runs.INTERPRETER, timing, BUDGET);
      assertEquals(expected.exit(), actual.exit(), timing.word());
      assertEquals(state(expected.guest().hart()), state(actual.guest().hart()), timing.word());
    }
  }

  /// Between the steps of loops over vector elements.
  @Test
  void loopsAreResumed() {
    Isa vector = load("rv64imafdv_zicsr_zicntr");
    Elf elf = assemble(vector, text("env.s"), text("restart.s"));
    Program.Outcome expected =
        Program.run(vector, elf, Program.Runs.EVALUATOR, Timing.NONE, BUDGET);
    assertEquals(new Exit.Halted(0, "tohost"), expected.exit());
    Program.Outcome actual =
        Program.run(vector, elf, Program.Runs.INTERPRETER, Timing.NONE, BUDGET);
    assertEquals(expected.exit(), actual.exit());
    assertEquals(state(expected.guest().hart()), state(actual.guest().hart()));
  }

  @ParameterizedTest
  @EnumSource(Program.Runs.class)
  void aFailedCaseIsTheExitCode(Program.Runs how) {
    Elf elf = assemble(PLAIN, text("env.s"), new Source("bad.s", "test: case 5\n j fail\n"));
    Program.Outcome outcome = Program.run(PLAIN, elf, how, Timing.NONE, BUDGET);
    assertEquals(new Exit.Halted(5, "tohost"), outcome.exit());
  }
}
