package tessera.emulator.interpreter;

import org.jspecify.annotations.Nullable;
import tessera.emulator.InstructionInfo;

/// An instruction made ready to run under the modes it was bound for.
final class Compiled {
  final Binding binding;
  final InstructionInfo info;
  final int bytes;

  /// conditions that stay as they are until a CSR changes
  final Value[] stable;

  /// conditions to be asked at each execution
  final Value[] others;

  /// the micro-operation that does it, or [MicroOps#NONE]
  final long op;

  /// whether the micro-operation does all there is, since nothing happens any more with its writes;
  /// null: always
  final @Nullable Value settled;

  /// what makes the action once it is needed; null: it was made, or can not be
  @Nullable Closures later;

  /// what does it otherwise; null: the plain evaluator, unless [#later] is there
  @Nullable Action action;

  Compiled(
      Binding binding,
      InstructionInfo info,
      Value[] stable,
      Value[] others,
      long op,
      @Nullable Value settled,
      @Nullable Closures later) {
    this.binding = binding;
    this.info = info;
    this.bytes = binding.decoded().bytes();
    this.stable = stable;
    this.others = others;
    this.op = op;
    this.settled = settled;
    this.later = later;
  }

  /// {@return whether the micro-operation may run now}
  boolean isSettled(Frame f) {
    return op != MicroOps.NONE && (settled == null || settled.get(f) != 0);
  }

  /// {@return whether it is always the same, whatever the CSRs say}
  boolean isUnguarded() {
    return stable.length == 0 && binding.modes().isEmpty() && settled == null;
  }
}
