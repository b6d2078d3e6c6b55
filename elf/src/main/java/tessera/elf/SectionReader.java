package tessera.elf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads sections, symbols and relocations once the section headers are known.
final class SectionReader {
  private final ElfHeader header;
  private final FileBytes file;
  private final Problems problems;
  private final List<SectionHeader> headers;
  private final SectionNumbers numbers;

  SectionReader(ElfHeader header, List<SectionHeader> headers, FileBytes file) {
    this.header = header;
    this.file = file;
    this.problems = file.problems;
    this.headers = headers;
    this.numbers = SectionNumbers.of(header, headers);
  }

  // Symbols

  List<Symbol> symbols() {
    var tables = headers.stream().filter(section -> section.is(SectionType.SYMTAB)).toList();
    if (tables.isEmpty()) {
      return List.of();
    }
    var table = tables.getFirst();
    if (tables.size() > 1) {
      problems.add(
          tables.get(1).at() + 4,
          tables.get(1).what("sh_type"),
          "one symbol table",
          "a second one");
    }
    if (!isStrings(table.link())) {
      problems.add(
          table.at() + 40,
          table.what("sh_link"),
          "a section of type STRTAB",
          describe(table.link()));
    }
    var symbols = new ArrayList<Symbol>();
    int count = problems.isEmpty() ? table.entries(ElfHeader.SYMBOL_SIZE, file) : 0;
    for (int i = 1; i < count && !problems.full(); i++) {
      symbols.add(
          symbol(i, (int) table.offset() + i * ElfHeader.SYMBOL_SIZE, headers.get(table.link())));
    }
    return symbols;
  }

  private Symbol symbol(int number, int at, SectionHeader strings) {
    int info = file.bytes.u8(at + 4);
    int other = file.bytes.u8(at + 5);
    return new Symbol(
        file.string(strings, file.bytes.i32(at), at, "symbol " + number + ": st_name"),
        symbolType(info & 15, at + 4, number),
        binding(info >> 4, at + 4, number),
        visibility(other & 3),
        (other & Symbol.VARIANT_CC) != 0,
        place(file.bytes.u16(at + 6), at + 6, number),
        file.bytes.i64(at + 8),
        file.bytes.i64(at + 16));
  }

  private Symbol.Type symbolType(int code, int at, int number) {
    for (var type : Symbol.Type.values()) {
      if (type.code == code) {
        return type;
      }
    }
    problems.add(
        at, "symbol " + number + ": type in st_info", "0 to 6 or 10", Integer.toString(code));
    return Symbol.Type.NOTYPE;
  }

  private Symbol.Binding binding(int code, int at, int number) {
    for (var binding : Symbol.Binding.values()) {
      if (binding.code == code) {
        return binding;
      }
    }
    problems.add(
        at, "symbol " + number + ": binding in st_info", "0 to 2 or 10", Integer.toString(code));
    return Symbol.Binding.LOCAL;
  }

  private static Symbol.Visibility visibility(int code) {
    return switch (code) {
      case 1 -> Symbol.Visibility.INTERNAL;
      case 2 -> Symbol.Visibility.HIDDEN;
      case 3 -> Symbol.Visibility.PROTECTED;
      default -> Symbol.Visibility.DEFAULT;
    };
  }

  private Symbol.Place place(int section, int at, int number) {
    return switch (section) {
      case 0 -> new Symbol.Place.Undefined();
      case ElfHeader.SECTION_ABSOLUTE -> new Symbol.Place.Absolute();
      case ElfHeader.SECTION_COMMON -> new Symbol.Place.Common();
      default -> inSection(section, at, number);
    };
  }

  private Symbol.Place inSection(int section, int at, int number) {
    int index = numbers.index(section);
    if (index < 0) {
      problems.add(
          at,
          "symbol " + number + ": st_shndx",
          "a section below " + headers.size() + " with contents of the program",
          describe(section));
    }
    return index < 0 ? new Symbol.Place.Undefined() : new Symbol.Place.In(index);
  }

  // Relocations

  /// The relocations of each section that has any, by its number.
  Map<Integer, List<Relocation>> relocations(int symbolCount) {
    var relocations = new HashMap<Integer, List<Relocation>>();
    for (var table : headers) {
      if (table.is(SectionType.RELA) && SectionNumbers.isTable(table) && !problems.full()) {
        relocationTable(table, symbolCount, relocations);
      }
    }
    return relocations;
  }

  private void relocationTable(
      SectionHeader table, int symbolCount, Map<Integer, List<Relocation>> relocations) {
    if (numbers.index(table.info()) < 0) {
      problems.add(
          table.at() + 44,
          table.what("sh_info"),
          "the section to be relocated",
          describe(table.info()));
      return;
    }
    boolean linked = table.link() > 0 && table.link() < headers.size();
    if (!linked || !headers.get(table.link()).is(SectionType.SYMTAB)) {
      problems.add(
          table.at() + 40, table.what("sh_link"), "the symbol table", describe(table.link()));
      return;
    }
    var list = relocations.computeIfAbsent(table.info(), _ -> new ArrayList<>());
    int count = table.entries(ElfHeader.RELA_SIZE, file);
    for (int i = 0; i < count && !problems.full(); i++) {
      int at = (int) table.offset() + i * ElfHeader.RELA_SIZE;
      list.add(relocation(at, table.what("entry " + i), headers.get(table.info()), symbolCount));
    }
  }

