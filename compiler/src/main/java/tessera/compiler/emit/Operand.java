package tessera.compiler.emit;

/// An operand of an instruction, in the order of its assembly text.
public sealed interface Operand {
  /// The register files that are allocated.
  enum Bank {
    /// The integer registers.
    X,
    /// The floating-point registers.
    F
  }

  /// A register that has no place yet. It begins to live at its first definition.
  record Virtual(Bank bank, int number) implements Operand {
    @Override
    public String toString() {
      return (bank == Bank.X ? "%x" : "%f") + number;
    }
  }

  /// A word as the assembler knows it: a register of the machine, `rtz`, `e32`, `g2`.
  record Word(String text) implements Operand {
    @Override
    public String toString() {
      return text;
    }
  }

  record Imm(long value) implements Operand {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// A label of the same list, for a branch.
  record Target(int label) implements Operand {
    @Override
    public String toString() {
      return ".L" + label;
    }
  }

  /// The address of a symbol, and bytes behind it.
  record Address(String symbol, long addend) implements Operand {
    @Override
    public String toString() {
      return addend == 0 ? symbol : symbol + "+" + addend;
    }
  }

  /// `offset(base)`.
  record Memory(long offset, Operand base) implements Operand {
    @Override
    public String toString() {
      return offset + "(" + base + ")";
    }
  }

  /// `(base)`, for instructions whose addresses have no offset.
  record Indirect(Operand base) implements Operand {
    @Override
    public String toString() {
      return "(" + base + ")";
    }
  }

  static Operand imm(long value) {
    return new Imm(value);
  }

  static Operand word(String text) {
    return new Word(text);
  }
}
