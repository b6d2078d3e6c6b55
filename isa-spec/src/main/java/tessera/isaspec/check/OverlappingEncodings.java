package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.syntax.Operand;

/// Finds words that two instructions claim, with a witness: mask and match for each pair, then the
/// few undecided bits of the fields.
final class OverlappingEncodings {
  private static final int TRIED = 1 << 12;

  private OverlappingEncodings() {}

  static void check(List<Instruction> instructions, Diagnostics diagnostics) {
    List<List<Instruction>> byOpcode = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      byOpcode.add(new ArrayList<>());
    }
    for (Instruction insn : instructions) {
      byOpcode.get((int) (insn.encoding().match() & 0x7f)).add(insn);
    }
    for (List<Instruction> group : byOpcode) {
      for (int i = 0; i < group.size(); i++) {
        for (int j = i + 1; j < group.size(); j++) {
          pair(group.get(i), group.get(j), diagnostics);
        }
      }
    }
  }

  private static void pair(Instruction a, Instruction b, Diagnostics diagnostics) {
    long common = a.encoding().mask() & b.encoding().mask();
    boolean apart = ((a.encoding().match() ^ b.encoding().match()) & common) != 0;
    if (apart || a.encoding().length() != b.encoding().length()) {
      return;
    }
    if (apartByOneField(a, b)) {
      return;
    }
    long base = a.encoding().match() | b.encoding().match();
    long fixed = a.encoding().mask() | b.encoding().mask();
    long open = 0;
    for (Instruction insn : List.of(a, b)) {
      for (Operand operand : insn.operands()) {
        open |= operand.field().mask();
      }
    }
    open &= ~fixed;
    int tried = 0;
    // Counts through the open bits, high fields fastest: conditions are mostly on register numbers.
    for (long bits = 0; tried < TRIED; tried++) {
      long word = base | bits;
      if (a.accepts(word) && b.accepts(word)) {
        report(a, b, word, diagnostics);
        return;
      }
      bits = (bits - open) & open;
      if (bits == 0) {
        return;
      }
    }
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

  private static void report(Instruction a, Instruction b, long word, Diagnostics diagnostics) {
    String witness = String.format(a.encoding().length() == 32 ? "0x%08x" : "0x%04x", word);
    Instruction later =
        a.span().source().equals(b.span().source()) && a.span().from() > b.span().from() ? a : b;
    Instruction earlier = later == a ? b : a;
    diagnostics.add(
        Diagnostic.error(
                "enc-overlap",
                later.span(),
                "'" + later.name() + "' and '" + earlier.name() + "' both match " + witness)
            .note(earlier.span(), "'" + earlier.name() + "' is defined here")
            .help("add a `legal` on their fields, or let the extensions conflict"));
  }
}
