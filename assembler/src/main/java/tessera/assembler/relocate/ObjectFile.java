package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Group;
import tessera.elf.Relocation;
import tessera.elf.Section;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;

/// A relocatable file, and for a linker's complaints the place in the text of each relocation.
///
/// @param spans by section, then by the relocation's place in its list
public record ObjectFile(Elf elf, List<List<@Nullable Span>> spans, Map<String, Span> definitions) {

  /// {@return the object of a program that is laid out; what is wrong with it is added to its
  /// diagnostics}
  ///
  /// @param flags of the ELF header
  /// @param more sections that are not part of the program, such as the attributes
  public static ObjectFile of(Program program, int flags, List<Section> more) {
    return new Writer(program).write(flags, more);
  }

  private static final class Writer {
    private final Program program;
    private final Diagnostics diagnostics;
    private final Evaluation late = Evaluation.late();
    private final Map<AsmSection, Integer> sectionIndexes = new HashMap<>();
    private final Map<AsmSymbol, Integer> symbolIndexes = new HashMap<>();
    private final Map<AsmSection.Membership, List<AsmSection>> groups = new LinkedHashMap<>();
    private final Map<String, Span> definitions = new HashMap<>();

    Writer(Program program) {
      this.program = program;
      this.diagnostics = program.diagnostics();
      for (AsmSection section : program.sections()) {
        AsmSection.Membership group = section.group();
        if (group != null) {
          groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(section);
        }
      }
      // Groups come first, as GNU as has them.
      for (AsmSection section : program.sections()) {
        sectionIndexes.put(section, groups.size() + sectionIndexes.size());
      }
    }

    ObjectFile write(int flags, List<Section> more) {
      List<Contents> contents = new ArrayList<>();
      for (AsmSection section : program.sections()) {
        contents.add(Contents.of(section, program));
      }
      Elf.Builder elf = Elf.builder(Elf.Type.REL).flags(flags);
      addSymbols(elf, contents);
      groups.forEach((group, members) -> elf.section(group(group, members, elf)));
      contents.forEach(c -> elf.section(section(c)));
      more.forEach(elf::section);
      List<List<@Nullable Span>> spans = new ArrayList<>();
      groups.values().forEach(_ -> spans.add(List.of()));
      contents.forEach(c -> spans.add(c.spans()));
      return new ObjectFile(elf.build(), spans, definitions);
    }

    private void addSymbols(Elf.Builder elf, List<Contents> contents) {
      program.files().forEach(f -> elf.symbol(Symbol.file(f)));
      Map<String, Integer> sectionSymbols = new HashMap<>();
      sectionIndexes.entrySet().stream()
          .sorted(Map.Entry.comparingByValue())
          .forEach(e ->
              sectionSymbols.putIfAbsent(
                  e.getKey().name(), elf.symbol(Symbol.section(e.getValue(), 0))));
      Set<AsmSymbol> listed = new LinkedHashSet<>(program.symbols());
      contents.forEach(c -> c.relocations().forEach(r -> r.addTo(listed)));
      dropIdleMapping(listed);
      for (AsmSymbol symbol : listed) {
        if (symbol.definition()
            instanceof AsmSymbol.Definition.Equal(Expression.Reference(var other))) {
          symbol.standFor(other);
        }
        // The name of a section is a name for its start.
        Integer section = symbol.isDefined() ? null : sectionSymbols.get(symbol.name());
        Symbol entry = section == null ? entry(symbol) : null;
        if (section != null) {
          symbolIndexes.put(symbol, section);
        } else if (entry != null) {
          symbolIndexes.put(symbol, elf.symbol(entry));
          if (symbol.definedAt() != null) {
            definitions.putIfAbsent(symbol.name(), symbol.definedAt());
          }
        }
      }
    }

    /// Of several mapping symbols at one place the last counts, and at the end of a section none.
    private void dropIdleMapping(Set<AsmSymbol> listed) {
      Map<List<Object>, AsmSymbol> last = new HashMap<>();
      for (AsmSymbol symbol : List.copyOf(listed)) {
        if (symbol.kind() == AsmSymbol.Kind.MAPPING) {
          Evaluation.Place place = Objects.requireNonNull(late.place(symbol));
          AsmSymbol before = last.put(List.of(place.section(), place.address()), symbol);
          if (before != null) {
            listed.remove(before);
          }
          if (place.address() == place.section().size()) {
            listed.remove(symbol);
          }
        }
      }
    }

