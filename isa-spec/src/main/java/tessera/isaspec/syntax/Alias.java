package tessera.isaspec.syntax;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Span;

/// Text that stands for one instruction, or for a fixed sequence (a pseudo-instruction).
///
/// @param mnemonic the first word of the text
/// @param operands the rest
/// @param holes for each hole, the class of the first field that takes it as it is
/// @param steps what it stands for
/// @param condition null: always; else whether these values of the holes may be written so
/// @param prefer a word that it can say is printed so
public record Alias(
    String mnemonic,
    Template operands,
    Map<String, OperandClass> holes,
    List<Step> steps,
    @Nullable Predicate<Map<String, Long>> condition,
    boolean prefer,
    Span span) {

  /// One instruction of the sequence, with an argument for each of its operands that is not left to
  /// its preset.
  public record Step(Instruction instruction, Map<String, Argument> arguments) {}

  /// What an operand gets.
  public sealed interface Argument {
    /// A number.
    record Constant(long value) implements Argument {}

    /// A hole as it is.
    record Hole(String name) implements Argument {}

    /// A relocation function of a hole; `pcrel_lo` refers to the sequence's own `…_hi`.
    record Relocated(String function, String hole) implements Argument {}

    /// A value computed of the holes.
    record Computed(List<String> holes, ToLongFunction<Map<String, Long>> value)
        implements Argument {}
  }

  public Alias {
    steps = List.copyOf(steps);
  }
}
