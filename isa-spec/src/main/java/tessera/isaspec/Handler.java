package tessera.isaspec;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;

/// What the text does around instructions: `on trap`, `on interrupt`, and a memory's `on access`
/// and `on fetch`.
///
/// @param event `trap`, `interrupt`, `access` or `fetch`
/// @param parameters what the body is told; an access kind is an `Int` numbered as
///   [tessera.isaspec.semantics.AccessKind]
/// @param condition when it happens; null: always
public record Handler(
    String event, List<Local> parameters, @Nullable Expr condition, Stmt body, Span span) {}
