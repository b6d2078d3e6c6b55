package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Machine;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.semantics.View;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// What one instruction means: binds its sections, each time for other statics.
final class Meanings implements Instruction.Meaning {
  /// What a `cost` may say.
  static final List<String> FIGURES = List.of("unit", "class", "issue", "latency", "macs");

  private final Definitions defs;
  private final Machine machine;
  private final Layers layers;
  private final Map<String, FieldOf> fields;
  private final WordCondition word;
  private final List<Operand> operands;
  private final Set<String> mentioned;
  private final ViewUses uses;
  private final String name;
  private final Span nameSpan;
  private final Span span;

  /// A field as semantics see it: its type, and its value where the encoding fixes it.
  record FieldOf(Type type, @Nullable BigInteger fixed) {}

  /// @param operands the fields that the encoding leaves open
  /// @param nameSpan the place of the name
  /// @param span the place of the whole definition
  Meanings(
      Definitions defs,
      Machine machine,
      Layers layers,
      Map<String, FieldOf> fields,
      List<Operand> operands,
      String name,
      Span nameSpan,
      Span span) {
    this.defs = defs;
    this.machine = machine;
    this.layers = layers;
    this.fields = fields;
    this.operands = List.copyOf(operands);
    this.word = new WordCondition(this, operands);
    this.mentioned = layers.mentioned();
    this.uses = ViewUses.of(layers);
    this.name = name;
    this.nameSpan = nameSpan;
    this.span = span;
  }

  @Override
  public Bound bind(Map<String, BigInteger> statics) {
    defs.work.begin();
    return new Binding(statics, true, Map.of()).bound();
  }

  /// {@return the sections as a short form runs them}
  ///
  /// @param arguments what every open field is worth, over the fields of the short form
  Bound bindAs(Map<String, BigInteger> statics, Map<String, Expr> arguments) {
    return new Binding(statics, false, arguments).bound();
  }

  /// {@return a binder for what stands outside the instruction}
  Binder binderOutside() {
    return Binder.global(defs);
  }

  /// {@return the type of a field that the encoding leaves open}
  Type typeOf(Operand operand) {
    return Objects.requireNonNull(fields.get(operand.name())).type();
  }

  /// {@return an argument of `expands`, over this instruction's fields}
  Expr argument(Term term, Scope scope, Type type, Map<String, BigInteger> statics) {
    Binder binder = new Binding(statics, true, Map.of()).binder;
    return binder.convert.coerce(binder.bind(term, scope, type), type, term.span());
  }

  /// {@return the conjuncts of its own `legal`s}
  List<Bound.Condition> conditions(Map<String, BigInteger> statics) {
    List<Bound.Condition> conditions = new ArrayList<>();
    Findings findings = Findings.collected();
    new Binding(statics, true, Map.of()).conditionSteps(conditions).forEach(findings::attempt);
    findings.orThrow();
    return conditions;
  }

  /// {@return the conditions of its hints}
  List<Expr> hints() {
    Binder binder = new Binding(Map.of(), true, Map.of()).binder;
    return layers.hints.stream()
        .map(h -> binder.condition(h.section().condition(), h.scope()))
        .toList();
  }

  /// {@return whether a word that the instruction accepts is a hint}
  LongPredicate hintCondition() {
    return layers.hints.isEmpty() ? _ -> false : new HintCondition(this, operands);
  }

  /// {@return the sections and what only the checker asks}
  Checked check(Map<String, BigInteger> statics) {
    Binding binding = new Binding(statics, true, Map.of());
    Bound bound = binding.bound();
    Findings findings = Findings.collected();
    layers.hints.forEach(h -> findings.attempt(() -> hint(binding.binder, h)));
    findings.orThrow();
    return new Checked(bound, binding.binder.modes());
  }

