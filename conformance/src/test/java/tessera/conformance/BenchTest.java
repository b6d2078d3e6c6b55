package tessera.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tessera.conformance.dut.InProcess;
import tessera.emulator.Reference;
import tessera.isaspec.Isa;

/// A case on a hart that has run others ends as on a fresh one.
class BenchTest {
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("tiny4").isa("rv64imac_zicsr")).orThrow();

  @Test
  void nothingOutlivesACase() {
    Generator generator = Generator.of(ISA, false, _ -> true, Coverage.of(ISA.instructions()));
    Randomness random = Randomness.of(7);
    byte[] arena = Setting.arena(random);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      cases.add(generator.make(Places.code(i), arena, random).given());
    }
    InProcess device = InProcess.of("evaluator", ISA, () -> Reference.of(ISA));
    List<Outcome> together = device.run(cases);
    for (int i = 0; i < cases.size(); i++) {
      Outcome alone = device.run(List.of(cases.get(i))).getFirst();
      assertEquals(
          List.of(),
          Differences.between(cases.get(i), alone, together.get(i), device.visible()),
          cases.get(i).words().toString());
    }
  }
}
