package tessera.compiler.emit;

import java.util.List;
import java.util.stream.Collectors;

/// A line of code.
public sealed interface Item {
  /// An instruction.
  ///
  /// @param defines whether its first operand is written; all others are read
  record Insn(String mnemonic, List<Operand> operands, boolean defines) implements Item {
    public Insn {
      operands = List.copyOf(operands);
    }

    @Override
    public String toString() {
      return mnemonic
          + operands.stream().map(Operand::toString).collect(Collectors.joining(", ", " ", ""));
    }
  }

  /// A label is here.
  record Bind(int label) implements Item {}

  /// Here begins what runs again and again, up to the next matching [LoopEnd]: registers that are
  /// used in between and were defined before stay alive for all of it.
  record LoopBegin() implements Item {}

  record LoopEnd() implements Item {}

  /// A word for whoever reads the code.
  record Comment(String text) implements Item {}
}
