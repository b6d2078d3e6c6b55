package tessera.compiler.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;

/// Networks such as people export: dense layers, activations, normalizations spelled out and not,
/// residual sums, softmax.
public final class RandomModels {
  private final Random random;
  private final Models models;
  private int made;

  private RandomModels(long seed) {
    random = new Random(seed);
    models = Models.of(seed);
  }

  /// A network with one input `x` and one output `y`.
  public static Model of(long seed) {
    return new RandomModels(seed).model();
  }

  private Model model() {
    int batch = random.nextInt(1, 6);
    int width = random.nextInt(1, 40);
    models.input("x", DType.F32, batch, width);
    String at = "x";
    int layers = random.nextInt(1, 5);
    for (int i = 0; i < layers; i++) {
      int next = random.nextInt(1, 40);
      String dense = dense(at, width, next);
      String normal = random.nextInt(3) == 0 ? normalized(dense, next) : dense;
      String active = activated(normal, next);
      at =
          width == next || random.nextInt(3) > 0
              ? active
              : node("Add", active, skip(at, width, next));
      width = next;
    }
    String last = random.nextBoolean() ? at : node("Softmax", at);
    models.node("y", "Identity", last).output("y");
    return models.done();
  }

  private String fresh() {
    return "v" + made++;
  }

  private String node(String opType, String... operands) {
    String output = fresh();
    models.node(output, opType, operands);
    return output;
  }

  private String weights(int... dims) {
    String name = fresh();
    models.weights(name, dims);
    return name;
  }

  private String scalar(float value) {
    String name = fresh();
    models.constant(name, Tensor.of(Shape.SCALAR, value));
    return name;
  }

  private String dense(String x, int from, int to) {
    if (random.nextBoolean()) {
      String gemm = node("Gemm", x, weights(to, from), weights(to));
      models.with("transB", 1);
      return gemm;
    }
    return node("Add", node("MatMul", x, weights(from, to)), weights(to));
  }

  private String skip(String x, int from, int to) {
    return node("MatMul", x, weights(from, to));
  }

  private String normalized(String x, int width) {
    if (random.nextBoolean()) {
      return node("LayerNormalization", x, weights(width), weights(width));
    }
    String mean = mean(x);
    String centred = node("Sub", x, mean);
    String variance = mean(node("Pow", centred, scalar(2)));
    String deviation = node("Sqrt", node("Add", variance, scalar(1e-5f)));
    return node("Mul", node("Div", centred, deviation), weights(width));
  }

  private String mean(String x) {
    String mean = node("ReduceMean", x);
    models.with("axes", new Attribute.Ints(List.of(-1L)));
    return mean;
  }

  private String activated(String x, int width) {
    return switch (random.nextInt(11)) {
      case 0 -> node("Relu", x);
      case 1 -> node("Sigmoid", x);
      case 2 -> node("Tanh", x);
      case 3 -> node("Elu", x);
      case 4 -> node("LeakyRelu", x);
      case 5 -> node("Softplus", x);
      case 6 -> node("Clip", x, scalar(-0.5f), scalar(1.5f));
      case 7 -> gelu(x);
      case 8 -> node("Mul", x, node("HardSigmoid", x));
      case 9 -> node("Pow", node("Abs", x), scalar(0.7f));
      default -> node("PRelu", x, weights(width));
    };
  }

  private String gelu(String x) {
    String erf = node("Erf", node("Div", x, scalar((float) Math.sqrt(2))));
    return node("Mul", node("Mul", x, node("Add", erf, scalar(1))), scalar(0.5f));
  }

  /// Values that an output of the model depends on, for looking inside.
  public static List<String> inner(Model model) {
    var inner = new ArrayList<String>();
    model.graph().nodes().forEach(node -> inner.addAll(node.outputs()));
    return inner;
  }
}
