package tessera.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// A RISC-V ELF64 file, little-endian: what assembler and compiler make and the emulator takes.
///
/// The tables that only hold an ELF file together are not sections here: the symbol table is
/// `symbols`, relocation tables lie with the section they change, names are where they belong.
/// Sections and symbols are named by their index in these lists, which starts at 0 with the first
/// real one.
///
/// @param type what it is for
/// @param entry the address of the first instruction of a program
/// @param flags a sum of the constants of this record (`e_flags`; psABI, "File Header")
/// @param sections in the order of the file
/// @param segments the parts of a program's memory; none in a relocatable file
/// @param symbols in any order; the writer puts local ones first, as the specification demands
public record Elf(
    Type type,
    long entry,
    int flags,
    List<Section> sections,
    List<Segment> segments,
    List<Symbol> symbols) {
  /// `EM_RISCV`, the only machine of this package.
  public static final int MACHINE = 243;

  /// Holds compressed instructions (`EF_RISCV_RVC`).
  public static final int RVC = 1;

  /// Passes numbers of up to 32 bits in floating-point registers (`EF_RISCV_FLOAT_ABI_SINGLE`).
  public static final int FLOAT_ABI_SINGLE = 2;

  /// Passes numbers of up to 64 bits in floating-point registers (`EF_RISCV_FLOAT_ABI_DOUBLE`).
  public static final int FLOAT_ABI_DOUBLE = 4;

  /// Uses 16 registers (`EF_RISCV_RVE`).
  public static final int RVE = 8;

  /// Needs the memory model TSO (`EF_RISCV_TSO`).
  public static final int TSO = 0x10;

  /// What a file is for.
  public enum Type {
    /// Input of a linker (`ET_REL`).
    REL(1),
    /// A program for fixed addresses (`ET_EXEC`).
    EXEC(2),
    /// A shared library, or a program for any address (`ET_DYN`).
    DYN(3);

    final int code;

    Type(int code) {
      this.code = code;
    }
  }

  public Elf {
    Objects.requireNonNull(type);
    sections = List.copyOf(sections);
    segments = List.copyOf(segments);
    symbols = List.copyOf(symbols);
    for (var section : sections) {
      requireIndex(section.link(), Section.NO_LINK, sections, section.name());
      if ((section.flags() & Section.INFO_LINK) != 0) {
        requireIndex(section.info(), 0, sections, section.name());
      }
      if (section.type().equals(SectionType.GROUP)) {
        requireIndex(section.info(), 0, symbols, section.name());
        for (int member : Group.of(section).members()) {
          requireIndex(member, 0, sections, section.name());
        }
      }
      for (var relocation : section.relocations()) {
        requireIndex(relocation.symbol(), Relocation.NO_SYMBOL, symbols, section.name());
      }
    }
    for (var symbol : symbols) {
      if (symbol.place() instanceof Symbol.Place.In(var section)) {
        requireIndex(section, 0, sections, symbol.name());
      }
    }
  }

  private static void requireIndex(int index, int least, List<?> list, String where) {
    if (index < least || index >= list.size()) {
      throw new IllegalArgumentException(where + ": index " + index + " of " + list.size());
    }
  }

  /// A file to be filled.
  public static Builder builder(Type type) {
    return new Builder(type);
  }

  /// The same with other sections, at the same indexes.
  public Elf withSections(List<Section> sections) {
    return new Elf(type, entry, flags, sections, segments, symbols);
  }

  /// The same with these segments.
  public Elf withSegments(List<Segment> segments) {
    return new Elf(type, entry, flags, sections, segments, symbols);
  }

  /// The first section of this name, if there is one.
  public Optional<Section> section(String name) {
    return sections.stream().filter(section -> section.name().equals(name)).findFirst();
  }

  /// The index of the first section of this name, if there is one.
  public OptionalInt sectionIndex(String name) {
    for (int i = 0; i < sections.size(); i++) {
      if (sections.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /// The segments that are put in memory before the program starts.
  public List<Segment> loaded() {
    return segments.stream().filter(Segment::isLoaded).toList();
  }

  /// The bytes of memory that the loaded segments need, at most `Long.MAX_VALUE`; ask before
  /// reserving any.
  public long loadedSize() {
    long sum = 0;
    for (var segment : loaded()) {
      sum = Math.min(sum, Long.MAX_VALUE - segment.memorySize()) + segment.memorySize();
    }
    return sum;
  }

  /// Whether it needs a dynamic linker to run.
  public boolean hasInterpreter() {
    return segments.stream().anyMatch(segment -> segment.type().equals(SegmentType.INTERP));
  }

  /// Whether a note says for which operating system it was linked, as the C libraries of Linux make
  /// it.
  public boolean hasGnuAbiTag() {
    return note("GNU", Note.GNU_ABI_TAG).isPresent();
  }

  /// The first note of this owner and type in a section of notes or, for a file without sections,
  /// in a segment of notes.
  public Optional<Note> note(String name, int type) {
    return notes().stream()
        .filter(note -> note.name().equals(name) && note.type() == type)
        .findFirst();
  }

  /// All notes of the sections of notes or, for a file without sections, of the segments of notes.
  /// What is not well formed, which [ElfReader] never lets through, counts as no notes.
  public List<Note> notes() {
    var notes = new ArrayList<Note>();
    for (var section : sections) {
      if (section.type().equals(SectionType.NOTE)) {
        addNotes(section.contents(), section.alignment(), notes);
      }
    }
    for (var segment : sections.isEmpty() ? segments : List.<Segment>of()) {
      if (segment.type().equals(SegmentType.NOTE)) {
        addNotes(segment.contents(), segment.alignment(), notes);
      }
    }
    return List.copyOf(notes);
  }

  private static void addNotes(Bytes contents, long alignment, List<Note> notes) {
    switch (Note.read(contents, alignment)) {
      case ElfResult.Ok<List<Note>>(var read) -> notes.addAll(read);
      case ElfResult.Failed<List<Note>> _ -> {}
    }
  }

  /// The ISA that it says it was made for, by its attributes.
  public Optional<Arch> arch() {
    return attributes().flatMap(Attributes::arch).flatMap(Arch::parse);
  }

  /// What it says about the machine it was made for, from its section or segment. What is not well
  /// formed, which [ElfReader] never lets through, counts as nothing.
  public Optional<Attributes> attributes() {
    var inSection =
        sections.stream()
            .filter(section -> section.type().equals(SectionType.RISCV_ATTRIBUTES))
            .map(Section::contents);
    var inSegment =
        segments.stream()
            .filter(segment -> segment.type().equals(SegmentType.RISCV_ATTRIBUTES))
            .map(Segment::contents);
    return inSection
        .findFirst()
        .or(inSegment::findFirst)
        .flatMap(contents ->
            switch (Attributes.read(contents)) {
              case ElfResult.Ok<Attributes>(var attributes) -> Optional.of(attributes);
              case ElfResult.Failed<Attributes> _ -> Optional.empty();
            });
  }

  /// Collects the parts of a file. The index a part gets is known when it is added, and parts may
  /// name others that are added later.
  public static final class Builder {
    private final Type type;
    private long entry;
    private int flags;
    private final List<Section> sections = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private final List<Symbol> symbols = new ArrayList<>();

    private Builder(Type type) {
      this.type = type;
    }

    public Builder entry(long entry) {
      this.entry = entry;
      return this;
    }

    public Builder flags(int flags) {
      this.flags = flags;
      return this;
    }

    /// Adds a section and gives its index.
    public int section(Section section) {
      sections.add(section);
      return sections.size() - 1;
    }

    /// Adds a segment.
    public Builder segment(Segment segment) {
      segments.add(segment);
      return this;
    }

    /// Adds a symbol and gives its index.
    public int symbol(Symbol symbol) {
      symbols.add(symbol);
      return symbols.size() - 1;
    }

    /// The file.
    ///
    /// @throws IllegalArgumentException if a part names a section or symbol that was not added
    public Elf build() {
      return new Elf(type, entry, flags, sections, segments, symbols);
    }
  }
}
