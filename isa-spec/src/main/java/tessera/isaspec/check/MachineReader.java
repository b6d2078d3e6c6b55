package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Machine;
import tessera.isaspec.UnitKind;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// Makes a machine of a `machine` block: parameters (with what the caller sets), units, costs.
final class MachineReader {
  private final Definitions defs;
  private final Findings findings;
  private final Binder binder;

  MachineReader(Definitions defs, Findings findings) {
    this.defs = defs;
    this.findings = findings;
    this.binder = Binder.global(defs);
  }

  /// Gives every parameter its value: the text's, the machine's, then what the caller sets.
  Machine read(Item.Machine item, Map<String, String> set) {
    Map<String, Item.Param> ofMachine = ofMachine(item);
    unknownSet(set);
    for (Item.Param p : defs.params.values()) {
      step(
          p,
          () -> {
            Value value = value(p, ofMachine.get(p.name()), set.get(p.name()));
            defs.parameterValues.put(p.name(), value);
          });
    }
    for (Item.Param p : defs.params.values()) {
      Span at = set.containsKey(p.name()) ? null : ofMachine.getOrDefault(p.name(), p).span();
      step(p, () -> check(p, at));
    }
    Map<String, Long> parameters = new LinkedHashMap<>();
    defs.parameterValues.forEach((name, v) -> parameters.put(name, asLong(v)));
    for (Item.Unit unit : item.units()) {
      if (!findings.attempt(() -> add(unit))) {
        defs.breakName(unit.name());
      }
    }
    List<String> overridden = defs.params.keySet().stream().filter(set::containsKey).toList();
    List<Machine.Unit> units = List.copyOf(defs.units.values());
    return new Machine(
        item.name(), item.isa(), parameters, overridden, units, costs(item), item.span());
  }

  private void step(Item.Param p, Runnable step) {
    if (!findings.attempt(step)) {
      defs.breakName(p.name());
      defs.parameterValues.remove(p.name());
    }
  }

  private Map<String, Item.Param> ofMachine(Item.Machine item) {
    Map<String, Item.Param> values = new HashMap<>();
    for (Item.Param p : item.params()) {
      findings.attempt(() -> {
        if (!defs.params.containsKey(p.name())) {
          throw unknown(p.span(), "no text has a parameter '" + p.name() + "'", p.name());
        }
        if (p.value() == null) {
          throw new SpecError(
              "stage-unbound", p.span(), "a machine gives '" + p.name() + "' a value", "write = …");
        }
        values.put(p.name(), p);
      });
    }
    return values;
  }

  private void unknownSet(Map<String, String> set) {
    for (String name : set.keySet()) {
      if (!defs.params.containsKey(name)) {
        findings.add(
            unknown(null, "--set " + name + ": there is no parameter '" + name + "'", name));
      }
    }
  }

  private SpecError unknown(@Nullable Span at, String message, String name) {
    Diagnostic d = Diagnostic.error("unknown-name", at, message);
    String near = Suggestion.nearest(name, defs.params.keySet());
    return new SpecError(
        d.help(
            near != null
                ? "did you mean '" + near + "'?"
                : "parameters: " + String.join(", ", defs.params.keySet())));
  }

  private static long asLong(Value value) {
    return switch (value) {
      case Value.Num n -> n.numerator().longValue();
      case Value.Truth(var truth) -> truth ? 1 : 0;
      default -> throw new AssertionError(value);
    };
  }

  // Parameters

  private Value value(Item.Param p, Item.@Nullable Param ofMachine, @Nullable String set) {
    boolean bool = p.type() instanceof Term.Name(var type, _) && type.equals("bool");
    if (set != null) {
      return given(p, set, bool);
    }
    Term term = ofMachine != null ? ofMachine.value() : p.value();
    if (term == null) {
      throw new SpecError(
          "stage-unbound",
          p.span(),
          "the parameter '" + p.name() + "' has no value",
          "give it one in the machine, or a default here");
    }
    Value value = binder.bind(term, Scope.closed(), null);
    if (bool ? value instanceof Value.Truth : value instanceof Value.Num n && isLong(n)) {
      return value;
    }
    throw new SpecError(
        "type",
        term.span(),
        "the parameter '" + p.name() + "' is a " + (bool ? "bool" : "whole number of 63 bits"));
  }

  private static boolean isLong(Value.Num n) {
    return n.whole() && n.numerator().bitLength() < 64;
  }

  private static Value given(Item.Param p, String text, boolean bool) {
    String word = text.toLowerCase(Locale.ROOT);
    String wanted = bool ? "true or false" : "a whole number";
    if (bool) {
      // `--set MISALIGNED=trap` reads better than `=false`.
      switch (word) {
        case "true", "1", "yes", "on" -> {
          return new Value.Truth(true);
        }
        case "false", "0", "no", "off", "trap" -> {
          return new Value.Truth(false);
        }
        default -> {}
      }
    } else {
      try {
        boolean hex = word.startsWith("0x");
        String digits = (hex ? word.substring(2) : word).replace("_", "");
        Value.Num n = Value.Num.of(new BigInteger(digits, hex ? 16 : 10));
        if (isLong(n)) {
          return n;
        }
      } catch (NumberFormatException _) {
        // said below
      }
    }
    throw new SpecError(
        Diagnostic.error(
            "param-range", null, "--set " + p.name() + "=" + text + ": expected " + wanted));
  }

