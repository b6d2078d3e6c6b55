package tessera.compiler.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tessera.compiler.Passes;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.GraphParser;
import tessera.compiler.graph.GraphPrinter;
import tessera.compiler.graph.RandomGraphs;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.Verifier;
import tessera.compiler.importer.Importer;
import tessera.compiler.onnx.RandomModels;
import tessera.isaspec.diagnostic.Source;

class PassesTest {
  /// All passes but these keep the bits.
  private static final List<String> INEXACT = List.of("fuse-bias", "expand-powers");

  @Property(tries = 100)
  void passesKeepSoundnessAndBits(@ForAll long seed) {
    Graph graph = RandomGraphs.of(seed);
    Map<String, Tensor> inputs = RandomGraphs.inputs(graph, seed);
    Map<String, Tensor> before = GraphEvaluator.evaluate(graph, inputs);
    for (var pass : Passes.all().entrySet()) {
      Graph after = pass.getValue().apply(graph);
      assertEquals(List.of(), Verifier.problems(after), pass.getKey());
      if (!INEXACT.contains(pass.getKey())) {
        assertEquals(before, GraphEvaluator.evaluate(after, inputs), pass.getKey());
      }
    }
  }

  @Property(tries = 60)
  void inexactPassesStayNear(@ForAll long seed) {
    var model = RandomModels.of(seed);
    Graph graph = ((Importer.Imported.Ok) Importer.run(model)).graph();
    Map<String, Tensor> inputs = RandomGraphs.inputs(graph, seed);
    Tensor before = y(GraphEvaluator.evaluate(graph, inputs));
    double largest = 1e-3;
    for (float element : before.floats()) {
      largest = Math.max(largest, Math.abs(element));
    }
    for (String name : INEXACT) {
      Graph after = Objects.requireNonNull(Passes.all().get(name)).apply(graph);
      Tensor changed = y(GraphEvaluator.evaluate(after, inputs));
      for (int i = 0; i < before.count(); i++) {
        assertEquals(before.real(i), changed.real(i), 1e-4 * largest, name);
      }
    }
  }

  private static Tensor y(Map<String, Tensor> outputs) {
    return Objects.requireNonNull(outputs.get("y"));
  }

  @Test
  void aBiasJoinsItsProduct() {
    assertRewritten(
        "fuse-bias",
        """
          %0 = input {name="a"} : tensor<2x3xf32>
          %1 = input {name="b"} : tensor<3x4xf32>
          %2 = input {name="c"} : tensor<4xf32>
          %3 = matmul(%0, %1) : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32> @ "m"
          %4 = add(%2, %3) : tensor<4xf32>, tensor<2x4xf32> -> tensor<2x4xf32> @ "s"
          output "y" %4
        """,
        """
          %0 = input {name="a"} : tensor<2x3xf32>
          %1 = input {name="b"} : tensor<3x4xf32>
          %2 = input {name="c"} : tensor<4xf32>
          %4 = matmul(%0, %1, %2) : tensor<2x3xf32>, tensor<3x4xf32>, tensor<4xf32> -> tensor<2x4xf32> @ "m", "s"
          output "y" %4
        """);
  }

  /// A column is no row for all rows, and a product that somebody else reads stays as it is.
  @Test
  void otherSumsStay() {
    String column =
        """
          %0 = input {name="a"} : tensor<2x3xf32>
          %1 = input {name="b"} : tensor<3x4xf32>
          %2 = input {name="c"} : tensor<2x1xf32>
          %3 = matmul(%0, %1) : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
          %4 = add(%2, %3) : tensor<2x1xf32>, tensor<2x4xf32> -> tensor<2x4xf32>
          output "y" %4
        """;
    assertRewritten("fuse-bias", column, column);
    String shared = column.replace("tensor<2x1xf32>", "tensor<2x4xf32>") + "  output \"z\" %3\n";
    assertRewritten("fuse-bias", shared, shared);
  }

  @Test
  void weightsAreTurned() {
    assertRewritten(
        "pack-weights",
        """
          %0 = input {name="a"} : tensor<1x2xf32>
          %1 = constant {value=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]} : tensor<2x3xf32>
          %2 = matmul(%0, %1) : tensor<1x2xf32>, tensor<2x3xf32> -> tensor<1x3xf32>
          output "y" %2
        """,
        """
          %0 = input {name="a"} : tensor<1x2xf32>
          %3 = constant {value=[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]} : tensor<3x2xf32>
          %2 = matmul(%0, %3) {transposed} : tensor<1x2xf32>, tensor<3x2xf32> -> tensor<1x3xf32>
          output "y" %2
        """);
  }

  @Test
  void squaresAreProducts() {
    assertRewritten(
        "expand-powers",
        """
          %0 = input {name="a"} : tensor<2xf32>
          %1 = constant {value=[2.0]} : tensor<f32>
          %2 = pow(%0, %1) : tensor<2xf32>, tensor<f32> -> tensor<2xf32>
          output "y" %2
        """,
        """
          %0 = input {name="a"} : tensor<2xf32>
          %1 = constant {value=[2.0]} : tensor<f32>
          %2 = mul(%0, %0) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
          output "y" %2
        """);
  }

  @Test
  void outputsGetTheirOwnPlace() {
    assertRewritten(
        "separate-outputs",
        """
          %0 = input {name="a"} : tensor<2xf32>
          %1 = reshape(%0) : tensor<2xf32> -> tensor<1x2xf32>
          %2 = neg(%0) : tensor<2xf32> -> tensor<2xf32>
          output "a" %0
          output "b" %1
          output "c" %2
          output "d" %2
        """,
        """
          %0 = input {name="a"} : tensor<2xf32>
          %1 = reshape(%0) : tensor<2xf32> -> tensor<1x2xf32>
          %2 = neg(%0) : tensor<2xf32> -> tensor<2xf32>
          %3 = broadcast(%1) : tensor<1x2xf32> -> tensor<1x2xf32>
          %4 = broadcast(%2) : tensor<2xf32> -> tensor<2xf32>
          output "a" %0
          output "b" %3
          output "c" %2
          output "d" %4
        """);
  }

  @Test
  void equalValuesAreShared() {
    assertRewritten(
        "share-values",
        """
          %0 = input {name="a"} : tensor<2xf32>
          %1 = neg(%0) : tensor<2xf32> -> tensor<2xf32>
          %2 = neg(%0) : tensor<2xf32> -> tensor<2xf32>
          %3 = add(%1, %2) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
          output "y" %3
        """,
        """
          %0 = input {name="a"} : tensor<2xf32>
          %1 = neg(%0) : tensor<2xf32> -> tensor<2xf32>
          %3 = add(%1, %1) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
          output "y" %3
        """);
  }

  private static void assertRewritten(String pass, String before, String after) {
    Graph graph = Objects.requireNonNull(Passes.all().get(pass)).apply(parsed(before));
    assertEquals("graph \"g\" {\n" + after + "}\n", GraphPrinter.print(graph));
    assertTrue(Verifier.problems(graph).isEmpty());
  }

  private static Graph parsed(String body) {
    String text = "graph \"g\" {\n" + body + "}\n";
    return switch (GraphParser.parse(new Source("g.ir", text))) {
      case GraphParser.Parsed.Ok(var graph) -> graph;
      case GraphParser.Parsed.Failed(var diagnostic) ->
          throw new AssertionError(diagnostic.span() + ": " + diagnostic.message());
    };
  }
}