  private static void hint(Binder binder, Layers.In<Section.Hint> hint) {
    if (!Conditions.readsFieldsOnly(binder.condition(hint.section().condition(), hint.scope()))) {
      throw new SpecError(
          "stage", hint.section().span(), "a hint is a word: its condition reads fields alone");
    }
  }

  /// Checks the hints of a short form, whose other sections are another instruction's.
  void checkHints() {
    Binder binder = new Binding(Map.of(), true, Map.of()).binder;
    Findings findings = Findings.collected();
    layers.hints.forEach(h -> findings.attempt(() -> hint(binder, h)));
    findings.orThrow();
  }

  /// A binding as the checker sees it.
  ///
  /// @param modes the modes that the text mentions, each with its value's expression where binding
  ///   left it open
  record Checked(Bound bound, Map<String, Value> modes) {}

  /// {@return the conditions that can be bound with these statics; others need a mode, or one more
  /// field}
  ///
  /// @param narrow whether fields have only the values that `word` knows already
  Decision decide(Map<String, BigInteger> statics, boolean narrow) {
    Binding binding = new Binding(statics, narrow, Map.of());
    List<Bound.Condition> known = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    boolean complete = true;
    for (Runnable step : binding.conditionSteps(known)) {
      try {
        step.run();
      } catch (Unbound unbound) {
        if (fields.containsKey(unbound.name())) {
          wanted.add(unbound.name());
        }
      } catch (SpecError | NeedsContext _) {
        complete = false; // `bound` says what is wrong
      }
    }
    List<Bound.Condition> ofFields = known.stream().filter(Bound.Condition::fieldsOnly).toList();
    return new Decision(ofFields, wanted, complete);
  }

  /// Conditions on fields alone.
  ///
  /// @param wanted fields that further conditions need as constants
  /// @param complete whether all others could be bound
  record Decision(List<Bound.Condition> conditions, List<String> wanted, boolean complete) {}

  /// {@return the conditions on fields, as a test of words that have the fixed bits}
  LongPredicate wordCondition() {
    boolean unconditional =
        layers.legals.isEmpty()
            && layers.env == null
            && layers.views.keySet().stream().noneMatch(mentioned::contains)
            && !word.hasGaps();
    return unconditional ? _ -> true : word;
  }

  WordCondition word() {
    return word;
  }

  Span span() {
    return span;
  }

  Layers layers() {
    return layers;
  }

  /// One binding: the instruction's own names with these statics.
  private final class Binding implements Names {
    private final Binder binder;
    private final Map<String, BigInteger> statics;
    private final boolean narrow;
    private final Map<String, Expr> arguments;
    private final Map<String, Value> known = new HashMap<>();
    private @Nullable Expr round;

    Binding(Map<String, BigInteger> statics, boolean narrow, Map<String, Expr> arguments) {
      this.statics = statics;
      this.arguments = arguments;
      this.narrow = narrow;
      this.binder = Binder.of(defs, this, statics);
      this.binder.hasEnvironment = layers.env != null;
    }

    @Override
    public @Nullable Value get(String wanted) {
      Value value = known.get(wanted);
      if (value == null) {
        value = find(wanted);
        if (value != null) {
          known.put(wanted, value);
        }
      }
      return value;
    }

    @Override
    public Type.@Nullable Int range(String field) {
      return narrow ? word.range(field) : null;
    }

    private @Nullable Value find(String wanted) {
      Layers.In<Section.Let> let = layers.lets.get(wanted);
      if (let != null) {
        return let(wanted, let);
      }
      Layers.In<Section.View> view = layers.views.get(wanted);
      if (view != null) {
        return binder.windows.view(
            wanted, view.section().window(), view.section().type(), view.scope());
      }
      FieldOf field = fields.get(wanted);
      return field == null ? null : new Value.Dyn(fieldExpr(wanted, field));
    }

