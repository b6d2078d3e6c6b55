package tessera.tests.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tessera.conformance.ConformancePage;
import tessera.conformance.Places;
import tessera.isaspec.Instruction;

/// The small integer extensions do what the reference does, and touch nothing else.
///
/// `-Dtessera.references=N` runs N cases an instruction.
class WholeReferenceTest {
  private static final int CASES = Integer.getInteger("tessera.references", 60);
  static final Set<String> EXTENSIONS =
      Set.of("Zicond", "Zcb", "Zimop", "Zcmop", "Zawrs", "Zicbom", "Zicboz");
  private static final List<Instruction> ALL =
      Bench.EVERYTHING.instructions().stream()
          .filter(i -> EXTENSIONS.contains(i.extension()))
          .toList();

  @Test
  void everyInstructionHasAReference() {
    List<String> names = ALL.stream().map(Instruction::name).toList();
    Whole.TABLE.assertFits("Whole.TABLE", names);
    assertTrue(names.size() >= 64, names.size() + " instructions");
  }

  /// `docs/conformance.md` names the references of the extensions that have one.
  @Test
  void thePageTellsWhatIsJudgedHere() {
    Set<String> judged = new TreeSet<>(EXTENSIONS);
    judged.addAll(ScalarFloatReferenceTest.EXTENSIONS);
    judged.addAll(VectorReferenceTest.EXTENSIONS);
    judged.add("V");
    assertEquals(judged, new TreeSet<>(ConformancePage.references().keySet()));
  }

  /// An extension that qemu 7.2 lacks has a reference; Xta is its own definition.
  @Test
  void everyExtensionIsJudgedBySomething() {
    List<String> by = ConformancePage.text().lines().filter(l -> l.endsWith(" | - |")).toList();
    assertEquals(List.of("Xta"), by.stream().map(l -> l.split("\\|", -1)[1].trim()).toList());
  }

  @Test
  void registersAndMemoryAreThoseOfTheReference() {
    Bench bench = new Bench(Bench.EVERYTHING);
    List<String> wrong = new ArrayList<>();
    for (Instruction insn : ALL) {
      Values values = Values.of(insn.name().hashCode());
      for (int i = 0; i < CASES; i++) {
        bench.next();
        Bench.Verdict verdict = check(bench, insn, values);
        assertTrue(verdict.ran());
        if (verdict.wrong() != null && wrong.size() < 12) {
          wrong.add(verdict.wrong());
        }
      }
    }
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  private static Bench.Verdict check(Bench bench, Instruction insn, Values values) {
    World world = bench.world();
    boolean memory = insn.name().matches("cbo\\..*|c\\.[ls][bh]u?");
    long word = word(insn, values, memory);
    for (int r = 1; r < 32; r++) {
      world.x[r] =
          memory
              ? Places.ARENA + values.below(Places.ARENA_BYTES - 8)
              : values.oneIn(3) ? values.below(2) : values.integer();
    }
    if (memory) {
      values.fill(world.memory);
    }
    return bench.check(insn, world, word, Objects.requireNonNull(Whole.TABLE.find(insn.name())));
  }

  private static long word(Instruction insn, Values values, boolean memory) {
    long all = insn.encoding().length() == 16 ? 0xffff : 0xffff_ffffL;
    long word = 0;
    do {
      word = insn.encoding().match() | values.bits() & ~insn.encoding().mask() & all;
      // an address is not in x0
      word |= memory && all != 0xffff ? 1 << 15 : 0;
    } while (!insn.accepts(word));
    return word;
  }
}
