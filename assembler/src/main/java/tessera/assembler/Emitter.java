package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.Fixup;
import tessera.assembler.relocate.Fragment.Branch.Form;
import tessera.assembler.relocate.Fragment.Branch.Step;
import tessera.assembler.relocate.Functions;
import tessera.assembler.relocate.Program;
import tessera.elf.RelocationType;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.Expansion;
import tessera.isaspec.syntax.Operand;

/// Puts encoded instructions into a program: those with a target as branches that may grow, all
/// others as words with places to fill in.
final class Emitter {
  /// The major opcode BRANCH, whose funct3 is so that its lowest bit inverts the condition
  /// (unprivileged manual, "Conditional Branches").
  private static final long BRANCH = 0x63;

  private static final long INVERT = 1L << 12;

  private final Isa isa;
  private final ShortForms shortForms;
  private final Program program;
  private final @Nullable Step jump;

  Emitter(Assembler assembler, Program program) {
    this.isa = assembler.isa();
    this.shortForms = assembler.mnemonics().shortForms();
    this.program = program;
    this.jump = jump(isa);
  }

  /// The plain jump: the instruction whose target takes the relocation `jal`, without a link.
  private static @Nullable Step jump(Isa isa) {
    for (Instruction instruction : isa.instructions()) {
      for (Operand operand : instruction.operands()) {
        if (operand.operandClass().relocations().contains("jal")) {
          return new Step(
              instruction.encoding().match(),
              instruction.encoding().bytes(),
              RelocationType.JAL,
              operand.field());
        }
      }
    }
    return null;
  }

  /// Emits the instructions of one statement.
  void emit(List<Encoder.Encoded<Expression>> words, @Nullable Span at) {
    AsmSymbol high = null;
    boolean far = false;
    for (Encoder.Encoded<Expression> word : words) {
      Encoder.Target.Of<Expression> branch = branchTarget(word);
      if (branch != null) {
        program.branch(
            forms(word, branch), branch.expression(), branch.span() == null ? at : branch.span());
        continue;
      }
      boolean isHigh = needsLow(word, words);
      AsmSymbol here = isHigh ? program.here() : null;
      List<Program.Field> fields = new ArrayList<>();
      for (Encoder.Target<Expression> target : word.targets()) {
        fields.add(field(word, target, high));
      }
      program.instruction(word.word(), word.instruction().encoding().bytes(), fields, at);
      high = isHigh ? here : high;
      if (fields.isEmpty() && hasHigh(word.instruction())) {
        // GNU as takes a number for a high part like any other.
        program.split();
      }
      far |= fields.stream().anyMatch(f -> Functions.coversNext(f.kind().type()));
    }
    if (far) {
      program.split();
    }
  }

  private static boolean hasHigh(Instruction instruction) {
    return instruction.operands().stream()
        .anyMatch(o ->
            Functions.type("hi", o.field()) == RelocationType.HI20
                && o.operandClass().relocations().contains("hi"));
  }

  /// Whether a later word of the sequence refers to this one's high part.
  private static boolean needsLow(
      Encoder.Encoded<Expression> word, List<Encoder.Encoded<Expression>> words) {
    boolean hasTarget = word.targets().stream().anyMatch(Encoder.Target.Of.class::isInstance);
    return hasTarget
        && words.stream()
            .flatMap(w -> w.targets().stream())
            .anyMatch(Encoder.Target.OwnLow.class::isInstance);
  }

  private static Program.Field field(
      Encoder.Encoded<Expression> word,
      Encoder.Target<Expression> target,
      @Nullable AsmSymbol high) {
    int length = word.instruction().encoding().bytes();
    return switch (target) {
      case Encoder.Target.Of<Expression>(var operand, var type, var expression, var span) -> {
        if (type == null) {
          throw new AssertionError(operand.name());
        }
        yield new Program.Field(
            new Fixup.Kind.Field(type, operand.field(), length), expression, span);
      }
      case Encoder.Target.OwnLow<Expression>(var operand, var type) -> {
        if (high == null) {
          throw new IllegalStateException("a sequence with a low part and no high part");
        }
        yield new Program.Field(
            new Fixup.Kind.Field(type, operand.field(), length), Expression.of(high), null);
      }
    };
  }

  private static Encoder.Target.@Nullable Of<Expression> branchTarget(
      Encoder.Encoded<Expression> word) {
    for (Encoder.Target<Expression> target : word.targets()) {
      if (target instanceof Encoder.Target.Of<Expression> of
          && Encoder.isTarget(of.operand().operandClass())) {
        return of;
      }
    }
    return null;
  }

  /// The forms of a branch, as GNU as lets it grow: as it is written; for a short one, what it runs
  /// as; the opposite branch over a jump.
  private List<Form> forms(Encoder.Encoded<Expression> word, Encoder.Target.Of<Expression> target) {
    Expansion expansion = word.instruction().expansion();
    if (expansion == null) {
      return withFar(form(word.word(), word.instruction(), target.operand()), word.word(), false);
    }
    Operand wide = target(expansion.target());
    OptionalLong runs = expansion.word(word.word());
    Form first = form(word.word(), word.instruction(), target.operand());
    if (wide == null || runs.isEmpty()) {
      return List.of(first);
    }
    Form second = form(runs.getAsLong(), expansion.target(), wide);
    List<Form> forms = new ArrayList<>(List.of(first));
    forms.addAll(withFar(second, runs.getAsLong(), true));
    return forms;
  }

  private static Form form(long word, Instruction instruction, Operand target) {
    Step step =
        new Step(
            word, instruction.encoding().bytes(), ShortForms.relocation(target), target.field());
    return new Form(List.of(step), target.operandClass().width());
  }

  private static @Nullable Operand target(Instruction instruction) {
    return instruction.operands().stream()
        .filter(o -> Encoder.isTarget(o.operandClass()))
        .findFirst()
        .orElse(null);
  }

  /// {@return a form of 4 bytes and those that go anywhere, where there are any}
  ///
  /// @param fromShort whether a short branch grew to it: then its opposite may be short too, where
  ///   the distance is known
  private List<Form> withFar(Form near, long word, boolean fromShort) {
    Step step = near.steps().getFirst();
    Decoded inverse = jump == null || step.type() != RelocationType.BRANCH ? null : inverse(word);
    if (inverse == null || jump == null) {
      return List.of(near);
    }
    List<Form> forms = new ArrayList<>(List.of(near));
    OptionalLong over =
        fromShort
            ? shortForms.shortWord(inverse.instruction(), over(inverse, 2 + jump.bytes()))
            : OptionalLong.empty();
    if (over.isPresent()) {
      forms.add(new Form(List.of(new Step(over.getAsLong(), 2, null, null), jump), 64));
    }
    long opposite = over(inverse, step.bytes() + jump.bytes());
    forms.add(new Form(List.of(new Step(opposite, step.bytes(), null, null), jump), 64));
    return forms;
  }

  /// {@return the branch of the opposite condition, or null if there is none}
  private @Nullable Decoded inverse(long word) {
    return (word & 0x7f) == BRANCH ? isa.decoder().decode(word ^ INVERT) : null;
  }

  private static long over(Decoded branch, long distance) {
    Operand operand = target(branch.instruction());
    if (operand == null) {
      throw new IllegalStateException(branch.instruction() + " has no target");
    }
    return operand.encode(branch.word(), distance);
  }
}
