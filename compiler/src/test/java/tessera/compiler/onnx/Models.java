package tessera.compiler.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;

/// Small models for tests, put together node by node.
public final class Models {
  private final Random random;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final List<OnnxTensor> initializers = new ArrayList<>();
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private long opset = 17;

  private Models(long seed) {
    this.random = new Random(seed);
  }

  /// Weights are drawn with this seed.
  public static Models of(long seed) {
    return new Models(seed);
  }

  public Models opset(long version) {
    opset = version;
    return this;
  }

  /// An extent is a number or a name; an empty name is unknown.
  public Models input(String name, DType dtype, Object... dims) {
    List<Dim> shape = Arrays.stream(dims).map(Models::dim).toList();
    var type = new ValueType.TensorOf(Optional.of(ElementType.of(dtype)), Optional.of(shape));
    inputs.add(new ValueInfo(name, type));
    return this;
  }

  private static Dim dim(Object dim) {
    return dim instanceof Integer size
        ? new Dim.Known(size)
        : dim.equals("") ? new Dim.Unknown() : new Dim.Named(dim.toString());
  }

  public Models output(String name) {
    var type = new ValueType.TensorOf(Optional.of(ElementType.FLOAT), Optional.empty());
    outputs.add(new ValueInfo(name, type));
    return this;
  }

  public Models constant(String name, Tensor value) {
    initializers.add(OnnxTensor.of(name, value));
    return this;
  }

  /// Weights of about the size that keeps a product's scale.
  public Models weights(String name, int... dims) {
    Shape shape = Shape.of(dims);
    float[] elements = new float[(int) shape.count()];
    double scale = 1 / Math.sqrt(dims.length > 1 ? dims[0] : 1);
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) (random.nextGaussian() * scale);
    }
    return constant(name, Tensor.of(shape, elements));
  }

  /// A node of one output, which also is its name; the inputs stand after the arrow.
  public Models node(String output, String opType, String... operands) {
    return node(OnnxNode.of(opType, List.of(operands), List.of(output)).named("/" + output));
  }

  public Models node(OnnxNode node) {
    nodes.add(node);
    return this;
  }

  /// Gives the last node one more attribute.
  public Models with(String attribute, Attribute value) {
    nodes.set(nodes.size() - 1, nodes.getLast().with(attribute, value));
    return this;
  }

  public Models with(String attribute, long... values) {
    return values.length == 1
        ? with(attribute, new Attribute.Int(values[0]))
        : with(attribute, new Attribute.Ints(Arrays.stream(values).boxed().toList()));
  }

  public Model done() {
    return Model.of(
        opset, new OnnxGraph("test", nodes, initializers, inputs, outputs, List.of(), List.of()));
  }
}
