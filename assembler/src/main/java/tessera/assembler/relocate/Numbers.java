package tessera.assembler.relocate;

import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;

/// Numbers in data: what fits, and how a linker is told of those that depend on addresses.
public final class Numbers {
  private Numbers() {}

  /// {@return whether the number fits, as signed or as unsigned}
  public static boolean fits(long value, int size) {
    int bits = 8 * size;
    return bits >= 64 || value >= -(1L << (bits - 1)) && value < 1L << bits;
  }

  /// Warns, as GNU as does, of a number that loses bits.
  public static void warnTruncated(
      long value, int size, @Nullable Span span, Diagnostics diagnostics) {
    if (!fits(value, size)) {
      long kept = value & (1L << 8 * size) - 1;
      diagnostics.add(
          Diagnostic.warning(
              "value-truncated",
              span,
              String.format("0x%x does not fit %d bytes; 0x%x is kept", value, size, kept)));
    }
  }

  static @Nullable RelocationType address(int size) {
    return switch (size) {
      case 4 -> RelocationType.R32;
      case 8 -> RelocationType.R64;
      default -> null;
    };
  }

  static RelocationType add(int size) {
    return switch (size) {
      case 1 -> RelocationType.ADD8;
      case 2 -> RelocationType.ADD16;
      case 4 -> RelocationType.ADD32;
      case 8 -> RelocationType.ADD64;
      default -> throw new IllegalArgumentException("a number of " + size + " bytes");
    };
  }

  static RelocationType subtract(int size) {
    return switch (size) {
      case 1 -> RelocationType.SUB8;
      case 2 -> RelocationType.SUB16;
      case 4 -> RelocationType.SUB32;
      case 8 -> RelocationType.SUB64;
      default -> throw new IllegalArgumentException("a number of " + size + " bytes");
    };
  }
}
