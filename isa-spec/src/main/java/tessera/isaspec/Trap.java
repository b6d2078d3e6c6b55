package tessera.isaspec;

import java.util.List;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;

/// A declared trap.
///
/// @param parameters what `raise` gives; an access kind is an `Int` numbered as
///   [tessera.isaspec.semantics.AccessKind]
/// @param cause what mcause shows
/// @param value what mtval shows
public record Trap(String name, List<Local> parameters, Expr cause, Expr value, Span span) {}
