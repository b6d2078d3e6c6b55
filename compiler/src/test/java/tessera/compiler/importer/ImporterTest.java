package tessera.compiler.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.GraphPrinter;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.onnx.Attribute;
import tessera.compiler.onnx.Dim;
import tessera.compiler.onnx.ElementType;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.Models;
import tessera.compiler.onnx.OnnxGraph;
import tessera.compiler.onnx.OnnxNode;
import tessera.compiler.onnx.ValueInfo;
import tessera.compiler.onnx.ValueType;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;

class ImporterTest {
  @Test
  void everyUnsupportedNodeIsInOneError() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 1, 8)
            .node("r", "Relu", "x")
            .node("up", "Resize", "r")
            .node("q", "Cast", "r")
            .with("to", 21)
            .node("g", "Gelu", "r")
            .with("approximate", new Attribute.Text("cubic"))
            .node(new OnnxNode("foo", "com.acme", "Foo", List.of("up"), List.of("foo"), Map.of()))
            .node("sum", "Add", "foo", "g")
            .node("last", "NonZero", "r")
            .output("sum")
            .output("q")
            .output("last")
            .done();
    assertEquals(
        """
        error[unsupported-op]: 5 of 7 nodes cannot be compiled (opset 17)
           note: /up    Resize-13        the operator is not supported
           note: /q     Cast-13          to=UINT4 (supported: f32 f64 f16 bf16 i8 u8 i16 u16 i32 u32 i64 u64 bool)
           note: /g     Gelu-17          attribute approximate=cubic (supported: none, tanh)
           note: foo    com.acme::Foo-1  operators of domain com.acme are not known
           note: /last  NonZero-13       no loop semantics (data-dependent output shape)
           help: cut the graph with --outputs r; 2 of 7 nodes are supported
        """,
        Renderer.render(failure(model).getFirst()));
  }

  /// What a refused node gives is declared here, so the node behind it is looked at, too.
  @Test
  void declaredValuesStandInForRefusedNodes() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 1, 8)
            .node("up", "Resize", "x")
            .node("up2", "Upsample", "up")
            .output("up2")
            .done();
    var type =
        new ValueType.TensorOf(
            Optional.of(ElementType.FLOAT), Optional.of(List.of(new Dim.Known(4))));
    OnnxGraph graph = model.graph();
    var declared =
        new OnnxGraph(
            "g",
            graph.nodes(),
            List.of(),
            graph.inputs(),
            graph.outputs(),
            List.of(new ValueInfo("up", type)),
            List.of());
    assertEquals(2, failure(Model.of(17, declared)).getFirst().notes().size());
  }

  @Test
  void brokenRulesAreTheirOwnError() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 1, 8)
            .weights("w", 7, 3)
            .node("m", "MatMul", "x", "w")
            .node("u", "Relu", "nowhere")
            .node("s", "Add", "m", "u")
            .output("s")
            .done();
    assertEquals(
        """
        error[invalid-model]: 2 of 3 nodes break ONNX's rules (opset 17)
           note: /m  MatMul-13  shapes [1x8] and [7x3] differ in the inner axis
           note: /u  Relu-14    input 'nowhere' is not defined before it
        """,
        Renderer.render(failure(model).getFirst()));
  }

  @Test
  void whatTheTargetCannotDoJoinsTheError() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 1, 8)
            .node("t", "Tanh", "x")
            .node("up", "Resize", "t")
            .output("up")
            .done();
    Support noTanh =
        (node, _) ->
            node.op() instanceof Op.Unary ? Optional.of("no such function") : Optional.empty();
    // The node that cannot be imported keeps the other from being dropped as dead.
    var model2 = model.withOutputs(List.of("up", "t")).orElseThrow();
    var failed = assertInstanceOf(Importer.Imported.Failed.class, Importer.run(model2, noTanh));
    assertEquals(
        List.of(
            "/up  Resize-13  the operator is not supported", "/t   Tanh-13    no such function"),
        failed.diagnostics().getFirst().notes().stream().map(Diagnostic.Note::text).toList());
  }

  @Test
  void extentsAreBound() {
    Model model =
        Models.of(1)
            .input("ids", DType.F32, "batch", "length", "")
            .node("y", "Relu", "ids")
            .output("y")
            .done();
    Diagnostic unbound = failure(model).getFirst();
    assertEquals("unbound-dim", unbound.code());
    assertEquals("the inputs' extents [ids:2, length] have no size", unbound.message());
    var bound = model.bind("length", 5).bind("ids:2", 6);
    var imported = assertInstanceOf(Importer.Imported.Ok.class, Importer.run(bound));
    assertEquals(Shape.of(1, 5, 6), imported.graph().nodes().getLast().type().shape());
    assertEquals(
        List.of("the leading extent batch is taken as 1"),
        imported.warnings().stream().map(Diagnostic::message).toList());
    var all = assertInstanceOf(Importer.Imported.Ok.class, Importer.run(bound.bind("batch", 3)));
    assertEquals(Shape.of(3, 5, 6), all.graph().nodes().getLast().type().shape());
    assertEquals(List.of(), all.warnings());
    var typo = assertInstanceOf(Importer.Imported.Ok.class, Importer.run(bound.bind("bach", 3)));
    assertTrue(typo.warnings().stream().anyMatch(w -> w.code().equals("unknown-dim")), "" + typo);
  }

  @Test
  void shapesComputedByTheModelAreFolded() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, "batch", 3, 4)
            .node("shape", "Shape", "x")
            .constant("zero", Tensor.of(DType.I64, Shape.SCALAR, 0))
            .constant("axes", Tensor.of(DType.I64, Shape.of(1), 0))
            .constant("rest", Tensor.of(DType.I64, Shape.of(1), -1))
            .node("first", "Gather", "shape", "zero")
            .node("vector", "Unsqueeze", "first", "axes")
            .node("target", "Concat", "vector", "rest")
            .with("axis", 0)
            .node("y", "Reshape", "x", "target")
            .output("y")
            .done();
    Graph graph = ok(model.bind("batch", 2));
    assertEquals(
        """
        graph "test" {
          %0 = input {name="x"} : tensor<2x3x4xf32>
          %8 = reshape(%0) : tensor<2x3x4xf32> -> tensor<2x12xf32> @ "/y"
          output "y" %8
        }
        """,
        GraphPrinter.print(graph).replaceAll("%(?!0)\\d+", "%8"));
  }

  @Test
  void aBranchOnAConstantIsTaken() {
    Model then = Models.of(1).node("a", "Neg", "x").output("a").done();
    Model otherwise = Models.of(1).node("a", "Exp", "x").output("a").done();
    Model model =
        Models.of(1)
            .input("x", DType.F32, 2)
            .input("rate", DType.I64)
            .constant("limit", Tensor.of(DType.I64, Shape.SCALAR, 16000))
            .node("is", "Equal", "rate", "limit")
            .node("y", "If", "is")
            .with("then_branch", new Attribute.Subgraph(then.graph()))
            .with("else_branch", new Attribute.Subgraph(otherwise.graph()))
            .output("y")
            .done();
    assertEquals(
        "/y  If-16  the condition depends on the data",
        failure(model).getFirst().notes().getFirst().text());
    Graph graph = ok(model.fix("rate", Tensor.of(DType.I64, Shape.SCALAR, 16000)));
    Tensor x = Tensor.of(Shape.of(2), 1, -2);
    assertEquals(Tensor.of(Shape.of(2), -1, 2), value(graph, Map.of("x", x), "y"));
  }

  @Test
  void hugeConstantsAreRefused() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 1)
            .constant("shape", Tensor.of(DType.I64, Shape.of(2), 20_000, 20_000))
            .node("c", "ConstantOfShape", "shape")
            .node("y", "Add", "c", "x")
            .output("y")
            .done();
    String reason = failure(model).getFirst().notes().getFirst().text();
    assertTrue(reason.contains("its constants take more than"), reason);
  }

  @Test
  void onlyNeededNodesCount() {
    Model model =
        Models.of(1)
            .input("x", DType.F32, 1)
            .node("bad", "Resize", "x")
            .node("y", "Relu", "x")
            .output("y")
            .done();
    assertEquals(2, ok(model).nodes().size() - 1);
  }

  private static Graph ok(Model model) {
    return switch (Importer.run(model)) {
      case Importer.Imported.Ok(var graph, _) -> graph;
      case Importer.Imported.Failed(var diagnostics) ->
          throw new AssertionError(Renderer.render(diagnostics));
    };
  }

  private static List<Diagnostic> failure(Model model) {
    return assertInstanceOf(Importer.Imported.Failed.class, Importer.run(model)).diagnostics();
  }

  private static Tensor value(Graph graph, Map<String, Tensor> inputs, String output) {
    return Objects.requireNonNull(GraphEvaluator.evaluate(graph, inputs).get(output));
  }
}
