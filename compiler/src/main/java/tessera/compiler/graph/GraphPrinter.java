package tessera.compiler.graph;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The text form of a graph; [GraphParser] reads it back to an equal graph.
///
/// ```
/// graph "mlp" {
///   %0 = input {name="x"} : tensor<1x4xf32>
///   %1 = constant {value=[0.5]} : tensor<f32>
///   %2 = mul(%0, %1) : tensor<1x4xf32>, tensor<f32> -> tensor<1x4xf32> @ "/act/Mul"
///   output "y" %2
/// }
/// ```
///
/// A line holds the value, the operation and its operands, what is fixed about it in braces, the
/// operands' types and the value's, and the model's nodes it stands for.
public final class GraphPrinter {
  private static final int SPELLED_OUT = 16;

  private final StringBuilder out = new StringBuilder();
  private final boolean elide;

  private GraphPrinter(boolean elide) {
    this.elide = elide;
  }

  /// The whole graph, constants included.
  public static String print(Graph graph) {
    return new GraphPrinter(false).text(graph);
  }

  /// For reading: as [#print], but a large constant is three dots. Does not parse.
  public static String outline(Graph graph) {
    return new GraphPrinter(true).text(graph);
  }

  /// The word for an operation: `matmul`, `reduce_sum`, `add`.
  public static String word(Op op) {
    return switch (op) {
      case Op.Input _ -> "input";
      case Op.Constant _ -> "constant";
      case Op.Unary(var fn) -> lower(fn);
      case Op.Binary(var fn) -> lower(fn);
      case Op.Select _ -> "select";
      case Op.Cast _ -> "cast";
      case Op.MatMul _ -> "matmul";
      case Op.Reduce(var fn, _) -> "reduce_" + lower(fn);
      case Op.Reshape _ -> "reshape";
      case Op.Broadcast _ -> "broadcast";
      case Op.Transpose _ -> "transpose";
      case Op.Slice _ -> "slice";
      case Op.Concat _ -> "concat";
      case Op.Gather _ -> "gather";
      case Op.Pad _ -> "pad";
    };
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private String text(Graph graph) {
    var byId = graph.byId();
    out.append("graph ").append(quoted(graph.name())).append(" {\n");
    for (Node node : graph.nodes()) {
      node(node, node.operands().stream().map(id -> type(byId.get(id))).toList());
    }
    for (Graph.Output output : graph.outputs()) {
      out.append("  output ").append(quoted(output.name())).append(" %").append(output.id());
      out.append('\n');
    }
    return out.append("}\n").toString();
  }

  /// An unsound graph prints as well: what is not there has no type.
  private static String type(@Nullable Node operand) {
    return operand == null ? "?" : operand.type().toString();
  }

  private void node(Node node, List<String> operandTypes) {
    out.append("  %").append(node.id()).append(" = ").append(word(node.op()));
    if (!node.operands().isEmpty()) {
      var operands = new StringJoiner(", ", "(", ")");
      node.operands().forEach(id -> operands.add("%" + id));
      out.append(operands);
    }
    String attributes = attributes(node.op());
    if (!attributes.isEmpty()) {
      out.append(" {").append(attributes).append('}');
    }
    out.append(" : ");
    if (!operandTypes.isEmpty()) {
      var types = new StringJoiner(", ", "", " -> ");
      operandTypes.forEach(types::add);
      out.append(types);
    }
    out.append(node.type());
    if (!node.origins().isEmpty()) {
      var origins = new StringJoiner(", ", " @ ", "");
      node.origins().forEach(origin -> origins.add(quoted(origin)));
      out.append(origins);
    }
    out.append('\n');
  }

  private String attributes(Op op) {
    return switch (op) {
      case Op.Input(var name, _) -> "name=" + quoted(name);
      case Op.Constant(var value) -> constant(value);
      case Op.MatMul(var transposed) -> transposed ? "transposed" : "";
      case Op.Reduce(_, var axes) -> "axes=" + list(axes);
      case Op.Transpose(var order) -> "order=" + list(order);
      case Op.Slice(var starts, var sizes, var steps) ->
          "starts=" + list(starts) + ", sizes=" + list(sizes) + ", steps=" + list(steps);
      case Op.Concat(var axis) -> "axis=" + axis;
      case Op.Gather(var axis) -> "axis=" + axis;
      case Op.Pad(var before, var after) -> "before=" + list(before) + ", after=" + list(after);
      // The value's type says the rest.
      case Op.Unary _, Op.Binary _, Op.Select _, Op.Cast _, Op.Reshape _, Op.Broadcast _ -> "";
    };
  }

  private String constant(Tensor value) {
    if (value.count() <= SPELLED_OUT && !hasNan(value)) {
      var elements = new StringJoiner(", ", "value=[", "]");
      for (int i = 0; i < value.count(); i++) {
        elements.add(element(value, i));
      }
      return elements.toString();
    }
    if (elide) {
      return "...";
    }
    byte[] bytes = new byte[value.data().remaining()];
    value.data().get(bytes);
    return "base64=\"" + Base64.getEncoder().encodeToString(bytes) + '"';
  }

  private static boolean hasNan(Tensor value) {
    for (int i = 0; value.dtype().isFloat() && i < value.count(); i++) {
      if (Double.isNaN(value.real(i))) {
        return true;
      }
    }
    return false;
  }

  /// One element such that reading it gives the same bits.
  private static String element(Tensor value, int i) {
    return switch (value.dtype()) {
      case F32, F16, BF16 -> Float.toString((float) value.real(i));
      case F64 -> Double.toString(value.real(i));
      case I8, U8, I16, U16, I32, U32, I64 -> Long.toString(value.integer(i));
      case U64 -> Long.toUnsignedString(value.integer(i));
      case BOOL -> value.integer(i) != 0 ? "true" : "false";
    };
  }

  private static String list(List<Integer> numbers) {
    return numbers.toString();
  }

  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> {
          if (c < ' ' || c >= 127) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
