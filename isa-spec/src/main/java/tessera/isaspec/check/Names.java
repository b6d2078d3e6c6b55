package tessera.isaspec.check;

import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Type;

/// Names that are not lexical: the fields, lets and views of the instruction at hand.
interface Names {
  Names NONE = _ -> null;

  /// {@return what the name is worth, or null}
  @Nullable Value get(String name);

  /// {@return the values that conditions of decoding leave a field, or null}
  default Type.@Nullable Int range(String field) {
    return null;
  }
}
