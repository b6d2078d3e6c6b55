package tessera.compiler.importer;

import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.Node;

/// What the use that a graph is made for can do with its nodes. Asked while importing, so that what
/// the model's operators and the target's templates cannot do is one error.
public interface Support {
  /// Why this node cannot be used, in words; empty if it can.
  ///
  /// @param operands the nodes whose values it takes
  Optional<String> refusal(Node node, List<Node> operands);

  /// The evaluator's: every graph.
  static Support all() {
    return (node, operands) -> Optional.empty();
  }
}
