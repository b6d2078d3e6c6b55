package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ElfReaderTest {
  private static final long CODE = Section.ALLOC | Section.EXECUTE;
  private static final long DATA = Section.ALLOC | Section.WRITE;

  /// Sections 1 `.text`, 2 `.note.x`, 3 `.riscv.attributes`, 4 `.rela.text`, 5 `.symtab`, 6
  /// `.strtab`, 7 `.shstrtab`.
  private static byte[] object() {
    var b = Elf.builder(Elf.Type.REL);
    int there = b.symbol(Symbol.undefined("there"));
    var call = new Relocation(0, RelocationType.CALL_PLT, there, 0);
    b.section(
        Section.bits(".text", CODE, 4, Bytes.copyOf(new byte[8])).withRelocations(List.of(call)));
    b.section(Section.notes(".note.x", 0, List.of(new Note("x", 1, Bytes.copyOf(new byte[4])))));
    b.section(Section.attributes(Attributes.of("rv64i2p1")));
    return ElfWriter.write(b.build());
  }

  /// Segments 0 and 1, loaded; sections 1 `.text`, 2 `.data`.
  private static byte[] program() {
    var sections =
        Layout.BARE_METAL.place(
            List.of(
                Section.bits(".text", CODE, 4, Bytes.copyOf(new byte[8])),
                Section.bits(".data", DATA, 4, Bytes.copyOf(new byte[8]))));
    return ElfWriter.write(
        Layout.BARE_METAL.withSegments(
            new Elf(Elf.Type.EXEC, 0, 0, sections, List.of(), List.of())));
  }

  /// `objcopy -R .riscv.attributes` leaves such a file.
  @Test
  void anEmptySegmentOfAttributesSaysNothing() {
    var attributes =
        new Segment(SegmentType.RISCV_ATTRIBUTES, Segment.READ, 0, 0, 1, Bytes.copyOf(new byte[0]));
    var b = Elf.builder(Elf.Type.EXEC);
    b.segment(attributes);
    var read = ElfReader.read(Bytes.wrap(ElfWriter.write(b.build())));
    if (!(read instanceof ElfResult.Ok<Elf>(Elf elf))) {
      throw new AssertionError(read);
    }
    assertTrue(elf.attributes().isEmpty());
  }

  private static byte[] patch(byte[] file, long at, int width, long value) {
    byte[] patched = file.clone();
    for (int i = 0; i < width; i++) {
      patched[(int) at + i] = (byte) (value >> 8 * i);
    }
    return patched;
  }

  private static byte[] inHeader(byte[] file, int field, int width, long value) {
    return patch(file, field, width, value);
  }

  private static byte[] inSegment(int segment, int field, int width, long value) {
    return patch(program(), 64 + 56 * segment + field, width, value);
  }

  private static byte[] inSection(int section, int field, int width, long value) {
    return patch(object(), Bytes.wrap(object()).i64(40) + 64L * section + field, width, value);
  }

  /// Inside the contents of a section of the object.
  private static byte[] inside(int section, int at, int width, long value) {
    var file = Bytes.wrap(object());
    return patch(object(), file.i64((int) file.i64(40) + 64 * section + 24) + at, width, value);
  }

  static Stream<Arguments> wrongFiles() {
    return Stream.of(
        wrong(
            new byte[0],
            "e_ident[EI_MAG]: expected an ELF file, which starts with 7f 45 4c 46, found an empty file"),
        wrong(new byte[] {'#', '!', '/', 'b'}, "e_ident[EI_MAG]", "found 23 21 2f 62"),
        wrong(
            Arrays.copyOf(object(), 63), "ELF header: expected 64 bytes, found a file of 63 bytes"),
        wrong(
            inHeader(object(), 4, 1, 1),
            "e_ident[EI_CLASS]: expected 64-bit (2), found 32-bit (1)"),
        wrong(
            inHeader(object(), 5, 1, 2),
            "e_ident[EI_DATA]: expected little-endian (1), found big-endian (2)"),
        wrong(
            inHeader(object(), 6, 1, 0),
            "e_ident[EI_VERSION]: expected current (1), found unknown (0)"),
        wrong(
            inHeader(object(), 16, 2, 4),
            "e_type: expected REL (1), EXEC (2) or DYN (3), found CORE (4)"),
        wrong(inHeader(object(), 18, 2, 62), "e_machine: expected RISC-V (243), found x86-64 (62)"),
        wrong(inHeader(object(), 52, 2, 52), "e_ehsize: expected ELF64 (64), found unknown (52)"),
        wrong(
            inHeader(program(), 54, 2, 32), "e_phentsize: expected ELF64 (56), found unknown (32)"),
        wrong(
            inHeader(object(), 58, 2, 40), "e_shentsize: expected ELF64 (64), found unknown (40)"),
        wrong(
            inHeader(program(), 56, 2, 0xffff),
            "e_phnum: expected fewer than 65535 program headers, found 65535"),
        wrong(inHeader(object(), 60, 2, 0), "e_shnum: expected 1 to 65279 sections, found more"),
        wrong(
            inHeader(object(), 60, 2, 0xff00),
            "e_shnum: expected 1 to 65279 sections, found 65280"),
        wrong(
            inHeader(object(), 62, 2, 1),
            "e_shstrndx: expected a section of type STRTAB, found 1 (PROGBITS)"),
        wrong(
            inHeader(object(), 62, 2, 99),
            "e_shstrndx: expected a section of type STRTAB, found 99"),
        wrong(
            inHeader(object(), 40, 8, Long.MIN_VALUE),
            "section header table: expected bytes inside the file"),
        wrong(
            inHeader(object(), 40, 8, Long.MAX_VALUE),
            "section header table",
            "512 bytes at 0x7fffffffffffffff"),
        wrong(
            inHeader(program(), 32, 8, 1L << 40),
            "program header table",
            "112 bytes at 0x10000000000"),
        wrong(
            inSegment(0, 40, 8, 1L << 63),
            "program header 0 (LOAD): p_memsz: expected at most 0x10000000000"),
        wrong(inSegment(0, 40, 8, 7), "p_memsz: expected at least p_filesz, 0x8, found 0x7"),
        wrong(inSegment(0, 32, 8, -1), "p_offset and p_filesz: expected bytes inside the file"),
        wrong(
            inSegment(0, 8, 8, -8), "p_offset and p_filesz", "found 8 bytes at 0xfffffffffffffff8"),
        wrong(
            inSegment(1, 16, 8, -7),
            "p_vaddr: expected at most 0xfffffffffffffff8, so that p_memsz bytes fit"),
        wrong(
            inSegment(1, 16, 8, 0x8000_0007L),
            "program header 1 (LOAD): p_vaddr: expected no address inside"),
        wrong(
            inSegment(1, 48, 8, 12),
            "program header 1 (LOAD): p_align: expected a power of two or 0, found 0xc"),
        wrong(
            inSegment(1, 48, 8, 1L << 63),
            "p_align: expected a power of two or 0, found 0x8000000000000000"),
        wrong(
            inSection(1, 24, 8, -1),
            "section header 1 (PROGBITS): sh_offset and sh_size: expected bytes inside"),
        wrong(inSection(1, 32, 8, 1L << 62), "section header 1 (PROGBITS): sh_offset and sh_size"),
        wrong(
            inSection(1, 48, 8, 3),
            "section header 1 (PROGBITS): sh_addralign: expected a power of two or 0"),
        wrong(
            patch(inSection(1, 4, 4, 8), sectionField(1, 32), 8, 1L << 63),
            "(NOBITS): sh_size: expected at most"),
        wrong(
            inSection(1, 0, 4, 9999),
            "section header 1 (PROGBITS): sh_name: expected an index below"),
        wrong(inSection(1, 4, 4, 9), "section header 1 (REL): sh_type: expected RELA"),
        wrong(
            inSection(1, 4, 4, 2),
            "section header 5 (SYMTAB): sh_type: expected one symbol table, found a second"),
        wrong(
            inSection(1, 8, 8, 0x42),
            "section header 1 (PROGBITS): sh_info: expected a section, found 0 (NULL)"),
        wrong(inSection(7, 32, 8, 4), "sh_name: expected a string that ends in a zero byte"),
        wrong(
            inSection(5, 40, 4, 1),
            "section header 5 (SYMTAB): sh_link: expected a section of type STRTAB, found 1"),
        wrong(
            inSection(5, 40, 4, -1),
            "sh_link: expected a section of type STRTAB, found 4294967295"),
        wrong(
            inSection(5, 56, 8, 16),
            "section header 5 (SYMTAB): sh_entsize: expected 24, found 16"),
        wrong(
            inSection(5, 32, 8, 47),
            "section header 5 (SYMTAB): sh_size: expected a multiple of 24, found 47"),
        wrong(
            inside(5, 24, 4, 7),
            "symbol 1: st_name: expected an index below 7, the size of the string table, found 7"),
        wrong(inside(5, 28, 1, 0x17), "symbol 1: type in st_info: expected 0 to 6 or 10, found 7"),
        wrong(
            inside(5, 28, 1, 0x30), "symbol 1: binding in st_info: expected 0 to 2 or 10, found 3"),
        wrong(
            inside(5, 30, 2, 4),
            "symbol 1: st_shndx: expected a section below 8 with contents",
            "found 4 (RELA)"),
        wrong(inside(5, 30, 2, 0xffff), "symbol 1: st_shndx", "found 65535"),
        wrong(
            inSection(4, 40, 4, 1),
            "section header 4 (RELA): sh_link: expected the symbol table, found 1"),
        wrong(
            inSection(4, 44, 4, 5),
            "section header 4 (RELA): sh_info: expected the section to be relocated"),
        wrong(inSection(4, 56, 8, 0), "section header 4 (RELA): sh_entsize: expected 24, found 0"),
        wrong(
            inside(4, 0, 8, 9),
            "section header 4 (RELA): entry 0: r_offset: expected a place in section 1, found 0x9"),
        wrong(
            inside(4, 8, 4, 200),
            "entry 0: type in r_info: expected a relocation type of RISC-V, found 200"),
        wrong(
            inside(4, 12, 4, 2),
            "section header 4 (RELA): entry 0: symbol in r_info: expected at most 1, found 2"),
        wrong(
            inside(2, 0, 4, 99),
            "section header 2 (NOTE): notes: note of a name of 99 and contents of 4 bytes"),
        wrong(
            inside(3, 0, 1, 'B'),
            "section header 3 (RISCV_ATTRIBUTES): attributes: format version: expected 'A'"),
        wrong(
            inside(3, 1, 4, 1),
            "attributes: vendor subsection: expected a length of 4 to 27, found 1"));
  }

  private static long sectionField(int section, int field) {
    return Bytes.wrap(object()).i64(40) + 64L * section + field;
  }

  private static Arguments wrong(byte[] file, String... parts) {
    return Arguments.of(parts[0], file, List.of(parts));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongFiles")
  void problemsSayWhatIsWrong(String name, byte[] file, List<String> parts) {
    var problems = problems(file);
    assertTrue(
        problems.stream()
            .map(ElfProblem::toString)
            .anyMatch(text -> parts.stream().allMatch(text::contains)),
        () -> name + " is not in " + problems);
  }

  private static List<ElfProblem> problems(byte[] file) {
    return switch (ElfReader.read(file)) {
      case ElfResult.Ok<Elf>(var elf) -> throw new AssertionError("read " + elf);
      case ElfResult.Failed<Elf>(var problems) -> problems;
    };
  }

  @Test
  void unchangedFilesAreRight() {
    assertEquals(3, ElfReader.read(object()).orElseThrow().sections().size());
    assertEquals(2, ElfReader.read(program()).orElseThrow().loaded().size());
  }

  @Test
  void aProblemNamesThePlaceOfTheField() {
    var problem = problems(inHeader(object(), 18, 2, 62)).getFirst();
    assertEquals(18, problem.offset());
    assertEquals(
        "at offset 0x12: e_machine: expected RISC-V (243), found x86-64 (62)", problem.toString());
    assertEquals(64 + 56 + 40, problems(inSegment(1, 40, 8, -1)).getFirst().offset());
  }

  @Test
  void allProblemsComeAtOnce() {
    byte[] file = patch(inHeader(object(), 18, 2, 62), 16, 2, 9);
    assertEquals(2, problems(file).size());
    byte[] sections = patch(inSection(1, 48, 8, 3), sectionField(2, 24), 8, -1);
    assertEquals(2, problems(sections).size());
  }

  @Test
  void problemsAreCapped() {
    var symbols = IntStream.range(0, 1000).mapToObj(i -> Symbol.undefined("s" + i)).toList();
    byte[] file = ElfWriter.write(new Elf(Elf.Type.REL, 0, 0, List.of(), List.of(), symbols));
    for (int i = 0; i < 1000; i++) {
      file[64 + 24 * (i + 1) + 4] = (byte) 0xff;
    }
    assertEquals(ElfResult.Failed.MOST, problems(file).size());
  }

  @Test
  void hugeMemoryIsRefusedAtOnce() {
    byte[] file = inSegment(0, 40, 8, Long.MIN_VALUE);
    // The best of some, since a busy machine may stop us at any time.
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      assertEquals(1, problems(file).size());
      best = Math.min(best, System.nanoTime() - start);
    }
    assertTrue(best < Duration.ofMillis(50).toNanos(), best + " ns");
    // As much as an Elf may ask for costs nothing until a loader reserves it.
    byte[] large = patch(inSegment(1, 40, 8, ElfReader.MOST_MEMORY), 64 + 40, 8, 0x1000);
    assertEquals(ElfReader.MOST_MEMORY + 0x1000, ElfReader.read(large).orElseThrow().loadedSize());
  }

  @Test
  void namesThatShareTheirBytesTooOftenAreRefused() {
    // 2,000 symbols, each named by the rest of one long name: together 200 times the file.
    var symbols =
        IntStream.range(0, 2000).mapToObj(_ -> Symbol.undefined("x".repeat(20_000))).toList();
    byte[] file = ElfWriter.write(new Elf(Elf.Type.REL, 0, 0, List.of(), List.of(), symbols));
    for (int i = 0; i < 2000; i++) {
      int at = 64 + 24 * (i + 1);
      file[at] = (byte) (i + 1);
      file[at + 1] = (byte) ((i + 1) >> 8);
    }
    assertTrue(
        problems(file).getFirst().toString().contains("names that share their bytes too often"));
  }

  @Test
  void tablesThatOverlapAreRefused() {
    // 50 headers of one relocation table of 2,000 entries.
    var relocations =
        IntStream.range(0, 2000).mapToObj(i -> Relocation.of(i % 8, RelocationType.RELAX)).toList();
    var sections =
        IntStream.range(0, 50)
            .mapToObj(i ->
                Section.bits("s" + i, CODE, 4, Bytes.copyOf(new byte[8]))
                    .withRelocations(i == 0 ? relocations : relocations.subList(0, 1)))
            .toList();
    byte[] file = ElfWriter.write(new Elf(Elf.Type.REL, 0, 0, sections, List.of(), List.of()));
    long headers = Bytes.wrap(file).i64(40);
    for (int i = 52; i < 101; i++) {
      file =
          patch(
              file, headers + 64L * i + 24, 8, Bytes.wrap(file).i64((int) headers + 64 * 51 + 24));
      file = patch(file, headers + 64L * i + 32, 8, 2000 * 24);
    }
    assertTrue(
        problems(file)
            .getFirst()
            .toString()
            .contains("tables that together are larger than the file"));
  }

  @Test
  void notesThatOverlapAreRefused() {
    var notes = IntStream.range(0, 1000).mapToObj(i -> new Note("n", i, Bytes.empty())).toList();
    var sections =
        IntStream.range(0, 40)
            .mapToObj(i -> Section.notes(".note", 0, i == 0 ? notes : List.of()))
            .toList();
    byte[] file = ElfWriter.write(new Elf(Elf.Type.REL, 0, 0, sections, List.of(), List.of()));
    long headers = Bytes.wrap(file).i64(40);
    for (int i = 2; i < 41; i++) {
      file = patch(file, headers + 64L * i + 24, 8, Bytes.wrap(file).i64((int) headers + 64 + 24));
      file = patch(file, headers + 64L * i + 32, 8, 16_000);
    }
    assertTrue(
        problems(file)
            .getFirst()
            .toString()
            .contains("tables that together are larger than the file"));
  }

  @Test
  void anElfWithoutSectionsKeepsItsSegmentsAndNotes() {
    var note = Note.write(List.of(new Note("GNU", Note.GNU_ABI_TAG, Bytes.copyOf(new byte[16]))));
    var elf =
        new Elf(
            Elf.Type.EXEC,
            0x1000,
            0,
            List.of(),
            List.of(
                new Segment(SegmentType.LOAD, Segment.READ, 0x1000, 0x40, 4, note),
                new Segment(SegmentType.NOTE, Segment.READ, 0x1000, note.length(), 4, note)),
            List.of());
    byte[] file = ElfWriter.write(elf);
    // What a tool leaves that strips even the section headers.
    for (int field : new int[] {40, 60, 62}) {
      file = patch(file, field, field == 40 ? 8 : 2, 0);
    }
    Elf read = ElfReader.read(file).orElseThrow();
    assertEquals(elf, read);
    assertTrue(read.hasGnuAbiTag());
  }
}
