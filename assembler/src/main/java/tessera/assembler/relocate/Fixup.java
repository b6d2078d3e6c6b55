package tessera.assembler.relocate;

import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.FieldLayout;

/// A place in a fragment whose bits depend on an expression.
///
/// @param offset from the fragment's start
/// @param kind what is filled in
/// @param target of what value
/// @param relax whether a linker may shorten the instructions here (`.option relax`)
/// @param span where the text says so
public record Fixup(int offset, Kind kind, Expression target, boolean relax, @Nullable Span span) {

  /// What is filled in.
  public sealed interface Kind {
    /// A number of 1, 2, 4 or 8 bytes.
    record Number(int bytes) implements Kind {}

    /// A distance from the place itself, in 4 bytes.
    record Relative() implements Kind {}

    /// Bits of an instruction.
    ///
    /// @param layout where they lie
    /// @param length of the word in bytes
    record Field(RelocationType type, FieldLayout layout, int length) implements Kind {}

    /// Nothing; only a linker is told something.
    record Mark(RelocationType type) implements Kind {}
  }
}
