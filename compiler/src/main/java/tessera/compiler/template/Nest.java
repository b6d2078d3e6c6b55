package tessera.compiler.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import tessera.compiler.emit.Code;
import tessera.compiler.emit.Operand;
import tessera.compiler.emit.Operand.Virtual;

/// Loops over positions, with pointers that follow them. Axes of one element go away; two that
/// every pointer crosses as if they were one become one.
final class Nest {
  /// One loop.
  ///
  /// @param steps for each pointer, the bytes from one index to the next
  private record Axis(long extent, List<Long> steps) {
    boolean isOneWith(Axis inner) {
      for (int i = 0; i < steps.size(); i++) {
        if (steps.get(i) != inner.extent * inner.steps.get(i)) {
          return false;
        }
      }
      return true;
    }
  }

  private final Code code;
  private final List<Virtual> pointers;
  private final List<Axis> axes = new ArrayList<>();
  private int fixed;

  /// @param pointers at their first element; where they are behind the loops is not said
  Nest(Code code, List<Virtual> pointers) {
    this.code = code;
    this.pointers = List.copyOf(pointers);
  }

  /// Adds the next inner loop.
  void axis(long extent, List<Long> steps) {
    if (extent == 1) {
      return;
    }
    var axis = new Axis(extent, List.copyOf(steps));
    if (axes.size() > fixed && axes.getLast().isOneWith(axis)) {
      Axis outer = axes.removeLast();
      axis = new Axis(outer.extent * extent, axis.steps);
    }
    axes.add(axis);
  }

  /// Axes added from now on stay inside those added so far. Gives how many those are.
  int fence() {
    fixed = axes.size();
    return fixed;
  }

  /// How many loops there are.
  int depth() {
    return axes.size();
  }

  /// In how many loops the element that a pointer shows is the same from the innermost out: it need
  /// be loaded only on entering loop `level`.
  int level(int pointer) {
    int level = axes.size();
    while (level > 0 && axes.get(level - 1).steps.get(pointer) == 0) {
      level--;
    }
    return level;
  }

  /// Emits the loops.
  ///
  /// @param enter called with 0 before all loops and with n in the body of the n-th, before what is
  ///   in it
  /// @param leave the same, behind what is in it
  void emit(IntConsumer enter, IntConsumer leave) {
    emit(0, enter, leave);
  }

  private void emit(int level, IntConsumer enter, IntConsumer leave) {
    enter.accept(level);
    if (level < axes.size()) {
      loop(level, enter, leave);
    }
    leave.accept(level);
  }

  private void loop(int level, IntConsumer enter, IntConsumer leave) {
    Axis axis = axes.get(level);
    // A pointer that moves counts the loop; it is cheaper than a counter.
    int counting = 0;
    while (counting < pointers.size() && axis.steps.get(counting) == 0) {
      counting++;
    }
    if (counting == pointers.size()) {
      code.times(axis.extent, () -> emit(level + 1, enter, leave));
      return;
    }
    Virtual pointer = pointers.get(counting);
    Virtual end = end(pointer, axis.extent * axis.steps.get(counting));
    code.loop(start -> {
      emit(level + 1, enter, leave);
      advance(level, true);
      code.op("bne", pointer, end, start);
    });
    if (level > 0) {
      advance(level, false);
    }
  }

  private Virtual end(Virtual pointer, long bytes) {
    return bytes >= -2048 && bytes < 2048
        ? code.x("addi", pointer, Operand.imm(bytes))
        : code.x("add", pointer, code.constant(bytes));
  }

  /// To the next index of this loop, or behind the loop back to its first.
  private void advance(int level, boolean forwards) {
    Axis axis = axes.get(level);
    for (int i = 0; i < pointers.size(); i++) {
      long step = axis.steps.get(i);
      code.advance(pointers.get(i), forwards ? step : -step * axis.extent);
    }
  }
}