  /// @param at where the value was given; null: on the command line
  private void check(Item.Param p, @Nullable Span at) {
    Value value = defs.parameterValues.get(p.name());
    if (value == null) {
      return; // already found to be wrong
    }
    String shown = binder.shown(value, p.span());
    if (p.range() != null && value instanceof Value.Num n && !inside(p.range(), n)) {
      throw new SpecError(
          Diagnostic.error(
                  "param-range", at, p.name() + " = " + shown + " is not one of its values")
              .note(p.span(), "its values are given here")
              .help("it is " + values(p.range())));
    }
    if (p.condition() != null && !binder.decided(p.condition(), Scope.closed())) {
      String why = p.text() != null ? p.text() : p.condition().span().text();
      throw new SpecError(
          Diagnostic.error("param-range", at, p.name() + " = " + shown + ": " + why)
              .note(p.span(), "the parameter is declared here"));
    }
  }

  private String values(Term.Range range) {
    return switch (range) {
      case Term.Range.FromTo(var from, var to) ->
          binder.constant(from, Scope.closed()).numerator()
              + " to "
              + binder.constant(to, Scope.closed()).numerator().subtract(BigInteger.ONE);
      case Term.Range.SetOf(var values) ->
          "one of "
              + values.stream()
                  .map(v -> binder.constant(v, Scope.closed()).numerator().toString())
                  .collect(Collectors.joining(", "));
      case Term.Range.Named(var path, _) -> "of " + path;
    };
  }

  private boolean inside(Term.Range range, Value.Num value) {
    return switch (range) {
      case Term.Range.FromTo(var from, var to) ->
          binder.constant(from, Scope.closed()).compareTo(value) <= 0
              && binder.constant(to, Scope.closed()).compareTo(value) > 0;
      case Term.Range.SetOf(var values) ->
          values.stream().anyMatch(v -> binder.constant(v, Scope.closed()).compareTo(value) == 0);
      case Term.Range.Named(var path, var span) ->
          throw new SpecError("type", span, "'" + path + "' is no set");
    };
  }

  // Units and costs

  private void add(Item.Unit item) {
    UnitKind kind = kind(item);
    Map<String, Long> keys = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    for (Section.Figure f : item.figures()) {
      if (!kind.keys().contains(f.key())) {
        throw unknownKey(
            f, "a unit of kind '" + kind.word() + "' has no key '" + f.key() + "'", kind.keys());
      }
      if (f.value() instanceof Term.Name(var word, _) && !defs.parameterValues.containsKey(word)) {
        words.put(f.key(), word);
      } else {
        keys.put(f.key(), figure(f));
      }
    }
    if (defs.claim("unit", item.name(), item.span())) {
      defs.units.put(item.name(), new Machine.Unit(item.name(), kind, keys, words));
    }
  }

  private static UnitKind kind(Item.Unit item) {
    for (UnitKind k : UnitKind.values()) {
      if (k.word().equals(item.kind())) {
        return k;
      }
    }
    List<String> kinds = Arrays.stream(UnitKind.values()).map(UnitKind::word).toList();
    String near = Suggestion.nearest(item.kind(), kinds);
    Diagnostic d =
        Diagnostic.error(
            "cost-unit",
            item.span(),
            "the timing model knows no kind of unit '" + item.kind() + "'");
    throw new SpecError(
        d.help(
            near != null ? "did you mean '" + near + "'?" : "kinds: " + String.join(", ", kinds)));
  }

  static SpecError unknownKey(Section.Figure f, String message, List<String> known) {
    String near = Suggestion.nearest(f.key(), known);
    return new SpecError(
        Diagnostic.error("unit-key", f.span(), message)
            .help(
                near != null
                    ? "did you mean '" + near + "'?"
                    : "its keys are " + String.join(", ", known)));
  }

  private long figure(Section.Figure f) {
    Value.Num n = binder.constant(f.value(), Scope.closed());
    if (!isLong(n) || n.numerator().signum() < 0) {
      throw new SpecError("type", f.span(), "expected a whole number of 0 or more, got " + n);
    }
    return n.numerator().longValue();
  }

  private Map<String, Map<String, Long>> costs(Item.Machine item) {
    Map<String, Map<String, Long>> costs = new LinkedHashMap<>();
    for (Item.CostOf c : item.costs()) {
      Map<String, Long> figures = new LinkedHashMap<>();
      for (Section.Figure f : c.figures()) {
        findings.attempt(() -> {
          if (!Meanings.FIGURES.contains(f.key())) {
            throw unknownKey(f, "a cost has no '" + f.key() + "'", Meanings.FIGURES);
          }
          figures.put(f.key(), figure(f));
        });
      }
      costs.put((c.ofClass() ? "class " : "") + c.name().raw(), figures);
    }
    return costs;
  }
}
