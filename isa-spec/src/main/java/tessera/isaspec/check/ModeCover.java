package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Instruction;
import tessera.isaspec.Mode;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.PartialEvaluator;
import tessera.isaspec.semantics.Walk;

/// Where a mode has no value, since its `if` fails or its value is outside its set, a `legal` must
/// exclude the instruction. Decided by trying the values of the CSR fields that the mode reads.
final class ModeCover {
  private static final int WIDEST = 8;
  private static final long MOST = 4096;

  private final Definitions defs;
  private final Map<CsrField, List<BigInteger>> reachable = new HashMap<>();

  ModeCover(Definitions defs) {
    this.defs = defs;
  }

  void check(Instruction insn, Meanings.Checked checked) {
    for (String name : checked.modes().keySet()) {
      Mode mode = Objects.requireNonNull(defs.modes.get(name));
      String state = uncovered(mode, checked.bound().conditions());
      if (state != null) {
        Diagnostic d =
            Diagnostic.error(
                    "mode-uncovered",
                    insn.span(),
                    "'"
                        + insn.name()
                        + "' uses the mode "
                        + name
                        + ", which has no value where "
                        + state)
                .note(mode.span(), "the mode is here");
        throw new SpecError(d.help("add a `legal` that excludes this"));
      }
    }
  }

  /// {@return a state in which the mode has no value and no condition fails, in words}
  private @Nullable String uncovered(Mode mode, List<Bound.Condition> conditions) {
    Map<CsrField, Csr> fields = new LinkedHashMap<>();
    boolean known = stored(mode.value(), fields, new HashSet<>());
    if (mode.valid() != null) {
      known &= stored(mode.valid(), fields, new HashSet<>());
    }
    List<CsrField> order = List.copyOf(fields.keySet());
    long combinations = 1;
    for (CsrField field : order) {
      known &= field.width() <= WIDEST;
      combinations *= field.width() <= WIDEST ? reached(fields.get(field), field).size() : 1;
      known &= combinations <= MOST;
    }
    if (!known) {
      boolean said =
          mode.valid() == null || conditions.stream().anyMatch(c -> c.holds().equals(mode.valid()));
      return said ? null : "its condition fails";
    }
    return search(mode, conditions, order, fields, 0, new HashMap<>());
  }

  /// Finds the stored fields that an expression depends on.
  ///
  /// @return whether it depends on nothing else
  static boolean stored(Expr expr, Map<CsrField, Csr> fields, Set<CsrField> seen) {
    boolean[] known = {true};
    Walk.expr(
        expr,
        e -> {
          switch (e) {
            case Expr.ReadCsrField(var csr, var field, _) -> {
              if (!seen.add(field)) {
                return;
              }
              switch (field.rule()) {
                case CsrField.Rule.Stored _, CsrField.Rule.Fixed _ -> fields.put(field, csr);
                case CsrField.Rule.Computed(var value) -> known[0] &= stored(value, fields, seen);
                case CsrField.Rule.Line _, CsrField.Rule.Counts _ -> known[0] = false;
              }
            }
            case Expr.ReadCsr _, Expr.ReadCsrNumber _, Expr.ReadRegister _, Expr.FieldValue _ ->
                known[0] = false;
            default -> {}
          }
        });
    return known[0];
  }

  private List<BigInteger> reached(@Nullable Csr csr, CsrField field) {
    List<BigInteger> known = reachable.get(field);
    if (known == null) {
      known = values(csr, field);
      reachable.put(field, known);
    }
    return known;
  }

  /// {@return the values that a field can come to have, from its reset value on}
  static List<BigInteger> values(@Nullable Csr csr, CsrField field) {
    int count = 1 << field.width();
    List<BigInteger> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(BigInteger.valueOf(i));
    }
    if (csr == null
        || !(field.rule() instanceof CsrField.Rule.Stored stored)
        || stored.warl() == null
        || !Stability.isAlone(stored.warl())) {
      return all;
    }
    List<BigInteger> reached = new ArrayList<>();
    reached.add(BigInteger.valueOf(field.extract(csr.reset())));
    for (int i = 0; i < reached.size(); i++) {
      for (BigInteger fresh : all) {
        BigInteger next = Stability.apply(stored, stored.warl(), reached.get(i), fresh);
        if (!reached.contains(next)) {
          reached.add(next);
        }
      }
    }
    return reached;
  }

  private @Nullable String search(
      Mode mode,
      List<Bound.Condition> conditions,
      List<CsrField> order,
      Map<CsrField, Csr> fields,
      int n,
      Map<CsrField, BigInteger> state) {
    if (n == order.size()) {
      return hasValue(mode, state) || excluded(conditions, state)
          ? null
          : words(order, fields, state);
    }
    CsrField field = order.get(n);
    for (BigInteger value : reached(fields.get(field), field)) {
      state.put(field, value);
      String found = search(mode, conditions, order, fields, n + 1, state);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static boolean hasValue(Mode mode, Map<CsrField, BigInteger> state) {
    PartialEvaluator in = in(state);
    if (mode.valid() != null && !Boolean.TRUE.equals(in.truth(mode.valid()))) {
      return false;
    }
    BigInteger value = in.value(mode.value());
    return value != null && value.bitLength() < 63 && mode.values().contains(value.longValue());
  }

  private static boolean excluded(
      List<Bound.Condition> conditions, Map<CsrField, BigInteger> state) {
    PartialEvaluator in = in(state);
    return conditions.stream().anyMatch(c -> Boolean.FALSE.equals(in.truth(c.holds())));
  }

  private static PartialEvaluator in(Map<CsrField, BigInteger> state) {
    return PartialEvaluator.of(
        e -> e instanceof Expr.ReadCsrField(_, var field, _) ? known(field, state) : null);
  }

  /// {@return a field's value where stored fields have these, or null}
  static @Nullable BigInteger known(CsrField field, Map<CsrField, BigInteger> state) {
    BigInteger value = state.get(field);
    return value == null && field.rule() instanceof CsrField.Rule.Computed(var computed)
        ? in(state).value(computed)
        : value;
  }

  private static String words(
      List<CsrField> order, Map<CsrField, Csr> fields, Map<CsrField, BigInteger> state) {
    List<String> parts = new ArrayList<>();
    for (CsrField field : order) {
      parts.add(fields.get(field) + "." + field + " = " + state.get(field));
    }
    return parts.isEmpty() ? "anything" : String.join(", ", parts);
  }
}
