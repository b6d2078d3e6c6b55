package tessera.compiler.template;

import java.util.List;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Operand.Virtual;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Node;
import tessera.compiler.graph.Op;
import tessera.compiler.graph.Shape;

/// Code for operations that put elements elsewhere and are no view of one operand.
final class Moves {
  private final Code code;
  private final Element element;
  private final Values values;
  private final Node node;
  private final DType dtype;

  private Moves(Code code, Group group, Values values) {
    this.code = code;
    this.element = new Element(code);
    this.values = values;
    this.node = group.root();
    this.dtype = node.type().dtype();
  }

  static void emit(Code code, Group group, Values values) {
    var moves = new Moves(code, group, values);
    switch (moves.node.op()) {
      case Op.Concat(var axis) -> moves.concat(axis);
      case Op.Pad(var before, _) -> moves.pad(before);
      case Op.Gather(var axis) -> moves.gather(axis);
      case Op.Input _,
          Op.Constant _,
          Op.Unary _,
          Op.Binary _,
          Op.Select _,
          Op.Cast _,
          Op.MatMul _,
          Op.Reduce _,
          Op.Reshape _,
          Op.Broadcast _,
          Op.Transpose _,
          Op.Slice _ ->
          throw new IllegalArgumentException(moves.node.op() + " is no move");
    }
  }

  private void concat(int axis) {
    long along = node.type().shape().strides()[axis];
    long first = 0;
    for (int operand : node.operands()) {
      place(values.node(operand), first);
      first += values.node(operand).type().shape().dim(axis) * along;
    }
  }

  /// Copies a whole operand into the result, its first element to index `first`.
  private void place(Node operand, long first) {
    Shape shape = operand.type().shape();
    if (shape.count() == 0) {
      return;
    }
    Virtual to = code.address(behind(values.address(node.id()), first * dtype.bytes()));
    Virtual from = code.address(values.address(operand.id()));
    var nest = new Nest(code, List.of(to, from));
    for (int axis = 0; axis < shape.rank(); axis++) {
      long inResult = (long) node.type().shape().strides()[axis] * dtype.bytes();
      long inOperand = (long) shape.strides()[axis] * dtype.bytes();
      nest.axis(shape.dim(axis), List.of(inResult, inOperand));
    }
    copy(nest, to, from);
  }

  private static Operand.Address behind(Operand.Address address, long bytes) {
    return new Operand.Address(address.symbol(), address.addend() + bytes);
  }

  private void copy(Nest nest, Virtual to, Virtual from) {
    nest.emit(
        level -> {
          if (level == nest.depth()) {
            element.store(dtype, element.load(dtype, from), to);
          }
        },
        _ -> {});
  }

  /// Fills the whole result first; the operand then covers its part.
  private void pad(List<Integer> before) {
    if (node.type().count() > 0) {
      Virtual with = element.load(dtype, code.address(values.address(node.operand(1))));
      Virtual to = code.address(values.address(node.id()));
      var nest = new Nest(code, List.of(to));
      nest.axis(node.type().count(), List.of((long) dtype.bytes()));
      nest.emit(
          level -> {
            if (level == nest.depth()) {
              element.store(dtype, with, to);
            }
          },
          _ -> {});
    }
    long first = 0;
    for (int axis = 0; axis < before.size(); axis++) {
      first += (long) before.get(axis) * node.type().shape().strides()[axis];
    }
    place(values.node(node.operand(0)), first);
  }

  /// For each slice before the axis and each index, copies what the index names.
  private void gather(int axis) {
    Shape of = values.node(node.operand(0)).type().shape();
    Node indices = values.node(node.operand(1));
    if (node.type().count() == 0) {
      return;
    }
    long inner = (long) of.strides()[axis] * dtype.bytes();
    long outer = inner * of.dim(axis);
    Virtual to = code.address(values.address(node.id()));
    Virtual from = code.address(values.address(node.operand(0)));
    Virtual index = code.address(values.address(indices.id()));
    var nest = new Nest(code, List.of(to, from, index));
    long count = indices.type().count();
    nest.axis(of.sub(0, axis).count(), List.of(count * inner, outer, 0L));
    nest.fence();
    nest.axis(count, List.of(inner, 0L, (long) indices.type().dtype().bytes()));
    nest.emit(
        level -> {
          if (level == nest.depth()) {
            slice(to, slice(from, index, indices, of.dim(axis), inner), of.strides()[axis]);
          }
        },
        _ -> {});
  }

  /// The address of the slice that an index names: counted from the end if negative, then moved
  /// into the axis.
  private Virtual slice(Virtual from, Virtual index, Node indices, int dim, long inner) {
    Virtual named = element.load(indices.type().dtype(), index);
    Virtual fromEnd = code.x("add", named, code.constant((long) dim));
    Virtual negative = code.x("slt", named, Operand.word("zero"));
    Virtual counted = element.select(negative, fromEnd, named);
    Virtual above = element.clampBelow(counted, 0);
    Virtual within = element.clampAbove(above, dim - 1L);
    return code.x("add", from, code.x("mul", within, code.constant(inner)));
  }

  private void slice(Virtual to, Virtual from, int count) {
    Virtual target = code.x("addi", to, Operand.imm(0));
    var nest = new Nest(code, List.of(target, from));
    nest.axis(count, List.of((long) dtype.bytes(), (long) dtype.bytes()));
    copy(nest, target, from);
  }
}