    /// {@return the table's entry, or null where there is none}
    private @Nullable Symbol entry(AsmSymbol symbol) {
      if (symbol.kind() == AsmSymbol.Kind.TEMPORARY && !symbol.related()) {
        return null;
      }
      return switch (symbol.definition()) {
        case AsmSymbol.Definition.Undefined _ -> undefined(symbol);
        case AsmSymbol.Definition.Common(var size, var alignment) ->
            with(symbol, new Symbol.Place.Common(), alignment, size);
        case AsmSymbol.Definition.At at ->
            placed(symbol, new Evaluation.Place(at.fragment(), at.offset()));
        case AsmSymbol.Definition.Equal(var to) -> equal(symbol, to);
      };
    }

    private @Nullable Symbol undefined(AsmSymbol symbol) {
      if (symbol.kind() == AsmSymbol.Kind.TEMPORARY) {
        String name = symbol.name().substring(".L".length());
        int instance = name.indexOf('\002');
        diagnostics.add(
            Diagnostic.error(
                "undefined-label",
                symbol.usedAt(),
                instance < 0
                    ? "local label '" + symbol.name() + "' is not defined"
                    : "there is no label '" + name.substring(0, instance) + ":' ahead"));
        return null;
      }
      return with(symbol, new Symbol.Place.Undefined(), 0, size(symbol));
    }

    private Symbol placed(AsmSymbol symbol, Evaluation.Place place) {
      if ((place.section().flags() & Section.TLS) != 0) {
        symbol.type(Symbol.Type.TLS);
      }
      return with(
          symbol, new Symbol.Place.In(index(place.section())), place.address(), size(symbol));
    }

    private @Nullable Symbol equal(AsmSymbol symbol, Expression to) {
      OptionalLong number = late.number(to);
      if (number.isPresent()) {
        return with(symbol, new Symbol.Place.Absolute(), number.getAsLong(), size(symbol));
      }
      Evaluation.Place place = late.place(symbol);
      if (place != null) {
        return placed(symbol, place);
      }
      if (late.value(to) instanceof Value.Bad(var reason)) {
        diagnostics.add(Diagnostic.error("bad-expression", symbol.definedAt(), reason));
      }
      return null;
    }

    private static Symbol with(AsmSymbol symbol, Symbol.Place place, long value, long size) {
      return new Symbol(
          symbol.name(),
          symbol.type(),
          symbol.binding(),
          symbol.visibility(),
          symbol.variantCc(),
          place,
          value,
          size);
    }

    private long size(AsmSymbol symbol) {
      Expression size = symbol.size();
      if (size == null) {
        return 0;
      }
      OptionalLong number = Evaluation.ofThisFile().number(size);
      if (number.isEmpty()) {
        diagnostics.add(
            Diagnostic.error(
                "absolute-expression",
                symbol.definedAt(),
                "the size of '" + symbol.name() + "' is not a number"));
      }
      return number.orElse(0);
    }

    private int index(AsmSection section) {
      Integer index = sectionIndexes.get(section);
      if (index == null) {
        throw new AssertionError(section.name());
      }
      return index;
    }

    private Section group(AsmSection.Membership group, List<AsmSection> members, Elf.Builder elf) {
      AsmSymbol named = program.find(group.signature());
      Integer index = named == null ? null : symbolIndexes.get(named);
      int signature = index != null ? index : elf.symbol(Symbol.local(group.signature(), 0, 0));
      return new Group(group.comdat(), members.stream().map(this::index).toList())
          .section(signature);
    }

    private Section section(Contents contents) {
      AsmSection section = contents.section();
      Section bare =
          section.isZeros()
              ? Section.zeros(
                  section.name(), section.flags(), 1L << section.alignment(), section.size())
              : Section.bits(
                      section.name(),
                      section.flags(),
                      1L << section.alignment(),
                      Bytes.wrap(contents.bytes()))
                  .withType(section.type());
      return bare.withEntrySize(section.entrySize())
          .withRelocations(contents.relocations().stream().map(this::relocation).toList());
    }

    private Relocation relocation(Contents.Entry entry) {
      AsmSymbol symbol = entry.symbol();
      int index =
          symbol == null
              ? Relocation.NO_SYMBOL
              : symbolIndexes.getOrDefault(symbol, Relocation.NO_SYMBOL);
      return new Relocation(entry.offset(), entry.type(), index, entry.addend());
    }
  }
}
