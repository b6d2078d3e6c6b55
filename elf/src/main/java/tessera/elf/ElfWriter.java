package tessera.elf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes a file: header, program headers, contents, tables, section headers.
///
/// Contents of loaded segments lie at offsets that equal their addresses modulo their alignment, so
/// that an operating system can map them; sections and other segments inside them share those
/// bytes. Sections keep their order, the tables follow them.
public final class ElfWriter {
  private final Elf elf;
  private final SymbolOrder order;
  private final StringTable sectionNames = new StringTable();
  private final StringTable symbolNames = new StringTable();
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Header> headers = new ArrayList<>();
  private final long[] segmentOffsets;
  private long end;

  /// Bytes at a place of the file.
  private record Piece(long offset, Bytes bytes) {}

  /// A section header to be written.
  private record Header(
      int name,
      SectionType type,
      long flags,
      long address,
      long offset,
      long size,
      int link,
      int info,
      long alignment,
      long entrySize) {
    static final Header NULL = new Header(0, SectionType.NULL, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  private ElfWriter(Elf elf) {
    this.elf = elf;
    this.order = SymbolOrder.of(elf.symbols());
    this.segmentOffsets = new long[elf.segments().size()];
    this.end = ElfHeader.SIZE + (long) elf.segments().size() * ElfHeader.PROGRAM_HEADER_SIZE;
  }

  /// The bytes of the file.
  ///
  /// @throws IllegalArgumentException if no file can hold it: more than 2 GiB, 65,000 sections or
  ///   segments, or a section whose bytes differ from those its segment has there
  public static byte[] write(Elf elf) {
    check(elf);
    return new ElfWriter(elf).write();
  }

  private static void check(Elf elf) {
    // Each section may bring a relocation table, and three tables come in any case.
    require(2L * elf.sections().size() + 4 < ElfHeader.SECTION_RESERVED, "too many sections");
    require(elf.segments().size() < ElfHeader.TOO_MANY_SEGMENTS, "too many segments");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  private byte[] write() {
    placeLoadedSegments();
    headers.add(Header.NULL);
    int symbolTable = 1 + elf.sections().size() + relocatedSections();
    for (var section : elf.sections()) {
      if (section.type().equals(SectionType.GROUP)) {
        placeGroup(section, symbolTable);
      } else {
        placeSection(section);
      }
    }
    placeOtherSegments();
    placeRelocations(symbolTable);
    placeSymbols(symbolTable);
    int names = headers.size();
    placeNames();
    long sectionHeaders = place(sectionHeaders(), 8);
    pieces.add(new Piece(0, header(sectionHeaders, names)));
    pieces.add(new Piece(ElfHeader.SIZE, programHeaders()));
    return join();
  }

  private byte[] join() {
    require(end <= Integer.MAX_VALUE - 8, "a file of " + end + " bytes is too large");
    var file = new byte[(int) end];
    for (var piece : pieces) {
      piece.bytes.copyTo(file, (int) piece.offset);
    }
    return file;
  }

  /// Puts bytes at the end and gives their offset.
  private long place(Bytes bytes, long alignment) {
    end = Math.addExact(end, -end & (alignment - 1));
    return placeAtEnd(bytes);
  }

  private long placeAtEnd(Bytes bytes) {
    long offset = end;
    pieces.add(new Piece(offset, bytes));
    end += bytes.length();
    require(end <= Integer.MAX_VALUE - 8, "a file of " + end + " bytes is too large");
    return offset;
  }

  // Segments and sections

  private void placeLoadedSegments() {
    for (int i = 0; i < segmentOffsets.length; i++) {
      var segment = elf.segments().get(i);
      if (segment.isLoaded()) {
        long gap = (segment.address() - end) & (segment.alignment() - 1);
        if (segment.contents().isEmpty()) {
          segmentOffsets[i] = end + gap;
        } else {
          end = Math.addExact(end, gap);
          segmentOffsets[i] = placeAtEnd(segment.contents());
        }
      }
    }
  }

  private void placeSection(Section section) {
    long offset =
        section.isZeros()
            ? end
            : offsetInLoaded(section.address(), section.contents(), section.isAllocated());
    headers.add(
        new Header(
            sectionNames.add(section.name()),
            section.type(),
            section.flags(),
            section.address(),
            offset >= 0 ? offset : place(section.contents(), section.alignment()),
            section.size(),
            section.link() + 1,
            (section.flags() & Section.INFO_LINK) != 0 ? section.info() + 1 : section.info(),
            section.alignment(),
            section.entrySize()));
  }

  /// A group's words are numbers of the file, and the relocations of its members belong to it.
  private void placeGroup(Section section, int symbolTable) {
    var group = Group.of(section);
    var numbers = new ArrayList<Integer>();
    for (int member : group.members()) {
      numbers.add(member + 1);
      if (!elf.sections().get(member).relocations().isEmpty()) {
        numbers.add(1 + elf.sections().size() + relocatedSections(member));
      }
    }
    var words = new Group(group.comdat(), numbers).contents();
    headers.add(
        new Header(
            sectionNames.add(section.name()),
            section.type(),
            section.flags(),
            section.address(),
            place(words, section.alignment()),
            words.length(),
            symbolTable,
            order.number(section.info()),
            section.alignment(),
            section.entrySize()));
  }

  /// Where in the file `contents` lie as part of the loaded segment that holds `address`, or -1 if
  /// none does.
  private long offsetInLoaded(long address, Bytes contents, boolean allocated) {
    for (int i = 0; allocated && !contents.isEmpty() && i < segmentOffsets.length; i++) {
      var segment = elf.segments().get(i);
      long inside = address - segment.address();
      if (segment.isLoaded()
          && inside >= 0
          && inside <= segment.contents().length() - contents.length()) {
        int from = (int) inside;
        require(
            segment.contents().slice(from, from + contents.length()).equals(contents),
            "the bytes at address 0x"
                + Long.toHexString(address)
                + " differ from those of the segment there");
        return segmentOffsets[i] + inside;
      }
    }
    return -1;
  }

  private void placeOtherSegments() {
    for (int i = 0; i < segmentOffsets.length; i++) {
      var segment = elf.segments().get(i);
      if (!segment.isLoaded() && !segment.contents().isEmpty()) {
        long offset = offsetInLoaded(segment.address(), segment.contents(), segment.address() != 0);
        offset = offset >= 0 ? offset : offsetOfSection(segment);
        segmentOffsets[i] = offset >= 0 ? offset : place(segment.contents(), segment.alignment());
      }
    }
  }

  /// Where in the file the section lies that has the same bytes but is not loaded, or -1 if there
  /// is none.
  private long offsetOfSection(Segment segment) {
    for (int i = 0; i < elf.sections().size(); i++) {
      var section = elf.sections().get(i);
      if (!section.isAllocated()
          && !section.isZeros()
          && section.contents().equals(segment.contents())) {
        return headers.get(i + 1).offset;
      }
    }
    return -1;
  }

  // Tables

  private int relocatedSections() {
    return relocatedSections(elf.sections().size());
  }

  /// The sections with relocations before this one.
  private int relocatedSections(int index) {
    return (int)
        elf.sections().subList(0, index).stream()
            .filter(section -> !section.relocations().isEmpty())
            .count();
  }

  private void placeRelocations(int symbolTable) {
    for (int i = 0; i < elf.sections().size(); i++) {
      var section = elf.sections().get(i);
      if (!section.relocations().isEmpty()) {
        var table = relocations(section);
        headers.add(
            new Header(
                sectionNames.add(".rela" + section.name()),
                SectionType.RELA,
                Section.INFO_LINK | (section.flags() & Section.GROUP),
                0,
                place(table, 8),
                table.length(),
                symbolTable,
                i + 1,
                8,
                ElfHeader.RELA_SIZE));
      }
    }
  }

  private Bytes relocations(Section section) {
    long base = elf.type() == Elf.Type.REL ? 0 : section.address();
    var out = new ByteSink();
    for (var relocation : section.relocations()) {
      out.i64(base + relocation.offset())
          .i32(relocation.type().number())
          .i32(order.number(relocation.symbol()))
          .i64(relocation.addend());
    }
    return out.toBytes();
  }

  private void placeSymbols(int symbolTable) {
    if (elf.symbols().isEmpty() && relocatedSections() == 0) {
      return;
    }
    var out = new ByteSink();
    out.i64(0).i64(0).i64(0);
    order.sorted().forEach(symbol -> symbol(symbol, out));
    var table = out.toBytes();
    headers.add(
        new Header(
            sectionNames.add(".symtab"),
            SectionType.SYMTAB,
            0,
            0,
            place(table, 8),
            table.length(),
            symbolTable + 1,
            order.locals() + 1,
            8,
            ElfHeader.SYMBOL_SIZE));
    placeStrings(sectionNames.add(".strtab"), symbolNames);
  }

  private void symbol(Symbol symbol, ByteSink out) {
    int section =
        switch (symbol.place()) {
          case Symbol.Place.Undefined() -> 0;
          case Symbol.Place.Absolute() -> ElfHeader.SECTION_ABSOLUTE;
          case Symbol.Place.Common() -> ElfHeader.SECTION_COMMON;
          case Symbol.Place.In(var index) -> index + 1;
        };
    out.i32(symbolNames.add(symbol.name()))
        .u8(symbol.binding().code << 4 | symbol.type().code)
        .u8(symbol.visibility().code | (symbol.variantCc() ? Symbol.VARIANT_CC : 0))
        .u16(section)
        .i64(symbol.value())
        .i64(symbol.size());
  }

  private void placeNames() {
    placeStrings(sectionNames.add(".shstrtab"), sectionNames);
  }

  private void placeStrings(int name, StringTable strings) {
    var table = strings.toBytes();
    headers.add(
        new Header(name, SectionType.STRTAB, 0, 0, place(table, 1), table.length(), 0, 0, 1, 0));
  }

  // Headers

  private Bytes sectionHeaders() {
    var out = new ByteSink();
    for (var header : headers) {
      out.i32(header.name)
          .i32(header.type.code())
          .i64(header.flags)
          .i64(header.address)
          .i64(header.offset)
          .i64(header.size)
          .i32(header.link)
          .i32(header.info)
          .i64(header.alignment)
          .i64(header.entrySize);
    }
    return out.toBytes();
  }

  private Bytes programHeaders() {
    var out = new ByteSink();
    for (int i = 0; i < segmentOffsets.length; i++) {
      var segment = elf.segments().get(i);
      out.i32(segment.type().code())
          .i32(segment.flags())
          .i64(segmentOffsets[i])
          .i64(segment.address())
          .i64(segment.address())
          .i64(segment.contents().length())
          .i64(segment.memorySize())
          .i64(segment.alignment());
    }
    return out.toBytes();
  }

  private Bytes header(long sectionHeaders, int names) {
    boolean gnu =
        elf.symbols().stream()
            .anyMatch(symbol ->
                symbol.type() == Symbol.Type.GNU_IFUNC
                    || symbol.binding() == Symbol.Binding.GNU_UNIQUE);
    return new ByteSink()
        .bytes(ElfHeader.MAGIC)
        .u8(ElfHeader.CLASS_64)
        .u8(ElfHeader.LITTLE_ENDIAN)
        .u8(ElfHeader.VERSION)
        .u8(gnu ? ElfHeader.OSABI_GNU : ElfHeader.OSABI_SYSV)
        .i64(0)
        .u16(elf.type().code)
        .u16(Elf.MACHINE)
        .i32(ElfHeader.VERSION)
        .i64(elf.entry())
        .i64(elf.segments().isEmpty() ? 0 : ElfHeader.SIZE)
        .i64(sectionHeaders)
        .i32(elf.flags())
        .u16(ElfHeader.SIZE)
        .u16(elf.segments().isEmpty() ? 0 : ElfHeader.PROGRAM_HEADER_SIZE)
        .u16(elf.segments().size())
        .u16(ElfHeader.SECTION_HEADER_SIZE)
        .u16(headers.size())
        .u16(names)
        .toBytes();
  }

  /// Symbols in the order the specification demands: local ones first.
  private record SymbolOrder(List<Symbol> sorted, int locals, List<Integer> numbers) {
    static SymbolOrder of(List<Symbol> symbols) {
      var sorted = new ArrayList<Symbol>();
      var numbers = new Integer[symbols.size()];
      int locals = 0;
      for (boolean local : new boolean[] {true, false}) {
        for (int i = 0; i < numbers.length; i++) {
          if (symbols.get(i).isLocal() == local) {
            sorted.add(symbols.get(i));
            numbers[i] = sorted.size();
          }
        }
        locals = local ? sorted.size() : locals;
      }
      return new SymbolOrder(sorted, locals, List.of(numbers));
    }

    /// The number in the file of the symbol with this index, 0 for none.
    int number(int index) {
      return index == Relocation.NO_SYMBOL ? 0 : numbers.get(index);
    }
  }

  /// Strings one after the other, equal ones once.
  private static final class StringTable {
    private final Map<String, Integer> offsets = new HashMap<>(Map.of("", 0));
    private final ByteSink out = new ByteSink().u8(0);

    int add(String text) {
      Integer known = offsets.get(text);
      if (known != null) {
        return known;
      }
      int offset = out.length();
      out.bytes(Bytes.utf8(text)).u8(0);
      offsets.put(text, offset);
      return offset;
    }

    Bytes toBytes() {
      return out.toBytes();
    }
  }
}
