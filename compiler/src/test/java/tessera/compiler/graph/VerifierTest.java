package tessera.compiler.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VerifierTest {
  @Property(tries = 200)
  void builtGraphsAreSound(@ForAll long seed) {
    assertEquals(List.of(), Verifier.problems(RandomGraphs.of(seed)));
  }

  @Property(tries = 200)
  void aMissingNodeIsNoticed(@ForAll long seed, @ForAll @IntRange(max = 13) int dropped) {
    Graph graph = RandomGraphs.of(seed);
    Node node = graph.nodes().get(dropped % graph.nodes().size());
    var rest = new ArrayList<>(graph.nodes());
    rest.remove(node);
    boolean used = graph.uses().containsKey(node.id());
    List<String> problems = Verifier.problems(new Graph("g", rest, graph.outputs()));
    assertEquals(used, !problems.isEmpty());
  }

  @Property(tries = 200)
  void aWrongTypeIsNoticed(@ForAll long seed, @ForAll @IntRange(max = 13) int changed) {
    Graph graph = RandomGraphs.of(seed);
    int at = changed % graph.nodes().size();
    Node node = graph.nodes().get(at);
    var nodes = new ArrayList<>(graph.nodes());
    TensorType longer = node.type().as(Shape.of(3).then(node.type().shape()));
    nodes.set(at, new Node(node.id(), node.op(), node.operands(), longer, node.origins()));
    assertNotEquals(List.of(), Verifier.problems(new Graph("g", nodes, graph.outputs())));
  }

  @Test
  void everyProblemIsReported() {
    var x = new Op.Input("x", TensorType.of(DType.F32, 2));
    var nodes =
        List.of(
            new Node(0, x, List.of(), x.type(), List.of()),
            new Node(0, x, List.of(), x.type(), List.of()),
            new Node(1, new Op.Unary(UnaryFn.NOT), List.of(0), x.type(), List.of()));
    var graph = new Graph("g", nodes, List.of(new Graph.Output("y", 5), new Graph.Output("y", 1)));
    assertEquals(
        List.of(
            "%0 is defined twice",
            "%1 is not defined for f32",
            "%0 is a second input \"x\"",
            "output \"y\" names no value: %5",
            "output \"y\" is there twice"),
        Verifier.problems(graph));
    assertThrows(AssertionError.class, () -> Verifier.verified(graph, "nothing"));
  }
}