    /// A `let` that mentions itself sees itself as broken.
    private Value let(String wanted, Layers.In<Section.Let> let) {
      if (!binder.open.add(wanted)) {
        throw new SpecError(
            "recursion", let.section().span(), "'" + wanted + "' is defined by itself");
      }
      try {
        Scope scope = let.scope().inner();
        binder.bodies.staticLet(let.section(), scope);
        Value value = scope.get(wanted);
        return value != null ? value : new Value.Broken();
      } finally {
        binder.open.remove(wanted);
      }
    }

    private Expr fieldExpr(String field, FieldOf of) {
      Expr argument = arguments.get(field);
      if (argument != null) {
        return argument;
      }
      BigInteger value = of.fixed() != null ? of.fixed() : statics.get(field);
      return value == null ? new Expr.FieldValue(field, of.type()) : Make.literal(of.type(), value);
    }

    Bound bound() {
      Findings findings = Findings.collected();
      List<Bound.Condition> conditions = new ArrayList<>();
      Unbound wanted = null;
      for (Runnable step : conditionSteps(conditions)) {
        int before = conditions.size();
        try {
          findings.attempt(step);
        } catch (Unbound unbound) {
          wanted = wanted == null ? unbound : wanted;
        }
        conditions.subList(before, conditions.size()).forEach(c -> binder.assume(c.holds()));
      }
      if (conditions.stream().anyMatch(c -> Conditions.never(c.holds()))) {
        return never(conditions);
      }
      if (wanted != null) {
        throw wanted;
      }
      List<Bound.@Nullable Environment> environment = new ArrayList<>();
      findings.attempt(() -> environment.add(environment()));
      Stmt body = findings.value(this::body);
      Bound.Cost cost = findings.value(this::cost);
      Map<String, View> views = findings.value(this::views);
      findings.orThrow();
      return new Bound(
          conditions,
          Objects.requireNonNull(body),
          environment.getFirst(),
          Objects.requireNonNull(cost),
          Objects.requireNonNull(views),
          binder.frame());
    }

    /// With these statics the instruction is never legal, so its body means nothing: in one with
    /// `legal SEW <= 32`, nothing is asked of SEW = 64.
    private Bound never(List<Bound.Condition> conditions) {
      Expr one = Make.number(BigInteger.ONE);
      Bound.Cost cost = new Bound.Cost("core", "core", one, one, Make.number(BigInteger.ZERO));
      return new Bound(conditions, new Stmt.Block(List.of()), null, cost, Map.of(), binder.frame());
    }

    /// Each step adds conditions: the environment's, the instruction's own, its windows'.
    List<Runnable> conditionSteps(List<Bound.Condition> out) {
      Conditions conditions = new Conditions(binder);
      List<Runnable> steps = new ArrayList<>();
      if (layers.env != null) {
        steps.add(() -> {
          Item.Env env = envItem();
          Scope scope = withRound(env, envScope(env));
          env.legals().forEach(l -> conditions.add(l, scope, Map.of(), out));
        });
      }
      layers.legals.forEach(
          l -> steps.add(() -> conditions.add(l.section(), l.scope(), Map.of(), out)));
      for (String view : layers.views.keySet()) {
        if (mentioned.contains(view)) {
          steps.add(() -> windowConditions(view, conditions, out));
        }
      }
      for (Item.Loop loop : uses.loops(defs)) {
        loop.legals().forEach(l -> steps.add(() -> conditions.add(l, Scope.top(), Map.of(), out)));
      }
      for (Item.Rule rule : defs.rules.values()) {
        if (rule.file() != null) {
          steps.add(() -> pairs(rule, conditions, out));
        }
      }
      return steps;
    }

    // Pairs of views

    /// A view that takes part in rules over pairs.
    ///
    /// @param unless where this holds, it takes no part
    private record Part(
        Value.ViewOf view, String said, boolean written, boolean read, Expr unless) {}

