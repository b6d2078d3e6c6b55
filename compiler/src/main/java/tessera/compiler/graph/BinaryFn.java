package tessera.compiler.graph;

/// A function of two elements of the same type. Integers wrap.
public enum BinaryFn {
  ADD,
  SUB,
  MUL,
  /// Of integers: the quotient rounded towards zero; all ones for a zero divisor, as the M
  /// extension's division gives (unpriv. spec, division by zero and overflow).
  DIV,
  /// The remainder of `DIV` with the dividend's sign; the dividend for a zero divisor.
  REM,
  POW,
  /// IEEE 754-2019 `maximum`: a NaN if either is one, and +0 is above −0.
  MAX,
  /// IEEE 754-2019 `minimum`.
  MIN,
  AND,
  OR,
  XOR,
  /// Equal; gives `bool`, as do the next two.
  EQ,
  LT,
  LE;

  /// Whether the result is a `bool` whatever the operands are.
  public boolean compares() {
    return this == EQ || this == LT || this == LE;
  }

  /// Whether the function is defined for elements of this type.
  public boolean takes(DType dtype) {
    return switch (this) {
      case ADD, SUB, MUL, DIV, REM, MAX, MIN, POW, LT, LE -> dtype != DType.BOOL;
      case AND, OR, XOR -> !dtype.isFloat();
      case EQ -> true;
    };
  }
}
