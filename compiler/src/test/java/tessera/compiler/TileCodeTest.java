package tessera.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphBuilder;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.RandomGraphs;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.onnx.Model;
import tessera.compiler.onnx.RandomModels;
import tessera.isaspec.Isa;

/// Programs with tile instructions on the emulator, against the graph evaluator.
class TileCodeTest {
  private static final List<Isa> MACHINES =
      List.of(Isa.bundled("edge16"), Isa.bundled("tiny4"), Isa.bundled("wide64"));

  private static final Compiler COMPILER = Compiler.on(MACHINES.getFirst());

  /// One program, all machines, the bits of the evaluator: whatever the grants, the sums are the
  /// same.
  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void productsAreTheSameBitsOnEveryMachine(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 40) int columns,
      @ForAll @IntRange(max = 40) int depth,
      @ForAll boolean transposed,
      @ForAll @IntRange(max = 3) int start,
      @ForAll @IntRange(max = 2) int batch) {
    var builder = GraphBuilder.of("product");
    Shape outer = batch == 0 ? Shape.SCALAR : batch == 1 ? Shape.of(2) : Shape.of(2, 3);
    Shape matrix = transposed ? Shape.of(columns, depth) : Shape.of(depth, columns);
    int a = builder.input("a", new TensorType(DType.F32, outer.then(Shape.of(rows, depth))));
    int b =
        builder.input(
            "b", new TensorType(DType.F32, batch == 2 ? Shape.of(3).then(matrix) : matrix));
    var operands = new ArrayList<>(List.of(a, b));
    if (start > 0) {
      Shape added =
          start == 1 ? Shape.of(columns) : start == 2 ? Shape.of(rows, columns) : Shape.of(rows, 1);
      operands.add(builder.input("c", new TensorType(DType.F32, added)));
    }
    Graph graph = builder.output("y", builder.add(new Op.MatMul(transposed), operands)).done();
    checkOnAllMachines(graph, rows * 1_000L + columns * 50L + depth);
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void randomNetworksAgree(@ForAll long seed) {
    Model whole = RandomModels.of(seed);
    Model model = whole.withOutputs(RandomModels.inner(whole)).orElseThrow();
    CompiledModel program = COMPILER.compile(model).orThrow();
    Map<String, Tensor> inputs = Samples.of(program, seed);
    Map<String, Tensor> expected = GraphEvaluator.evaluate(program.graph(), inputs);
    Map<String, Tensor> first = EmulatorRun.run(MACHINES.getFirst(), program, inputs);
    for (String name : expected.keySet()) {
      var comparison =
          Comparison.of(program.graph(), name, tensor(expected, name), tensor(first, name));
      assertTrue(comparison.agrees(), name + ": " + comparison);
    }
    for (Isa other : MACHINES.subList(1, MACHINES.size())) {
      assertEquals(first, EmulatorRun.run(other, program, inputs));
    }
    assertTrue(program.note().groups().stream().anyMatch(group -> group.unit().equals("tile")));
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name));
  }

  private static void checkOnAllMachines(Graph graph, long seed) {
    CompiledModel program = COMPILER.compile(graph).orThrow();
    Map<String, Tensor> inputs = RandomGraphs.inputs(graph, seed);
    Map<String, Tensor> expected = GraphEvaluator.evaluate(graph, inputs);
    for (Isa machine : MACHINES) {
      assertEquals(expected, EmulatorRun.run(machine, program, inputs), machine.machine().name());
    }
  }
}