    private List<Part> parts(String file) {
      List<Part> parts = new ArrayList<>();
      for (String view : layers.views.keySet()) {
        boolean written = uses.written().contains(view);
        boolean read = uses.read().contains(view);
        if ((written || read) && get(view) instanceof Value.ViewOf value) {
          Term.Call call =
              (Term.Call) Objects.requireNonNull(layers.views.get(view)).section().window();
          boolean overlaps = mayOverlap(view);
          String said =
              call.args().getFirst() instanceof Term.Arg.Plain(var term)
                  ? term.span().text()
                  : view;
          parts.add(new Part(value, said, written && !overlaps, read, Make.bool(false)));
        }
      }
      for (Item.Loop loop : uses.masked(defs)) {
        for (Loops.MaskView mask : binder.loops.masks(loop)) {
          parts.add(new Part(mask.view(), mask.said(), false, true, mask.unless()));
        }
      }
      parts.removeIf(p -> !p.view().view().file().name().equals(file));
      return parts;
    }

    private boolean mayOverlap(String view) {
      Layers.In<Section.View> in = Objects.requireNonNull(layers.views.get(view));
      Term.Call call = (Term.Call) in.section().window();
      String path = binder.windows.windowName(call.function(), in.scope());
      return Objects.requireNonNull(defs.windows.get(path)).overlap();
    }

    private void pairs(Item.Rule rule, Conditions conditions, List<Bound.Condition> out) {
      if (!defs.files.containsKey(Objects.requireNonNull(rule.file()))) {
        return;
      }
      if (rule.parameters().size() != 2) {
        throw new SpecError(
            "type",
            rule.span(),
            "a rule for a register file takes two views",
            "as in (d: written, s: read)");
      }
      boolean ordered = takes(rule, 0) != takes(rule, 1);
      List<Part> parts = parts(rule.file());
      for (int i = 0; i < parts.size(); i++) {
        for (int j = ordered ? 0 : i + 1; j < parts.size(); j++) {
          Part a = parts.get(i);
          Part b = parts.get(j);
          if (i != j && fits(a, takes(rule, 0)) && fits(b, takes(rule, 1))) {
            conditions.pair(
                rule,
                List.of(a.view(), b.view()),
                List.of(a.said(), b.said()),
                Make.or(a.unless(), b.unless()),
                out);
          }
        }
      }
    }

    private static boolean fits(Part part, boolean written) {
      return written ? part.written() : part.read();
    }

    /// {@return whether a parameter of a rule stands for written views, not for read ones}
    private static boolean takes(Item.Rule rule, int parameter) {
      Item.Parameter p = rule.parameters().get(parameter);
      if (p.type() instanceof Term.Name(var kind, _)
          && (kind.equals("written") || kind.equals("read"))) {
        return kind.equals("written");
      }
      throw new SpecError(
          "type", p.span(), "'" + p.name() + "' is `written` or `read`", "write d: written");
    }

    private void windowConditions(String view, Conditions conditions, List<Bound.Condition> out) {
      Layers.In<Section.View> in = Objects.requireNonNull(layers.views.get(view));
      Item.Window window =
          in.section().window() instanceof Term.Call call
              ? defs.windows.get(binder.windows.windowName(call.function(), in.scope()))
              : null;
      if (window != null && in.section().window() instanceof Term.Call call) {
        Scope scope = binder.windows.windowScope(window, call, in.section().type(), in.scope());
        Map<String, String> said = Conditions.said(window.parameters(), call.args());
        window.legals().forEach(l -> conditions.add(l, scope, said, out));
      }
      if (out.stream().noneMatch(c -> Conditions.never(c.holds()))) {
        get(view);
      }
    }

    private Map<String, View> views() {
      Map<String, View> result = new LinkedHashMap<>();
      for (String view : layers.views.keySet()) {
        if (mentioned.contains(view) && get(view) instanceof Value.ViewOf(var v, _)) {
          result.put(view, v);
        }
      }
      return result;
    }

