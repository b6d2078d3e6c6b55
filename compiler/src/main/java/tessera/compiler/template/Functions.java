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

  /// ln((1 + s) / (1 − s)) = 2 · (s + s³/3 + s⁵ · q(s²)) for |s| ≤ (√2 − 1) / (√2 + 1).
  private static final float[] LOG_RATIO = {0.20000076f, 0.14273559f, 0.117094845f};

  /// 1/3 in two parts.
  private static final float THIRD = 0.33333334f;

  private static final float THIRD_REST = -9.934108e-9f;

  /// 2 / ln 2 in two parts.
  private static final float TWO_LOG2_E = 2.88539f;

  private static final float TWO_LOG2_E_REST = 3.851926e-8f;

  private static final float LN2 = 0.6931472f;

  /// Beyond this exponent of 2 every result is 0 or infinite.
  private static final float LARGEST_EXPONENT = 200f;

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

  /// A positive number as `mantissa · 2^exponent` with a mantissa from √½ to √2. Numbers below the
  /// normal ones are scaled first.
  private record Split<F>(F mantissa, F exponent) {}

  private static <F, I> Split<F> split(Lanes<F, I> on, F x) {
    I subnormal = on.less(x, on.constant(0x1p-126f));
    F normal = on.select(subnormal, on.mul(x, on.constant(0x1p23f)), x);
    // The bits above those of √½ count the halvings and doublings.
    I above = on.minus(on.bits(normal), on.constant(Float.floatToRawIntBits(0.70710677f)));
    I exponent = on.shiftRight(above, 23);
    F mantissa = on.ofBits(on.minus(on.bits(normal), on.shiftLeft(exponent, 23)));
    F scaling = on.mul(on.real(subnormal), on.constant(23f));
    return new Split<>(mantissa, on.sub(on.real(exponent), scaling));
  }

  /// The exponent times ln 2 and a polynomial of the mantissa.
  static <F, I> F log(Lanes<F, I> on, F x) {
    Split<F> split = split(on, x);
    F count = split.exponent;
    F s = on.sub(split.mantissa, on.constant(1f));
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

  /// A number in two parts, the second at most half a unit in the last place of the first.
  private record Pair<F>(F high, F low) {}

  /// log₂ of a positive number, to about 2^−40 of itself: an exponent times a number of up to 150
  /// must be good to a few units in the last place. With s = (m − 1) / (m + 1), it is the series of
  /// ln((1 + s) / (1 − s)) for the mantissa m, and the exponent. What a step rounds off is computed
  /// beside it.
  private static <F, I> Pair<F> log2(Lanes<F, I> on, F x) {
    Split<F> split = split(on, x);
    F one = on.constant(1f);
    F over = on.sub(split.mantissa, one);
    F under = on.add(split.mantissa, one);
    F underRest = on.sub(split.mantissa, on.sub(under, one));
    F s = on.div(over, under);
    // What the quotient leaves of the dividend, and what the rounded divisor hides.
    F left = on.fma(on.neg(s), under, over);
    F sRest = on.div(on.fma(on.neg(s), underRest, left), under);
    Pair<F> third = third(on, s, sRest);
    F square = on.mul(s, s);
    F tail = on.mul(on.mul(on.mul(square, square), s), polynomial(on, LOG_RATIO, square));
    F sum = on.add(s, third.high);
    F lost = on.sub(third.high, on.sub(sum, s));
    F low = on.add(on.add(on.add(third.low, tail), sRest), lost);
    F factor = on.constant(TWO_LOG2_E);
    F high = on.mul(sum, factor);
    low = on.fma(low, factor, on.fma(sum, factor, on.neg(high)));
    low = on.fma(sum, on.constant(TWO_LOG2_E_REST), low);
    return plus(on, split.exponent, new Pair<>(high, low));
  }

  /// s³/3 for an s in two parts.
  private static <F, I> Pair<F> third(Lanes<F, I> on, F s, F sRest) {
    F square = on.mul(s, s);
    F squareRest = on.fma(on.add(s, s), sRest, on.fma(s, s, on.neg(square)));
    F cube = on.mul(square, s);
    F cubeRest = on.fma(square, s, on.neg(cube));
    cubeRest = on.fma(square, sRest, on.fma(squareRest, s, cubeRest));
    F factor = on.constant(THIRD);
    F high = on.mul(cube, factor);
    F low = on.fma(cubeRest, factor, on.fma(cube, factor, on.neg(high)));
    return new Pair<>(high, on.fma(cube, on.constant(THIRD_REST), low));
  }

  /// A whole number, 0 or larger than what is added to it, and a pair.
  private static <F, I> Pair<F> plus(Lanes<F, I> on, F whole, Pair<F> pair) {
    F sum = on.add(whole, pair.high);
    F low = on.add(on.sub(pair.high, on.sub(sum, whole)), pair.low);
    F result = on.add(sum, low);
    return new Pair<>(result, on.sub(low, on.sub(result, sum)));
  }

  /// 2^(y · log₂|x|), with the sign and the special cases of IEEE 754-2019 `pow`.
  static <F, I> F pow(Lanes<F, I> on, F x, F y) {
    F zero = on.constant(0f);
    F one = on.constant(1f);
    F infinity = on.constant(Float.POSITIVE_INFINITY);
    F magnitude = on.abs(x);
    Pair<F> log = log2(on, magnitude);
    F high = on.select(on.equal(magnitude, zero), on.neg(infinity), log.high);
    high = on.select(on.equal(magnitude, infinity), infinity, high);
    F product = on.mul(y, high);
    F rest = on.fma(y, log.low, on.fma(y, high, on.neg(product)));
    I within = on.less(on.abs(product), on.constant(LARGEST_EXPONENT));
    rest = on.select(within, rest, zero);
    F bound = on.constant(LARGEST_EXPONENT);
    F bounded = on.min(on.max(product, on.neg(bound)), bound);
    I exponent = on.round(bounded);
    F r = on.mul(on.add(on.sub(bounded, on.real(exponent)), rest), on.constant(LN2));
    F power = on.add(on.add(on.mul(polynomial(on, EXP, r), on.mul(r, r)), r), one);
    F result = on.select(on.equal(magnitude, one), one, scaled(on, power, exponent));
    return withSpecialCases(on, x, y, withSign(on, x, y, result));
  }

  /// The sign of a power of a negative number, or that there is none.
  private static <F, I> F withSign(Lanes<F, I> on, F x, F y, F result) {
    // From 2^24 on all floats are even integers.
    F large = on.constant(0x1p24f);
    F bounded = on.min(on.max(y, on.neg(large)), large);
    I nearest = on.round(bounded);
    I odd = on.and(nearest, on.constant(1));
    I whole = on.or(on.equal(on.real(nearest), y), on.lessOrEqual(large, on.abs(y)));
    odd = on.and(odd, on.equal(on.real(nearest), y));
    F signed = on.select(odd, on.copySign(result, x), result);
    F negativeInfinity = on.constant(Float.NEGATIVE_INFINITY);
    I finiteNegative = on.and(on.less(x, on.constant(0f)), on.less(negativeInfinity, x));
    F root = on.select(whole, signed, on.constant(Float.NaN));
    return on.select(finiteNegative, root, signed);
  }

  /// Anything to the power 0 is 1, and 1 to any power, a NaN included.
  private static <F, I> F withSpecialCases(Lanes<F, I> on, F x, F y, F result) {
    F one = on.constant(1f);
    F number = keepNan(on, y, keepNan(on, x, result));
    return on.select(on.or(on.equal(y, on.constant(0f)), on.equal(x, one)), one, number);
  }
}
