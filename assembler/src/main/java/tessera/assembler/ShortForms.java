package tessera.assembler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.assembler.relocate.Functions;
import tessera.elf.RelocationType;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.syntax.Expansion;
import tessera.isaspec.syntax.Operand;

/// The short forms of an ISA's instructions: which word says the same in fewer bytes.
final class ShortForms {
  private final Map<Instruction, List<Instruction>> byTarget = new HashMap<>();

  private ShortForms() {}

  static ShortForms of(Isa isa) {
    ShortForms result = new ShortForms();
    for (Instruction insn : isa.instructions()) {
      Expansion expansion = insn.expansion();
      if (expansion != null) {
        result.byTarget.computeIfAbsent(expansion.target(), _ -> new ArrayList<>()).add(insn);
      }
    }
    return result;
  }

  /// {@return whether an instruction of so few bytes is there at all}
  static boolean isShort(Instruction instruction) {
    return instruction.encoding().bytes() < 4;
  }

  /// {@return the word in the first short form that may be taken without being named and is no
  /// hint; itself where there is none}
  <E> Encoder.Encoded<E> shortened(Encoder.Encoded<E> word) {
    for (Instruction insn : byTarget.getOrDefault(word.instruction(), List.of())) {
      Expansion expansion = insn.expansion();
      Encoder.Encoded<E> found =
          expansion == null || expansion.named() ? null : shortened(word, insn, expansion);
      if (found != null) {
        return found;
      }
    }
    return word;
  }

  /// An operand that depends on an address may only be a distance, which the layout will know.
  private static <E> Encoder.@Nullable Encoded<E> shortened(
      Encoder.Encoded<E> word, Instruction insn, Expansion expansion) {
    Encoder.Target<E> target = null;
    if (!word.targets().isEmpty()) {
      if (word.targets().size() > 1
          || !(word.targets().getFirst() instanceof Encoder.Target.Of<E> of)
          || !Encoder.isTarget(of.operand().operandClass())) {
        return null;
      }
      target = target(of, expansion);
      if (target == null) {
        return null;
      }
    }
    OptionalLong found = word(insn, expansion, word.word());
    return found.isEmpty() || insn.isHint(found.getAsLong())
        ? null
        : new Encoder.Encoded<>(
            insn, found.getAsLong(), target == null ? List.of() : List.of(target));
  }

  private static <E> Encoder.@Nullable Target<E> target(
      Encoder.Target.Of<E> of, Expansion expansion) {
    if (!(expansion.argument(of.operand()) instanceof Expansion.Argument.Same(var operand))) {
      return null;
    }
    RelocationType type = relocation(operand);
    return type == null ? null : new Encoder.Target.Of<>(operand, type, of.expression(), of.span());
  }

  /// {@return the relocation of a distance}
  static @Nullable RelocationType relocation(Operand operand) {
    List<String> functions = operand.operandClass().relocations();
    return functions.isEmpty() ? null : Functions.type(functions.getFirst(), operand.field());
  }

  /// {@return the word of the short form of some instruction that runs as this word}
  OptionalLong shortWord(Instruction target, long word) {
    for (Instruction insn : byTarget.getOrDefault(target, List.of())) {
      Expansion expansion = insn.expansion();
      OptionalLong found = expansion == null ? OptionalLong.empty() : word(insn, expansion, word);
      if (found.isPresent()) {
        return found;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong word(Instruction insn, Expansion expansion, long targetWord) {
    long word = insn.encoding().match();
    for (Operand operand : expansion.target().operands()) {
      long value = operand.decode(targetWord);
      switch (expansion.argument(operand)) {
        case Expansion.Argument.Constant(long constant) -> {
          if (constant != value) {
            return OptionalLong.empty();
          }
        }
        case Expansion.Argument.Same(var own) -> {
          long code = own.operandClass().toField(value);
          if (code < 0) {
            return OptionalLong.empty();
          }
          word = own.field().insert(word, code);
        }
        case Expansion.Argument.Computed computed -> {
          List<Long> codes = Expansion.codes(computed, value);
          if (codes.isEmpty()) {
            return OptionalLong.empty();
          }
          word = computed.operand().field().insert(word, codes.getFirst());
        }
      }
    }
    // Two operands of the target may come from one field: both must be what it says
    OptionalLong back = insn.accepts(word) ? expansion.word(word) : OptionalLong.empty();
    return back.isPresent() && back.getAsLong() == targetWord
        ? OptionalLong.of(word)
        : OptionalLong.empty();
  }
}
