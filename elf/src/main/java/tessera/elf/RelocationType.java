package tessera.elf;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The relocation types of RISC-V (psABI, "Relocations"). A constant is named as the psABI names it
/// without `R_RISCV_`, with an `R` in front where that would start with a digit.
public enum RelocationType {
  NONE(0),
  R32(1),
  R64(2),
  RELATIVE(3),
  COPY(4),
  JUMP_SLOT(5),
  TLS_DTPMOD32(6),
  TLS_DTPMOD64(7),
  TLS_DTPREL32(8),
  TLS_DTPREL64(9),
  TLS_TPREL32(10),
  TLS_TPREL64(11),
  TLSDESC(12),
  BRANCH(16),
  JAL(17),
  CALL(18),
  CALL_PLT(19),
  GOT_HI20(20),
  TLS_GOT_HI20(21),
  TLS_GD_HI20(22),
  PCREL_HI20(23),
  PCREL_LO12_I(24),
  PCREL_LO12_S(25),
  HI20(26),
  LO12_I(27),
  LO12_S(28),
  TPREL_HI20(29),
  TPREL_LO12_I(30),
  TPREL_LO12_S(31),
  TPREL_ADD(32),
  ADD8(33),
  ADD16(34),
  ADD32(35),
  ADD64(36),
  SUB8(37),
  SUB16(38),
  SUB32(39),
  SUB64(40),
  GOT32_PCREL(41),
  ALIGN(43),
  RVC_BRANCH(44),
  RVC_JUMP(45),
  RVC_LUI(46),
  RELAX(51),
  SUB6(52),
  SET6(53),
  SET8(54),
  SET16(55),
  SET32(56),
  R32_PCREL(57),
  IRELATIVE(58),
  PLT32(59),
  SET_ULEB128(60),
  SUB_ULEB128(61),
  TLSDESC_HI20(62),
  TLSDESC_LOAD_LO12(63),
  TLSDESC_ADD_LO12(64),
  TLSDESC_CALL(65),
  VENDOR(191);

  private static final Map<Integer, RelocationType> BY_NUMBER =
      Arrays.stream(values())
          .collect(Collectors.toMap(RelocationType::number, Function.identity()));

  private final int number;

  RelocationType(int number) {
    this.number = number;
  }

  /// The type with this number in a file, if it has one.
  public static Optional<RelocationType> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  /// The number in a file.
  public int number() {
    return number;
  }

  /// The name in the psABI: `R_RISCV_32`.
  public String psabiName() {
    boolean startsWithDigit =
        name().length() > 1 && name().charAt(0) == 'R' && Character.isDigit(name().charAt(1));
    return "R_RISCV_" + (startsWithDigit ? name().substring(1) : name());
  }
}
