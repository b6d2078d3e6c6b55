package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private final Binder binder;

  MachineReader(Definitions defs) {
    this.defs = defs;
    this.binder = Binder.global(defs);
  }

  /// Gives every parameter its value: the text's, the machine's, then what the caller sets.
  Machine read(Item.Machine item, Map<String, String> set) {
    Map<String, Term> ofMachine = new HashMap<>();
    for (Item.Param p : item.params()) {
      if (!defs.params.containsKey(p.name())) {
        // A machine may size what this ISA does not have.
        continue;
      }
      ofMachine.put(p.name(), java.util.Objects.requireNonNull(p.value()));
    }
    for (String name : set.keySet()) {
      if (!defs.params.containsKey(name)) {
        String near = Suggestion.nearest(name, defs.params.keySet());
        Diagnostic d =
            Diagnostic.error(
                "unknown-name", null, "--set " + name + ": there is no parameter '" + name + "'");
        throw new SpecError(
            d.help(
                near != null
                    ? "did you mean '" + near + "'?"
                    : "parameters: " + String.join(", ", defs.params.keySet())));
      }
    }
    List<String> overridden = new ArrayList<>();
    for (Item.Param p : defs.params.values()) {
      defs.parameterValues.put(p.name(), value(p, ofMachine.get(p.name()), set.get(p.name())));
      if (set.containsKey(p.name())) {
        overridden.add(p.name());
      }
    }
    defs.params.values().forEach(p -> check(p, set.get(p.name())));
    Map<String, Long> parameters = new LinkedHashMap<>();
    defs.parameterValues.forEach((name, v) -> parameters.put(name, asLong(v)));
    List<Machine.Unit> units = item.units().stream().map(this::unit).toList();
    units.forEach(u -> defs.units.put(u.name(), u));
    return new Machine(
        item.name(), item.isa(), parameters, overridden, units, costs(item), item.span());
  }

  private static long asLong(Value value) {
    return switch (value) {
      case Value.Num n -> n.numerator().longValue();
      case Value.Truth(var truth) -> truth ? 1 : 0;
      default -> throw new AssertionError(value);
    };
  }

  private Value value(
      Item.Param p,
      @org.jspecify.annotations.Nullable Term ofMachine,
      @org.jspecify.annotations.Nullable String set) {
    boolean bool = p.type() instanceof Term.Name(var type, _) && type.equals("bool");
    if (set != null) {
      return given(p, set, bool);
    }
    Term term = ofMachine != null ? ofMachine : p.value();
    if (term == null) {
      throw new SpecError(
          "stage-unbound",
          p.span(),
          "the parameter '" + p.name() + "' has no value",
          "give it one in the machine, or a default here");
    }
    Value value = binder.bind(term, Scope.top(), null);
    if (bool ? value instanceof Value.Truth : value instanceof Value.Num n && n.whole()) {
      return value;
    }
    throw new SpecError(
        "type",
        term.span(),
        "the parameter '" + p.name() + "' is a " + (bool ? "bool" : "whole number"));
  }

  private static Value given(Item.Param p, String text, boolean bool) {
    String word = text.toLowerCase(Locale.ROOT);
    if (bool) {
      // `--set MISALIGNED=trap` reads better than `=false`.
      return switch (word) {
        case "true", "1", "yes", "on" -> new Value.Truth(true);
        case "false", "0", "no", "off", "trap" -> new Value.Truth(false);
        default ->
            throw new SpecError(
                Diagnostic.error(
                    "param-range",
                    null,
                    "--set " + p.name() + "=" + text + ": expected true or false"));
      };
    }
    try {
      boolean hex = word.startsWith("0x");
      return Value.Num.of(
          new BigInteger(hex ? word.substring(2) : word.replace("_", ""), hex ? 16 : 10));
    } catch (NumberFormatException _) {
      throw new SpecError(
          Diagnostic.error(
              "param-range", null, "--set " + p.name() + "=" + text + ": expected a whole number"));
    }
  }

  private void check(Item.Param p, @org.jspecify.annotations.Nullable String set) {
    Value value = java.util.Objects.requireNonNull(defs.parameterValues.get(p.name()));
    String shown = value instanceof Value.Num n ? n.toString() : "";
    Span at = set == null ? p.span() : null;
    if (p.range() != null && value instanceof Value.Num n && !inside(p.range(), n)) {
      Diagnostic d =
          Diagnostic.error(
              "param-range", at, p.name() + " = " + shown + " is not one of its values");
      throw new SpecError(d.note(p.span(), "its values are given here"));
    }
    if (p.condition() != null && !Make.isTrue(binder.condition(p.condition(), Scope.top()))) {
      String why = p.text() != null ? p.text() : p.condition().span().text();
      throw new SpecError(
          Diagnostic.error("param-range", at, p.name() + " = " + shown + ": " + why)
              .note(p.span(), "the parameter is declared here"));
    }
  }

  private boolean inside(Term.Range range, Value.Num value) {
    return switch (range) {
      case Term.Range.FromTo(var from, var to) ->
          binder.constant(from, Scope.top()).numerator().compareTo(value.numerator()) <= 0
              && binder.constant(to, Scope.top()).numerator().compareTo(value.numerator()) > 0;
      case Term.Range.SetOf(var values) ->
          values.stream()
              .anyMatch(v -> binder.constant(v, Scope.top()).numerator().equals(value.numerator()));
      case Term.Range.Named(var path, var span) ->
          throw new SpecError("type", span, "'" + path + "' is no set");
    };
  }

  private Machine.Unit unit(Item.Unit item) {
    UnitKind kind = null;
    for (UnitKind k : UnitKind.values()) {
      if (k.word().equals(item.kind())) {
        kind = k;
      }
    }
    if (kind == null) {
      List<String> kinds = java.util.Arrays.stream(UnitKind.values()).map(UnitKind::word).toList();
      String near = Suggestion.nearest(item.kind(), kinds);
      Diagnostic d =
          Diagnostic.error(
              "cost-unit",
              item.span(),
              "the timing model knows no kind of unit '" + item.kind() + "'");
      throw new SpecError(
          d.help(
              near != null
                  ? "did you mean '" + near + "'?"
                  : "kinds: " + String.join(", ", kinds)));
    }
    Map<String, Long> keys = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    for (Section.Figure f : item.figures()) {
      if (!kind.keys().contains(f.key())) {
        String near = Suggestion.nearest(f.key(), kind.keys());
        Diagnostic d =
            Diagnostic.error(
                "unit-key",
                f.span(),
                "a unit of kind '" + kind.word() + "' has no key '" + f.key() + "'");
        throw new SpecError(
            d.help(
                near != null
                    ? "did you mean '" + near + "'?"
                    : "keys: " + String.join(", ", kind.keys())));
      }
      if (f.value() instanceof Term.Name(var word, _) && !defs.parameterValues.containsKey(word)) {
        words.put(f.key(), word);
      } else {
        keys.put(f.key(), binder.constant(f.value(), Scope.top()).numerator().longValueExact());
      }
    }
    return new Machine.Unit(item.name(), kind, keys, words);
  }

  private Map<String, Map<String, Long>> costs(Item.Machine item) {
    Map<String, Map<String, Long>> costs = new LinkedHashMap<>();
    for (Item.CostOf c : item.costs()) {
      Map<String, Long> figures = new LinkedHashMap<>();
      c.figures()
          .forEach(f ->
              figures.put(
                  f.key(), binder.constant(f.value(), Scope.top()).numerator().longValueExact()));
      costs.put((c.ofClass() ? "class " : "") + c.name().raw(), figures);
    }
    return costs;
  }
}
