package tessera.isaspec;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;

/// A run-time value that types may use.
///
/// @param value its expression over CSRs, an `Int`: the mode's value times `scale`
/// @param values the values it may have, times `scale`
/// @param scale 1 for whole numbers; the common denominator where a mode is a fraction (LMUL)
/// @param valid where it has one at all; null: always
public record Mode(
    String name, Expr value, List<Long> values, int scale, @Nullable Expr valid, Span span) {}
