package tessera.assembler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.Template;

/// Every mnemonic of an ISA with the ways it may go on, in the order of preference: single
/// instructions before sequences, then the shortest, then the order of the text.
final class Mnemonics {
  private final Map<String, List<Candidate>> byName = new LinkedHashMap<>();

  private Mnemonics() {}

  static Mnemonics of(Isa isa) {
    Mnemonics result = new Mnemonics();
    isa.instructions().forEach(result::add);
    isa.aliases().forEach(result::add);
    Comparator<Candidate> order =
        Comparator.comparing((Candidate c) -> c.length() > 1).thenComparingInt(Candidate::bytes);
    result.byName.values().forEach(list -> list.sort(order));
    return result;
  }

  private void add(Instruction instruction) {
    for (Instruction.Spelling spelling : instruction.spellings()) {
      for (Template template : instruction.templates()) {
        add(new Candidate.Plain(spelling.mnemonic(), instruction, spelling.fields(), template));
      }
    }
  }

  private void add(Alias alias) {
    add(Candidate.Pseudo.of(alias));
  }

  private void add(Candidate candidate) {
    byName.computeIfAbsent(candidate.mnemonic(), _ -> new ArrayList<>()).add(candidate);
  }

  /// {@return the ways a mnemonic may go on, best first; none if it is unknown}
  List<Candidate> candidates(String mnemonic) {
    return byName.getOrDefault(mnemonic, List.of());
  }

  /// {@return every mnemonic}
  Set<String> names() {
    return byName.keySet();
  }
}
