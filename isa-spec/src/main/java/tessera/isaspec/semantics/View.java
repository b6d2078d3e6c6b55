package tessera.isaspec.semantics;

import java.util.List;
import tessera.isaspec.RegisterFile;

/// Typed elements of a register file: where they lie, how many there are (language.md 6).
///
/// @param name as the instruction calls it
/// @param file the file; register r begins at bit `r * file.width()`
/// @param indices the locals that `at` mentions, one for each index
/// @param at the first bit of the element at `indices`
/// @param extents how many elements exist along each index
/// @param first the number of the first register
/// @param span the number of registers covered
/// @param element the type of an element; it occupies `storage` bits
/// @param storage bits between neighbours of one register
public record View(
    String name,
    RegisterFile file,
    List<Local> indices,
    Expr at,
    List<Expr> extents,
    Expr first,
    Expr span,
    Type element,
    int storage) {}
