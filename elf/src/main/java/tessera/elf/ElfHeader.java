package tessera.elf;

import java.util.Optional;

/// The first 64 bytes of a file, and where everything in the other headers lies (ELF specification,
/// "ELF Header", "Section Header", "Program Header", "Symbol Table", "Relocation").
///
/// @param programHeaders offset of the table, 0 if there is none
/// @param programHeaderCount its entries
/// @param sectionHeaders offset of the table, 0 if there is none
/// @param sectionHeaderCount its entries
/// @param nameSection the section with the names of sections, 0 if there is none
record ElfHeader(
    Elf.Type type,
    long entry,
    int flags,
    long programHeaders,
    int programHeaderCount,
    long sectionHeaders,
    int sectionHeaderCount,
    int nameSection) {
  static final int SIZE = 64;
  static final int PROGRAM_HEADER_SIZE = 56;
  static final int SECTION_HEADER_SIZE = 64;
  static final int SYMBOL_SIZE = 24;
  static final int RELA_SIZE = 24;

  /// The first section number with a meaning of its own (`SHN_LORESERVE`), and such numbers.
  static final int SECTION_RESERVED = 0xff00;

  static final int SECTION_ABSOLUTE = 0xfff1;
  static final int SECTION_COMMON = 0xfff2;

  /// The count of program headers that says the real one stands elsewhere (`PN_XNUM`).
  static final int TOO_MANY_SEGMENTS = 0xffff;

  static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  static final int CLASS_64 = 2;
  static final int LITTLE_ENDIAN = 1;
  static final int VERSION = 1;
  static final int OSABI_SYSV = 0;
  static final int OSABI_GNU = 3;

  /// Reads and checks the header; the tables it names are checked by who reads them.
  static Optional<ElfHeader> read(Bytes file, Problems problems) {
    if (file.length() < SIZE || !file.slice(0, 4).equals(Bytes.wrap(MAGIC))) {
      checkStart(file, problems);
      return Optional.empty();
    }
    check(
        file.u8(4),
        4,
        "e_ident[EI_CLASS]",
        CLASS_64,
        "64-bit",
        file.u8(4) == 1 ? "32-bit" : "unknown",
        problems);
    check(
        file.u8(5),
        5,
        "e_ident[EI_DATA]",
        LITTLE_ENDIAN,
        "little-endian",
        file.u8(5) == 2 ? "big-endian" : "unknown",
        problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    check(file.u8(6), 6, "e_ident[EI_VERSION]", VERSION, "current", "unknown", problems);
    check(file.u16(18), 18, "e_machine", Elf.MACHINE, "RISC-V", machine(file.u16(18)), problems);
    check(file.u16(52), 52, "e_ehsize", SIZE, "ELF64", "unknown", problems);
    var type = type(file.u16(16));
    if (type.isEmpty()) {
      problems.add(
          16,
          "e_type",
          "REL (1), EXEC (2) or DYN (3)",
          file.u16(16) == 4 ? "CORE (4)" : "unknown (" + file.u16(16) + ")");
    }
    if (file.u16(56) != 0) {
      check(file.u16(54), 54, "e_phentsize", PROGRAM_HEADER_SIZE, "ELF64", "unknown", problems);
    }
    if (file.u16(60) != 0) {
      check(file.u16(58), 58, "e_shentsize", SECTION_HEADER_SIZE, "ELF64", "unknown", problems);
    }
    if (file.u16(56) == TOO_MANY_SEGMENTS) {
      problems.add(56, "e_phnum", "fewer than 65535 program headers", "65535");
    }
    boolean sectionsElsewhere = file.u16(60) == 0 && file.i64(40) != 0;
    if (sectionsElsewhere || file.u16(60) >= SECTION_RESERVED) {
      problems.add(
          60,
          "e_shnum",
          "1 to 65279 sections",
          sectionsElsewhere ? "more" : Integer.toString(file.u16(60)));
    }
    return type.filter(_ -> problems.isEmpty())
        .map(known ->
            new ElfHeader(
                known,
                file.i64(24),
                file.i32(48),
                file.i64(32),
                file.u16(56),
                file.i64(40),
                file.u16(60),
                file.u16(62)));
  }

  private static void checkStart(Bytes file, Problems problems) {
    var start = file.slice(0, Math.min(4, file.length()));
    if (start.equals(Bytes.wrap(MAGIC))) {
      problems.add(0, "ELF header", "64 bytes", "a file of " + file.length() + " bytes");
    } else {
      problems.add(
          0, "e_ident[EI_MAG]", "an ELF file, which starts with 7f 45 4c 46", hexBytes(start));
    }
  }

  private static String hexBytes(Bytes bytes) {
    var text = new StringBuilder(bytes.isEmpty() ? "an empty file" : "");
    for (int i = 0; i < bytes.length(); i++) {
      text.append(i == 0 ? "" : " ").append(String.format("%02x", bytes.u8(i)));
    }
    return text.toString();
  }

  private static void check(
      int found,
      int offset,
      String what,
      int expected,
      String expectedName,
      String foundName,
      Problems problems) {
    if (found != expected) {
      problems.add(
          offset, what, expectedName + " (" + expected + ")", foundName + " (" + found + ")");
    }
  }

  private static Optional<Elf.Type> type(int code) {
    for (var type : Elf.Type.values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private static String machine(int code) {
    return switch (code) {
      case 3 -> "x86";
      case 8 -> "MIPS";
      case 21 -> "PowerPC64";
      case 22 -> "S390";
      case 40 -> "Arm";
      case 62 -> "x86-64";
      case 183 -> "AArch64";
      case 247 -> "BPF";
      case 258 -> "LoongArch";
      default -> "unknown";
    };
  }
}
