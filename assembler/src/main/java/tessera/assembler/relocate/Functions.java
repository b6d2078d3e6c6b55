package tessera.assembler.relocate;

import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.isaspec.encoding.FieldLayout;

/// The relocation functions that an operand class may name (psABI, "Relocations"): the function and
/// the bits of the field together pick the number in the ELF file.
public final class Functions {
  private static final long BITS_12_I = 0xfff0_0000L;
  private static final long BITS_12_S = 0xfe00_0f80L;

  private Functions() {}

  /// {@return the relocation of `%function(…)` in a field, or null where there is none}
  public static @Nullable RelocationType type(String function, FieldLayout field) {
    long mask = field.mask();
    return switch (function) {
      case "hi" -> mask == 0x107cL ? RelocationType.RVC_LUI : RelocationType.HI20;
      case "lo" -> low(mask, RelocationType.LO12_I, RelocationType.LO12_S);
      case "pcrel_hi" -> RelocationType.PCREL_HI20;
      case "pcrel_lo" -> low(mask, RelocationType.PCREL_LO12_I, RelocationType.PCREL_LO12_S);
      case "got_pcrel_hi" -> RelocationType.GOT_HI20;
      case "tprel_hi" -> RelocationType.TPREL_HI20;
      case "tprel_lo" -> low(mask, RelocationType.TPREL_LO12_I, RelocationType.TPREL_LO12_S);
      case "tprel_add" -> RelocationType.TPREL_ADD;
      case "tls_ie_pcrel_hi" -> RelocationType.TLS_GOT_HI20;
      case "tls_gd_pcrel_hi" -> RelocationType.TLS_GD_HI20;
      case "call" -> RelocationType.CALL_PLT;
      case "branch" -> RelocationType.BRANCH;
      case "jal" -> RelocationType.JAL;
      case "rvc_branch" -> RelocationType.RVC_BRANCH;
      case "rvc_jump" -> RelocationType.RVC_JUMP;
      default -> null;
    };
  }

  private static @Nullable RelocationType low(
      long mask, RelocationType load, RelocationType store) {
    return mask == BITS_12_I ? load : mask == BITS_12_S ? store : null;
  }

  /// {@return what a field gets of a number, as far as it is known without addresses}
  static long part(RelocationType type, long value) {
    return switch (type) {
      case HI20, RVC_LUI -> value + 0x800 >> 12;
      case LO12_I, LO12_S -> value << 52 >> 52;
      default -> 0;
    };
  }

  /// {@return whether a plain number needs no linker}
  static boolean isAbsolute(RelocationType type) {
    return type == RelocationType.HI20
        || type == RelocationType.LO12_I
        || type == RelocationType.LO12_S
        || type == RelocationType.RVC_LUI;
  }

  /// {@return whether its symbol lies in a thread's own block}
  static boolean isThreadLocal(RelocationType type) {
    return switch (type) {
      case TPREL_HI20, TPREL_LO12_I, TPREL_LO12_S, TPREL_ADD, TLS_GOT_HI20, TLS_GD_HI20 -> true;
      default -> false;
    };
  }

  /// {@return whether a linker may shorten instructions with it}
  static boolean mayRelax(RelocationType type) {
    return switch (type) {
      case HI20,
          LO12_I,
          LO12_S,
          PCREL_HI20,
          PCREL_LO12_I,
          PCREL_LO12_S,
          TPREL_HI20,
          TPREL_LO12_I,
          TPREL_LO12_S,
          TPREL_ADD,
          CALL,
          CALL_PLT ->
          true;
      default -> false;
    };
  }

  /// {@return whether a linker may take an instruction with it away, so that distances across it
  /// are not known}
  static boolean endsStretch(RelocationType type) {
    return switch (type) {
      case HI20, PCREL_HI20, TPREL_HI20, TPREL_ADD -> true;
      default -> false;
    };
  }

  /// {@return whether it covers two instructions of which a linker may take one away}
  public static boolean coversNext(RelocationType type) {
    return type == RelocationType.CALL || type == RelocationType.CALL_PLT;
  }
}
