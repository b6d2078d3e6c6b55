package tessera.isaspec;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;

/// A `regs` or `reg` of the text: one string of bits, register r begins at bit `r * width`.
///
/// A class and not a record, since two files are the same only if they are one.
public final class RegisterFile {
  private final String name;
  private final int ordinal;
  private final int count;
  private final int width;
  private final @Nullable Integer zero;
  private final BigInteger reset;
  private final List<List<String>> names;
  private final Span span;
  private List<Dirty> dirty = List.of();

  /// An assignment that happens with any write.
  ///
  /// @param register the local that holds the written register's number
  public record Dirty(Local register, LValue target, Expr value) {}

  /// @param ordinal its place in [Isa#registerFiles()]
  /// @param zero the register that reads 0 and swallows writes
  /// @param names for each register the accepted names, the printed one first
  public RegisterFile(
      String name,
      int ordinal,
      int count,
      int width,
      @Nullable Integer zero,
      BigInteger reset,
      List<List<String>> names,
      Span span) {
    this.name = name;
    this.ordinal = ordinal;
    this.count = count;
    this.width = width;
    this.zero = zero;
    this.reset = reset;
    this.names = List.copyOf(names);
    this.span = span;
  }

  public String name() {
    return name;
  }

  public int ordinal() {
    return ordinal;
  }

  /// {@return the number of registers}
  public int count() {
    return count;
  }

  /// {@return bits of one register}
  public int width() {
    return width;
  }

  /// {@return the register that reads 0 and swallows writes, or null}
  public @Nullable Integer zero() {
    return zero;
  }

  /// {@return what each register holds after reset}
  public BigInteger reset() {
    return reset;
  }

  /// {@return what a listing prints for register `index`}
  public String registerName(int index) {
    return index < names.size() ? names.get(index).getFirst() : count == 1 ? name : name + index;
  }

  /// {@return the register that `text` names, or -1}
  public int registerNumber(String text) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).contains(text)) {
        return i;
      }
    }
    if (text.startsWith(name) && text.length() > name.length()) {
      String digits = text.substring(name.length());
      if (digits.length() <= 4
          && digits.chars().allMatch(c -> c >= '0' && c <= '9')
          && (digits.length() == 1 || digits.charAt(0) != '0')) {
        int index = Integer.parseInt(digits);
        return index < count ? index : -1;
      }
    }
    return -1;
  }

  /// {@return the assignments that happen with any write}
  public List<Dirty> dirty() {
    return dirty;
  }

  /// Sets the assignments that happen with any write; once, while the model is built.
  public void dirty(List<Dirty> assignments) {
    dirty = List.copyOf(assignments);
  }

  public Span span() {
    return span;
  }

  @Override
  public String toString() {
    return name;
  }
}
