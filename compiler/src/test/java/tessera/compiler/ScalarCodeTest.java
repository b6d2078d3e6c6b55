package tessera.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphBuilder;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.GraphPrinter;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.RandomGraphs;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.UnaryFn;
import tessera.compiler.template.CodeSupport;
import tessera.isaspec.Isa;

/// Programs of scalar instructions, assembled by GNU as and run by qemu, against the graph
/// evaluator.
@Tag("oracle")
class ScalarCodeTest {
  private static final Compiler COMPILER =
      Compiler.on(Isa.load(Isa.Request.bundled("edge16").isa("rv64imf")).orThrow());

  private static final List<DType> TYPES =
      List.of(
          DType.F32,
          DType.F32,
          DType.F32,
          DType.I32,
          DType.I64,
          DType.BOOL,
          DType.I8,
          DType.U8,
          DType.I16,
          DType.U16,
          DType.U32,
          DType.U64);

  private static final Set<UnaryFn> EXACT =
      EnumSet.complementOf(
          EnumSet.of(UnaryFn.EXP, UnaryFn.LOG, UnaryFn.TANH, UnaryFn.SIGMOID, UnaryFn.ERF));

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void randomGraphsAgree(@ForAll long seed) {
    GnuRun.require();
    Graph graph = RandomGraphs.of(seed, TYPES, ScalarCodeTest::exact);
    Map<String, Tensor> inputs = RandomGraphs.inputs(graph, seed);
    CompiledModel program = COMPILER.compile(graph).orThrow();
    Agreement.check(
        GraphEvaluator.evaluate(graph, inputs),
        GnuRun.run(program, inputs),
        0,
        GraphPrinter.print(program.graph()));
  }

  @ParameterizedTest
  @EnumSource(
      value = UnaryFn.class,
      names = {"EXP", "LOG", "TANH", "SIGMOID", "ERF"})
  void functionsAreWithinFourUlps(UnaryFn fn) {
    GnuRun.require();
    var builder = GraphBuilder.of("f");
    int x = builder.input("x", TensorType.of(DType.F32, 20_000));
    Graph graph = builder.output("y", builder.add(new Op.Unary(fn), x)).done();
    var random = new Random(fn.ordinal());
    float[] elements = new float[20_000];
    for (int i = 0; i < elements.length; i++) {
      elements[i] =
          i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextGaussian() * 10;
    }
    Map<String, Tensor> inputs = Map.of("x", Tensor.of(Shape.of(elements.length), elements));
    near(fn.name(), inputs, graph);
  }

  @Test
  void powersAreWithinFourUlps() {
    GnuRun.require();
    var builder = GraphBuilder.of("f");
    TensorType type = TensorType.of(DType.F32, 5_000);
    int x = builder.input("x", type);
    int e = builder.input("e", type);
    Graph graph = builder.output("y", builder.add(new Op.Binary(BinaryFn.POW), x, e)).done();
    var random = new Random(7);
    float[] bases = new float[5_000];
    float[] exponents = new float[5_000];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = Float.intBitsToFloat(random.nextInt());
      exponents[i] = i % 2 == 0 ? random.nextInt(9) - 4 : (float) random.nextGaussian();
    }
    Map<String, Tensor> inputs =
        Map.of("x", Tensor.of(type.shape(), bases), "e", Tensor.of(type.shape(), exponents));
    near("pow", inputs, graph);
  }

  private static void near(String name, Map<String, Tensor> inputs, Graph graph) {
    Tensor expected = y(GraphEvaluator.evaluate(graph, inputs));
    Tensor actual = y(GnuRun.run(COMPILER.compile(graph).orThrow(), inputs));
    for (int i = 0; i < expected.count(); i++) {
      double exact = expected.real(i);
      boolean near =
          Double.compare(exact, actual.real(i)) == 0
              || Math.abs(exact - actual.real(i)) <= 4 * Math.ulp((float) exact);
      assertTrue(near, name + "[" + i + "] is " + actual.real(i) + ", not " + exact);
    }
  }

  private static Tensor y(Map<String, Tensor> outputs) {
    return Objects.requireNonNull(outputs.get("y"));
  }

  /// Of what there is code for, that whose results are the same bits.
  private static Optional<String> exact(Node node, List<Node> operands) {
    boolean inexact =
        node.op() instanceof Op.Unary(var fn) && !EXACT.contains(fn)
            || node.op() instanceof Op.Binary(var power) && power == BinaryFn.POW;
    return inexact ? Optional.of("not exact") : new CodeSupport().refusal(node, operands);
  }
}
