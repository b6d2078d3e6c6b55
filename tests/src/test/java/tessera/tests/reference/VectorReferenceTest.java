package tessera.tests.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;

/// Every vector float instruction, at 16, 32 and 64 bits and on bfloat16, and every one of Zvbb
/// leaves the register file and the flags that the reference leaves: masks, tails, groups, vstart,
/// and what is illegal.
///
/// `-Dtessera.references=N` runs N cases an instruction.
class VectorReferenceTest {
  private static final int CASES = Integer.getInteger("tessera.references", 40);

  /// Judged in whole; of V the floats.
  static final Set<String> EXTENSIONS = Set.of("Zvfhmin", "Zvfh", "Zvfbfmin", "Zvfbfwma", "Zvbb");

  /// Agnostic elements stay as they are, or become ones.
  private static final Bench KEEPS = bench(128, false);

  private static final Bench ONES = bench(256, true);

  private static final List<Instruction> ALL = of(KEEPS.isa());

  private static Bench bench(int vlen, boolean ones) {
    return new Bench(
        Isa.load(
                Isa.Request.bundled("tiny4")
                    .isa(Texts.everything())
                    .set(Map.of("VLEN", "" + vlen))
                    .choose(new Isa.Choices(true, ones)))
            .orThrow());
  }

  /// All of the small extensions; of V those whose mnemonic says float.
  private static List<Instruction> of(Isa isa) {
    return isa.instructions().stream()
        .filter(i ->
            EXTENSIONS.contains(i.extension())
                || i.extension().equals("V")
                    && i.name().matches("vm?f.*")
                    && !i.name().equals("vfirst.m"))
        .toList();
  }

  private static boolean isKnown(String name) {
    return Vectors.FLOATS.find(name) != null
        || Vectors.BITS.find(name) != null
        || Vectors.SCALAR_MOVES.find(name) != null;
  }

  @Test
  void everyInstructionHasAReference() {
    List<String> names = ALL.stream().map(Instruction::name).toList();
    assertEquals(
        List.of(),
        names.stream().filter(n -> !isKnown(n)).toList(),
        "instructions without a row in Vectors: write what they do there");
    List<String> unused = new ArrayList<>(Vectors.FLOATS.unused(names));
    unused.addAll(Vectors.BITS.unused(names));
    unused.addAll(Vectors.SCALAR_MOVES.unused(names));
    assertEquals(List.of(), unused, "rows of Vectors without use");
    assertTrue(names.size() >= 120, names.size() + " instructions");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void registersAndFlagsAreThoseOfTheReference(boolean ones) {
    Bench bench = ones ? ONES : KEEPS;
    int cases = ones ? CASES / 2 : CASES;
    List<String> wrong = new ArrayList<>();
    List<String> seldom = new ArrayList<>();
    for (Instruction insn : of(bench.isa())) {
      VectorCases source = new VectorCases(bench, Values.of(insn.name().hashCode()));
      int ran = 0;
      int differ = 0;
      for (int i = 0; i < cases; i++) {
        bench.next();
        Bench.Verdict verdict = source.check(insn, ones);
        ran += verdict.ran() ? 1 : 0;
        if (verdict.wrong() != null && differ++ < 2) {
          wrong.add(verdict.wrong());
        }
      }
      if (ran < cases / 5) {
        seldom.add(insn.name() + " ran " + ran + " times");
      }
    }
    if (!wrong.isEmpty()) {
      fail(
          wrong.size()
              + " differ\n"
              + String.join("\n", wrong.subList(0, Math.min(12, wrong.size()))));
    }
    assertEquals(List.of(), seldom);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void atAnySeed(@ForAll long seed) {
    Values values = Values.of(seed);
    KEEPS.next();
    String wrong =
        new VectorCases(KEEPS, values).check(ALL.get(values.below(ALL.size())), false).wrong();
    if (wrong != null) {
      fail("seed " + seed + ": " + wrong);
    }
  }
}
