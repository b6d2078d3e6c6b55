package tessera.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Files of all shapes for properties.
final class Elfs {
  private static final int MOST_SECTIONS = 6;
  private static final int MOST_SYMBOLS = 8;

  private Elfs() {}

  /// Files for a linker.
  static Arbitrary<Elf> objects() {
    return Arbitraries.integers()
        .between(0, MOST_SECTIONS)
        .flatMap(sections ->
            Arbitraries.integers()
                .between(0, MOST_SYMBOLS)
                .flatMap(symbols ->
                    Combinators.combine(
                            sections(sections, symbols),
                            symbols(sections, symbols),
                            Arbitraries.integers())
                        .as((some, named, flags) ->
                            new Elf(Elf.Type.REL, 0, flags, some, List.of(), named))));
  }

  /// Programs, laid out for pages of 16 bytes to 4 KiB.
  static Arbitrary<Elf> programs() {
    var page = Arbitraries.integers().between(4, 12).map(log -> 1L << log);
    var base = Arbitraries.longs().between(0, 1L << 40);
    return Combinators.combine(
            objects(), page, base, Arbitraries.of(Elf.Type.EXEC, Elf.Type.DYN), Arbitraries.longs())
        .as((object, size, first, type, entry) -> {
          var layout = new Layout(first, size, 1);
          return layout.withSegments(
              new Elf(
                  type,
                  entry,
                  object.flags(),
                  layout.place(object.sections()),
                  List.of(),
                  object.symbols()));
        });
  }

  static Arbitrary<Elf> all() {
    return Arbitraries.oneOf(objects(), programs());
  }

  private static Arbitrary<List<Section>> sections(int count, int symbols) {
    return listOf(IntStream.range(0, count).mapToObj(_ -> section(count, symbols)).toList());
  }

  private static Arbitrary<Section> section(int sections, int symbols) {
    var flags =
        Arbitraries.of(
                Section.WRITE,
                Section.ALLOC,
                Section.EXECUTE,
                Section.MERGE,
                Section.STRINGS,
                Section.LINK_ORDER,
                Section.TLS,
                Section.EXCLUDE)
            .set()
            .ofMaxSize(3)
            .map(set -> set.stream().mapToLong(Long::longValue).sum());
    var link = Arbitraries.integers().between(Section.NO_LINK, sections - 1);
    return Combinators.combine(
            filling(), names(), flags, alignments(), link, relocations(symbols), numbers())
        .as((filling, name, some, alignment, linked, relocations, entry) ->
            new Section(
                name,
                filling.type(),
                some,
                0,
                filling.type().equals(SectionType.NOTE) ? filling.alignment() : alignment,
                entry,
                filling.size(),
                filling.contents(),
                linked,
                alignment.intValue(),
                relocations.stream()
                    .filter(relocation -> relocation.offset() <= filling.size())
                    .toList()));
  }

  private static Arbitrary<Section> filling() {
    var contents = Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Bytes::copyOf);
    return Arbitraries.oneOf(
        contents.map(bytes -> Section.bits("", 0, 1, bytes)),
        contents.map(bytes -> Section.bits("", 0, 1, bytes).withType(new SectionType(0x6fff_4c03))),
        Arbitraries.longs().between(0, 100_000).map(size -> Section.zeros("", 0, 1, size)),
        notes().list().ofMaxSize(3).map(notes -> Section.notes("", 0, notes)),
        attributes().map(Section::attributes));
  }

  static Arbitrary<Note> notes() {
    var contents = Arbitraries.bytes().array(byte[].class).ofMaxSize(9).map(Bytes::copyOf);
    return Combinators.combine(names(), Arbitraries.integers(), contents).as(Note::new);
  }

  static Arbitrary<Attributes> attributes() {
    Arbitrary<Attributes.Attribute> number =
        Combinators.combine(Arbitraries.integers().between(0, Integer.MAX_VALUE / 2), numbers())
            .as((tag, value) -> new Attributes.Attribute.Numeric(tag * 2, value));
    Arbitrary<Attributes.Attribute> text =
        Combinators.combine(Arbitraries.integers().between(0, 1000), names())
            .as((tag, value) -> new Attributes.Attribute.Text(tag * 2 + 1, value));
    return Arbitraries.oneOf(number, text)
        .list()
        .ofMaxSize(5)
        .uniqueElements(Attributes.Attribute::tag)
        .map(Attributes::new);
  }

  private static Arbitrary<List<Relocation>> relocations(int symbols) {
    return Combinators.combine(
            Arbitraries.longs().between(0, 40),
            Arbitraries.of(RelocationType.values()),
            Arbitraries.integers().between(Relocation.NO_SYMBOL, symbols - 1),
            numbers())
        .as(Relocation::new)
        .list()
        .ofMaxSize(3);
  }

  private static Arbitrary<List<Symbol>> symbols(int sections, int count) {
    return listOf(IntStream.range(0, count).mapToObj(_ -> symbol(sections)).toList());
  }

  private static Arbitrary<Symbol> symbol(int sections) {
    var places =
        new ArrayList<Symbol.Place>(
            List.of(
                new Symbol.Place.Undefined(),
                new Symbol.Place.Absolute(),
                new Symbol.Place.Common()));
    IntStream.range(0, sections).forEach(section -> places.add(new Symbol.Place.In(section)));
    return Combinators.combine(
            names(),
            Arbitraries.of(Symbol.Type.values()),
            Arbitraries.of(Symbol.Binding.values()),
            Arbitraries.of(Symbol.Visibility.values()),
            Arbitraries.of(true, false),
            Arbitraries.of(places),
            numbers(),
            numbers())
        .as(Symbol::new);
  }

  static Arbitrary<Long> numbers() {
    return Arbitraries.longs();
  }

  private static Arbitrary<Long> alignments() {
    return Arbitraries.integers().between(0, 8).map(log -> 1L << log);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().alpha().withChars(".$_é→").ofMaxLength(6);
  }

  private static <T> Arbitrary<List<T>> listOf(List<Arbitrary<T>> parts) {
    return parts.isEmpty()
        ? Arbitraries.just(List.of())
        : Combinators.combine(parts).as(List::copyOf);
  }
}
