package tessera.compiler.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.BinaryFn;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.importer.Support;
import tessera.compiler.rewrite.ExpandPowers;

/// What there is code for.
public final class CodeSupport implements Support {
  @Override
  public Optional<String> refusal(Node node, List<Node> operands) {
    if (node.op() instanceof Op.Constant) {
      // What uses it is asked.
      return Optional.empty();
    }
    var types = new ArrayList<DType>();
    operands.forEach(operand -> types.add(operand.type().dtype()));
    types.add(node.type().dtype());
    return types.stream()
        .filter(dtype -> !Element.supports(dtype))
        .findFirst()
        .map(dtype -> "elements of " + dtype + " (there is code for: " + Element.TYPES + ")")
        .or(() -> function(node, operands));
  }

  private static Optional<String> function(Node node, List<Node> operands) {
    return switch (node.op()) {
      case Op.Unary(var fn) -> Element.refusal(fn);
      case Op.Binary(var fn) when fn == BinaryFn.POW && expands(node, operands) -> Optional.empty();
      case Op.Binary(var fn) -> Element.refusal(fn, operands.getFirst().type().dtype());
      case Op.Input _,
          Op.Constant _,
          Op.Select _,
          Op.Cast _,
          Op.MatMul _,
          Op.Reduce _,
          Op.Reshape _,
          Op.Broadcast _,
          Op.Transpose _,
          Op.Slice _,
          Op.Concat _,
          Op.Gather _,
          Op.Pad _ ->
          Optional.empty();
    };
  }

  private static boolean expands(Node node, List<Node> operands) {
    return ExpandPowers.applies(node, operands.get(0), operands.get(1));
  }
}
