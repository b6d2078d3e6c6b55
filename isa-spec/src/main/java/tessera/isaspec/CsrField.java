package tessera.isaspec;

import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;

/// One field of a CSR: bits `hi` to `lo`, and the rule by which it reads and changes.
public record CsrField(String name, int hi, int lo, Rule rule) {

  /// {@return the number of bits}
  public int width() {
    return hi - lo + 1;
  }

  /// How a field reads and changes.
  public sealed interface Rule {
    /// Stored as written, or as `warl` makes it from the old and the new value.
    ///
    /// @param warl null: any value is taken
    record Stored(Local old, Local fresh, @Nullable Expr warl) implements Rule {}

    /// Read-only: computed at each read.
    record Computed(Expr value) implements Rule {}

    /// Stored, but not writable by instructions.
    record Fixed() implements Rule {}

    /// A line of the platform.
    record Line(String input) implements Rule {}

    /// Stored, and grows with an event.
    ///
    /// @param event `cycles`, `retired`, or `event`, whose code is `code`
    /// @param runs null: always; else it grows only while this holds
    record Counts(String event, @Nullable Expr code, @Nullable Expr runs) implements Rule {}
  }
}
