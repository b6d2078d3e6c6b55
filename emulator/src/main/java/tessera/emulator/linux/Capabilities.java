package tessera.emulator.linux;

import java.util.List;
import tessera.isaspec.Isa;

/// What Linux tells a program of the machine's extensions: exactly those that the specification
/// has.
public final class Capabilities {
  private static final long BASE_IMA = 1;
  private static final int KEYS = 8;

  /// Extensions by their bit of `RISCV_HWPROBE_KEY_IMA_EXT_0` (linux/arch/riscv, `hwprobe.rst`).
  private static final List<String> BITS =
      List.of(
          "D",
          "C",
          "V",
          "Zba",
          "Zbb",
          "Zbs",
          "Zicboz",
          "Zbc",
          "Zbkb",
          "Zbkc",
          "Zbkx",
          "Zknd",
          "Zkne",
          "Zknh",
          "Zksed",
          "Zksh",
          "Zkt",
          "Zvbb",
          "Zvbc",
          "Zvkb",
          "Zvkg",
          "Zvkned",
          "Zvknha",
          "Zvknhb",
          "Zvksed",
          "Zvksh",
          "Zvkt",
          "Zfh",
          "Zfhmin",
          "Zihintntl",
          "Zvfh",
          "Zvfhmin",
          "Zfa",
          "Ztso",
          "Zacas",
          "Zicond",
          "Zihintpause",
          "Zve32x",
          "Zve32f",
          "Zve64x",
          "Zve64f",
          "Zve64d",
          "Zimop",
          "Zca",
          "Zcb",
          "Zcd",
          "Zcf",
          "Zcmop",
          "Zawrs");

  private Capabilities() {}

  /// {@return `AT_HWCAP`: a bit for each extension of one letter, counted from A}
  public static long letters(Isa isa) {
    long bits = 0;
    for (char c : "IMAFDCV".toCharArray()) {
      bits |= isa.has(String.valueOf(c)) ? 1L << c - 'A' : 0;
    }
    return bits;
  }

  /// {@return whether `riscv_hwprobe` knows the key}
  static boolean isKey(long key) {
    return key >= 0 && key < KEYS;
  }

  /// {@return what `riscv_hwprobe` says of a key}
  static long probe(Isa isa, long key) {
    return switch ((int) key) {
      case 3 -> isa.has("I") && isa.has("M") && isa.has("A") ? BASE_IMA : 0;
      case 4 -> extensions(isa);
      case 5 -> 3; // misaligned accesses are as fast as others
      case 6 -> isa.machine().parameters().getOrDefault("CBOZ", 0L);
      case 7 -> (1L << 47) - 1;
      default -> 0;
    };
  }

  private static long extensions(Isa isa) {
    long bits = 0;
    for (int i = 0; i < BITS.size(); i++) {
      bits |= isa.has(BITS.get(i)) ? 1L << i : 0;
    }
    return bits;
  }
}
