package tessera.compiler.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tessera.compiler.Ort;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.RandomGraphs;
import tessera.compiler.graph.Tensor;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.RandomModels;
import tessera.isaspec.diagnostic.Renderer;

/// Importer and evaluator against ONNX Runtime.
class OrtTest {
  @Property(tries = 150)
  void randomNetworksAgree(@ForAll long seed) {
    Model model =
        RandomModels.of(seed).withOutputs(RandomModels.inner(RandomModels.of(seed))).orElseThrow();
    Graph graph = graph(model);
    Map<String, Tensor> inputs = RandomGraphs.inputs(graph, seed);
    Map<String, Tensor> expected = Ort.run(model, inputs);
    Map<String, Tensor> actual = GraphEvaluator.evaluate(graph, inputs);
    assertEquals(expected.keySet(), actual.keySet());
    for (String name : expected.keySet()) {
      near(
          name,
          Objects.requireNonNull(expected.get(name)),
          Objects.requireNonNull(actual.get(name)));
    }
  }

  private static Graph graph(Model model) {
    return switch (Importer.run(model)) {
      case Importer.Imported.Ok(var graph, _) -> graph;
      case Importer.Imported.Failed(var diagnostics) ->
          throw new AssertionError(Renderer.render(diagnostics));
    };
  }

  /// Within a few units in the last place of the largest element: sums are taken in another order.
  private static void near(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.type(), actual.type());
    double largest = 1e-3;
    for (float element : expected.floats()) {
      largest = Math.max(largest, Math.abs(element));
    }
    for (int i = 0; i < expected.count(); i++) {
      double distance = Math.abs(expected.real(i) - actual.real(i));
      assertTrue(
          distance <= 1e-4 * largest,
          name + "[" + i + "] is " + actual.real(i) + ", not " + expected.real(i));
    }
  }
}
