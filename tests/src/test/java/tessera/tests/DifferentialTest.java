package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tessera.cli.HostTools;
import tessera.conformance.Coverage;
import tessera.conformance.Differential;
import tessera.conformance.Encodings;
import tessera.conformance.Generator;
import tessera.conformance.Report;
import tessera.conformance.Shrinker;
import tessera.conformance.Waivers;
import tessera.conformance.dut.Dut;
import tessera.conformance.dut.InProcess;
import tessera.conformance.dut.QemuUser;
import tessera.emulator.Engine;
import tessera.emulator.kernel.Matmul;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;

/// A seeded share of random cases on qemu: what it makes of them is what the texts say.
///
/// `-Dtessera.cases=N` runs more.
@Tag("oracle")
class DifferentialTest {
  private static final long SEED = 20261;

  @Test
  void qemuDoesWhatTheTextsSay() {
    try (HostTools tools = HostTools.open()) {
      need(tools, QemuUser.QEMU, "qemu-user");
      need(tools, QemuUser.COMPILER, "gcc-riscv64-linux-gnu");
      Isa isa = Isa.load(Isa.Request.bundled("edge16").isa(QemuUser.isaName())).orThrow();
      long cases = Long.getLong("tessera.cases", 1000);
      Coverage coverage = compare(isa, tools, cases);
      List<String> never = new ArrayList<>();
      for (String name : coverage.names()) {
        if (coverage.executions(name) + coverage.traps(name) == 0) {
          never.add(name);
        }
      }
      assertTrue(coverage.executions() > cases, "few instructions ran");
      assertTrue(never.size() < coverage.names().size() / 4, "never ran: " + never);
    }
  }

  @Test
  void llvmMakesTheSameWordsOfTheSameLines() {
    try (HostTools tools = HostTools.open()) {
      need(tools, Encodings.LLVM, "llvm-19");
      Isa isa = everything();
      Encodings encodings = Encodings.of(isa, tools);
      Encodings.Result result = encodings.llvm();
      assertEquals(List.of(), result.differences());
      assertTrue(result.lines() > 20_000, result.lines() + " lines");
      Waivers waivers = Waivers.llvm();
      List<Encodings.Undecided> undecided =
          encodings.llvmKnows(Encodings.sample(isa, SEED)).stream()
              .filter(u -> waivers.reason(u) == null)
              .toList();
      assertEquals(List.of(), undecided);
    }
  }

  @Test
  void gnuMakesTheSameWordsOfTheSameLines() {
    try (HostTools tools = HostTools.open()) {
      need(tools, Encodings.GNU, "binutils-riscv64-linux-gnu");
      Encodings.Result result = Encodings.of(everything(), tools).gnu();
      assertEquals(List.of(), result.differences());
      assertTrue(result.lines() > 20_000, result.lines() + " lines");
    }
  }

  private static Isa everything() {
    return Isa.load(Isa.Request.bundled("edge16").isa(Texts.everything())).orThrow();
  }

  private static Coverage compare(Isa isa, HostTools tools, long cases) {
    Coverage coverage = Coverage.of(isa.instructions());
    Waivers waivers = Waivers.qemu();
    Generator generator = Generator.of(isa, true, i -> !waivers.isSkipped(i.name()), coverage);
    QemuUser qemu = QemuUser.of(isa, tools);
    InProcess interpreter =
        InProcess.of("interpreter", isa, () -> Engine.interpreter(isa, Matmul.kernels()));
    List<String> reports = new ArrayList<>();
    long done =
        Differential.of(
                generator,
                List.of(new Differential.Lane(interpreter, 4), new Differential.Lane(qemu, 1)),
                1500)
            .run(
                SEED,
                cases,
                () -> reports.size() < 5,
                progress -> {
                  for (Dut device : List.<Dut>of(interpreter, qemu)) {
                    report(isa, device, progress.findings(), waivers, reports);
                  }
                });
    if (!reports.isEmpty()) {
      fail(String.join("\n", reports));
    }
    assertEquals(cases, done);
    return coverage;
  }

  private static void report(
      Isa isa, Dut device, List<Differential.Finding> all, Waivers waivers, List<String> reports) {
    List<Differential.Finding> own =
        all.stream().filter(f -> f.device().name().equals(device.name())).toList();
    Shrinker shrinker = Shrinker.of(isa, device, f -> waivers.reason(isa, f) != null);
    for (Differential.Finding alone : shrinker.isolate(own)) {
      if (waivers.reason(isa, alone) == null && reports.size() < 5) {
        reports.add(Report.of(isa, shrinker.shrink(alone)).screen());
      }
    }
  }

  private static void need(HostTools tools, String program, String debian) {
    boolean there = tools.has(program);
    if (System.getProperty("oracles", "optional").equals("required")) {
      assertTrue(there, program + " is missing: apt-get install " + debian);
    }
    Assumptions.assumeTrue(there, program + " is missing: apt-get install " + debian);
  }
}
