package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Expansion;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// What an instruction with `expands` means: its target's sections, with the arguments for the
/// target's fields. What it adds is what its own `legal` refuses, which is decided by the word.
final class ShortForm implements Instruction.Meaning {
  private static final int ALL_UP_TO = 16;
  private static final int SAMPLES = 1 << ALL_UP_TO;

  private final Meanings own;
  private final Meanings target;
  private final Expansion expansion;
  private final Section.Expands item;
  private final Scope scope;
  private final Map<String, Term> terms = new LinkedHashMap<>();

  private ShortForm(Meanings own, List<Operand> operands, Instruction runs, Meanings target) {
    this.own = own;
    this.target = target;
    Layers.In<Section.Expands> expands = Objects.requireNonNull(own.layers().expands);
    this.item = expands.section();
    this.scope = expands.scope();
    readTerms(runs);
    this.expansion = new Expansion(runs, arguments(runs, operands), item.named());
  }

  /// {@return the meaning of a short form}
  ///
  /// @param own its own sections
  /// @param operands the fields that its encoding leaves open
  /// @param targets what it may run as, by name
  static ShortForm of(Meanings own, List<Operand> operands, Map<String, Instruction> targets) {
    Layers.In<Section.Expands> expands = Objects.requireNonNull(own.layers().expands);
    Section.Target target = expands.section().target();
    String name = own.binderOutside().fill(target.name(), expands.scope());
    Instruction runs = targets.get(name);
    if (runs == null || !(runs.meaning() instanceof Meanings meanings)) {
      String near = Suggestion.nearest(name, targets.keySet());
      Diagnostic d =
          Diagnostic.error(
              "unknown-name",
              target.span(),
              "there is no instruction '" + name + "' that this could run as");
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
    return new ShortForm(own, operands, runs, meanings);
  }

  Expansion expansion() {
    return expansion;
  }

  @Override
  public Bound bind(Map<String, BigInteger> statics) {
    Map<String, Expr> arguments = new HashMap<>();
    for (Operand operand : expansion.target().operands()) {
      arguments.put(operand.name(), argument(operand, statics));
    }
    List<Bound.Condition> conditions = new ArrayList<>(own.conditions(statics));
    Bound bound = target.bindAs(statics, arguments);
    conditions.addAll(bound.conditions());
    return new Bound(
        conditions, bound.body(), bound.environment(), bound.cost(), bound.views(), bound.frame());
  }

  // Arguments

  private void readTerms(Instruction runs) {
    Findings findings = Findings.collected();
    Set<String> twice = new HashSet<>();
    for (Term.Arg arg : item.target().args()) {
      if (!(arg instanceof Term.Arg.Named(var field, var term, var span))) {
        throw new SpecError("syntax", item.target().span(), "write field = value");
      }
      if (!runs.hasOperand(field)) {
        findings.add(unknownField(runs, field, span));
      } else if (!twice.add(field)) {
        findings.add(
            new SpecError("section-twice", span, "the field '" + field + "' gets two values"));
      } else {
        terms.put(field, term);
      }
    }
    findings.orThrow();
  }

  private static SpecError unknownField(Instruction runs, String field, Span span) {
    List<String> known = runs.operands().stream().map(Operand::name).toList();
    String near = Suggestion.nearest(field, known);
    return new SpecError(
        "undef-field",
        span,
        "'" + runs.name() + "' has no operand '" + field + "'",
        near != null ? "did you mean '" + near + "'?" : "it has " + String.join(", ", known));
  }

  /// What a field of the target is worth; one that is left out has its class's default.
  private Expr argument(Operand operand, Map<String, BigInteger> statics) {
    Type type = target.typeOf(operand);
    Term term = terms.get(operand.name());
    if (term == null) {
      Long preset = operand.operandClass().preset();
      return Make.literal(type, BigInteger.valueOf(preset == null ? 0 : preset));
    }
    return own.argument(term, scope, type, statics);
  }

  private Map<String, Expansion.Argument> arguments(Instruction runs, List<Operand> operands) {
    Map<String, Expansion.Argument> arguments = new HashMap<>();
    Findings findings = Findings.collected();
    for (Operand operand : runs.operands()) {
      findings.attempt(() ->
          arguments.put(operand.name(), argument(operand, argument(operand, Map.of()), operands)));
    }
    findings.orThrow();
    return arguments;
  }

  private Expansion.Argument argument(Operand operand, Expr value, List<Operand> operands) {
    if (value instanceof Expr.Literal(_, var constant)) {
      return new Expansion.Argument.Constant(constant.longValue());
    }
    Span at = Objects.requireNonNull(terms.get(operand.name())).span();
    Set<String> read = new HashSet<>();
    boolean[] plain = {Conditions.readsFieldsOnly(value)};
    Walk.expr(
        value,
        e -> {
          switch (e) {
            case Expr.FieldValue(var name, _) -> read.add(name);
            case Expr.LocalValue _, Expr.Inline _, Expr.Fold _, Expr.First _, Expr.Round _ ->
                plain[0] = false;
            default -> {}
          }
        });
    if (!plain[0] || read.size() != 1) {
      throw new SpecError(
          "stage",
          at,
          "an argument of `expands` is a constant, or computed from one field",
          "as in zext(imm)");
    }
    Operand from = operands.stream().filter(o -> read.contains(o.name())).findFirst().orElseThrow();
    return isSame(value, from)
        ? new Expansion.Argument.Same(from)
        : new Expansion.Argument.Computed(from, v -> value(value, from, v));
  }

  private static long value(Expr value, Operand from, long v) {
    return FieldEvaluator.value(value, Map.of(from.name(), BigInteger.valueOf(v))).longValue();
  }

  /// {@return whether the value is the field's own: tried with each bit alone, which decides it for
  /// what only moves bits}
  private static boolean isSame(Expr value, Operand from) {
    OperandClass c = from.operandClass();
    for (int bit = -1; bit <= c.width(); bit++) {
      long code = bit < 0 ? 0 : bit == c.width() ? (1L << c.width()) - 1 : 1L << bit;
      long own = c.fromField(code);
      if (own != value(value, from, own)) {
        return false;
      }
    }
    return true;
  }

  // Checks

  /// Checks that whatever the short form accepts is legal where its target is, and nowhere else.
  ///
  /// @throws SpecError with what is wrong
  boolean check(Instruction insn) {
    Findings findings = Findings.collected();
    findings.attempt(this::nothingOfItsOwn);
    findings.attempt(own::checkHints);
    findings.attempt(() -> {
      for (Bound.Condition c : own.conditions(Map.of())) {
        if (!c.fieldsOnly()) {
          throw new SpecError(
              "expands-illegal",
              c.span(),
              "a short form is legal where '" + expansion.target().name() + "' is",
              "its own `legal` reads fields alone");
        }
      }
    });
    findings.orThrow();
    everyWordRuns(insn);
    bind(Map.of());
    return true;
  }

  private void nothingOfItsOwn() {
    Layers layers = own.layers();
    boolean more =
        layers.op != null
            || layers.env != null
            || !layers.views.isEmpty()
            || !layers.cost.isEmpty();
    if (more) {
      throw new SpecError(
          "expands-illegal",
          item.span(),
          "`op`, `env`, `view` and `cost` of a short form are those of what it runs as",
          "delete them, or `expands`");
    }
  }

  private void everyWordRuns(Instruction insn) {
    long open = ~insn.encoding().mask() & ~insn.format().ignored();
    open &= (1L << insn.encoding().length()) - 1;
    boolean all = Long.bitCount(open) <= ALL_UP_TO;
    Random random = new Random(1);
    long bits = 0;
    int tried = 0;
    do {
      runs(insn, insn.encoding().match() | bits);
      bits = all ? bits - open & open : random.nextLong() & open;
    } while (all ? bits != 0 : ++tried < SAMPLES);
  }

  private void runs(Instruction insn, long word) {
    if (!insn.accepts(word)) {
      return;
    }
    OptionalLong runs = expansion.word(word);
    Instruction target = expansion.target();
    if (runs.isEmpty() || !target.accepts(runs.getAsLong())) {
      throw new SpecError(
          "expands-illegal",
          item.span(),
          String.format(
              insn.encoding().length() == 32
                  ? "0x%08x is '%s', but no '%s'%s"
                  : "0x%04x is '%s', but no '%s'%s",
              word,
              insn.name(),
              target.name(),
              wrong(word)),
          "add a `legal` that refuses it");
    }
  }

  /// {@return the operands that the target can not have}
  private String wrong(long word) {
    StringBuilder text = new StringBuilder();
    Map<String, Long> values = expansion.values(word);
    for (Operand operand : expansion.target().operands()) {
      OperandClass c = operand.operandClass();
      long value = Objects.requireNonNull(values.get(operand.name()));
      text.append(text.isEmpty() ? " with " : ", ").append(operand.name()).append(" = ");
      text.append(value);
      if (c.toField(value) < 0) {
        return " with " + operand.name() + " = " + value;
      }
    }
    return text.toString();
  }
}
