package tessera.elf;

/// What a segment is for (`p_type`). A number without a name here is kept as it is.
///
/// @param code the number in the file
public record SegmentType(int code) {
  public static final SegmentType NULL = new SegmentType(0);

  /// To be put in memory before the program starts.
  public static final SegmentType LOAD = new SegmentType(1);

  public static final SegmentType DYNAMIC = new SegmentType(2);

  /// The path of a dynamic linker, without which the program does not run.
  public static final SegmentType INTERP = new SegmentType(3);

  public static final SegmentType NOTE = new SegmentType(4);
  public static final SegmentType PHDR = new SegmentType(6);

  /// The first contents of each thread's own variables.
  public static final SegmentType TLS = new SegmentType(7);

  public static final SegmentType GNU_EH_FRAME = new SegmentType(0x6474_e550);
  public static final SegmentType GNU_STACK = new SegmentType(0x6474_e551);
  public static final SegmentType GNU_RELRO = new SegmentType(0x6474_e552);
  public static final SegmentType GNU_PROPERTY = new SegmentType(0x6474_e553);

  /// Where `.riscv.attributes` lies, see [Attributes].
  public static final SegmentType RISCV_ATTRIBUTES = new SegmentType(0x7000_0003);

  /// The name in the ELF specification without `PT_`, or the number.
  @Override
  public String toString() {
    return switch (code) {
      case 0 -> "NULL";
      case 1 -> "LOAD";
      case 2 -> "DYNAMIC";
      case 3 -> "INTERP";
      case 4 -> "NOTE";
      case 6 -> "PHDR";
      case 7 -> "TLS";
      case 0x6474_e550 -> "GNU_EH_FRAME";
      case 0x6474_e551 -> "GNU_STACK";
      case 0x6474_e552 -> "GNU_RELRO";
      case 0x6474_e553 -> "GNU_PROPERTY";
      case 0x7000_0003 -> "RISCV_ATTRIBUTES";
      default -> "0x" + Integer.toHexString(code);
    };
  }
}
