package tessera.isaspec.check;

import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.TextFault;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.text.Section;

/// Compares `macs` of a cost with the products that the folds of the op add up, by running the
/// instruction in small random states.
final class MacCounts {
  private static final int TRIED = 1000;
  private static final int WANTED = 2;
  private static final long STEPS = 1 << 14;

  private final Isa isa;
  private final Evaluator evaluator;
  private final Findings findings;

  MacCounts(Isa isa, Findings findings) {
    this.isa = isa;
    this.evaluator = isa.evaluator();
    this.findings = findings;
  }

  void check(Instruction insn) {
    if (!(insn.meaning() instanceof Meanings own) || !own.layers().cost.containsKey("macs")) {
      return; // a short form costs what its target does
    }
    Random random = new Random(insn.name().hashCode());
    Set<CsrField> restarts = new HashSet<>();
    int compared = 0;
    for (int i = 0; i < TRIED && compared < WANTED; i++) {
      Decoded decoded = new Decoded(insn, word(insn, random));
      ScratchState state = state(random, restarts);
      Bound.Cost cost = insn.accepts(decoded.word()) ? evaluator.cost(decoded, state) : null;
      if (cost == null) {
        continue;
      }
      try {
        if (restarts.isEmpty() && restarts(evaluator.meaning(decoded, state), restarts)) {
          continue; // begin again, from the first step of its loops
        }
        long macs = evaluator.value(cost.macs(), decoded, state, Map.of()).longValue();
        String sizes = sizes(cost.macs(), state);
        long products = evaluator.products(decoded, state, STEPS);
        compared += products > 0 ? 1 : 0;
        if (products > 0 && products != macs) {
          report(insn, macs, products, sizes);
          return;
        }
      } catch (GuestTrap _) {
        // not legal in this state
      } catch (TextFault fault) {
        if (!fault.code().equals("unbounded-loop")) {
          findings.add(
              new SpecError(fault.code(), insn.span(), String.valueOf(fault.getMessage())));
          return;
        }
      }
    }
  }

  private static boolean restarts(@Nullable Bound bound, Set<CsrField> fields) {
    if (bound != null) {
      restarts(bound.body(), fields);
    }
    return !fields.isEmpty();
  }

  private static void restarts(Stmt statement, Set<CsrField> fields) {
    switch (statement) {
      case Stmt.Block(var statements) -> statements.forEach(s -> restarts(s, fields));
      case Stmt.If(_, var then, var otherwise) -> {
        restarts(then, fields);
        if (otherwise != null) {
          restarts(otherwise, fields);
        }
      }
      case Stmt.CallShape call -> restarts(call.body(), fields);
      case Stmt.Each(var loop, _) -> {
        if (loop.restart() instanceof LValue.Field(_, var field, _)) {
          fields.add(field);
        }
      }
      default -> {}
    }
  }

  private static Span place(Instruction insn) {
    Layers.In<Section.Figure> figure =
        insn.meaning() instanceof Meanings m ? m.layers().cost.get("macs") : null;
    return figure == null ? insn.span() : figure.section().span();
  }

  private void report(Instruction insn, long macs, long products, String sizes) {
    Diagnostic d =
        Diagnostic.error(
            "macs-differ",
            place(insn),
            "macs = "
                + macs
                + ", but the folds of '"
                + insn.name()
                + "' multiply "
                + products
                + " times"
                + sizes);
    findings.add(d.help("macs counts the products that the op adds up, one for each term"));
  }

  /// {@return the values of what a cost reads, in words}
  private String sizes(Expr macs, ScratchState state) {
    Set<String> said = new LinkedHashSet<>();
    Walk.expr(
        macs,
        e -> {
          if (e instanceof Expr.ReadCsrField(var csr, var field, _)) {
            long value = evaluator.readCsrField(csr, field, state);
            said.add(csr + "." + field + " = " + value);
          }
        });
    StringJoiner all = new StringJoiner(", ", " where ", "").setEmptyValue("");
    said.forEach(all::add);
    return all.toString();
  }

  private static long word(Instruction insn, Random random) {
    long word = insn.encoding().match();
    for (Operand operand : insn.operands()) {
      BitSet codes = ((Meanings) insn.meaning()).word().codes(operand);
      int n = codes.cardinality();
      int code = n == 0 ? 0 : codes.stream().skip(random.nextInt(n)).findFirst().orElse(0);
      word = operand.field().insert(word, code);
    }
    return word;
  }

  /// {@return a state with small numbers in the control registers: mostly such as are legal}
  ///
  /// @param restarts fields that loops restart from
  private ScratchState state(Random random, Set<CsrField> restarts) {
    ScratchState state = new ScratchState(isa);
    for (Csr csr : isa.csrs()) {
      long bits = state.readCsr(csr);
      for (CsrField field : csr.fields()) {
        if (field.rule() instanceof CsrField.Rule.Stored stored
            && !restarts.contains(field)
            && random.nextInt(4) > (stored.warl() == null ? 0 : 2)) {
          long value = random.nextInt(Math.min(6, 1 << Math.min(4, field.width())));
          bits = field.insert(bits, value);
        }
      }
      state.writeCsr(csr, bits);
    }
    return state;
  }

  static void check(Isa isa, List<Instruction> instructions, Findings findings) {
    MacCounts counts = new MacCounts(isa, findings);
    instructions.forEach(counts::check);
  }
}
