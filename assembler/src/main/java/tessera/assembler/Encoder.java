package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.Functions;
import tessera.elf.RelocationType;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Makes words of instructions and arguments.
final class Encoder {
  private Encoder() {}

  /// A word, and the operands that depend on addresses.
  record Encoded<E>(Instruction instruction, long word, List<Target<E>> targets) {}

  /// An operand that depends on an address.
  sealed interface Target<E> {
    Operand operand();

    /// Of an expression.
    ///
    /// @param type null: no relocation exists, only the layout can fill it in
    /// @param span where the text says so
    record Of<E>(Operand operand, @Nullable RelocationType type, E expression, @Nullable Span span)
        implements Target<E> {}

    /// The low part of what the sequence's own `…_hi` has.
    record OwnLow<E>(Operand operand, RelocationType type) implements Target<E> {}
  }

  /// What came of it.
  sealed interface Result<E> {
    record Done<E>(List<Encoded<E>> words) implements Result<E> {}

    /// A value that its operand does not have.
    record OutOfRange<E>(Instruction instruction, Operand operand, long value)
        implements Result<E> {}

    /// An operand that takes no such relocation, or no address at all.
    record NoFunction<E>(
        Instruction instruction, Operand operand, @Nullable String function, E expression)
        implements Result<E> {}

    /// A combination of operands that the instruction's `legal` refuses.
    record Refused<E>(Instruction instruction, long word) implements Result<E> {}
  }

  /// {@return the words of a candidate whose holes hold these}
  static <E> Result<E> encode(Candidate candidate, Map<String, Argument<E>> holes) {
    List<Encoded<E>> words = new ArrayList<>();
    for (Candidate.Step<E> step : candidate.steps(holes)) {
      switch (encode(step)) {
        case Result.Done<E>(var done) -> words.addAll(done);
        case Result<E> failed -> {
          return failed;
        }
      }
    }
    return new Result.Done<>(words);
  }

  private static <E> Result<E> encode(Candidate.Step<E> step) {
    Instruction instruction = step.instruction();
    long word = instruction.encoding().match();
    List<Target<E>> targets = new ArrayList<>();
    for (Operand operand : instruction.operands()) {
      switch (step.fillings().get(operand.name())) {
        case null -> word = operand.encode(word, preset(operand.operandClass()));
        case Candidate.Filling.Of<E>(Argument.Number<E>(var value)) -> {
          Long fitting = fit(operand.operandClass(), value);
          if (fitting == null) {
            return new Result.OutOfRange<>(instruction, operand, value);
          }
          word = operand.encode(word, fitting);
        }
        case Candidate.Filling.Of<E>(Argument.Symbolic<E>(var function, var expression)) -> {
          String name = function == null ? targetFunction(operand.operandClass()) : function;
          RelocationType type = name == null ? null : type(operand, name);
          if (type == null && !isTarget(operand.operandClass())) {
            return new Result.NoFunction<>(instruction, operand, function, expression);
          }
          targets.add(new Target.Of<>(operand, type, expression, null));
        }
        case Candidate.Filling.OwnLow<E>(var function) -> {
          RelocationType type = type(operand, function);
          if (type == null) {
            throw new IllegalStateException(instruction + " has no " + function);
          }
          targets.add(new Target.OwnLow<>(operand, type));
        }
      }
    }
    return targets.isEmpty() && !instruction.accepts(word)
        ? new Result.Refused<>(instruction, word)
        : new Result.Done<>(List.of(new Encoded<>(instruction, word, targets)));
  }

  private static @Nullable RelocationType type(Operand operand, String function) {
    return operand.operandClass().relocations().contains(function)
        ? Functions.type(function, operand.field())
        : null;
  }

  /// {@return the value of an operand that is left out}
  static long preset(OperandClass operandClass) {
    Long preset = operandClass.preset();
    return preset == null ? operandClass.file() == null ? 0 : operandClass.fromField(0) : preset;
  }

  /// {@return whether the operand is a distance to a place}
  static boolean isTarget(OperandClass operandClass) {
    return operandClass.readings().stream()
        .anyMatch(OperandClass.Reading.PcRelative.class::isInstance);
  }

  /// The relocation of a target that is written without one.
  private static @Nullable String targetFunction(OperandClass operandClass) {
    return isTarget(operandClass) && !operandClass.relocations().isEmpty()
        ? operandClass.relocations().getFirst()
        : null;
  }

  /// {@return the operand's value for a written number, which may be its unsigned spelling; null:
  /// there is none}
  static @Nullable Long fit(OperandClass operandClass, long value) {
    if (operandClass.toField(value) >= 0) {
      return value;
    }
    Long modulo = operandClass.modulo();
    if (modulo != null && value >= 0 && value < modulo) {
      long wrapped = value - modulo;
      return operandClass.toField(wrapped) >= 0 ? wrapped : null;
    }
    return null;
  }
}
