package tessera.elf;

import static tessera.elf.Problems.hex;

import java.util.ArrayList;
import java.util.List;

/// A section header as it stands in the file, checked as far as it can be alone: the contents lie
/// in the file and the alignment is a power of two.
///
/// @param index its number in the file
/// @param at the offset of the header
/// @param name the offset of its name in the string table of names
record SectionHeader(
    int index,
    int at,
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
  /// Reads all of them; the first is the empty one every file with sections has.
  static List<SectionHeader> readAll(ElfHeader header, FileBytes file) {
    var headers = new ArrayList<SectionHeader>();
    long size = (long) header.sectionHeaderCount() * ElfHeader.SECTION_HEADER_SIZE;
    if (!file.holds(header.sectionHeaders(), size, 40, "section header table")) {
      return headers;
    }
    for (int i = 0; i < header.sectionHeaderCount() && !file.problems.full(); i++) {
      headers.add(read((int) header.sectionHeaders() + i * ElfHeader.SECTION_HEADER_SIZE, i, file));
    }
    return headers;
  }

  private static SectionHeader read(int at, int index, FileBytes file) {
    var bytes = file.bytes;
    var type = index == 0 ? SectionType.NULL : new SectionType(bytes.i32(at + 4));
    if (type.equals(SectionType.NULL)) {
      // An unused header: all but the name is undefined.
      return new SectionHeader(index, at, bytes.i32(at), type, 0, 0, 0, 0, 0, 0, 1, 0);
    }
    var header =
        new SectionHeader(
            index,
            at,
            bytes.i32(at),
            type,
            bytes.i64(at + 8),
            bytes.i64(at + 16),
            bytes.i64(at + 24),
            bytes.i64(at + 32),
            bytes.i32(at + 40),
            bytes.i32(at + 44),
            file.alignment(
                bytes.i64(at + 48),
                at + 48,
                "section header " + index + " (" + type + "): sh_addralign"),
            bytes.i64(at + 56));
    header.check(file);
    return header;
  }

  private void check(FileBytes file) {
    if (!is(SectionType.NOBITS)) {
      file.holds(offset, size, at + 24, what("sh_offset and sh_size"));
    } else if (Long.compareUnsigned(size, ElfReader.MOST_MEMORY) > 0) {
      file.problems.add(
          at + 32, what("sh_size"), "at most " + hex(ElfReader.MOST_MEMORY), hex(size));
    }
    if (is(SectionType.REL)) {
      file.problems.add(
          at + 4, what("sh_type"), "RELA, the only form of relocations for RISC-V", "REL");
    }
  }

  boolean is(SectionType type) {
    return this.type.equals(type);
  }

  boolean isAllocated() {
    return (flags & Section.ALLOC) != 0;
  }

  /// The bytes in the file, none for a section of zeros.
  Bytes contents(FileBytes file) {
    return is(SectionType.NOBITS) ? Bytes.empty() : file.slice(offset, size);
  }

  /// The number of entries if this is a table of entries of `entry` bytes that may be decoded; 0
  /// and a problem if not.
  int entries(int entry, FileBytes file) {
    if (entrySize != entry) {
      file.problems.add(
          at + 56, what("sh_entsize"), Integer.toString(entry), Long.toUnsignedString(entrySize));
      return 0;
    }
    if (size % entry != 0) {
      file.problems.add(at + 32, what("sh_size"), "a multiple of " + entry, Long.toString(size));
      return 0;
    }
    return file.charge(size, at + 32, what("sh_size")) ? (int) (size / entry) : 0;
  }

  /// How a problem names one of its fields.
  String what(String field) {
    return "section header " + index + " (" + type + "): " + field;
  }
}
