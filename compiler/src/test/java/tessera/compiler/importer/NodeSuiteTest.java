package tessera.compiler.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tessera.compiler.Golden;
import tessera.compiler.Oracle;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.Verifier;
import tessera.isaspec.diagnostic.Diagnostic;

/// Importer and evaluator against ONNX's own expectations: no test that is imported may be wrong,
/// and which are imported is written down, with a reason for each that is not.
class NodeSuiteTest {
  @Test
  @Tag("oracle")
  void everyImportedTestIsRight() throws IOException {
    Oracle.require(NodeSuite.isInstalled(), "libonnx-testdata");
    var wrong = new ArrayList<String>();
    var list = new StringBuilder();
    int passed = 0;
    for (NodeSuite.Case test : NodeSuite.cases()) {
      String result = result(test);
      if (result.startsWith("wrong")) {
        wrong.add(test + ": " + result);
      }
      passed += result.equals("pass") ? 1 : 0;
      list.append(test).append("  ").append(result).append('\n');
    }
    assertEquals(List.of(), wrong);
    Golden.check("node-suite.txt", "# " + passed + " pass\n" + list);
  }

  private static String result(NodeSuite.Case test) throws IOException {
    return switch (imported(test)) {
      case Importer.Imported.Failed(var diagnostics) -> reason(diagnostics.getFirst());
      case Importer.Imported.Ok(var graph, _) -> evaluated(test, graph);
    };
  }

  private static Importer.Imported imported(NodeSuite.Case test) throws IOException {
    Importer.Imported open = Importer.run(test.model());
    return open instanceof Importer.Imported.Failed(var diagnostics)
            && reason(diagnostics.getFirst()).contains("depends on the data")
        ? Importer.run(test.fixed())
        : open;
  }

  private static String reason(Diagnostic diagnostic) {
    return diagnostic.notes().isEmpty()
        ? diagnostic.code() + " " + diagnostic.message()
        : diagnostic.code() + " " + diagnostic.notes().getFirst().text().replaceAll("  +", "  ");
  }

  private static String evaluated(NodeSuite.Case test, Graph graph) throws IOException {
    assertEquals(List.of(), Verifier.problems(graph), test.name());
    Map<String, TensorType> types = graph.inputTypes();
    for (int set = 0; set < test.sets(); set++) {
      Map<String, Tensor> inputs = test.inputs(set, types);
      for (var input : inputs.entrySet()) {
        TensorType given = input.getValue().type();
        if (!given.equals(types.get(input.getKey()))) {
          return "skipped: the suite gives " + given + " for " + types.get(input.getKey());
        }
      }
      Map<String, Tensor> outputs = GraphEvaluator.evaluate(graph, inputs);
      for (int i = 0; i < graph.outputs().size(); i++) {
        Tensor actual = Objects.requireNonNull(outputs.get(graph.outputs().get(i).name()));
        var difference = NodeSuite.difference(test.output(set, i, actual.type()), actual);
        if (difference.isPresent()) {
          return "wrong: output " + i + " " + difference.get();
        }
      }
    }
    return "pass";
  }
}
