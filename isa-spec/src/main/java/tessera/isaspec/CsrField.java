package tessera.isaspec;

import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;

/// One field of a CSR: bits `hi` to `lo`, and the rule by which it reads and changes.
///
/// A class and not a record: rules refer to fields, so a field's rule is given after construction.
public final class CsrField {
  private final String name;
  private final int hi;
  private final int lo;
  private Rule rule = new Rule.Fixed();

  public CsrField(String name, int hi, int lo) {
    this.name = name;
    this.hi = hi;
    this.lo = lo;
  }

  public String name() {
    return name;
  }

  public int hi() {
    return hi;
  }

  public int lo() {
    return lo;
  }

  /// {@return how it reads and changes}
  public Rule rule() {
    return rule;
  }

  /// Gives its rule; once, while the model is built.
  public void rule(Rule given) {
    rule = given;
  }

  /// {@return the number of bits}
  public int width() {
    return hi - lo + 1;
  }

  /// {@return the field's bits in place}
  public long mask() {
    return width() == 64 ? -1L : (1L << width()) - 1 << lo;
  }

  /// {@return the field's value in a CSR's bits}
  public long extract(long bits) {
    return (bits & mask()) >>> lo;
  }

  /// {@return a CSR's bits with this field set to the low bits of `value`}
  public long insert(long bits, long value) {
    return bits & ~mask() | value << lo & mask();
  }

  @Override
  public String toString() {
    return name;
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
