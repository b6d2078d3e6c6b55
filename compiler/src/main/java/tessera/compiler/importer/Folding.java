package tessera.compiler.importer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tessera.compiler.graph.Graph;
import tessera.compiler.graph.GraphBuilder;
import tessera.compiler.graph.GraphEvaluator;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;
import tessera.compiler.graph.Typing;

/// Adds operations to a graph and carries out at once those whose operands are all constant.
final class Folding {
  /// How many bytes of constants may come about beside those that the model holds.
  static final long LARGEST = 256L << 20;

  private final GraphBuilder builder;
  private final long budget;
  private long folded;

  /// @param given the bytes of constants in the model
  Folding(String name, long given) {
    this.builder = GraphBuilder.of(name);
    // Weights may be transposed, scaled and cast.
    this.budget = LARGEST + 4 * given;
  }

  int add(Op op, Integer... operands) {
    return add(op, Arrays.asList(operands));
  }

  int add(Op op, List<Integer> operands) {
    return switch (Typing.of(op, operands.stream().map(builder::type).toList())) {
      case Typing.Refused(var reason) -> throw Refusal.invalid(reason);
      case Typing.Typed(var type) ->
          constants(op, operands)
              .map(constants -> fold(op, type, constants))
              .orElseGet(() -> builder.add(op, operands));
    };
  }

  int constant(Tensor value) {
    return builder.constant(value);
  }

  int input(String name, TensorType type) {
    return builder.input(name, type);
  }

  void output(String name, int id) {
    builder.output(name, id);
  }

  void origin(String node) {
    builder.origins(node.isEmpty() ? List.of() : List.of(node));
  }

  TensorType type(int id) {
    return builder.type(id);
  }

  /// The elements of a value, if they are known.
  Optional<Tensor> constant(int id) {
    return builder.node(id).op() instanceof Op.Constant(var value)
        ? Optional.of(value)
        : Optional.empty();
  }

  Graph graph() {
    return builder.done();
  }

  private Optional<List<Tensor>> constants(Op op, List<Integer> operands) {
    var constants = new ArrayList<Tensor>();
    operands.forEach(id -> constant(id).ifPresent(constants::add));
    boolean known = constants.size() == operands.size() && !(op instanceof Op.Input);
    return known ? Optional.of(constants) : Optional.empty();
  }

  private int fold(Op op, TensorType type, List<Tensor> constants) {
    folded += type.bytes();
    if (folded > budget) {
      throw Refusal.unsupported("its constants take more than " + budget + " bytes");
    }
    return builder.constant(GraphEvaluator.apply(op, type, constants));
  }
}
