package tessera.compiler.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.Onnx;
import tessera.compiler.onnx.ValueInfo;

/// ONNX's backend tests as Debian installs them: a model each, with inputs and expected outputs.
public final class NodeSuite {
  private static final Path ROOT = Path.of("/usr/share/libonnx-testdata/data");

  /// One test; `model` has the inputs fixed that rules need when compiling, if `fixed`.
  public record Case(String name, Path folder) {
    public Model model() throws IOException {
      return Onnx.parse(Files.readAllBytes(folder.resolve("model.onnx"))).orThrow();
    }

    /// The model with all inputs that are no floats known when compiling.
    public Model fixed() throws IOException {
      Model model = model();
      List<String> names = inputs(model);
      for (int i = 0; i < names.size(); i++) {
        Optional<Tensor> tensor = tensor(0, "input_" + i);
        if (tensor.isPresent() && !tensor.get().dtype().isFloat()) {
          model = model.fix(names.get(i), tensor.get());
        }
      }
      return model;
    }

    public int sets() {
      int sets = 0;
      while (Files.exists(folder.resolve("test_data_set_" + sets))) {
        sets++;
      }
      return sets;
    }

    /// The inputs of one set, as the types that the graph wants.
    public Map<String, Tensor> inputs(int set, Map<String, TensorType> types) throws IOException {
      var inputs = new HashMap<String, Tensor>();
      List<String> names = inputs(model());
      for (int i = 0; i < names.size(); i++) {
        TensorType type = types.get(names.get(i));
        if (type != null) {
          inputs.put(names.get(i), as(type, tensor(set, "input_" + i).orElseThrow()));
        }
      }
      return inputs;
    }

    public Tensor output(int set, int index, TensorType type) throws IOException {
      return as(type, tensor(set, "output_" + index).orElseThrow());
    }

    /// The suite keeps bf16 as the u16 of its bits.
    private static Tensor as(TensorType type, Tensor tensor) {
      boolean bits = type.dtype() == DType.BF16 && tensor.dtype() == DType.U16;
      return bits ? new Tensor(tensor.type().as(DType.BF16), tensor.data()) : tensor;
    }

    private static List<String> inputs(Model model) {
      Set<String> constants = new HashSet<>();
      model.graph().initializers().forEach(tensor -> constants.add(tensor.name()));
      return model.graph().inputs().stream()
          .map(ValueInfo::name)
          .filter(name -> !constants.contains(name))
          .toList();
    }

    private Optional<Tensor> tensor(int set, String file) throws IOException {
      Path path = folder.resolve("test_data_set_" + set).resolve(file + ".pb");
      return Onnx.parseTensor(Files.readAllBytes(path)) instanceof Onnx.ParsedTensor.Ok(var tensor)
          ? tensor.tensor()
          : Optional.empty();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private NodeSuite() {}

  public static boolean isInstalled() {
    return Files.isDirectory(ROOT);
  }

  /// Every test, by folder and name.
  public static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    try (Stream<Path> models = Files.find(ROOT, 3, (path, _) -> path.endsWith("model.onnx"))) {
      for (Path model : models.sorted().toList()) {
        Path folder = Objects.requireNonNull(model.getParent());
        cases.add(new Case(ROOT.relativize(folder).toString(), folder));
      }
    }
    return cases;
  }

  /// What is wrong with `actual`, within the suite's own bounds; empty if nothing.
  public static Optional<String> difference(Tensor expected, Tensor actual) {
    if (!expected.type().equals(actual.type())) {
      return Optional.of(actual.type() + " instead of " + expected.type());
    }
    for (int i = 0; i < expected.count(); i++) {
      boolean near =
          expected.dtype().isFloat()
              ? near(expected.real(i), actual.real(i), relative(expected.dtype()))
              : expected.integer(i) == actual.integer(i);
      if (!near) {
        String got = expected.dtype().isFloat() ? "" + actual.real(i) : "" + actual.integer(i);
        String want = expected.dtype().isFloat() ? "" + expected.real(i) : "" + expected.integer(i);
        return Optional.of("element " + i + " is " + got + " instead of " + want);
      }
    }
    return Optional.empty();
  }

  /// The suite of ONNX 1.12 cuts bf16 off where everybody rounds: one unit in the last place.
  private static double relative(DType dtype) {
    return dtype == DType.BF16 ? 0x1p-7 : 1e-3;
  }

  private static boolean near(double expected, double actual, double relative) {
    return Double.compare(expected, actual) == 0
        || Math.abs(expected - actual) <= 1e-7 + relative * Math.abs(expected);
  }
}
