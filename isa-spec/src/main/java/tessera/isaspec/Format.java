package tessera.isaspec;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.FieldLayout;

/// A layout of fields.
///
/// @param length bits of a word
/// @param ignored bits that match anything and are encoded 0
public record Format(String name, int length, List<FieldLayout> fields, long ignored, Span span) {

  public Format {
    fields = List.copyOf(fields);
  }

  /// {@return the field of that name, or null}
  public @Nullable FieldLayout field(String field) {
    for (FieldLayout f : fields) {
      if (f.name().equals(field)) {
        return f;
      }
    }
    return null;
  }
}
