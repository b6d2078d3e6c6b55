package tessera.compiler.template;

/// The steps that a float function may take, each an instruction or few. There is no branch: both
/// sides of a choice are computed.
///
/// @param <F> an `f32`
/// @param <I> a 32-bit integer; a condition is 1 or 0
interface Lanes<F, I> {
  F constant(float value);

  F add(F a, F b);

  F sub(F a, F b);

  F mul(F a, F b);

  F div(F a, F b);

  F sqrt(F a);

  /// `a · b + c`, rounded once.
  F fma(F a, F b, F c);

  F neg(F a);

  F abs(F a);

  /// The magnitude of `a` with the sign of `b`.
  F copySign(F a, F b);

  /// IEEE 754-2019 `minimumNumber`: of a NaN and a number, the number.
  F min(F a, F b);

  F max(F a, F b);

  /// The nearest integer, ties to even, of a value that fits.
  I round(F a);

  F real(I a);

  I bits(F a);

  F ofBits(I a);

  I constant(int value);

  I plus(I a, I b);

  I minus(I a, I b);

  I and(I a, I b);

  I or(I a, I b);

  I shiftLeft(I a, int by);

  /// Keeps the sign.
  I shiftRight(I a, int by);

  I less(F a, F b);

  I lessOrEqual(F a, F b);

  I equal(F a, F b);

  /// `a` if the condition is not 0, else `b`.
  F select(I condition, F a, F b);

  /// `a` if the condition is not 0, else `b`.
  I choose(I condition, I a, I b);
}
