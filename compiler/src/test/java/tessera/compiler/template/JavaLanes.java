package tessera.compiler.template;

/// The steps computed at once: what the instructions of [CodeLanes] compute, which a test with the
/// emulator confirms.
final class JavaLanes implements Lanes<Float, Integer> {
  @Override
  public Float constant(float value) {
    return value;
  }

  @Override
  public Float add(Float a, Float b) {
    return a + b;
  }

  @Override
  public Float sub(Float a, Float b) {
    return a - b;
  }

  @Override
  public Float mul(Float a, Float b) {
    return a * b;
  }

  @Override
  public Float div(Float a, Float b) {
    return a / b;
  }

  @Override
  public Float sqrt(Float a) {
    return (float) Math.sqrt(a);
  }

  @Override
  public Float fma(Float a, Float b, Float c) {
    return Math.fma(a, b, c);
  }

  @Override
  public Float neg(Float a) {
    return -a;
  }

  @Override
  public Float abs(Float a) {
    return Math.abs(a);
  }

  @Override
  public Float copySign(Float a, Float b) {
    int sign = Float.floatToRawIntBits(b) & Integer.MIN_VALUE;
    return Float.intBitsToFloat(Float.floatToRawIntBits(Math.abs(a)) | sign);
  }

  @Override
  public Float min(Float a, Float b) {
    return a.isNaN() ? b : b.isNaN() ? a : (Float) Math.min(a, b);
  }

  @Override
  public Float max(Float a, Float b) {
    return a.isNaN() ? b : b.isNaN() ? a : (Float) Math.max(a, b);
  }

  @Override
  public Integer round(Float a) {
    return a.isNaN() ? Integer.MAX_VALUE : (int) Math.rint(a);
  }

  @Override
  public Float real(Integer a) {
    return (float) (int) a;
  }

  @Override
  public Integer bits(Float a) {
    return Float.floatToRawIntBits(a);
  }

  @Override
  public Float ofBits(Integer a) {
    return Float.intBitsToFloat(a);
  }

  @Override
  public Integer constant(int value) {
    return value;
  }

  @Override
  public Integer plus(Integer a, Integer b) {
    return a + b;
  }

  @Override
  public Integer minus(Integer a, Integer b) {
    return a - b;
  }

  @Override
  public Integer and(Integer a, Integer b) {
    return a & b;
  }

  @Override
  public Integer or(Integer a, Integer b) {
    return a | b;
  }

  @Override
  public Integer shiftLeft(Integer a, int by) {
    return a << by;
  }

  @Override
  public Integer shiftRight(Integer a, int by) {
    return a >> by;
  }

  @Override
  public Integer less(Float a, Float b) {
    return a.floatValue() < b.floatValue() ? 1 : 0;
  }

  @Override
  public Integer lessOrEqual(Float a, Float b) {
    return a.floatValue() <= b.floatValue() ? 1 : 0;
  }

  @Override
  public Integer equal(Float a, Float b) {
    return a.floatValue() == b.floatValue() ? 1 : 0;
  }

  @Override
  public Float select(Integer condition, Float a, Float b) {
    return condition != 0 ? a : b;
  }

  @Override
  public Integer choose(Integer condition, Integer a, Integer b) {
    return condition != 0 ? a : b;
  }
}
