package tessera.elf;

import java.util.List;
import java.util.Objects;

/// A named part of an ELF file.
///
/// @param name such as `.text`
/// @param type what it holds
/// @param flags a sum of the constants of this record (`sh_flags`)
/// @param address where it lies in memory; 0 before it is placed and for what is not loaded
/// @param alignment of the address, a power of two
/// @param entrySize bytes of one entry if it is a table of equal entries, else 0
/// @param size its bytes in memory; equals `contents.length()` except for [SectionType#NOBITS]
/// @param contents its bytes in the file
/// @param link the section it belongs to, an index into [Elf#sections], or [#NO_LINK]
/// @param info more about it, as its type says (`sh_info`)
/// @param relocations what a linker still has to fill in
public record Section(
    String name,
    SectionType type,
    long flags,
    long address,
    long alignment,
    long entrySize,
    long size,
    Bytes contents,
    int link,
    int info,
    List<Relocation> relocations) {
  /// Written by the program (`SHF_WRITE`).
  public static final long WRITE = 1;

  /// In memory while the program runs (`SHF_ALLOC`).
  public static final long ALLOC = 2;

  /// Holds instructions (`SHF_EXECINSTR`).
  public static final long EXECUTE = 4;

  /// Equal entries may be merged (`SHF_MERGE`).
  public static final long MERGE = 0x10;

  /// Entries are strings that end in a zero (`SHF_STRINGS`).
  public static final long STRINGS = 0x20;

  /// `info` is an index into [Elf#sections] (`SHF_INFO_LINK`).
  public static final long INFO_LINK = 0x40;

  /// Must lie in the order of the sections linked to (`SHF_LINK_ORDER`).
  public static final long LINK_ORDER = 0x80;

  /// Member of a section group (`SHF_GROUP`).
  public static final long GROUP = 0x200;

  /// Holds the first contents of a thread's own variables (`SHF_TLS`).
  public static final long TLS = 0x400;

  /// Kept by a linker that drops unused sections (`SHF_GNU_RETAIN`).
  public static final long GNU_RETAIN = 0x20_0000;

  /// Dropped by a linker (`SHF_EXCLUDE`).
  public static final long EXCLUDE = 0x8000_0000L;

  /// The `link` of a section that belongs to none.
  public static final int NO_LINK = -1;

  public Section {
    requireName(name);
    Objects.requireNonNull(type);
    requirePowerOfTwo(alignment);
    if (size < 0
        || (type.equals(SectionType.NOBITS) ? !contents.isEmpty() : size != contents.length())) {
      throw new IllegalArgumentException(
          name + ": size " + size + " with contents of " + contents.length());
    }
    if (link < NO_LINK) {
      throw new IllegalArgumentException(name + ": link " + link);
    }
    relocations = List.copyOf(relocations);
  }

  /// A section of bytes ([SectionType#PROGBITS]), not yet placed.
  public static Section bits(String name, long flags, long alignment, Bytes contents) {
    return new Section(
        name,
        SectionType.PROGBITS,
        flags,
        0,
        alignment,
        0,
        contents.length(),
        contents,
        NO_LINK,
        0,
        List.of());
  }

  /// A section of `size` zeros that takes no room in the file ([SectionType#NOBITS]), not yet
  /// placed.
  public static Section zeros(String name, long flags, long alignment, long size) {
    return new Section(
        name,
        SectionType.NOBITS,
        flags,
        0,
        alignment,
        0,
        size,
        Bytes.empty(),
        NO_LINK,
        0,
        List.of());
  }

  /// A section of notes, see [Note#write].
  public static Section notes(String name, long flags, List<Note> notes) {
    return bits(name, flags, 4, Note.write(notes)).withType(SectionType.NOTE);
  }

  /// The section `.riscv.attributes`.
  public static Section attributes(Attributes attributes) {
    return bits(Attributes.SECTION, 0, 1, attributes.write())
        .withType(SectionType.RISCV_ATTRIBUTES);
  }

  /// The same of another type; between one with bytes and [SectionType#NOBITS] only if it is empty.
  public Section withType(SectionType type) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same with other flags.
  public Section withFlags(long flags) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same, placed at `address`.
  public Section withAddress(long address) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same with another alignment.
  public Section withAlignment(long alignment) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same as a table of entries of `entrySize` bytes.
  public Section withEntrySize(long entrySize) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same with other bytes; its size becomes theirs.
  public Section withContents(Bytes contents) {
    return new Section(
        name,
        type,
        flags,
        address,
        alignment,
        entrySize,
        contents.length(),
        contents,
        link,
        info,
        relocations);
  }

  /// The same with other information.
  public Section withInfo(int info) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same with a link to another section.
  public Section withLink(int link) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// The same with these relocations.
  public Section withRelocations(List<Relocation> relocations) {
    return new Section(
        name, type, flags, address, alignment, entrySize, size, contents, link, info, relocations);
  }

  /// Whether it is in memory while the program runs.
  public boolean isAllocated() {
    return (flags & ALLOC) != 0;
  }

  public boolean isWritable() {
    return (flags & WRITE) != 0;
  }

  public boolean isExecutable() {
    return (flags & EXECUTE) != 0;
  }

  /// Whether it is only zeros that take no room in the file.
  public boolean isZeros() {
    return type.equals(SectionType.NOBITS);
  }

  /// Whether the byte at `where` lies in it.
  public boolean contains(long where) {
    return Long.compareUnsigned(where - address, size) < 0;
  }

  static void requireName(String name) {
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name with a zero byte");
    }
  }

  static void requirePowerOfTwo(long alignment) {
    if (!isPowerOfTwo(alignment)) {
      throw new IllegalArgumentException("alignment " + alignment + " is not a power of two");
    }
  }

  static boolean isPowerOfTwo(long value) {
    return value > 0 && Long.bitCount(value) == 1;
  }
}
