package tessera.compiler.template;

/// Functions of an `f32` that no instruction computes, each within 4 units in the last place of the
/// exact value (the tests measure it), for every argument.
///
/// The polynomials were fitted for this: least largest error relative to the function, by Remez'
/// exchange, their coefficients rounded to `f32`.
final class Functions {
  private static final float LOG2_E = 1.442695f;

  /// ln 2 in two parts: the first has few bits, so that a multiple of it by a small integer is
  /// exact.
  private static final float LN2_HIGH = 0.6933594f;

  private static final float LN2_LOW = -2.1219444e-4f;

  /// e^r = 1 + r + r² · q(r) for |r| ≤ ln 2 / 2; relative error 2^−28.
  private static final float[] EXP = {
    0.49999994f, 0.16666521f, 0.04166839f, 0.008368735f, 0.0013814562f
  };

  /// The same with error 2^−31 relative to e^r − 1.
  private static final float[] EXPM1 = {
    0.5f, 0.16666667f, 0.041666355f, 0.008333273f, 0.0013941036f, 1.991421e-4f
  };

  /// ln(1 + s) = s − s²/2 + s³ · q(s) for √½ ≤ 1 + s ≤ √2; relative error 2^−30.
  private static final float[] LOG = {
    0.33333313f,
    -0.2500001f,
    0.20002124f,
    -0.16668005f,
    0.14219452f,
    -0.1240534f,
    0.11888696f,
    -0.11677516f,
    0.06747732f
  };

  /// erf x = x + x · q(x²) for |x| ≤ 0.9; relative error 2^−31.
  private static final float[] ERF_SMALL = {
    0.12837917f, -0.37612635f, 0.11283715f, -0.026860509f, 0.0052038594f, -8.17564e-4f, 8.513107e-5f
  };

  /// erf x = 1 − e^(−q(x)) for 0.9 ≤ x ≤ 4; relative error 2^−29.
  private static final float[] ERF_LARGE = {
    1.6644815e-4f, 1.1277972f, 0.63697606f, 0.10411368f, -0.022315212f, 0.00306549f, -1.9821961e-4f
  };

  private Functions() {}

  private static <F, I> F polynomial(Lanes<F, I> on, float[] coefficients, F x) {
    F sum = on.constant(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = on.fma(sum, x, on.constant(coefficients[i]));
    }
    return sum;
  }

  /// `value` where `x` is a number, else `x`.
  private static <F, I> F keepNan(Lanes<F, I> on, F x, F value) {
    return on.select(on.equal(x, x), value, x);
  }

  /// An argument as a multiple of ln 2 and a rest of at most half of it.
  private record Reduced<F, I>(I exponent, F rest) {}

  private static <F, I> Reduced<F, I> reduced(Lanes<F, I> on, F x) {
    I exponent = on.round(on.mul(x, on.constant(LOG2_E)));
    F count = on.real(exponent);
    F high = on.fma(count, on.constant(-LN2_HIGH), x);
    return new Reduced<>(exponent, on.fma(count, on.constant(-LN2_LOW), high));
  }

  /// 2 to an integer of −126 to 127.
  private static <F, I> F power(Lanes<F, I> on, I exponent) {
    return on.ofBits(on.shiftLeft(on.plus(exponent, on.constant(127)), 23));
  }

  /// `x · 2^exponent` for an exponent of −252 to 254: in two steps, of which only the last one
  /// rounds.
  private static <F, I> F scaled(Lanes<F, I> on, F x, I exponent) {
    I half = on.shiftRight(exponent, 1);
    F once = on.mul(x, power(on, half));
    return on.mul(once, power(on, on.minus(exponent, half)));
  }

  static <F, I> F exp(Lanes<F, I> on, F x) {
    // Beyond these the result is 0 or infinite whatever x is.
    F bounded = on.min(on.max(x, on.constant(-104f)), on.constant(89f));
    Reduced<F, I> reduced = reduced(on, bounded);
    F r = reduced.rest;
    F tail = on.mul(polynomial(on, EXP, r), on.mul(r, r));
    F power = on.add(on.add(tail, r), on.constant(1f));
    return keepNan(on, x, scaled(on, power, reduced.exponent));
  }

  /// ln of the magnitude: the exponent times ln 2 and a polynomial of the rest. Numbers below the
  /// normal ones are scaled first.
  static <F, I> F log(Lanes<F, I> on, F x) {
    I subnormal = on.less(x, on.constant(0x1p-126f));
    F normal = on.select(subnormal, on.mul(x, on.constant(0x1p23f)), x);
    // The bits above those of √½ count the halvings and doublings.
    I above = on.minus(on.bits(normal), on.constant(Float.floatToRawIntBits(0.70710677f)));
    I exponent = on.shiftRight(above, 23);
    F mantissa = on.ofBits(on.minus(on.bits(normal), on.shiftLeft(exponent, 23)));
    F count = on.sub(on.real(exponent), on.mul(on.real(subnormal), on.constant(23f)));
    F s = on.sub(mantissa, on.constant(1f));
    F square = on.mul(s, s);
    F tail = on.mul(on.mul(polynomial(on, LOG, s), s), square);
    F low = on.fma(count, on.constant(LN2_LOW), on.fma(square, on.constant(-0.5f), tail));
    F result = on.fma(count, on.constant(LN2_HIGH), on.add(s, low));
    F zero = on.constant(0f);
    F infinity = on.constant(Float.POSITIVE_INFINITY);
    result = on.select(on.less(x, zero), on.constant(Float.NaN), result);
    result = on.select(on.equal(x, zero), on.neg(infinity), result);
    result = on.select(on.equal(x, infinity), infinity, result);
    return keepNan(on, x, result);
  }

  /// e^−|x| is at most 1, so neither side of 0 cancels or overflows.
  static <F, I> F sigmoid(Lanes<F, I> on, F x) {
    F power = exp(on, on.neg(on.abs(x)));
    F above = on.select(on.less(x, on.constant(0f)), power, on.constant(1f));
    return keepNan(on, x, on.div(above, on.add(power, on.constant(1f))));
  }

  /// With m = e^(2|x|) − 1, which keeps its precision near 0: m / (m + 2).
  static <F, I> F tanh(Lanes<F, I> on, F x) {
    // Beyond 9.1 the result is 1.
    F bounded = on.min(on.abs(x), on.constant(9.1f));
    Reduced<F, I> reduced = reduced(on, on.add(bounded, bounded));
    F r = reduced.rest;
    F rest = on.fma(polynomial(on, EXPM1, r), on.mul(r, r), r);
    F scale = power(on, reduced.exponent);
    F m = on.fma(scale, rest, on.sub(scale, on.constant(1f)));
    F result = on.div(m, on.add(m, on.constant(2f)));
    return keepNan(on, x, on.copySign(result, x));
  }

  static <F, I> F erf(Lanes<F, I> on, F x) {
    F magnitude = on.abs(x);
    F small = on.min(magnitude, on.constant(0.9f));
    F near = on.fma(polynomial(on, ERF_SMALL, on.mul(small, small)), small, small);
    F large = on.min(magnitude, on.constant(4f));
    F far = on.sub(on.constant(1f), exp(on, on.neg(polynomial(on, ERF_LARGE, large))));
    F result = on.select(on.less(magnitude, on.constant(0.9f)), near, far);
    return keepNan(on, x, on.copySign(result, x));
  }
}
