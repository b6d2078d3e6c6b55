package tessera.conformance;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.State;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// Words of an instruction: operands from the edges of their classes, legal in a state or illegal
/// in one way.
public final class Operands {
  private static final int TRIES = 200;
  private static final int IN_VAIN = 40;
  private static final int MEANINGLESS = 100;

  private final Isa isa;
  private final Evaluator evaluator;
  private final List<Long> userCsrs = new ArrayList<>();

  private Operands(Isa isa) {
    this.isa = isa;
    this.evaluator = isa.evaluator();
    for (Csr csr : isa.csrs()) {
      if (csr.privilege() == 0 && isStored(csr)) {
        userCsrs.add((long) csr.number());
      }
    }
  }

  /// {@return a source of words of an ISA}
  public static Operands of(Isa isa) {
    return new Operands(isa);
  }

  /// {@return whether a CSR holds nothing that changes by itself}
  public static boolean isStored(Csr csr) {
    Csr whole = csr.shown() == null ? csr : csr.shown();
    return whole.fields().stream()
        .noneMatch(f ->
            f.rule() instanceof CsrField.Rule.Counts || f.rule() instanceof CsrField.Rule.Line);
  }

  /// {@return a word whose operands are values of their classes, and that decodes}
  public long any(Instruction insn, Randomness random) {
    long word = insn.encoding().match();
    for (int i = 0; i < TRIES; i++) {
      word = insn.encoding().match();
      for (Operand operand : insn.operands()) {
        word = with(word, operand, random);
      }
      if (insn.accepts(word)) {
        return word;
      }
    }
    return word;
  }

  /// {@return the word with a random value of an operand's class}
  public long with(long word, Operand operand, Randomness random) {
    OperandClass c = operand.operandClass();
    for (OperandClass.Reading reading : c.readings()) {
      switch (reading) {
        case OperandClass.Reading.Register(_, var numbers) -> {
          return operand.field().insert(word, random.below(numbers.size()));
        }
        case OperandClass.Reading.CsrName() -> {
          return operand.field().insert(word, csr(random));
        }
        case OperandClass.Reading.Texts(var texts) -> {
          if (!random.oneIn(16)) {
            return operand.field().insert(word, random.oneOf(texts).value());
          }
          return operand.field().insert(word, random.bits());
        }
        case OperandClass.Reading.Flags _,
            OperandClass.Reading.Immediate _,
            OperandClass.Reading.PcRelative _,
            OperandClass.Reading.Parts _ -> {}
      }
    }
    return operand.field().insert(word, number(c, random));
  }

  private long csr(Randomness random) {
    if (!userCsrs.isEmpty() && !random.oneIn(8)) {
      return random.oneOf(userCsrs);
    }
    // One that a user's program may not reach: which of the others exist is up to the device.
    return random.below(4096) | 0x100;
  }

  private static long number(OperandClass c, Randomness random) {
    long value = random.oneIn(2) ? random.integer(c.width()) : random.bits();
    return value - Math.floorMod(value, c.step());
  }

  // ------------------------------------------------------------------ legality

  /// {@return the conditions that do not hold; null where the instruction has no meaning in this
  /// state}
  public @Nullable List<Bound.Condition> failing(Decoded decoded, State state) {
    Bound bound = evaluator.meaning(decoded, state);
    if (bound == null) {
      return null;
    }
    List<Bound.Condition> failing = new ArrayList<>();
    for (Bound.Condition condition : bound.conditions()) {
      BigInteger holds = evaluator.value(condition.holds(), decoded, state, Map.of());
      if (holds.signum() == 0) {
        failing.add(condition);
      }
    }
    return failing;
  }

  /// {@return a word of the instruction that is legal in the state and that `wanted` takes, or 0}
  ///
  /// It begins with any word, and gives a random operand another value as long as this breaks no
  /// condition that held.
  public long legal(Instruction insn, Hart hart, Randomness random, LongPredicate wanted) {
    long word = any(insn, random);
    int wrong = wrong(insn, word, hart, wanted);
    List<Operand> open = insn.operands();
    int vain = 0;
    // No operand helps where the state gives it no meaning.
    while (wrong > 0 && wrong != MEANINGLESS && vain < IN_VAIN && !open.isEmpty()) {
      long next = with(word, random.oneOf(open), random);
      if (random.oneIn(4)) {
        next = with(next, random.oneOf(open), random);
      }
      int less = insn.accepts(next) ? wrong(insn, next, hart, wanted) : Integer.MAX_VALUE;
      vain = less < wrong ? 0 : vain + 1;
      if (less <= wrong) {
        word = next;
        wrong = less;
      }
    }
    return wrong == 0 ? word : 0;
  }

  private int wrong(Instruction insn, long word, Hart hart, LongPredicate wanted) {
    if (!insn.accepts(word)) {
      return 1000;
    }
    List<Bound.Condition> failing = failing(new Decoded(insn, word), hart);
    if (failing == null) {
      return MEANINGLESS;
    }
    return failing.size() + (wanted.test(word) ? 0 : 1);
  }

  /// {@return a word of the instruction that is illegal in the state for one reason alone, or 0}
  public long illegal(Instruction insn, Hart hart, Randomness random) {
    for (int i = 0; i < TRIES / 4; i++) {
      long word = any(insn, random);
      if (insn.accepts(word)) {
        List<Bound.Condition> failing = failing(new Decoded(insn, word), hart);
        if (failing != null && failing.size() == 1) {
          return word;
        }
      }
    }
    return 0;
  }

  public Isa isa() {
    return isa;
  }
}
