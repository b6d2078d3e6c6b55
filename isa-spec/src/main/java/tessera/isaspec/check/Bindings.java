package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import tessera.isaspec.Instruction;
import tessera.isaspec.Mode;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.TextFault;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Operand;

/// Binds every body once for each binding of what its types need, and collects what is wrong.
final class Bindings {
  private static final int MOST = 4096;
  private static final int DEEPEST = 8;

  private final Definitions defs;
  private final Findings findings;
  private final WindowRanges windows = new WindowRanges();
  private final ModeCover modes;

  Bindings(Definitions defs, Findings findings) {
    this.defs = defs;
    this.findings = findings;
    this.modes = new ModeCover(defs);
  }

  /// Checks the instructions that are `wanted`.
  ///
  /// @return all but those in which something is wrong
  List<Instruction> check(List<Instruction> instructions, Predicate<Instruction> wanted) {
    List<Instruction> sound = new ArrayList<>();
    for (Instruction insn : instructions) {
      if (!wanted.test(insn) || isSound(insn)) {
        sound.add(insn);
      }
    }
    return sound;
  }

  private boolean isSound(Instruction insn) {
    return insn.meaning() instanceof ShortForm shortForm
        ? findings.value(() -> shortForm.check(insn)) != null
        : new Check(insn, (Meanings) insn.meaning()).sound();
  }

  /// The check of one instruction.
  private final class Check {
    private final Instruction insn;
    private final Meanings meanings;
    private boolean failed;
    private int bindings;

    Check(Instruction insn, Meanings meanings) {
      this.insn = insn;
      this.meanings = meanings;
    }

    boolean sound() {
      check(Map.of(), 0);
      if (!failed) {
        attempt(() -> insn.accepts(insn.encoding().match()), Map.of());
      }
      return !failed;
    }

    private void check(Map<String, BigInteger> statics, int depth) {
      try {
        attempt(() -> bind(statics), statics);
      } catch (Unbound unbound) {
        for (BigInteger value : values(unbound.name())) {
          next(statics, unbound.name(), value, depth);
        }
      }
    }

    private void bind(Map<String, BigInteger> statics) {
      if (++bindings > MOST) {
        throw new SpecError(
            "stage",
            insn.span(),
            "this body needs more than " + MOST + " bindings of " + statics.keySet());
      }
      Meanings.Checked checked = meanings.check(statics);
      Findings own = Findings.collected();
      own.attempt(() -> new DoubleWrites(meanings).check(checked.bound()));
      own.attempt(() -> new ResumeWrites().check(checked.bound()));
      own.attempt(() -> modes.check(insn, checked));
      own.attempt(() -> windows.check(meanings, checked.bound()));
      own.orThrow();
    }

    /// Collects what is wrong, with the statics it was bound for and the instruction it is in.
    private void attempt(Runnable step, Map<String, BigInteger> statics) {
      try {
        step.run();
        return;
      } catch (SpecError error) {
        error.diagnostics().forEach(d -> findings.add(placed(d, statics)));
      } catch (NeedsContext needs) {
        needs.error().diagnostics().forEach(d -> findings.add(placed(d, statics)));
      } catch (TextFault fault) {
        findings.add(new SpecError(fault.code(), insn.span(), String.valueOf(fault.getMessage())));
      }
      failed = true;
    }

    private Diagnostic placed(Diagnostic d, Map<String, BigInteger> statics) {
      Diagnostic with = statics.isEmpty() ? d : with(d, statics);
      boolean inside = d.span() != null && meanings.span().contains(d.span());
      return inside ? with : with.note(insn.span(), "in '" + insn.name() + "'");
    }

    private Diagnostic with(Diagnostic d, Map<String, BigInteger> statics) {
      List<String> parts = new ArrayList<>();
      new TreeMap<>(statics)
          .forEach((name, value) -> {
            Mode mode = defs.modes.get(name);
            BigInteger scale = BigInteger.valueOf(mode == null ? 1 : mode.scale());
            parts.add(name + " = " + Value.Num.ratio(value, scale));
          });
      return d.message(d.message() + " (with " + String.join(", ", parts) + ")");
    }

    private void next(Map<String, BigInteger> statics, String name, BigInteger value, int depth) {
      Map<String, BigInteger> more = new TreeMap<>(statics);
      more.put(name, value);
      if (depth < DEEPEST && bindings <= MOST && !excluded(name, value)) {
        check(Map.copyOf(more), depth + 1);
      }
    }

    /// A field's value that the field conditions refuse is never bound: in an instruction with
    /// `legal ew <= 4` nothing is asked of ew = 7.
    private boolean excluded(String name, BigInteger value) {
      if (!insn.hasOperand(name)) {
        return false;
      }
      if (insn.operand(name).operandClass().toField(value.longValue()) < 0) {
        return true;
      }
      return meanings.decide(Map.of(name, value), true).conditions().stream()
          .anyMatch(c -> decidedFalse(c, name, value));
    }

    private static boolean decidedFalse(Bound.Condition c, String name, BigInteger value) {
      try {
        return !FieldEvaluator.holds(c.holds(), Map.of(name, value));
      } catch (IllegalArgumentException _) {
        return false; // it reads other fields too
      }
    }

    /// Of a mode that only scales, the least, the middle and the greatest value stand for all.
    private static List<Long> representatives(List<Long> values) {
      List<Long> sorted = values.stream().sorted().toList();
      return List.of(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast()).stream()
          .distinct()
          .toList();
    }

    private List<BigInteger> values(String name) {
      List<BigInteger> all = new ArrayList<>();
      Mode mode = defs.modes.get(name);
      if (mode != null) {
        List<Long> tried = mode.scale() == 1 ? mode.values() : representatives(mode.values());
        tried.forEach(v -> all.add(BigInteger.valueOf(v)));
        return all;
      }
      Operand operand = insn.operand(name);
      if (1L << operand.operandClass().width() > MOST) {
        attempt(
            () -> {
              throw new SpecError(
                  "stage",
                  insn.span(),
                  "a type depends on the field '" + name + "', which has too many values for that");
            },
            Map.of());
        return all;
      }
      for (long bits = 0; bits < 1L << operand.operandClass().width(); bits++) {
        all.add(BigInteger.valueOf(operand.operandClass().fromField(bits)));
      }
      return all;
    }
  }
}
