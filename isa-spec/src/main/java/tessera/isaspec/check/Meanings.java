package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
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
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// What one instruction means: binds its sections, each time for other statics.
final class Meanings implements Instruction.Meaning {
  private final Definitions defs;
  private final Machine machine;
  private final Layers layers;
  private final Map<String, FieldOf> fields;
  private final Set<String> mentioned;
  private final String name;
  private final Span span;

  /// A field as semantics see it: its type, and its value where the encoding fixes it.
  record FieldOf(Type type, @Nullable BigInteger fixed) {}

  Meanings(
      Definitions defs,
      Machine machine,
      Layers layers,
      Map<String, FieldOf> fields,
      String name,
      Span span) {
    this.defs = defs;
    this.machine = machine;
    this.layers = layers;
    this.fields = fields;
    this.mentioned = layers.mentioned();
    this.name = name;
    this.span = span;
  }

  @Override
  public Bound bind(Map<String, BigInteger> statics) {
    return new Binding(statics).bound();
  }

  /// {@return the conditions that can be bound with these statics; others need a mode, or one more
  /// field}
  Decision decide(Map<String, BigInteger> statics) {
    Binding binding = new Binding(statics);
    List<Bound.Condition> known = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (Runnable step : binding.conditionSteps(known)) {
      try {
        step.run();
      } catch (Unbound unbound) {
        if (fields.containsKey(unbound.name())) {
          wanted.add(unbound.name());
        }
      }
    }
    return new Decision(known.stream().filter(Bound.Condition::fieldsOnly).toList(), wanted);
  }

  /// Conditions on fields alone.
  ///
  /// @param wanted fields that further conditions need as constants
  record Decision(List<Bound.Condition> conditions, List<String> wanted) {}

  /// {@return whether there is any condition at all}
  boolean unconditional() {
    return layers.legals.isEmpty()
        && layers.env == null
        && layers.views.keySet().stream().noneMatch(mentioned::contains);
  }

  /// {@return the fields by name}
  Map<String, FieldOf> fields() {
    return fields;
  }

  Span span() {
    return span;
  }

  /// One binding: the instruction's own names with these statics.
  private final class Binding implements Names {
    private final Binder binder;
    private final Map<String, BigInteger> statics;
    private final Map<String, Value> known = new HashMap<>();
    private @Nullable Expr round;

    Binding(Map<String, BigInteger> statics) {
      this.statics = statics;
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

    private @Nullable Value find(String wanted) {
      Layers.In<Section.Let> let = layers.lets.get(wanted);
      if (let != null) {
        Scope scope = let.scope().inner();
        binder.bodies.staticLet(let.section(), scope);
        return scope.get(wanted);
      }
      Layers.In<Section.View> view = layers.views.get(wanted);
      if (view != null) {
        return binder.calls.view(
            wanted, view.section().window(), view.section().type(), view.scope());
      }
      FieldOf field = fields.get(wanted);
      return field == null ? null : new Value.Dyn(fieldExpr(wanted, field));
    }

    private Expr fieldExpr(String field, FieldOf of) {
      BigInteger value = of.fixed() != null ? of.fixed() : statics.get(field);
      return value == null ? new Expr.FieldValue(field, of.type()) : Make.literal(of.type(), value);
    }

    Bound bound() {
      try {
        List<Bound.Condition> conditions = new ArrayList<>();
        conditionSteps(conditions).forEach(Runnable::run);
        Bound.Environment environment = environment();
        Stmt body = body();
        Bound.Cost cost = cost();
        return new Bound(conditions, body, environment, cost, views(), binder.frame());
      } catch (NeedsContext needs) {
        throw needs.error();
      }
    }

    /// Each step adds conditions: the environment's, the instruction's own, its windows'.
    List<Runnable> conditionSteps(List<Bound.Condition> out) {
      Conditions conditions = new Conditions(binder);
      List<Runnable> steps = new ArrayList<>();
      if (layers.env != null) {
        Item.Env env = envItem();
        Scope scope = envScope(env);
        env.legals().forEach(l -> steps.add(() -> conditions.add(l, withRound(env, scope), out)));
      }
      layers.legals.forEach(l -> steps.add(() -> conditions.add(l.section(), l.scope(), out)));
      for (String view : layers.views.keySet()) {
        if (mentioned.contains(view)) {
          steps.add(() -> windowConditions(view, conditions, out));
        }
      }
      return steps;
    }

    private void windowConditions(String view, Conditions conditions, List<Bound.Condition> out) {
      if (get(view) instanceof Value.ViewOf value) {
        Item.Window window = windowOf(view);
        Scope scope = binder.calls.windowScope(value, window);
        window.legals().forEach(l -> conditions.add(l, scope, out));
      }
    }

    private Item.Window windowOf(String view) {
      Layers.In<Section.View> in = java.util.Objects.requireNonNull(layers.views.get(view));
      Term.Call call = (Term.Call) in.section().window();
      String path =
          java.util.Objects.requireNonNull(binder.calls.windowName(call.function(), in.scope()));
      return java.util.Objects.requireNonNull(defs.windows.get(path));
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
            "form-missing", span, "'" + name + "' has no `op`", "say what it does: op { … }");
      }
      List<Stmt> statements =
          binder.bodies.statements(layers.op.section().body(), layers.op.scope().inner());
      return Make.block(statements);
    }

