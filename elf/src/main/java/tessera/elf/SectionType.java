package tessera.elf;

/// What a section holds (`sh_type`). A number without a name here is kept as it is.
///
/// @param code the number in the file
public record SectionType(int code) {
  public static final SectionType NULL = new SectionType(0);

  /// Bytes that are the program's own.
  public static final SectionType PROGBITS = new SectionType(1);

  public static final SectionType SYMTAB = new SectionType(2);
  public static final SectionType STRTAB = new SectionType(3);
  public static final SectionType RELA = new SectionType(4);
  public static final SectionType HASH = new SectionType(5);
  public static final SectionType DYNAMIC = new SectionType(6);
  public static final SectionType NOTE = new SectionType(7);

  /// Zeros that take no room in the file.
  public static final SectionType NOBITS = new SectionType(8);

  public static final SectionType REL = new SectionType(9);
  public static final SectionType DYNSYM = new SectionType(11);
  public static final SectionType INIT_ARRAY = new SectionType(14);
  public static final SectionType FINI_ARRAY = new SectionType(15);
  public static final SectionType PREINIT_ARRAY = new SectionType(16);
  public static final SectionType GROUP = new SectionType(17);
  public static final SectionType SYMTAB_SHNDX = new SectionType(18);

  /// `.riscv.attributes`, see [Attributes].
  public static final SectionType RISCV_ATTRIBUTES = new SectionType(0x7000_0003);

  /// The name in the ELF specification without `SHT_`, or the number.
  @Override
  public String toString() {
    return switch (code) {
      case 0 -> "NULL";
      case 1 -> "PROGBITS";
      case 2 -> "SYMTAB";
      case 3 -> "STRTAB";
      case 4 -> "RELA";
      case 5 -> "HASH";
      case 6 -> "DYNAMIC";
      case 7 -> "NOTE";
      case 8 -> "NOBITS";
      case 9 -> "REL";
      case 11 -> "DYNSYM";
      case 14 -> "INIT_ARRAY";
      case 15 -> "FINI_ARRAY";
      case 16 -> "PREINIT_ARRAY";
      case 17 -> "GROUP";
      case 18 -> "SYMTAB_SHNDX";
      case 0x7000_0003 -> "RISCV_ATTRIBUTES";
      default -> "0x" + Integer.toHexString(code);
    };
  }
}
