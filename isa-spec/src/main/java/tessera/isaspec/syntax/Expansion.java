package tessera.isaspec.syntax;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import tessera.isaspec.Instruction;

/// What a short form runs as: one instruction, and where the value of each of its operands comes
/// from.
///
/// @param target the instruction, which is no short form itself
/// @param arguments an argument for each operand of the target
/// @param named whether an assembler takes it only for a line that names it, or an alias of it; any
///   other is taken for each line that says the target's word
public record Expansion(Instruction target, Map<String, Argument> arguments, boolean named) {

  /// Where the value of an operand of the target comes from.
  public sealed interface Argument {
    /// Always the same value.
    record Constant(long value) implements Argument {}

    /// The value of one operand of the short form, as it is.
    record Same(Operand operand) implements Argument {}

    /// Computed from the value of one operand of the short form.
    record Computed(Operand operand, LongUnaryOperator value) implements Argument {}
  }

  public Expansion {
    arguments = Map.copyOf(arguments);
  }

  /// {@return the argument for an operand of the target}
  public Argument argument(Operand operand) {
    return Objects.requireNonNull(arguments.get(operand.name()));
  }

  /// {@return the values of the target's operands for a word of the short form}
  public Map<String, Long> values(long word) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Operand operand : target.operands()) {
      values.put(operand.name(), value(argument(operand), word));
    }
    return values;
  }

  private static long value(Argument argument, long word) {
    return switch (argument) {
      case Argument.Constant(long value) -> value;
      case Argument.Same(var operand) -> operand.decode(word);
      case Argument.Computed(var operand, var of) -> of.applyAsLong(operand.decode(word));
    };
  }

  /// {@return the target's word for a word of the short form; empty where an operand of the target
  /// can not have its value}
  public OptionalLong word(long shortWord) {
    long word = target.encoding().match();
    for (Operand operand : target.operands()) {
      long bits = operand.operandClass().toField(value(argument(operand), shortWord));
      if (bits < 0) {
        return OptionalLong.empty();
      }
      word = operand.field().insert(word, bits);
    }
    return OptionalLong.of(word);
  }

  /// {@return the field codes of the short form's operand for which its argument has a value}
  ///
  /// @param argument one that takes an operand of the short form
  public static List<Long> codes(Argument.Computed argument, long value) {
    OperandClass c = argument.operand().operandClass();
    return LongStream.range(0, 1L << c.width())
        .filter(code -> argument.value().applyAsLong(c.fromField(code)) == value)
        .boxed()
        .toList();
  }
}
