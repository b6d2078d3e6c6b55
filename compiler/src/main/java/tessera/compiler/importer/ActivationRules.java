package tessera.compiler.importer;

import static tessera.compiler.importer.Operator.single;

import java.util.Collections;
import java.util.Map;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.UnaryFn;

/// The activation functions, each by the formula of its documentation in ONNX.
final class ActivationRules {
  /// The default constants of Selu.
  private static final float SELU_ALPHA = 1.6732632f;

  private static final float SELU_GAMMA = 1.0507010f;

  private ActivationRules() {}

  private static int relu(Site site, int x) {
    return site.with(BinaryFn.MAX, x, 0);
  }

  /// `scaled` where `x` is negative, else `x`.
  private static int below(Site site, int x, int scaled) {
    return site.select(site.binary(BinaryFn.LT, x, site.scalar(x, 0)), scaled, x);
  }

  private static int leakyRelu(Site site) {
    int x = site.input(0);
    return below(site, x, site.with(BinaryFn.MUL, x, site.real("alpha", 0.01f)));
  }

  private static int prelu(Site site) {
    int x = site.input(0);
    return below(site, x, site.binary(BinaryFn.MUL, x, slope(site, x)));
  }

  /// Before operator set 7 there is one slope for each channel, the second axis.
  private static int slope(Site site, int x) {
    int slope = site.input(1);
    int rank = site.shape(x).rank();
    boolean perChannel = site.opset() < 7 && site.shape(slope).rank() == 1 && rank > 2;
    return perChannel
        ? site.reshape(slope, site.shape(slope).then(new Shape(Collections.nCopies(rank - 2, 1))))
        : slope;
  }

  private static int expMinusOne(Site site, int x) {
    return site.with(BinaryFn.SUB, site.unary(UnaryFn.EXP, x), 1);
  }

  private static int elu(Site site) {
    int x = site.input(0);
    return below(site, x, site.with(BinaryFn.MUL, expMinusOne(site, x), site.real("alpha", 1)));
  }

  private static int selu(Site site) {
    int x = site.input(0);
    float alpha = site.real("alpha", SELU_ALPHA);
    int inner = below(site, x, site.with(BinaryFn.MUL, expMinusOne(site, x), alpha));
    return site.with(BinaryFn.MUL, inner, site.real("gamma", SELU_GAMMA));
  }

  private static int celu(Site site) {
    int x = site.input(0);
    float alpha = site.real("alpha", 1);
    int scaled = expMinusOne(site, site.with(BinaryFn.DIV, x, alpha));
    return below(site, x, site.with(BinaryFn.MUL, scaled, alpha));
  }

  private static int hardSigmoid(Site site, int x, double alpha, double beta) {
    int line = site.with(BinaryFn.ADD, site.with(BinaryFn.MUL, x, alpha), beta);
    return site.with(BinaryFn.MIN, relu(site, line), 1);
  }

  private static int hardSwish(Site site) {
    int x = site.input(0);
    return site.binary(BinaryFn.MUL, x, hardSigmoid(site, x, 1f / 6, 0.5));
  }

  /// log(1 + e^x), as max(x, 0) + log(1 + e^−|x|), which does not overflow.
  private static int softplus(Site site, int x) {
    int small = site.unary(UnaryFn.EXP, site.unary(UnaryFn.NEG, site.unary(UnaryFn.ABS, x)));
    int tail = site.unary(UnaryFn.LOG, site.with(BinaryFn.ADD, small, 1));
    return site.binary(BinaryFn.ADD, relu(site, x), tail);
  }

  private static int softsign(Site site) {
    int x = site.input(0);
    return site.binary(BinaryFn.DIV, x, site.with(BinaryFn.ADD, site.unary(UnaryFn.ABS, x), 1));
  }

  private static int thresholdedRelu(Site site) {
    int x = site.input(0);
    int alpha = site.scalar(x, site.real("alpha", 1));
    return site.select(site.binary(BinaryFn.LT, alpha, x), x, site.scalar(x, 0));
  }

  private static int gelu(Site site) {
    String approximate = site.text("approximate", "none");
    return site.widened(
        site.input(0),
        x ->
            switch (approximate) {
              case "none" -> geluOf(site, x, site.unary(UnaryFn.ERF, scaled(site, x)));
              case "tanh" -> geluOf(site, x, site.unary(UnaryFn.TANH, cubic(site, x)));
              default ->
                  throw Refusal.unsupported(
                      "attribute approximate=" + approximate + " (supported: none, tanh)");
            });
  }

  private static int geluOf(Site site, int x, int curve) {
    int half = site.with(BinaryFn.MUL, x, 0.5);
    return site.binary(BinaryFn.MUL, half, site.with(BinaryFn.ADD, curve, 1));
  }

  private static int scaled(Site site, int x) {
    return site.with(BinaryFn.MUL, x, Math.sqrt(0.5));
  }

  /// √(2/π) · (x + 0.044715 x³).
  private static int cubic(Site site, int x) {
    int square = site.binary(BinaryFn.MUL, x, x);
    int factor = site.with(BinaryFn.ADD, site.with(BinaryFn.MUL, square, 0.044715), 1);
    return site.binary(BinaryFn.MUL, site.with(BinaryFn.MUL, x, Math.sqrt(2 / Math.PI)), factor);
  }

  private static int mish(Site site) {
    int x = site.input(0);
    return site.binary(BinaryFn.MUL, x, site.unary(UnaryFn.TANH, softplus(site, x)));
  }

  private static int swish(Site site) {
    int x = site.input(0);
    int inner = site.with(BinaryFn.MUL, x, site.real("alpha", 1));
    return site.binary(BinaryFn.MUL, x, site.unary(UnaryFn.SIGMOID, inner));
  }

  private static int shrink(Site site) {
    int x = site.input(0);
    float lambda = site.real("lambd", 0.5f);
    float bias = site.real("bias", 0);
    int low = site.binary(BinaryFn.LT, x, site.scalar(x, -lambda));
    int high = site.binary(BinaryFn.LT, site.scalar(x, lambda), x);
    int upper = site.select(high, site.with(BinaryFn.SUB, x, bias), site.scalar(x, 0));
    return site.select(low, site.with(BinaryFn.ADD, x, bias), upper);
  }

  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          Map.entry("Relu", single(site -> relu(site, site.input(0)))),
          Map.entry("LeakyRelu", single(ActivationRules::leakyRelu)),
          Map.entry("PRelu", single(ActivationRules::prelu)),
          Map.entry("Elu", single(ActivationRules::elu)),
          Map.entry("Selu", single(ActivationRules::selu)),
          Map.entry("Celu", single(ActivationRules::celu)),
          Map.entry(
              "HardSigmoid",
              single(site ->
                  hardSigmoid(
                      site, site.input(0), site.real("alpha", 0.2f), site.real("beta", 0.5f)))),
          Map.entry("HardSwish", single(ActivationRules::hardSwish)),
          Map.entry("Softplus", single(site -> softplus(site, site.input(0)))),
          Map.entry("Softsign", single(ActivationRules::softsign)),
          Map.entry("ThresholdedRelu", single(ActivationRules::thresholdedRelu)),
          Map.entry("Gelu", single(ActivationRules::gelu)),
          Map.entry("Mish", single(ActivationRules::mish)),
          Map.entry("Swish", single(ActivationRules::swish)),
          Map.entry("Shrink", single(ActivationRules::shrink)));
}
