package tessera.isaspec.syntax;

import tessera.isaspec.encoding.FieldLayout;

/// A field of an instruction that its word leaves open, with the class that says how it is written.
public record Operand(FieldLayout field, OperandClass operandClass) {

  /// {@return the field's name}
  public String name() {
    return field.name();
  }

  /// {@return the operand's value in a word}
  public long decode(long word) {
    return operandClass.fromField(field.extract(word));
  }

  /// {@return the word with this operand set; the value must be one that the class has}
  public long encode(long word, long value) {
    long bits = operandClass.toField(value);
    if (bits < 0) {
      throw new IllegalArgumentException(
          value + " is not a value of " + name() + " : " + operandClass.name());
    }
    return field.insert(word, bits);
  }
}
