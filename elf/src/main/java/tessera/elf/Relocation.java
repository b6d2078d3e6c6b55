package tessera.elf;

import java.util.Objects;

/// A place in a section that a linker fills in.
///
/// @param offset from the start of the section, whatever the type of the file
/// @param type how it is computed
/// @param symbol an index into [Elf#symbols], or [#NO_SYMBOL]
/// @param addend added to the symbol's value
public record Relocation(long offset, RelocationType type, int symbol, long addend) {
  /// The `symbol` of a relocation that needs none, such as [RelocationType#RELAX].
  public static final int NO_SYMBOL = -1;

  public Relocation {
    Objects.requireNonNull(type);
    if (symbol < NO_SYMBOL) {
      throw new IllegalArgumentException("symbol " + symbol);
    }
  }

  /// A relocation that needs no symbol.
  public static Relocation of(long offset, RelocationType type) {
    return new Relocation(offset, type, NO_SYMBOL, 0);
  }
}
