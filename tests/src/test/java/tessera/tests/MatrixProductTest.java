package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tessera.elf.Elf;
import tessera.emulator.Exit;
import tessera.emulator.timing.Region;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Isa;

/// One binary of the int8 matrix product gives the same bits on every tile size, and its counters
/// add up.
class MatrixProductTest {
  private static final long USEFUL = 512L * 512 * 512;
  private static final String LINE = "C = A*B 512x512x512 int8: ok, checksum 0x51b03b80\n";

  @ParameterizedTest
  @CsvSource({
    "tiny4, ''",
    "edge16, ''",
    "wide64, ''",
    "edge16, TMMAX",
    "edge16, TNMAX",
    "edge16, TKB"
  })
  void bitsAndProductsDoNotDependOnTheMachine(String machine, String changed) {
    Isa isa = Program.isa(machine, changed.isEmpty() ? Map.of() : Map.of(changed, "12"));
    // The binary is assembled once, for the default machine: sizes are granted, not compiled in.
    Elf elf = Program.assemble(Isa.bundled("edge16"), Program.source("examples/gemm-i8.s"));
    Program.Outcome outcome = Program.run(isa, elf, Program.Runs.KERNELS, Timing.SCOREBOARD);
    assertEquals(0, assertInstanceOf(Exit.Halted.class, outcome.exit()).code());
    assertEquals(LINE, outcome.output());
    Region whole = outcome.regions().getFirst();
    assertEquals(USEFUL, Program.counter(whole, "mac.useful"));
    assertTrue(Program.counter(whole, "mac.issued") >= USEFUL);
    assertAccountsAddUp(whole);
  }

  /// The kernel alone needs at most 19.4 K instructions on 16 x 16 x 64 bytes (xta.md 9).
  @ParameterizedTest
  @CsvSource("edge16")
  void kernelIsShort(String machine) {
    Isa isa = Program.isa(machine, Map.of());
    Elf elf = Program.assemble(isa, Program.source("examples/gemm-i8.s"));
    Program.Outcome outcome = Program.run(isa, elf, Program.Runs.KERNELS, Timing.SCOREBOARD);
    Region kernel = Program.region(outcome, "1");
    assertNotNull(kernel);
    assertTrue(Program.counter(kernel, "inst.ret") <= 19_400, () -> "" + kernel.counters());
    assertEquals(USEFUL, Program.counter(kernel, "mac.useful"));
  }

  private static void assertAccountsAddUp(Region region) {
    Map<String, Long> all = region.counters().byName();
    long cycles = Program.counter(region, "cycles");
    for (String unit : new String[] {"mtx", "tew", "tls"}) {
      assertEquals(
          cycles,
          sum(all, unit + ".busy") + sum(all, unit + ".stall") + sum(all, unit + ".idle"),
          unit);
    }
    assertEquals(cycles, sum(all, "sc.busy") + sum(all, "sc.stall"), "sc");
    assertEquals(cycles, sum(all, "ov"), "ov");
  }

  private static long sum(Map<String, Long> all, String family) {
    return all.entrySet().stream()
        .filter(e ->
            e.getKey().equals(family)
                || e.getKey().startsWith(family + ".")
                || e.getKey().startsWith(family + "["))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