  private Relocation relocation(int at, String what, SectionHeader target, int symbolCount) {
    long offset = file.bytes.i64(at) - (header.type() == Elf.Type.REL ? 0 : target.address());
    long symbol = file.bytes.u32(at + 12);
    var type = RelocationType.of(file.bytes.i32(at + 8));
    if (Long.compareUnsigned(offset, target.size()) > 0) {
      problems.add(
          at,
          what + ": r_offset",
          "a place in section " + target.index(),
          Problems.hex(file.bytes.i64(at)));
    }
    if (symbol > symbolCount) {
      problems.add(
          at + 12, what + ": symbol in r_info", "at most " + symbolCount, Long.toString(symbol));
    }
    if (type.isEmpty()) {
      problems.add(
          at + 8,
          what + ": type in r_info",
          "a relocation type of RISC-V",
          Long.toString(file.bytes.u32(at + 8)));
    }
    return new Relocation(
        offset,
        type.orElse(RelocationType.NONE),
        symbol > symbolCount ? Relocation.NO_SYMBOL : (int) symbol - 1,
        file.bytes.i64(at + 16));
  }

  // Sections

  List<Section> sections(Map<Integer, List<Relocation>> relocations) {
    var sections = new ArrayList<Section>();
    if (!headers.isEmpty() && header.nameSection() != 0 && !isStrings(header.nameSection())) {
      problems.add(62, "e_shstrndx", "a section of type STRTAB", describe(header.nameSection()));
      return sections;
    }
    for (var section : headers) {
      if (numbers.index(section.index()) >= 0 && !problems.full()) {
        sections.add(section(section, relocations.getOrDefault(section.index(), List.of())));
      }
    }
    return sections;
  }

  private Section section(SectionHeader section, List<Relocation> relocations) {
    var contents = section.contents(file);
    if (section.is(SectionType.NOTE)) {
      file.checkNotes(contents, section.alignment(), section.offset(), section.what("notes"));
    } else if (section.is(SectionType.RISCV_ATTRIBUTES)) {
      file.checkAttributes(contents, section.offset(), section.what("attributes"));
    } else if (section.is(SectionType.GROUP)) {
      contents = group(section, contents);
    }
    return new Section(
        name(section),
        section.type(),
        section.flags(),
        section.address(),
        section.alignment(),
        section.entrySize(),
        section.is(SectionType.GROUP) ? contents.length() : section.size(),
        contents,
        section.is(SectionType.GROUP) ? Section.NO_LINK : numbers.index(section.link()),
        info(section),
        relocations);
  }

  /// The words of a group with indexes in place of numbers; its members' relocations go with them.
  private Bytes group(SectionHeader section, Bytes contents) {
    if (contents.length() < 4 || contents.length() % 4 != 0) {
      problems.add(
          section.at() + 32, section.what("sh_size"), "whole words", contents.length() + " bytes");
      return new Group(false, List.of()).contents();
    }
    var group = Group.read(contents);
    var members = new ArrayList<Integer>();
    for (int number : group.members()) {
      int index = numbers.index(number);
      boolean isTable =
          number > 0 && number < headers.size() && SectionNumbers.isTable(headers.get(number));
      if (index >= 0) {
        members.add(index);
      } else if (!isTable && !problems.full()) {
        problems.add(section.offset(), section.what("members"), "sections", describe(number));
      }
    }
    return new Group(group.comdat(), members).contents();
  }

  private String name(SectionHeader section) {
    return header.nameSection() == 0
        ? ""
        : file.string(
            headers.get(header.nameSection()),
            section.name(),
            section.at(),
            section.what("sh_name"));
  }

  private int info(SectionHeader section) {
    if (section.is(SectionType.GROUP)) {
      return signature(section);
    }
    if ((section.flags() & Section.INFO_LINK) == 0) {
      return section.info();
    }
    int index = numbers.index(section.info());
    if (index < 0) {
      problems.add(
          section.at() + 44, section.what("sh_info"), "a section", describe(section.info()));
    }
    return index;
  }

  private int signature(SectionHeader section) {
    boolean linked = section.link() > 0 && section.link() < headers.size();
    int count =
        linked && headers.get(section.link()).is(SectionType.SYMTAB)
            ? (int)
                Math.min(
                    headers.get(section.link()).size() / ElfHeader.SYMBOL_SIZE, Integer.MAX_VALUE)
            : 0;
    if (section.info() <= 0 || section.info() >= count) {
      problems.add(
          section.at() + 44,
          section.what("sh_info"),
          "the symbol that names the group",
          Integer.toUnsignedString(section.info()));
      return 0;
    }
    return section.info() - 1;
  }

  private boolean isStrings(int number) {
    return number > 0 && number < headers.size() && headers.get(number).is(SectionType.STRTAB);
  }

  /// What the section number `number` means, for messages.
  private String describe(int number) {
    String text = Integer.toUnsignedString(number);
    return number >= 0 && number < headers.size()
        ? text + " (" + headers.get(number).type() + ")"
        : text;
  }
}
