package tessera.assembler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// One way in which a mnemonic may go on.
sealed interface Candidate {

  /// {@return the mnemonic, suffixes included}
  String mnemonic();

  /// {@return what follows it}
  Template operands();

  /// {@return the class of a hole; null: it stands for a symbol and nothing else}
  @Nullable OperandClass operandClass(String hole);

  /// {@return the bytes that it makes}
  int bytes();

  /// {@return how many instructions it makes}
  int length();

  /// {@return the instructions with their arguments, given what the holes hold}
  <E> List<Step<E>> steps(Map<String, Argument<E>> holes);

  /// An instruction and what its operands get; those that are not named get their preset.
  record Step<E>(Instruction instruction, Map<String, Filling<E>> fillings) {}

  /// What an operand of a step gets.
  sealed interface Filling<E> {
    /// What a hole holds.
    record Of<E>(Argument<E> argument) implements Filling<E> {}

    /// The low part of an address whose high part the latest step with a `…_hi` has.
    record OwnLow<E>(String function) implements Filling<E> {}
  }

  /// An instruction by one of its templates.
  ///
  /// @param fixed the fields that the mnemonic's suffixes decide
  record Plain(String mnemonic, Instruction instruction, Map<String, Long> fixed, Template operands)
      implements Candidate {
    @Override
    public OperandClass operandClass(String hole) {
      return instruction.operand(hole).operandClass();
    }

    @Override
    public int bytes() {
      return instruction.encoding().bytes();
    }

    @Override
    public int length() {
      return 1;
    }

    @Override
    public <E> List<Step<E>> steps(Map<String, Argument<E>> holes) {
      Map<String, Filling<E>> fillings = new HashMap<>();
      fixed.forEach(
          (field, value) -> fillings.put(field, new Filling.Of<>(new Argument.Number<>(value))));
      holes.forEach((hole, argument) -> fillings.put(hole, new Filling.Of<>(argument)));
      return List.of(new Step<>(instruction, fillings));
    }
  }

  /// A pseudo-instruction.
  ///
  /// @param symbols the holes that only relocation functions take
  record Pseudo(Alias alias, Set<String> symbols) implements Candidate {
    static Pseudo of(Alias alias) {
      Set<String> symbols = new HashSet<>();
      Set<String> values = new HashSet<>();
      for (Alias.Step step : alias.steps()) {
        for (Alias.Argument argument : step.arguments().values()) {
          switch (argument) {
            case Alias.Argument.Relocated(_, var hole) -> symbols.add(hole);
            case Alias.Argument.Hole(var name) -> values.add(name);
            case Alias.Argument.Computed(var names, _) -> values.addAll(names);
            case Alias.Argument.Constant _ -> {}
          }
        }
      }
      symbols.removeAll(values);
      return new Pseudo(alias, Set.copyOf(symbols));
    }

    @Override
    public String mnemonic() {
      return alias.mnemonic();
    }

    @Override
    public Template operands() {
      return alias.operands();
    }

    @Override
    public @Nullable OperandClass operandClass(String hole) {
      return symbols.contains(hole) ? null : alias.holes().get(hole);
    }

    @Override
    public int bytes() {
      return alias.steps().stream().mapToInt(s -> s.instruction().encoding().bytes()).sum();
    }

    @Override
    public int length() {
      return alias.steps().size();
    }

    @Override
    public <E> List<Step<E>> steps(Map<String, Argument<E>> holes) {
      return alias.steps().stream().map(s -> step(s, holes)).toList();
    }

    private static <E> Step<E> step(Alias.Step step, Map<String, Argument<E>> holes) {
      Map<String, Filling<E>> fillings = new HashMap<>();
      step.arguments().forEach((field, a) -> fillings.put(field, filling(a, holes)));
      return new Step<>(step.instruction(), fillings);
    }

    private static <E> Filling<E> filling(Alias.Argument argument, Map<String, Argument<E>> holes) {
      return switch (argument) {
        case Alias.Argument.Constant(var value) -> new Filling.Of<>(new Argument.Number<>(value));
        case Alias.Argument.Hole(var name) -> new Filling.Of<>(held(name, holes));
        case Alias.Argument.Relocated(var function, var hole) ->
            function.equals("pcrel_lo")
                ? new Filling.OwnLow<>(function)
                : new Filling.Of<>(relocated(function, held(hole, holes)));
        case Alias.Argument.Computed(var names, var value) ->
            new Filling.Of<>(new Argument.Number<>(value.applyAsLong(numbers(names, holes))));
      };
    }

    private static <E> Argument<E> relocated(String function, Argument<E> argument) {
      return switch (argument) {
        case Argument.Symbolic<E>(_, var expression) ->
            new Argument.Symbolic<>(function, expression);
        case Argument.Number<E> number -> number;
      };
    }

    private static <E> Argument<E> held(String hole, Map<String, Argument<E>> holes) {
      Argument<E> argument = holes.get(hole);
      if (argument == null) {
        throw new IllegalArgumentException("no hole " + hole);
      }
      return argument;
    }

    private static <E> Map<String, Long> numbers(
        List<String> names, Map<String, Argument<E>> holes) {
      Map<String, Long> numbers = new HashMap<>();
      for (String name : names) {
        if (held(name, holes) instanceof Argument.Number<E>(var value)) {
          numbers.put(name, value);
        }
      }
      return numbers;
    }
  }
}