    // Environment

    private Item.Env envItem() {
      Layers.In<Section.UseEnv> use = java.util.Objects.requireNonNull(layers.env);
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
      Layers.In<Section.UseEnv> use = java.util.Objects.requireNonNull(layers.env);
      Scope scope = Scope.closed();
      for (int i = 0; i < env.parameters().size(); i++) {
        Item.Parameter p = env.parameters().get(i);
        Value value;
        if (i < use.section().args().size()
            && use.section().args().get(i) instanceof Term.Arg.Plain(var term)) {
          value = binder.bind(term, use.scope(), null);
        } else if (p.preset() != null) {
          value = binder.bind(p.preset(), scope, null);
        } else {
          throw new SpecError(
              "type", use.section().span(), "env '" + env.name() + "' needs '" + p.name() + "'");
        }
        Value typed =
            p.type() == null
                ? value
                : new Value.Dyn(
                    binder.coerce(value, binder.type(p.type(), scope), use.section().span()));
        scope.put(p.name(), typed);
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
          if (rounding.name().equals(mode.toUpperCase(java.util.Locale.ROOT))) {
            return Make.number(BigInteger.valueOf(rounding.ordinal()));
          }
        }
      }
      return binder.asInt(binder.bind(term, scope, null), at);
    }

    private Bound.@Nullable Environment environment() {
      if (layers.env == null) {
        return null;
      }
      Item.Env env = envItem();
      Scope scope = envScope(env);
      withRound(env, scope);
      Map<Flag, LValue> arrows = new EnumMap<>(Flag.class);
      for (Item.Arrow arrow : env.arrows()) {
        arrows.put(
            Calls.flag(arrow.flag(), arrow.span()), binder.bodies.target(arrow.target(), scope));
      }
      return new Bound.Environment(round, arrows);
    }

    // Cost

    private Bound.Cost cost() {
      Layers.In<Section.Figure> unitFigure = layers.cost.get("unit");
      String unit =
          unitFigure == null ? "core" : word(unitFigure.section().value(), unitFigure.scope());
      if (machine.unit(unit) == null) {
        Span at = unitFigure == null ? span : unitFigure.section().span();
        Diagnostic d =
            Diagnostic.error(
                "cost-unit", at, "the machine '" + machine.name() + "' has no unit '" + unit + "'");
        String near =
            Suggestion.nearest(unit, machine.units().stream().map(Machine.Unit::name).toList());
        throw new SpecError(
            d.help(
                near != null
                    ? "did you mean '" + near + "'?"
                    : "`tessera machines " + machine.name() + "` lists its units"));
      }
      Layers.In<Section.Figure> classFigure = layers.cost.get("class");
      String kind =
          classFigure == null
              ? unit.toLowerCase(java.util.Locale.ROOT)
              : word(classFigure.section().value(), classFigure.scope());
      Expr issue = figure("issue", kind, Make.number(BigInteger.ONE), null);
      Expr latency = figure("latency", kind, Make.number(BigInteger.ONE), issue);
      Expr macs = figure("macs", kind, Make.number(BigInteger.ZERO), null);
      unknownKeys();
      return new Bound.Cost(unit, kind, issue, latency, macs);
    }

    private void unknownKeys() {
      List<String> keys = List.of("unit", "class", "issue", "latency", "macs");
      for (Map.Entry<String, Layers.In<Section.Figure>> entry : layers.cost.entrySet()) {
        if (!keys.contains(entry.getKey())) {
          Diagnostic d =
              Diagnostic.error(
                  "unit-key",
                  entry.getValue().section().span(),
                  "a cost has no '" + entry.getKey() + "'");
          String near = Suggestion.nearest(entry.getKey(), keys);
          throw new SpecError(
              d.help(
                  near != null
                      ? "did you mean '" + near + "'?"
                      : "its keys are " + String.join(", ", keys)));
        }
      }
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
        if (csr != null) {
          CsrField field = csr.fields().getFirst();
          Expr read = new Expr.ReadCsrField(csr, field, Type.uint(field.width()));
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
        case Term.Choice c -> {
          Expr condition = binder.condition(c.condition(), scope);
          if (!Make.isTrue(condition) && !Make.isFalse(condition)) {
            throw new SpecError(
                "stage", c.span(), "this choice must be known before the program runs");
          }
          yield word(Make.isTrue(condition) ? c.yes() : c.no(), scope);
        }
        case Term.Str s -> s.value();
        default -> throw new SpecError("type", term.span(), "expected a name, as in mtx.mma");
      };
    }
  }

  /// {@return the statements of the `op`, as written, for documentation}
  List<Statement> source() {
    return layers.op == null ? List.of() : layers.op.section().body();
  }
}
