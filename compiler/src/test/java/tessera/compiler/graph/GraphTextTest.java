package tessera.compiler.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tessera.isaspec.diagnostic.Source;

class GraphTextTest {
  private static final String MLP =
      """
      graph "mlp" {
        %0 = input {name="x"} : tensor<1x4xf32>
        %1 = constant {value=[0.5]} : tensor<f32>
        %2 = mul(%0, %1) : tensor<1x4xf32>, tensor<f32> -> tensor<1x4xf32> @ "/act/Mul"
        %3 = reduce_sum(%2) {axes=[1]} : tensor<1x4xf32> -> tensor<1x1xf32>
        output "y" %3
      }
      """;

  @Property(tries = 300)
  void parseInvertsPrint(@ForAll long seed) {
    Graph graph = RandomGraphs.of(seed);
    assertEquals(graph, parsed(GraphPrinter.print(graph)));
  }

  @Test
  void printsAsDocumented() {
    assertEquals(MLP, GraphPrinter.print(parsed(MLP)));
  }

  @Test
  void constantsKeepTheirBits() {
    var builder = GraphBuilder.of("c");
    var odd = new Tensor.Filler(TensorType.of(DType.F32, 4));
    odd.set(0, -0.0);
    odd.set(1, Double.NEGATIVE_INFINITY);
    odd.set(2, Float.MIN_VALUE);
    odd.set(3, 0.1f);
    builder.output("a", builder.constant(odd.done()));
    odd.set(3, Float.intBitsToFloat(0x7fc00001));
    builder.output("b", builder.constant(odd.done()));
    builder.output("c", builder.constant(Tensor.of(DType.U64, Shape.of(1), -1L)));
    builder.output("d", builder.constant(Tensor.of(DType.I8, Shape.of(3, 9), 1, -2, 3)));
    Graph graph = builder.done();
    assertEquals(graph, parsed(GraphPrinter.print(graph)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mul(%0     | mull(%0    | 4:8 | unknown operation 'mull'
          %0, %1     | %0, %7     | 4:16 | %7 is not defined before this
          tensor<f32> | tensor<f33> | 3:40 | unknown element type 'f33'
          axes=[1]   | axes=[2]   | 5:8 | reduce_sum axes [2] are not increasing axes of [1x4]
          axes=[1]   | axis=[1]   | 5:8 | reduce_sum needs axes
          axes=[1]   | axes=[1],z | 5:33 | reduce_sum has no 'z'
          1x1xf32    | 1xf32      | 5:8 | reduce_sum gives tensor<1x1xf32>, not tensor<1xf32>
          output     | outputs    | 6:3 | expected 'output', got 'outputs'
          """)
  void errorsNameTheirPlace(String was, String is, String place, String message) {
    var failed =
        assertInstanceOf(GraphParser.Parsed.Failed.class, parse(MLP.replaceFirst(regex(was), is)));
    assertEquals("g.ir:" + place, String.valueOf(failed.diagnostic().span()));
    assertEquals(message, failed.diagnostic().message());
  }

  @Property(tries = 2000)
  void damagedTextIsAnError(@ForAll long seed) {
    var random = new Random(seed);
    var text = new StringBuilder(MLP);
    for (int i = 0; i < 3; i++) {
      int at = random.nextInt(text.length() - 2);
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.setCharAt(at, "{}[]()<>%\"=,x-9\\".charAt(random.nextInt(16)));
        default -> text.insert(at, text.substring(at, at + 2));
      }
    }
    switch (parse(text.toString())) {
      case GraphParser.Parsed.Ok(var graph) -> assertEquals(List.of(), Verifier.problems(graph));
      case GraphParser.Parsed.Failed(var diagnostic) ->
          assertEquals("graph-syntax", diagnostic.code());
    }
  }

  private static String regex(String literal) {
    return java.util.regex.Pattern.quote(literal);
  }

  private static GraphParser.Parsed parse(String text) {
    return GraphParser.parse(new Source("g.ir", text));
  }

  private static Graph parsed(String text) {
    return switch (parse(text)) {
      case GraphParser.Parsed.Ok(var graph) -> graph;
      case GraphParser.Parsed.Failed(var diagnostic) ->
          throw new AssertionError(diagnostic.span() + ": " + diagnostic.message());
    };
  }
}
