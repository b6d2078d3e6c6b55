package tessera.compiler.graph;

/// How the elements along some axes become one: in row-major order, each rounded to the
/// accumulator's type, which is `f32` for `f16` and `bf16` and the element's own otherwise.
public enum ReduceFn {
  /// Starts from +0; integers wrap.
  SUM,
  /// Starts from 1; integers wrap.
  PROD,
  /// [BinaryFn#MAX]; starts from the least value of the type.
  MAX,
  /// [BinaryFn#MIN]; starts from the greatest value of the type.
  MIN
}
