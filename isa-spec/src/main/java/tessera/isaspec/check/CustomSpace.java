package tessera.isaspec.check;

import java.util.List;
import java.util.Set;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;

/// Warns of instructions of a user's file in a part of the encoding space that is somebody else's:
/// the custom opcodes of another extension, or, for a vendor's extension, the standard's.
final class CustomSpace {
  private static final List<Integer> CUSTOM = List.of(0x0b, 0x2b, 0x5b, 0x7b);

  private CustomSpace() {}

  static void check(List<Instruction> instructions, Set<Source> added, Findings findings) {
    for (Instruction insn : instructions) {
      if (added.contains(insn.span().source()) && insn.encoding().length() == 32) {
        int custom = CUSTOM.indexOf((int) (insn.encoding().match() & 0x7f));
        if (custom >= 0) {
          ownedByAnother(insn, custom, instructions, added, findings);
        } else if (insn.extension().startsWith("X")) {
          findings.add(
              Diagnostic.warning(
                      "custom-space",
                      insn.span(),
                      "'" + insn.name() + "' stands in the standard's part of the encoding space")
                  .help(
                      "a vendor's extension has custom-0 to custom-3: opcode 0x0b, 0x2b, 0x5b, 0x7b"));
        }
      }
    }
  }

  private static void ownedByAnother(
      Instruction insn,
      int custom,
      List<Instruction> instructions,
      Set<Source> added,
      Findings findings) {
    for (Instruction other : instructions) {
      boolean theirs =
          !added.contains(other.span().source())
              && other.encoding().length() == 32
              && (other.encoding().match() & 0x7f) == CUSTOM.get(custom);
      if (theirs) {
        findings.add(
            Diagnostic.warning(
                    "custom-space",
                    insn.span(),
                    "'"
                        + insn.name()
                        + "' uses custom-"
                        + custom
                        + ", which "
                        + other.extension()
                        + " owns")
                .note(other.span(), "for example '" + other.name() + "'")
                .help("custom-2 (opcode 0x5b) and custom-3 (0x7b) are free"));
        return;
      }
    }
  }
}
