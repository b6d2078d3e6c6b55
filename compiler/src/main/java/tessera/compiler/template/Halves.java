package tessera.compiler.template;

/// The 16-bit floats by means of `f32`: a register holds the value, exactly; memory holds its 16
/// bits.
final class Halves {
  /// The least normal `f16`.
  private static final float LEAST_F16 = 0x1p-14f;

  /// The first number that no `f16` reaches.
  private static final float BEYOND_F16 = 65536f;

  private static final int F16_INFINITY = 0x7c00;
  private static final int F16_NAN = 0x7e00;

  /// Moves the exponent of an `f16` to that of an `f32`, or back.
  private static final int EXPONENTS = 112;

  private Halves() {}

  /// The value of a `bf16`, whose bits are the upper half of its `f32`.
  static <F, I> F ofBf16(Lanes<F, I> on, I bits) {
    return on.ofBits(on.shiftLeft(bits, 16));
  }

  /// The bits, in the lower half, of a value that is a `bf16`.
  static <F, I> I bitsOfBf16(Lanes<F, I> on, F x) {
    return on.shiftRight(on.bits(x), 16);
  }

  /// The nearest `bf16`, ties to even.
  static <F, I> F roundToBf16(Lanes<F, I> on, F x) {
    return keepNan(on, x, cut(on, x, 16));
  }

  /// Rounds off the last `places` bits, ties to even; a carry goes into the exponent, where it
  /// belongs.
  private static <F, I> F cut(Lanes<F, I> on, F x, int places) {
    I bits = on.bits(x);
    I odd = on.and(on.shiftRight(bits, places), on.constant(1));
    I half = on.plus(odd, on.constant((1 << places - 1) - 1));
    return on.ofBits(on.and(on.plus(bits, half), on.constant(-1 << places)));
  }

  private static <F, I> F keepNan(Lanes<F, I> on, F x, F value) {
    return on.select(on.equal(x, x), value, x);
  }

  /// The value of an `f16` in the lower half: its exponent and fraction read as those of an `f32`
  /// are too small by a power of 2, which also makes normal numbers of those below the normal ones.
  static <F, I> F ofF16(Lanes<F, I> on, I bits) {
    I moved = on.shiftLeft(on.and(bits, on.constant(0x7fff)), 13);
    F finite = on.mul(on.ofBits(moved), on.constant(0x1p112f));
    F other =
        on.ofBits(on.or(moved, on.constant(Float.floatToRawIntBits(Float.POSITIVE_INFINITY))));
    F magnitude = on.select(on.less(finite, on.constant(BEYOND_F16)), finite, other);
    return on.copySign(magnitude, on.ofBits(on.shiftLeft(bits, 16)));
  }

  /// The bits, in the lower half, of a value that is an `f16`.
  static <F, I> I bitsOfF16(Lanes<F, I> on, F x) {
    F magnitude = on.abs(x);
    I normal = on.minus(on.shiftRight(on.bits(magnitude), 13), on.constant(EXPONENTS << 10));
    I small = on.round(on.mul(magnitude, on.constant(0x1p24f)));
    I finite = on.choose(on.less(magnitude, on.constant(LEAST_F16)), small, normal);
    I other = on.choose(on.equal(x, x), on.constant(F16_INFINITY), on.constant(F16_NAN));
    I bits = on.choose(on.less(magnitude, on.constant(BEYOND_F16)), finite, other);
    return on.or(bits, on.and(on.shiftRight(on.bits(x), 16), on.constant(0x8000)));
  }

  /// The nearest `f16`, ties to even. Below the normal ones they are the multiples of 2^−24, to
  /// which adding ½ rounds.
  static <F, I> F roundToF16(Lanes<F, I> on, F x) {
    F magnitude = on.abs(x);
    F half = on.constant(0.5f);
    F small = on.sub(on.add(magnitude, half), half);
    F rounded =
        on.select(on.less(magnitude, on.constant(LEAST_F16)), small, cut(on, magnitude, 13));
    F infinity = on.constant(Float.POSITIVE_INFINITY);
    F bounded = on.select(on.less(rounded, on.constant(BEYOND_F16)), rounded, infinity);
    return keepNan(on, x, on.copySign(bounded, x));
  }
}
