package tessera.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;

/// The laws hold of all bundled instructions. jqwik draws the seeds; a seed is a case for ever, so it
/// has nothing to shrink: [Shrinker] does, and the failure shows what it found.
///
/// `-Dtessera.cases=N` draws N seeds a law.
class LawsTest {
  private static final int CASES = Integer.getInteger("tessera.cases", 1500);
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("tiny4").isa(Texts.everything())).orThrow();
  private static final Map<String, Laws.Law> LAWS = Laws.of(ISA, false).all();

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  private static void holds(String law, long seed) {
    String wrong = LAWS.get(law).check(seed);
    if (wrong != null) {
      fail(law + ", seed " + seed + ": " + wrong);
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void interpreterDoesWhatTheTextSays(@ForAll("seeds") long seed) {
    holds("interpreterDoesWhatTheTextSays", seed);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void faultsArePreciseAndRestartable(@ForAll("seeds") long seed) {
    holds("faultsArePreciseAndRestartable", seed);
  }

  static Stream<String> laws() {
    return LAWS.keySet().stream();
  }

  /// The same cases at every build.
  @ParameterizedTest
  @MethodSource("laws")
  void holdsOnTheSameCasesAtEveryBuild(String law) {
    Laws.Law check = Laws.of(ISA, false).all().get(law);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < CASES && wrong.size() < 4; i++) {
      String what = check.check(0x5eed_0000L + i);
      if (what != null) {
        wrong.add("seed " + (0x5eed_0000L + i) + ": " + what);
      }
    }
    assertEquals(List.of(), wrong, law);
  }

  /// The least used instruction is chosen first, so all of them come to run.
  @Test
  void everyInstructionIsReached() {
    Coverage coverage = Coverage.of(ISA.instructions());
    Generator generator = Generator.of(ISA, false, _ -> true, coverage);
    Randomness random = Randomness.of(1);
    byte[] arena = Setting.arena(random);
    for (int i = 0; i < 2 * ISA.instructions().size(); i++) {
      generator.make(Places.code(0), arena, random);
    }
    List<String> never =
        generator.choices().stream()
            .map(Object::toString)
            .filter(n -> coverage.executions(n) + coverage.traps(n) == 0)
            .toList();
    assertTrue(never.size() < ISA.instructions().size() / 50, "never chosen: " + never);
  }
}
