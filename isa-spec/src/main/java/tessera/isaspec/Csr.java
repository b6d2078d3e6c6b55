package tessera.isaspec;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;

/// A control and status register. A view shows another one's bits under its own number.
///
/// A class and not a record: its parts refer to other CSRs, so they are given after construction.
public final class Csr {
  private final String name;
  private final int number;
  private final int ordinal;
  private final boolean readOnly;
  private final boolean shared;
  private final Span span;
  private List<CsrField> fields = List.of();
  private @Nullable Expr needs;
  private @Nullable Csr shown;
  private @Nullable CsrField shownField;
  private List<RegisterFile.Dirty> dirty = List.of();
  private @Nullable Handler written;
  private long reset;

  /// @param ordinal its place in [Isa#csrs()]
  public Csr(String name, int number, int ordinal, boolean readOnly, boolean shared, Span span) {
    this.name = name;
    this.number = number;
    this.ordinal = ordinal;
    this.readOnly = readOnly;
    this.shared = shared;
    this.span = span;
  }

  public String name() {
    return name;
  }

  /// {@return the 12-bit number}
  public int number() {
    return number;
  }

  public int ordinal() {
    return ordinal;
  }

  /// {@return whether its text says `ro`, or its number's bits 11:10 are 3}
  public boolean readOnly() {
    return readOnly || (number >> 10 & 3) == 3;
  }

  /// {@return the least privilege that reaches it: bits 9:8 of its number}
  public int privilege() {
    return number >> 8 & 3;
  }

  /// {@return whether it exists once for all harts}
  public boolean shared() {
    return shared;
  }

  /// {@return its fields, from the high end; empty for a view}
  public List<CsrField> fields() {
    return fields;
  }

  /// {@return the field of that name, or null}
  public @Nullable CsrField field(String field) {
    for (CsrField f : fields) {
      if (f.name().equals(field)) {
        return f;
      }
    }
    return null;
  }

  /// {@return when it exists for an access, beside privilege; null: always}
  public @Nullable Expr needs() {
    return needs;
  }

  /// {@return the CSR that this one shows, or null}
  public @Nullable Csr shown() {
    return shown;
  }

  /// {@return the field that this one shows; null: the whole}
  public @Nullable CsrField shownField() {
    return shownField;
  }

  /// {@return the assignments that happen with any write; their register is 0}
  public List<RegisterFile.Dirty> dirty() {
    return dirty;
  }

  /// {@return what else a write does, in the same step, or null}
  public @Nullable Handler written() {
    return written;
  }

  /// Says what else a write does; once, while the model is built.
  public void written(Handler handler) {
    written = handler;
  }

  /// {@return what its bits are after reset}
  public long reset() {
    return reset;
  }

  /// Sets what its bits are after reset; once, while the model is built.
  public void reset(long bits) {
    reset = bits;
  }

  public Span span() {
    return span;
  }

  /// Gives its parts; once, while the model is built.
  public void define(
      List<CsrField> parts, @Nullable Expr exists, List<RegisterFile.Dirty> assignments) {
    fields = List.copyOf(parts);
    needs = exists;
    dirty = List.copyOf(assignments);
  }

  /// Makes it a view; once, while the model is built.
  public void show(Csr csr, @Nullable CsrField field, @Nullable Expr exists) {
    shown = csr;
    shownField = field;
    needs = exists;
  }

  @Override
  public String toString() {
    return name;
  }
}
