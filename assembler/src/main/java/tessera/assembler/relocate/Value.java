package tessera.assembler.relocate;

import org.jspecify.annotations.Nullable;

/// What an expression is worth: a number, or what a relocation can say.
public sealed interface Value {

  /// A symbol, minus a symbol, plus a number; without symbols it is just the number.
  record Sum(@Nullable AsmSymbol plus, @Nullable AsmSymbol minus, long addend) implements Value {
    static Sum of(long number) {
      return new Sum(null, null, number);
    }

    /// {@return whether it is a number}
    public boolean isNumber() {
      return plus == null && minus == null;
    }

    Sum negate() {
      return new Sum(/* plus= */ minus, /* minus= */ plus, -addend);
    }
  }

  /// Nothing that can be said.
  ///
  /// @param reason for a person: what is wrong
  record Bad(String reason) implements Value {}
}
