package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class RoundTripTest {
  @Provide
  Arbitrary<Elf> elfs() {
    return Elfs.all();
  }

  @Provide
  Arbitrary<Elf> programs() {
    return Elfs.programs();
  }

  @Provide
  Arbitrary<List<Note>> notes() {
    return Elfs.notes().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<Attributes> attributes() {
    return Elfs.attributes();
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void readInvertsWrite(@ForAll("elfs") Elf elf) {
    byte[] file = ElfWriter.write(elf);
    Elf read = ElfReader.read(file).orElseThrow();
    assertEquals(localsFirst(elf), read);
    assertArrayEquals(file, ElfWriter.write(read));
  }

  /// The same file with its symbols as the specification orders them.
  private static Elf localsFirst(Elf elf) {
    var order = new ArrayList<Integer>();
    for (boolean local : new boolean[] {true, false}) {
      for (int i = 0; i < elf.symbols().size(); i++) {
        if (elf.symbols().get(i).isLocal() == local) {
          order.add(i);
        }
      }
    }
    var sections =
        elf.sections().stream()
            .map(section ->
                section.withRelocations(
                    section.relocations().stream()
                        .map(relocation ->
                            new Relocation(
                                relocation.offset(),
                                relocation.type(),
                                order.indexOf(relocation.symbol()),
                                relocation.addend()))
                        .toList()))
            .toList();
    return new Elf(
        elf.type(),
        elf.entry(),
        elf.flags(),
        sections,
        elf.segments(),
        order.stream().map(elf.symbols()::get).toList());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void segmentsHoldTheirSections(@ForAll("programs") Elf elf) {
    for (var section : elf.sections()) {
      boolean threadZeros = section.isZeros() && (section.flags() & Section.TLS) != 0;
      if (section.isAllocated() && section.size() != 0 && !threadZeros) {
        var segment =
            elf.loaded().stream()
                .filter(one -> one.contains(section.address()))
                .findFirst()
                .orElseThrow();
        if ((section.flags() & Section.TLS) == 0) {
          assertEquals(section.isWritable(), segment.isWritable());
          assertEquals(section.isExecutable(), segment.isExecutable());
        }
        assertEquals(true, segment.contains(section.address() + section.size() - 1));
        assertEquals(0, section.address() % section.alignment());
        for (int i = 0; i < section.size(); i++) {
          int inside = (int) (section.address() - segment.address()) + i;
          int inMemory = inside < segment.contents().length() ? segment.contents().at(inside) : 0;
          assertEquals(section.isZeros() ? 0 : section.contents().at(i), inMemory);
        }
      }
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void loadedOffsetsEqualAddressesModuloThePage(@ForAll("programs") Elf elf) {
    var file = Bytes.wrap(ElfWriter.write(elf));
    for (int i = 0; i < elf.segments().size(); i++) {
      int at = ElfHeader.SIZE + i * ElfHeader.PROGRAM_HEADER_SIZE;
      if (elf.segments().get(i).isLoaded()) {
        assertEquals(0, (file.i64(at + 8) - file.i64(at + 16)) % file.i64(at + 48));
      }
    }
  }

  @Property
  void readInvertsWriteOfNotes(@ForAll("notes") List<Note> notes) {
    assertEquals(notes, Note.read(Note.write(notes), 4).orElseThrow());
  }

  @Property
  void readInvertsWriteOfAttributes(@ForAll("attributes") Attributes attributes) {
    assertEquals(attributes, Attributes.read(attributes.write()).orElseThrow());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void notesAreFoundInAFile(@ForAll("elfs") Elf elf) {
    var expected =
        elf.sections().stream()
            .filter(section -> section.type().equals(SectionType.NOTE))
            .flatMap(section ->
                Note.read(section.contents(), section.alignment()).orElseThrow().stream())
            .toList();
    assertEquals(expected, ElfReader.read(ElfWriter.write(elf)).orElseThrow().notes());
  }
}
