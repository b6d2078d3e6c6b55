package tessera.compiler.template;

import tessera.compiler.emit.Operand;
import tessera.compiler.graph.Node;

/// Where the values lie that have a place in memory.
public interface Values {
  /// The node that defines value `id`.
  Node node(int id);

  /// Whether value `id` lies in memory; if not, it only is its operand in another order.
  boolean isStored(int id);

  /// The address of the first byte of value `id`. A reshape lies where its operand does.
  Operand.Address address(int id);
}
