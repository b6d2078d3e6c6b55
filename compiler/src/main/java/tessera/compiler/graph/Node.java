package tessera.compiler.graph;

import java.util.List;

/// One operation of a graph and the value it defines.
///
/// @param id names the value; printed as `%7`
/// @param operands the ids of the values it works on
/// @param type what the value is
/// @param origins the names of the model's nodes it stands for; may be empty
public record Node(int id, Op op, List<Integer> operands, TensorType type, List<String> origins) {
  public Node {
    operands = List.copyOf(operands);
    origins = List.copyOf(origins);
  }

  public int operand(int i) {
    return operands.get(i);
  }
}
