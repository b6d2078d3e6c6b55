package tessera.assembler;

import java.util.ArrayList;
import java.util.List;
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
import tessera.isaspec.syntax.Operand;

/// Puts encoded instructions into a program: those with a target as branches that may grow, all
/// others as words with places to fill in.
final class Emitter {
  /// The major opcode BRANCH, whose funct3 is so that its lowest bit inverts the condition
  /// (unprivileged manual, "Conditional Branches").
  private static final long BRANCH = 0x63;

  private static final long INVERT = 1L << 12;

  private final Isa isa;
  private final Program program;
  private final @Nullable Step jump;

  Emitter(Isa isa, Program program) {
    this.isa = isa;
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

  private List<Form> forms(Encoder.Encoded<Expression> word, Encoder.Target.Of<Expression> target) {
    Operand operand = target.operand();
    int bytes = word.instruction().encoding().bytes();
    int reach = operand.operandClass().width();
    Form near =
        new Form(List.of(new Step(word.word(), bytes, target.type(), operand.field())), reach);
    Long inverse =
        target.type() == RelocationType.BRANCH && jump != null
            ? inverse(word.word(), bytes + jump.bytes())
            : null;
    if (inverse == null || jump == null) {
      return List.of(near);
    }
    return List.of(near, new Form(List.of(new Step(inverse, bytes, null, null), jump), 64));
  }

  /// {@return the branch of the opposite condition over so many bytes, or null if there is none}
  private @Nullable Long inverse(long word, long distance) {
    Decoded inverse = (word & 0x7f) == BRANCH ? isa.decoder().decode(word ^ INVERT) : null;
    if (inverse != null) {
      for (Operand operand : inverse.instruction().operands()) {
        if (operand.operandClass().relocations().contains("branch")) {
          return operand.encode(inverse.word(), distance);
        }
      }
    }
    return null;
  }
}
