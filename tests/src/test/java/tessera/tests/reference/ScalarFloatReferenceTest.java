package tessera.tests.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import tessera.conformance.Places;
import tessera.isaspec.Instruction;

/// Every scalar float instruction of the texts gives the bits and the flags of exact fractions,
/// rounded by definition.
///
/// `-Dtessera.references=N` runs N cases an instruction.
class ScalarFloatReferenceTest {
  private static final int CASES = Integer.getInteger("tessera.references", 150);
  static final Set<String> EXTENSIONS =
      Set.of("F", "D", "Zfhmove", "Zfhmin", "Zfh", "Zfbfmin", "Zfa");
  private static final List<Instruction> ALL =
      Bench.EVERYTHING.instructions().stream()
          .filter(i -> EXTENSIONS.contains(i.extension()))
          .toList();
  private static final Bench BENCH = new Bench(Bench.EVERYTHING);

  @Test
  void everyInstructionHasAReference() {
    List<String> names = ALL.stream().map(Instruction::name).toList();
    Scalars.TABLE.assertFits("Scalars.TABLE", names);
    assertTrue(names.size() >= 120, names.size() + " instructions");
  }

  @Test
  void resultsAndFlagsAreThoseOfExactArithmetic() {
    List<String> wrong = new ArrayList<>();
    List<String> seldom = new ArrayList<>();
    for (Instruction insn : ALL) {
      Values values = Values.of(insn.name().hashCode());
      int ran = 0;
      int differ = 0;
      long word = 0;
      for (int i = 0; i < CASES; i++) {
        word = i % 5 == 0 ? word(insn, values) : word;
        Bench.Verdict verdict = check(insn, word, values);
        ran += verdict.ran() ? 1 : 0;
        if (verdict.wrong() != null && differ++ < 2) {
          wrong.add(verdict.wrong());
        }
      }
      if (ran < CASES * 2 / 3) {
        seldom.add(insn.name() + " ran " + ran + " times");
      }
    }
    if (!wrong.isEmpty()) {
      fail(String.join("\n", wrong.subList(0, Math.min(12, wrong.size()))));
    }
    assertEquals(List.of(), seldom);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void atAnySeed(@ForAll long seed) {
    Values values = Values.of(seed);
    for (int i = 0; i < 8; i++) {
      Instruction insn = ALL.get(values.below(ALL.size()));
      String wrong = check(insn, word(insn, values), values).wrong();
      if (wrong != null) {
        fail("seed " + seed + ": " + wrong);
      }
    }
  }

  private static Bench.Verdict check(Instruction insn, long word, Values values) {
    Scalars.Row row = Objects.requireNonNull(Scalars.TABLE.find(insn.name()));
    World world = BENCH.world();
    for (int r = 1; r < 32; r++) {
      world.x[r] = row.memory() ? Places.ARENA + 2048 + values.below(2) : values.integer();
    }
    if (row.memory()) {
      values.fill(world.memory);
    }
    for (int r = 0; r < 32; r++) {
      world.f[r] = values.bits();
    }
    world.fcsr = values.below(32) | (values.oneIn(20) ? values.below(8) : values.below(5)) << 5;
    world.fs = values.oneIn(50) ? 0 : 1 + values.below(3);
    Format source = row.source();
    if (source != null) {
      operands(world, word, source, row.narrow(), values);
    }
    return BENCH.check(insn, world, word, row.guarded());
  }

  /// A mode is one that is not valid at times; an address is not in x0.
  private static long word(Instruction insn, Values values) {
    BENCH.next();
    long word = 0;
    do {
      long open = values.bits() & ~insn.encoding().mask() & 0xffff_ffffL;
      word = insn.encoding().match() | open;
      if (insn.hasOperand("rm") && !values.oneIn(20)) {
        int rm = values.below(6);
        word = word & ~0x7000L | (long) (rm == 5 ? 7 : rm) << 12;
      }
      if (insn.name().matches("f[ls][wdh]")) {
        // an offset whose bit 3 is clear keeps eight bytes inside of the arena
        word = (word | 1 << 15) & ~(insn.name().startsWith("fl") ? 1L << 23 : 1L << 10);
      }
    } while (!insn.accepts(word));
    return word;
  }

  private static void operands(World w, long word, Format f, Format narrow, Values values) {
    Step s = new Step(w, word);
    long[] three = values.three(f, f);
    if (values.oneIn(3)) {
      three[0] = values.tie(f, narrow);
    }
    w.f[s.rs3()] = values.register(f, three[2]);
    w.f[s.rs2()] = values.register(f, three[1]);
    w.f[s.rs1()] = values.register(f, three[0]);
  }
}