    private Stmt body() {
      if (layers.op == null) {
        throw new SpecError(
            "form-missing", nameSpan, "'" + name + "' has no `op`", "say what it does: op { … }");
      }
      binder.effects = true;
      try {
        return Make.block(
            binder.bodies.statements(layers.op.section().body(), layers.op.scope().inner()));
      } finally {
        binder.effects = false;
      }
    }

    // Environment

    private Item.Env envItem() {
      Layers.In<Section.UseEnv> use = Objects.requireNonNull(layers.env);
      Item.Env env = defs.envs.get(use.section().env());
      if (env == null) {
        Diagnostic d =
            Diagnostic.error(
                "unknown-name",
                use.section().span(),
                "there is no env '" + use.section().env() + "'");
        String near = Suggestion.nearest(use.section().env(), defs.envs.keySet());
        throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
      }
      return env;
    }

    private Scope envScope(Item.Env env) {
      Section.UseEnv use = Objects.requireNonNull(layers.env).section();
      Scope outer = layers.env.scope();
      if (use.args().size() > env.parameters().size()) {
        throw new SpecError(
            "type",
            use.span(),
            "env '" + env.name() + "' takes " + env.parameters().size() + " arguments");
      }
      Scope scope = Scope.closed();
      for (int i = 0; i < env.parameters().size(); i++) {
        Item.Parameter p = env.parameters().get(i);
        Value value;
        if (i < use.args().size() && use.args().get(i) instanceof Term.Arg.Plain(var term)) {
          value = binder.bind(term, outer, null);
        } else if (p.preset() != null) {
          value = binder.bind(p.preset(), scope, null);
        } else {
          throw new SpecError(
              "type", use.span(), "env '" + env.name() + "' needs '" + p.name() + "'");
        }
        if (p.type() != null) {
          Type type = binder.type(p.type(), scope);
          value = new Value.Dyn(binder.convert.coerce(value, type, use.span()));
        }
        scope.put(p.name(), value);
      }
      return scope;
    }

    private Scope withRound(Item.Env env, Scope scope) {
      if (env.round() == null) {
        return scope;
      }
      if (round == null) {
        round = rounding(env.round(), scope, env.span());
      }
      return scope.inner().put("round", new Value.Dyn(round));
    }

    private Expr rounding(Term term, Scope scope, Span at) {
      if (term instanceof Term.Name(var mode, _)) {
        for (Rounding rounding : Rounding.values()) {
          if (rounding.name().toLowerCase(Locale.ROOT).equals(mode)) {
            return Make.number(BigInteger.valueOf(rounding.ordinal()));
          }
        }
      }
      return binder.convert.asInt(binder.bind(term, scope, null), at);
    }

    private Bound.@Nullable Environment environment() {
      if (layers.env == null) {
        return null;
      }
      Item.Env env = envItem();
      Scope scope = envScope(env);
      withRound(env, scope);
      binder.hasRounding = round != null;
      binder.rounding = round;
      validRounding(env);
      Map<Flag, LValue> arrows = new EnumMap<>(Flag.class);
      for (Item.Arrow arrow : env.arrows()) {
        Flag flag = Builtins.flag(arrow.flag(), arrow.span());
        if (arrows.put(flag, binder.targets.field(arrow.target(), scope)) != null) {
          throw new SpecError(
              "section-twice", arrow.span(), "the flag " + flag + " goes to two places");
        }
      }
      return new Bound.Environment(round, arrows);
    }

    private void validRounding(Item.Env env) {
      Expr last = Make.number(BigInteger.valueOf(Rounding.RMM.ordinal()));
      if (round != null
          && !(round instanceof Expr.Literal(_, var n)
              && n.equals(BigInteger.valueOf(Rounding.ROD.ordinal())))
          && !(binder.facts.knowsNotNegative(round) && binder.facts.knowsAtMost(round, last))) {
        throw new SpecError(
            Diagnostic.error(
                    "round-mode",
                    Objects.requireNonNull(layers.env).section().span(),
                    "the rounding mode of env '"
                        + env.name()
                        + "' is in "
                        + round.type()
                        + ", but the modes are 0 to 4")
                .note(env.span(), "the env is here")
                .help("add `legal round <= 4;` to it"));
      }
    }

