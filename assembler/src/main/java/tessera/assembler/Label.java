package tessera.assembler;

import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Expression;

/// A symbol of an [AsmBuilder], and bytes after it.
public final class Label {
  private final AsmSymbol symbol;
  private final long addend;

  Label(AsmSymbol symbol, long addend) {
    this.symbol = symbol;
    this.addend = addend;
  }

  AsmSymbol symbol() {
    return symbol;
  }

  Expression expression() {
    return Expression.of(symbol).plus(addend);
  }

  /// {@return the symbol's name; blank where it has none}
  public String name() {
    return symbol.name();
  }

  /// {@return the place `bytes` after this}
  public Label plus(long bytes) {
    return new Label(symbol, addend + bytes);
  }

  /// {@return its address, as the target of a branch or the symbol of a pseudo-instruction}
  public Operand target() {
    return new Operand.Address(null, expression());
  }

  /// {@return a part of its address by a relocation function (`lo`, `pcrel_hi`, …)}
  public Operand part(String function) {
    return new Operand.Address(function, expression());
  }

  @Override
  public String toString() {
    return addend == 0 ? symbol.name() : symbol.name() + "+" + addend;
  }
}
