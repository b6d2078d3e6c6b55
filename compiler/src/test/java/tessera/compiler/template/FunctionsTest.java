package tessera.compiler.template;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.UnaryFn;

/// Every function against the exact value, over all bit patterns in steps (`-Dfunctions.step=1`:
/// all).
class FunctionsTest {
  private static final JavaLanes ON = new JavaLanes();
  private static final int STEP = Integer.getInteger("functions.step", 10007);

  private static final float[] SPECIAL = {
    0,
    -0.0f,
    1,
    -1,
    2,
    -2,
    0.5f,
    -0.5f,
    3,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    0x1p24f,
    0x1p24f - 1,
    -0x1.000002p23f,
    0x1p31f,
    -0x1p33f
  };

  @Test
  void exp() {
    check("exp", x -> Functions.exp(ON, x), StrictMath::exp);
  }

  @Test
  void log() {
    check("log", x -> Functions.log(ON, x), StrictMath::log);
  }

  @Test
  void tanh() {
    check("tanh", x -> Functions.tanh(ON, x), StrictMath::tanh);
  }

  @Test
  void sigmoid() {
    check("sigmoid", x -> Functions.sigmoid(ON, x), x -> 1 / (1 + StrictMath.exp(-x)));
  }

  @Test
  void erf() {
    var op = new Op.Unary(UnaryFn.ERF);
    check(
        "erf",
        x -> Functions.erf(ON, x),
        x -> {
          Tensor scalar = Tensor.scalar(DType.F64, x);
          return GraphEvaluator.apply(op, scalar.type(), List.of(scalar)).real(0);
        });
  }

  /// Special values with each other, then powers with results of every size.
  @Test
  void pow() {
    var random = new Random(1);
    for (int i = 0; i < 400_000; i++) {
      float x = i < SPECIAL.length * SPECIAL.length ? SPECIAL[i / SPECIAL.length] : base(random);
      float y =
          i < SPECIAL.length * SPECIAL.length
              ? SPECIAL[i % SPECIAL.length]
              : exponent(random, x, i % 3);
      Tensor type = Tensor.scalar(DType.F64, 0);
      var op = new Op.Binary(BinaryFn.POW);
      double exact =
          GraphEvaluator.apply(
                  op,
                  type.type(),
                  List.of(Tensor.scalar(DType.F64, x), Tensor.scalar(DType.F64, y)))
              .real(0);
      double error = error(exact, Functions.pow(ON, x, y));
      assertTrue(error <= 4, x + "^" + y + " is " + error + " units in the last place off");
    }
  }

  private static float base(Random random) {
    float any = Float.intBitsToFloat(random.nextInt());
    return random.nextBoolean() ? any : Math.abs(any);
  }

  private static float exponent(Random random, float x, int kind) {
    return switch (kind) {
      case 0 -> (float) ((random.nextDouble() * 300 - 150) * Math.log(2) / Math.log(Math.abs(x)));
      case 1 -> random.nextInt(40) - 20;
      default -> (float) random.nextGaussian() * 4;
    };
  }

  private static void check(String name, UnaryOperator<Float> fast, DoubleUnaryOperator exact) {
    double worst = 0;
    float at = 0;
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      double expected = exact.applyAsDouble(x);
      double error = error(expected, fast.apply(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    assertTrue(worst <= 4, name + "(" + at + ") is " + worst + " units in the last place off");
  }

  /// In units in the last place of the exact value; a wrong kind of number is infinitely wrong.
  private static double error(double expected, float actual) {
    float nearest = (float) expected;
    if (Float.isNaN(nearest) || Float.isInfinite(nearest) || !Float.isFinite(actual)) {
      // The largest float and infinity are neighbours.
      boolean edge = Float.isInfinite(actual) && Math.abs(expected) >= Float.MAX_VALUE;
      return Float.compare(nearest, actual) == 0 || edge ? 0 : Double.POSITIVE_INFINITY;
    }
    boolean sign = Math.signum(nearest) * Math.signum(actual) < 0;
    return sign ? Double.POSITIVE_INFINITY : Math.abs(actual - expected) / Math.ulp(nearest);
  }
}
