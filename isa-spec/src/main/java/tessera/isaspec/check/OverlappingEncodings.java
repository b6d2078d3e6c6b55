package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.syntax.Operand;

/// Finds words that two instructions claim, with a witness: mask and match for each pair, then the
/// bits of the fields that their conditions read.
final class OverlappingEncodings {
  private static final int ALL_UP_TO = 18;
  private static final int SAMPLES = 1 << 16;

  private final Findings findings;

  private OverlappingEncodings(Findings findings) {
    this.findings = findings;
  }

  /// Checks the pairs of which one at least is `wanted`.
  static void check(
      List<Instruction> instructions, Predicate<Instruction> wanted, Findings findings) {
    OverlappingEncodings check = new OverlappingEncodings(findings);
    List<List<Instruction>> byOpcode = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      byOpcode.add(new ArrayList<>());
    }
    for (Instruction insn : instructions) {
      check.spread(insn, byOpcode);
    }
    for (List<Instruction> group : byOpcode) {
      for (int i = 0; i < group.size(); i++) {
        for (int j = i + 1; j < group.size(); j++) {
          if (wanted.test(group.get(i)) || wanted.test(group.get(j))) {
            check.pair(group.get(i), group.get(j));
          }
        }
      }
    }
  }

  /// An instruction stands under each opcode that its word may have.
  private void spread(Instruction insn, List<List<Instruction>> byOpcode) {
    long mask = insn.encoding().mask() & 0x7f;
    for (int opcode = 0; opcode < 128; opcode++) {
      if ((opcode & mask) == (insn.encoding().match() & mask)) {
        byOpcode.get(opcode).add(insn);
      }
    }
  }

  private void pair(Instruction a, Instruction b) {
    long common = a.encoding().mask() & b.encoding().mask();
    boolean apart = ((a.encoding().match() ^ b.encoding().match()) & common) != 0;
    if (apart || a.encoding().length() != b.encoding().length() || apartByOneField(a, b)) {
      return;
    }
    long base = a.encoding().match() | b.encoding().match();
    long open = (read(a) | read(b)) & ~(a.encoding().mask() | b.encoding().mask());
    if (Long.bitCount(open) <= ALL_UP_TO) {
      every(a, b, base, open);
    } else {
      sampled(a, b, base, open);
    }
  }

  /// {@return the bits of the fields that an instruction's conditions read}
  private static long read(Instruction insn) {
    if (!(insn.condition() instanceof WordCondition condition)) {
      return 0;
    }
    long bits = 0;
    for (Operand operand : insn.operands()) {
      boolean alone = condition.allowed(operand.name()) != null;
      if (alone || condition.related().contains(operand.name())) {
        bits |= operand.field().mask();
      }
    }
    return bits;
  }

  private void every(Instruction a, Instruction b, long base, long open) {
    long bits = 0;
    do {
      if (both(a, b, base | bits)) {
        return;
      }
      bits = (bits - open) & open;
    } while (bits != 0);
  }

  private void sampled(Instruction a, Instruction b, long base, long open) {
    Random random = new Random(1);
    for (int i = 0; i < SAMPLES; i++) {
      if (both(a, b, base | random.nextLong() & open)) {
        return;
      }
    }
  }

  private boolean both(Instruction a, Instruction b, long word) {
    boolean claimed = a.accepts(word) && b.accepts(word);
    if (claimed) {
      report(a, b, word);
    }
    return claimed;
  }

  /// {@return whether the two want different codes in a field that both have}
  private static boolean apartByOneField(Instruction a, Instruction b) {
    if (!(a.condition() instanceof WordCondition x)
        || !(b.condition() instanceof WordCondition y)) {
      return false;
    }
    for (Operand operand : a.operands()) {
      BitSet mine = x.allowed(operand.name());
      boolean same =
          b.hasOperand(operand.name()) && b.operand(operand.name()).field().equals(operand.field());
      BitSet other = same ? y.allowed(operand.name()) : null;
      if (mine != null && other != null && !mine.intersects(other)) {
        return true;
      }
    }
    return false;
  }

  private void report(Instruction a, Instruction b, long word) {
    String witness = String.format(a.encoding().length() == 32 ? "0x%08x" : "0x%04x", word);
    Instruction later = later(a, b);
    Instruction earlier = later == a ? b : a;
    findings.add(
        Diagnostic.error(
                "enc-overlap",
                later.span(),
                "'" + later.name() + "' and '" + earlier.name() + "' both match " + witness)
            .note(earlier.span(), "'" + earlier.name() + "' is defined here")
            .help("add a `legal` on their fields, or let the extensions conflict"));
  }

  /// {@return which of two was defined later: the second of the lists, as texts are read in order}
  static Instruction later(Instruction a, Instruction b) {
    boolean swapped =
        a.span().source().equals(b.span().source()) && a.span().from() > b.span().from();
    return swapped ? a : b;
  }
}
