package tessera.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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
import tessera.assembler.Assembled;
import tessera.assembler.Assembler;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Extension;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// The laws hold of all bundled instructions. jqwik draws the seeds; a seed is a case for ever, so
/// it has nothing to shrink: [Shrinker] does, and the failure shows what it found.
///
/// `-Dtessera.laws=N` draws N seeds a law.
class LawsTest {
  private static final int CASES = Integer.getInteger("tessera.laws", 30);
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("tiny4").isa(Texts.everything())).orThrow();
  private static final Laws ALL = Laws.of(ISA, false);
  private static final Map<String, Laws.Law> LAWS = ALL.all();

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  private static void holds(String law, long seed) {
    String wrong = Objects.requireNonNull(LAWS.get(law)).check(seed);
    if (wrong != null) {
      fail(law + ", seed " + seed + ": " + wrong);
    }
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void interpreterDoesWhatTheTextSays(@ForAll("seeds") long seed) {
    holds("interpreterDoesWhatTheTextSays", seed);
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
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
    Laws.Law check = Objects.requireNonNull(ALL.afresh().all().get(law));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < CASES && wrong.size() < 4; i++) {
      String what = check.check(0x5eed_0000L + i);
      if (what != null) {
        wrong.add("seed " + (0x5eed_0000L + i) + ": " + what);
      }
    }
    assertEquals(List.of(), wrong, law);
  }

  /// Every word at the corners of its operands prints as a line that assembles to it.
  @Test
  void cornersAssembleToThemselves() {
    StringBuilder text = new StringBuilder(".option norelax\n.option norvc\n");
    List<Encodings.Line> lines = new ArrayList<>();
    Set<String> all = ISA.extensions().stream().map(Extension::name).collect(Collectors.toSet());
    for (Encodings.Line line : Encodings.lines(ISA, all)) {
      if (line.instruction().encoding().length() == 32) {
        lines.add(line);
        text.append(line.text()).append('\n');
      }
    }
    switch (Assembler.of(ISA).object(List.of(new Source("corners.s", text.toString())))) {
      case Assembled.Failed(var diagnostics) -> fail(Renderer.render(diagnostics));
      case Assembled.Ok(var elf, _) -> same(lines, elf);
    }
  }

  private static void same(List<Encodings.Line> lines, Elf elf) {
    Section section =
        elf.sections().stream().filter(s -> s.name().equals(".text")).findFirst().orElseThrow();
    byte[] bytes = new byte[Math.toIntExact(section.contents().length())];
    section.contents().copyTo(bytes, 0);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      long word = Memory.get(bytes, 4 * i, 4);
      if (word != lines.get(i).word() && wrong.size() < 10) {
        wrong.add(lines.get(i) + " becomes " + Long.toHexString(word));
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(lines.size() > 10_000, lines.size() + " lines");
  }

  /// `docs/conformance.md` is what `tessera conformance docs` prints.
  @Test
  void thePageIsFresh() throws IOException {
    Path file = Path.of(System.getProperty("tessera.root", "..")).resolve("docs/conformance.md");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, ConformancePage.text());
    }
    assertEquals(
        ConformancePage.text(),
        Files.readString(file),
        "docs/conformance.md is stale: run the tests with -Dgolden.update=true");
  }

  /// The least used instruction is chosen first, so all of them come to run: of every fourth, since
  /// each has to be bound.
  @Test
  void everyInstructionIsReached() {
    Set<Instruction> some = new HashSet<>();
    for (int i = 0; i < ISA.instructions().size(); i += 4) {
      some.add(ISA.instructions().get(i));
    }
    Coverage coverage = Coverage.of(List.of());
    Generator generator = Generator.of(ISA, false, some::contains, coverage);
    Randomness random = Randomness.of(1);
    byte[] arena = Setting.arena(random);
    for (int i = 0; i < some.size(); i++) {
      generator.make(Places.code(0), arena, random);
    }
    List<String> never =
        generator.choices().stream()
            .map(Object::toString)
            .filter(n -> coverage.executions(n) + coverage.traps(n) == 0)
            .toList();
    assertTrue(never.size() < some.size() / 4, "never chosen: " + never);
  }
}
