package tessera.isaspec;

import java.util.List;
import tessera.isaspec.diagnostic.Span;

/// A named part of an ISA.
///
/// @param name as in the text (`I`, `Zicsr`, `Xta`)
/// @param requires what it brings with it
public record Extension(String name, List<String> requires, String doc, Span span) {}