    // Cost

    private Bound.Cost cost() {
      unknownKeys();
      Layers.In<Section.Figure> unitFigure = layers.cost.get("unit");
      String unit =
          unitFigure == null ? "core" : word(unitFigure.section().value(), unitFigure.scope());
      if (machine.unit(unit) == null) {
        throw unknownUnit(unit, unitFigure == null ? nameSpan : unitFigure.section().span());
      }
      Layers.In<Section.Figure> classFigure = layers.cost.get("class");
      String kind =
          classFigure == null
              ? unit.toLowerCase(Locale.ROOT)
              : word(classFigure.section().value(), classFigure.scope());
      Expr issue = figure("issue", kind, Make.number(BigInteger.ONE), null);
      Expr latency = figure("latency", kind, Make.number(BigInteger.ONE), issue);
      Expr macs = figure("macs", kind, Make.number(BigInteger.ZERO), null);
      return new Bound.Cost(unit, kind, issue, latency, macs);
    }

    private SpecError unknownUnit(String unit, Span at) {
      List<String> units = machine.units().stream().map(Machine.Unit::name).toList();
      String near = Suggestion.nearest(unit, units);
      return new SpecError(
          Diagnostic.error(
                  "cost-unit",
                  at,
                  "the machine '" + machine.name() + "' has no unit '" + unit + "'")
              .help(
                  near != null
                      ? "did you mean '" + near + "'?"
                      : "`tessera machines " + machine.name() + "` lists its units"));
    }

    private void unknownKeys() {
      layers.cost.forEach((key, in) -> {
        if (!FIGURES.contains(key)) {
          throw MachineReader.unknownKey(in.section(), "a cost has no '" + key + "'", FIGURES);
        }
      });
    }

    private Expr figure(String key, String kind, Expr otherwise, @Nullable Expr issue) {
      for (String override : List.of(name, "class " + kind)) {
        Long value = machine.costs().getOrDefault(override, Map.of()).get(key);
        if (value != null) {
          return Make.number(BigInteger.valueOf(value));
        }
      }
      Layers.In<Section.Figure> figure = layers.cost.get(key);
      if (figure == null) {
        return otherwise;
      }
      Scope scope = figure.scope().inner();
      if (issue != null) {
        scope.put("issue", new Value.Dyn(issue));
      }
      for (String seen : List.of("taken", "active", "pages", "mem_latency")) {
        Type type = seen.equals("taken") ? Type.Int.of(0, 1) : Type.Int.of(0, 1L << 32);
        scope.put(seen, new Value.Dyn(new Expr.Observed(seen, type)));
      }
      for (String size : List.of("vl", "tm", "tn", "tk")) {
        Csr csr = defs.csrs.get(size);
        if (csr != null && !csr.fields().isEmpty()) {
          Expr read = Conversions.read(csr, csr.fields().getFirst());
          scope.put(size, new Value.Dyn(Make.toInt(read)));
        }
      }
      return binder.number(figure.section().value(), scope);
    }

    /// A unit or a class is a word, not a value: `mtx.mma`, or a choice of words.
    private String word(Term term, Scope scope) {
      return switch (term) {
        case Term.Name n -> n.name();
        case Term.Member m -> word(m.of(), scope) + "." + m.name();
        case Term.Choice c -> word(binder.decided(c.condition(), scope) ? c.yes() : c.no(), scope);
        case Term.Str s -> s.value();
        default -> throw new SpecError("type", term.span(), "expected a name, as in mtx.mma");
      };
    }
  }
}
