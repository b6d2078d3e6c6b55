package tessera.compiler.graph;

/// A function of one element. Of floats, `exp` to `erf` are the exact value rounded once; generated
/// code may differ from that by 4 units in the last place. Of integers, `neg`, `abs` and `sign`
/// wrap.
public enum UnaryFn {
  NEG,
  ABS,
  SIGN,
  SQRT,
  /// 1 divided by the element.
  RECIP,
  FLOOR,
  CEIL,
  /// To the nearest integer, ties to even.
  ROUND,
  EXP,
  LOG,
  TANH,
  /// 1 / (1 + exp(−x)).
  SIGMOID,
  ERF,
  SIN,
  COS,
  /// The complement of a `bool` or of all bits of an integer.
  NOT;

  /// Whether the function is defined for elements of this type.
  public boolean takes(DType dtype) {
    return switch (this) {
      case NEG, ABS, SIGN -> dtype.isFloat() || dtype.isInteger();
      case SQRT, RECIP, FLOOR, CEIL, ROUND, EXP, LOG, TANH, SIGMOID, ERF, SIN, COS ->
          dtype.isFloat();
      case NOT -> !dtype.isFloat();
    };
  }
}
