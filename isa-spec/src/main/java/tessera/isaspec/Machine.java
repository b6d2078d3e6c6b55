package tessera.isaspec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// A `machine` block: an ISA with sizes and costs.
///
/// @param isa the ISA string it is for
/// @param parameters every parameter's value, overrides included
/// @param overridden the parameters that the caller set
/// @param units its parts
/// @param costs overrides by `class NAME` or mnemonic: key to value
public record Machine(
    String name,
    String isa,
    Map<String, Long> parameters,
    List<String> overridden,
    List<Unit> units,
    Map<String, Map<String, Long>> costs,
    Span span) {

  /// A part of a kind that the timing model knows.
  ///
  /// @param keys numbers by key
  /// @param words words by key (`stationary = output`, `next = L2`)
  public record Unit(
      String name, UnitKind kind, Map<String, Long> keys, Map<String, String> words) {

    /// {@return the number under `key`, or `otherwise`}
    public long get(String key, long otherwise) {
      return keys.getOrDefault(key, otherwise);
    }
  }

  /// {@return the unit of that name, or null}
  public @Nullable Unit unit(String unit) {
    for (Unit u : units) {
      if (u.name().equals(unit)) {
        return u;
      }
    }
    return null;
  }
}
