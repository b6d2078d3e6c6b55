package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.emulator.InstructionInfo;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;

/// Makes decoded words ready to run: each word once for each set of values of the modes it uses.
final class Compiler {
  private static final MicroOps.Found NO_OPERATION = new MicroOps.Found(MicroOps.NONE, null, 0);

  private final Context context;
  private final Isa isa;
  private final Map<Long, List<Compiled>> byWord = new HashMap<>();
  private final IdentityHashMap<Instruction, Optional<Bound>> open = new IdentityHashMap<>();
  private final Map<String, String> evaluated = new TreeMap<>();
  private int ordinals;
  private int names;

  Compiler(Context context) {
    this.context = context;
    this.isa = context.isa();
  }

  /// {@return the instruction under the modes as they are, or null where it is illegal under them}
  @Nullable Compiled compile(Decoded decoded, Binding.ModeValues modes) {
    List<Compiled> variants = byWord.computeIfAbsent(decoded.word(), _ -> new ArrayList<>());
    for (Compiled c : variants) {
      if (c.binding.holds(modes)) {
        return c;
      }
    }
    Binding open = openBinding(decoded);
    Binding binding = open != null ? open : Binding.of(isa, decoded, modes);
    Bound bound = binding.bound();
    if (bound == null) {
      return null;
    }
    Compiled compiled = compile(binding, bound);
    variants.add(compiled);
    return compiled;
  }

  /// {@return the binding of a word from its instruction's open meaning, where a micro-operation
  /// comes of it: that says all there is, so the form does not matter}
  private @Nullable Binding openBinding(Decoded decoded) {
    Instruction instruction = decoded.instruction();
    Optional<Bound> meaning =
        open.computeIfAbsent(instruction, i -> Optional.ofNullable(Binding.open(isa, i)));
    if (meaning.isEmpty()) {
      return null;
    }
    Binding binding = Binding.of(decoded, meaning.get());
    Bound bound = binding.bound();
    if (bound != null
        && MicroOps.of(isa, bound.body(), decoded.bytes(), context.traps().alignment()).op()
            != MicroOps.NONE) {
      return binding;
    }
    open.put(instruction, Optional.empty());
    return null;
  }

  /// {@return how many names the frame must hold}
  int names() {
    return names;
  }

  /// {@return the instructions that the plain evaluator runs, by name, with the form that was not
  /// covered}
  Map<String, String> evaluated() {
    return Collections.unmodifiableMap(evaluated);
  }

  private Compiled compile(Binding binding, Bound bound) {
    InstructionInfo info = info(ordinals++, binding.decoded(), bound);
    int bytes = binding.decoded().bytes();
    List<Value> stable = new ArrayList<>();
    List<Value> others = new ArrayList<>();
    Closures closures = Closures.of(context, bound);
    try {
      for (Bound.Condition c : bound.conditions()) {
        (isStable(c.holds()) ? stable : others).add(closures.value(c.holds()));
      }
    } catch (NotCompiled form) {
      isEvaluated(binding, form);
      return compiled(binding, info, List.of(), List.of(), NO_OPERATION, closures, null);
    }
    MicroOps.Found micro =
        others.isEmpty()
            ? MicroOps.of(isa, bound.body(), bytes, context.traps().alignment())
            : NO_OPERATION;
    // What has a micro-operation hardly ever needs its action, so it is made when it is asked for.
    Closures later = micro.op() != MicroOps.NONE ? closures : null;
    Compiled compiled = compiled(binding, info, stable, others, micro, closures, later);
    if (later == null) {
      compiled.action = action(binding, bound, closures);
    }
    return compiled;
  }

  private Compiled compiled(
      Binding binding,
      InstructionInfo info,
      List<Value> stable,
      List<Value> others,
      MicroOps.Found micro,
      Closures closures,
      @Nullable Closures later) {
    Value settled = settled(micro, closures);
    names = Math.max(names, closures.names());
    return new Compiled(
        binding,
        info,
        stable.toArray(Value[]::new),
        others.toArray(Value[]::new),
        micro.op(),
        settled,
        later);
  }

  /// Makes the action of an instruction that has none yet, where it can be made.
  void finish(Compiled insn) {
    Closures later = insn.later;
    Bound bound = insn.binding.bound();
    if (later != null && bound != null) {
      insn.later = null;
      insn.action = action(insn.binding, bound, later);
    }
  }

  private @Nullable Action action(Binding binding, Bound bound, Closures closures) {
    try {
      Action action = Actions.body(closures, bound);
      names = Math.max(names, closures.names());
      return action;
    } catch (NotCompiled form) {
      isEvaluated(binding, form);
      return null;
    }
  }

  private void isEvaluated(Binding binding, NotCompiled form) {
    evaluated.put(binding.decoded().instruction().name(), String.valueOf(form.getMessage()));
  }

  private @Nullable Value settled(MicroOps.Found micro, Closures closures) {
    return micro.op() == MicroOps.NONE || micro.written() == null
        ? null
        : new CsrWrites(closures).isDirty(micro.written(), micro.index(), 1);
  }

  /// {@return what an observer may know}
  static InstructionInfo info(int ordinal, Decoded decoded, Bound bound) {
    Stmt body = bound.body();
    return new InstructionInfo(
        ordinal, decoded, bound, Transfers.loads(body), Transfers.stores(body));
  }

  /// {@return whether a condition reads only what a hart's epoch tells of: CSRs and single
  /// registers}
  private boolean isStable(Expr condition) {
    boolean[] stable = {true};
    new Walk() {
      @Override
      void expr(Expr e) {
        stable[0] &=
            switch (e) {
              case Expr.ReadRegister(var file, _, _) -> file.count() == 1;
              case Expr.ReadCsr(var csr, _) -> isStable(csr);
              case Expr.ReadCsrField(var csr, var field, _) -> isStable(csr, field);
              case Expr.CsrAllows(Expr.Literal(_, var n), _) -> allowsStably(n.intValue());
              case Expr.CsrAllows _,
                  Expr.ReadCsrNumber _,
                  Expr.ReadElement _,
                  Expr.ReadView _,
                  Expr.Load _,
                  Expr.Faults _,
                  Expr.Reserve _,
                  Expr.Conditional _,
                  Expr.Amo _,
                  Expr.Reserved _,
                  Expr.Input _,
                  Expr.Pc _,
                  Expr.NextPc _ ->
                  false;
              default -> true;
            };
        super.expr(e);
      }
    }.expr(condition);
    return stable[0];
  }

  private boolean allowsStably(int number) {
    Csr csr = isa.csr(number);
    if (csr == null || csr.needs() == null) {
      return true;
    }
    return isStable(csr.needs()) && (csr.shown() == null || allowsStably(csr.shown().number()));
  }

  private boolean isStable(Csr csr) {
    return csr.shown() != null
        ? isStable(csr.shown())
        : csr.fields().stream().allMatch(f -> isStable(csr, f));
  }

  private boolean isStable(Csr csr, CsrField field) {
    return switch (field.rule()) {
      case CsrField.Rule.Stored _, CsrField.Rule.Fixed _ -> true;
      case CsrField.Rule.Computed(var value) -> csr.fields().size() < 64 && isStable(value);
      case CsrField.Rule.Line _, CsrField.Rule.Counts _ -> false;
    };
  }
}
