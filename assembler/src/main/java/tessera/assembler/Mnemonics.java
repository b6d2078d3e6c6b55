package tessera.assembler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
  private final Map<String, List<Candidate>> longByName = new LinkedHashMap<>();
  private final Map<String, Set<Template>> saidShort = new HashMap<>();
  private final ShortForms shortForms;

  private Mnemonics(ShortForms shortForms) {
    this.shortForms = shortForms;
  }

  static Mnemonics of(Isa isa) {
    Mnemonics result = new Mnemonics(ShortForms.of(isa));
    isa.instructions().forEach(result::add);
    isa.aliases().forEach(result::add);
    Comparator<Candidate> order =
        Comparator.comparing((Candidate c) -> c.length() > 1).thenComparingInt(Candidate::bytes);
    result.byName.values().forEach(list -> list.sort(order));
    result.byName.forEach(result::withoutShort);
    return result;
  }

  private void withoutShort(String mnemonic, List<Candidate> candidates) {
    List<Candidate> others = candidates.stream().filter(c -> !isShort(c)).toList();
    if (!others.isEmpty()) {
      longByName.put(mnemonic, others);
    }
    candidates.stream()
        .filter(c -> c instanceof Candidate.Pseudo && isShort(c))
        .forEach(c -> saidShort.computeIfAbsent(mnemonic, _ -> new HashSet<>()).add(c.operands()));
  }

  private static boolean isShort(Candidate candidate) {
    return switch (candidate) {
      case Candidate.Plain plain -> ShortForms.isShort(plain.instruction());
      case Candidate.Pseudo(var alias, _) ->
          alias.steps().stream().anyMatch(s -> ShortForms.isShort(s.instruction()));
    };
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
  ///
  /// @param compressed whether instructions of 2 bytes may be taken
  List<Candidate> candidates(String mnemonic, boolean compressed) {
    return (compressed ? byName : longByName).getOrDefault(mnemonic, List.of());
  }

  /// {@return the ways a mnemonic may go on, best first; none if it is unknown}
  List<Candidate> candidates(String mnemonic) {
    return candidates(mnemonic, true);
  }

  /// {@return whether the words of a candidate may be shortened without being named. Where the text
  /// gives an alias of the same form to a short one, it says itself what is short}
  boolean mayShorten(Candidate candidate) {
    return candidate instanceof Candidate.Plain
        || !saidShort.getOrDefault(candidate.mnemonic(), Set.of()).contains(candidate.operands());
  }

  /// {@return the readings of a line}
  ///
  /// @param compressed whether instructions of 2 bytes may be taken
  <E> Readings<E> readings(boolean compressed) {
    return new Readings<>(compressed ? shortForms : null);
  }

  ShortForms shortForms() {
    return shortForms;
  }

  /// {@return every mnemonic}
  Set<String> names() {
    return byName.keySet();
  }
}
