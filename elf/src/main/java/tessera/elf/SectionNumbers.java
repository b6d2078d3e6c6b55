package tessera.elf;

import java.util.List;

/// How the section numbers of a file map to indexes of [Elf#sections], in which the sections that
/// only hold the file together are left out: the symbol table, relocation tables, and the strings
/// of both and of the section headers.
///
/// @param indexes for each number the index, or -1
record SectionNumbers(List<Integer> indexes) {
  static SectionNumbers of(ElfHeader header, List<SectionHeader> headers) {
    var own = new boolean[headers.size()];
    for (var section : headers) {
      own[section.index()] |= section.index() == 0 || isTable(section);
      if (section.is(SectionType.SYMTAB)) {
        markStrings(section.link(), headers, own);
      }
    }
    markStrings(header.nameSection(), headers, own);
    var indexes = new Integer[own.length];
    int next = 0;
    for (int i = 0; i < own.length; i++) {
      indexes[i] = own[i] ? -1 : next++;
    }
    return new SectionNumbers(List.of(indexes));
  }

  /// Whether a section is the symbol table or the relocations of another section. Relocations that
  /// are in memory are for a dynamic linker, and contents like others.
  static boolean isTable(SectionHeader section) {
    return section.is(SectionType.SYMTAB)
        || (section.is(SectionType.RELA) && !section.isAllocated());
  }

  private static void markStrings(int number, List<SectionHeader> headers, boolean[] own) {
    if (number > 0 && number < headers.size()) {
      var strings = headers.get(number);
      own[number] |= strings.is(SectionType.STRTAB) && !strings.isAllocated();
    }
  }

  /// The index of the section with this number, or -1 if there is none.
  int index(int number) {
    return number >= 0 && number < indexes.size() ? indexes.get(number) : -1;
  }
}
