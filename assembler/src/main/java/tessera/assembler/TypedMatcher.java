package tessera.assembler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Words;
import tessera.assembler.relocate.Expression;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Fits operands that are values, in the order of a template's holes. The texts between the holes
/// are only for readers; a hole that may be left out may lack its operand.
final class TypedMatcher {
  private final Isa isa;
  private final Candidate candidate;
  private final List<String> names;
  private final List<Operand> operands;
  private final Map<String, Argument<Expression>> holes = new LinkedHashMap<>();

  private TypedMatcher(Isa isa, Candidate candidate, List<Operand> operands) {
    this.isa = isa;
    this.candidate = candidate;
    this.names = candidate.operands().holes();
    this.operands = operands;
  }

  /// {@return the words of the shortest reading of a mnemonic with these operands, or null}
  ///
  /// @param compressed whether instructions of 2 bytes may be taken
  static @Nullable List<Encoder.Encoded<Expression>> encode(
      Isa isa, Mnemonics mnemonics, String mnemonic, List<Operand> operands, boolean compressed) {
    Readings<Expression> readings = mnemonics.readings(compressed);
    for (Candidate candidate : mnemonics.candidates(mnemonic, compressed)) {
      TypedMatcher matcher = new TypedMatcher(isa, candidate, operands);
      if (!readings.isSettled()
          && matcher.match(0, 0)
          && Encoder.encode(candidate, matcher.holes)
              instanceof Encoder.Result.Done<Expression>(var words)) {
        readings.offer(candidate, words, mnemonics.mayShorten(candidate));
      }
    }
    return readings.best();
  }

  private boolean match(int hole, int at) {
    if (hole == names.size()) {
      return at == operands.size();
    }
    String name = names.get(hole);
    OperandClass c = candidate.operandClass(name);
    if (at < operands.size()) {
      for (Fit fit : fits(c, at)) {
        Argument<Expression> before = holes.putIfAbsent(name, fit.argument());
        // A name that stands twice stands for the same (`add {rd}, {rs2}, {rd}`).
        boolean same = before == null || before.equals(fit.argument());
        if (same && match(hole + 1, at + fit.taken())) {
          return true;
        }
        if (before == null) {
          holes.remove(name);
        }
      }
    }
    return c != null && leaveOut(c, name, hole, at);
  }

  private boolean leaveOut(OperandClass c, String name, int hole, int at) {
    Long left = c.preset() != null ? c.preset() : emptyText(c);
    if (left == null) {
      return false;
    }
    holes.put(name, new Argument.Number<>(left));
    if (match(hole + 1, at)) {
      return true;
    }
    holes.remove(name);
    return false;
  }

  private static @Nullable Long emptyText(OperandClass c) {
    for (OperandClass.Reading reading : c.readings()) {
      if (reading instanceof OperandClass.Reading.Texts(var texts)) {
        for (OperandClass.Text text : texts) {
          if (text.text().isEmpty()) {
            return text.value();
          }
        }
      }
    }
    return null;
  }

  /// An argument, and how many operands it took.
  private record Fit(Argument<Expression> argument, int taken) {}

  private List<Fit> fits(@Nullable OperandClass c, int at) {
    return switch (operands.get(at)) {
      case Operand.Register(var file, var number) -> registers(c, file.name(), number);
      case Operand.Number(var value) -> c == null ? symbol(value) : numbers(c, value);
      case Operand.Word(var text) -> c == null ? List.of() : words(c, text, at);
      case Operand.Address(var function, var expression) ->
          List.of(new Fit(new Argument.Symbolic<>(function, expression), 1));
    };
  }

  private static Fit one(long value) {
    return new Fit(new Argument.Number<>(value), 1);
  }

  private static List<Fit> symbol(long value) {
    return List.of(new Fit(new Argument.Symbolic<>(null, Expression.of(value)), 1));
  }

  private static List<Fit> registers(@Nullable OperandClass c, String file, int number) {
    for (OperandClass.Reading reading :
        c == null ? List.<OperandClass.Reading>of() : c.readings()) {
      if (reading instanceof OperandClass.Reading.Register(var of, var numbers)
          && of.name().equals(file)
          && numbers.contains(number)) {
        return List.of(one(number));
      }
    }
    return List.of();
  }

  private static List<Fit> numbers(OperandClass c, long value) {
    if (c.file() != null) {
      return List.of();
    }
    Long fitting = Encoder.fit(c, value);
    return fitting == null ? List.of() : List.of(one(fitting));
  }

  private List<Fit> words(OperandClass c, String text, int at) {
    for (OperandClass.Reading reading : c.readings()) {
      Fit fit =
          switch (reading) {
            case OperandClass.Reading.Texts(var texts) -> text(texts, text);
            case OperandClass.Reading.Flags(var letters, var none) -> {
              long value = OperandMatcher.flags(text, letters, none);
              yield value < 0 ? null : one(value);
            }
            case OperandClass.Reading.Register(var file, var numbers) -> {
              int number = file.registerNumber(text);
              yield number >= 0 && numbers.contains(number) ? one(number) : null;
            }
            case OperandClass.Reading.Parts(var parts, var asm) -> parts(parts, asm, at);
            case OperandClass.Reading.CsrName() -> {
              Csr csr = isa.csr(text);
              yield csr == null ? null : one(csr.number());
            }
            case OperandClass.Reading.Immediate(), OperandClass.Reading.PcRelative() -> null;
          };
      if (fit != null) {
        return List.of(fit);
      }
    }
    return List.of();
  }

  private static @Nullable Fit text(List<OperandClass.Text> texts, String wanted) {
    List<String> words = Words.of(wanted);
    for (OperandClass.Text text : texts) {
      List<String> its = Words.of(text.text());
      boolean separated = !its.isEmpty() && its.getFirst().equals(",");
      if (its.equals(words) || separated && its.subList(1, its.size()).equals(words)) {
        return one(text.value());
      }
    }
    return null;
  }

  /// Classes side by side take an operand each; from the first that is left out on, all are.
  private @Nullable Fit parts(List<OperandClass.Part> parts, Template asm, int at) {
    long value = 0;
    int taken = 0;
    for (String hole : asm.holes()) {
      OperandClass.Part part =
          parts.stream().filter(p -> p.name().equals(hole)).findFirst().orElseThrow();
      Fit fit =
          at + taken < operands.size() && operands.get(at + taken) instanceof Operand.Word(var text)
              ? text(texts(part), text)
              : null;
      Long read =
          fit != null && fit.argument() instanceof Argument.Number<Expression>(var number)
              ? Long.valueOf(number)
              : part.operandClass().preset();
      if (read == null) {
        return null;
      }
      taken += fit == null ? 0 : 1;
      value |= read << part.lo();
    }
    return new Fit(new Argument.Number<>(value), taken);
  }

  private static List<OperandClass.Text> texts(OperandClass.Part part) {
    return part.operandClass().readings().stream()
        .filter(OperandClass.Reading.Texts.class::isInstance)
        .flatMap(r -> ((OperandClass.Reading.Texts) r).texts().stream())
        .toList();
  }
}
