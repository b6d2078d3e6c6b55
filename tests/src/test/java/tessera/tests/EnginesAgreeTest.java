package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.elf.Elf;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

/// Evaluator, interpreter, and interpreter with kernels give one result: output, end, and the value
/// of every counter.
class EnginesAgreeTest {

  @ParameterizedTest
  @ValueSource(strings = {"examples/hello.s", "SMALL_GEMM"})
  void outcomesAreEqual(String path) {
    Isa isa = Program.isa("tiny4", Map.of());
    Elf elf = Program.assemble(isa, path.equals("SMALL_GEMM") ? smallGemm() : Program.source(path));
    Program.Outcome expected = Program.run(isa, elf, Program.Runs.EVALUATOR, Timing.SCOREBOARD);
    for (Program.Runs how : new Program.Runs[] {Program.Runs.INTERPRETER, Program.Runs.KERNELS}) {
      Program.Outcome actual = Program.run(isa, elf, how, Timing.SCOREBOARD);
      assertEquals(expected.exit(), actual.exit());
      assertEquals(expected.output(), actual.output());
      assertEquals(expected.regions().size(), actual.regions().size());
      for (int i = 0; i < expected.regions().size(); i++) {
        assertEquals(
            expected.regions().get(i).counters().byName(),
            actual.regions().get(i).counters().byName());
      }
    }
  }

  /// The example at a size that the evaluator runs in a moment.
  private static Source smallGemm() {
    String text = Program.source("examples/gemm-i8.s").text();
    return new Source(
        "small-gemm.s",
        text.replace(".equ    M, 512", ".equ    M, 13")
            .replace(".equ    N, 512", ".equ    N, 10")
            .replace(".equ    K, 512", ".equ    K, 37"));
  }
}
