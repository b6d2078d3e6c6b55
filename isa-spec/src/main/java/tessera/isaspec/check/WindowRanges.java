package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.PartialEvaluator;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Operand;

/// Checks that what a window shows lies in its register file: at the corners of its extents, for
/// all fields and modes that decide where it lies, as far as the conditions allow them.
final class WindowRanges {
  private static final long MOST = 4096;

  /// What makes two views one: the same text, for the same registers and elements.
  private record Key(Span text, RegisterFile file, Type element) {}

  private final Set<Key> done = new HashSet<>();

  void check(Meanings meanings, Bound bound) {
    bound
        .views()
        .forEach((name, view) -> {
          Span at = Objects.requireNonNull(meanings.layers().views.get(name)).section().span();
          if (done.add(new Key(at, view.file(), view.element()))) {
            new Check(meanings, bound, view, at).run();
          }
        });
  }

  /// The check of one view.
  private static final class Check {
    private final Bound bound;
    private final View view;
    private final Span at;
    private final WordCondition word;
    private final List<Operand> operands = new ArrayList<>();
    private final Map<CsrField, Csr> stored = new LinkedHashMap<>();
    private final Map<String, BigInteger> fields = new HashMap<>();
    private final Map<CsrField, BigInteger> state = new HashMap<>();

    Check(Meanings meanings, Bound bound, View view, Span at) {
      this.bound = bound;
      this.view = view;
      this.at = at;
      this.word = meanings.word();
    }

    void run() {
      Set<String> names = new LinkedHashSet<>();
      Set<CsrField> seen = new HashSet<>();
      List<Expr> all = new ArrayList<>(view.extents());
      all.add(view.at());
      for (Expr expr : all) {
        ModeCover.stored(expr, stored, seen);
        Walk.expr(
            expr,
            e -> {
              if (e instanceof Expr.FieldValue(var name, _)) {
                names.add(name);
              }
            });
      }
      long combinations = 1;
      for (String name : names) {
        Operand operand = word.operand(name);
        if (operand != null) {
          operands.add(operand);
          combinations = Math.min(combinations * word.codes(operand).cardinality(), MOST + 1);
        }
      }
      for (CsrField field : stored.keySet()) {
        combinations *= field.width() <= 8 ? 1L << field.width() : MOST + 1;
        if (combinations > MOST) {
          return; // the evaluator still looks at each access
        }
      }
      chooseFields(0);
    }

    private void chooseFields(int n) {
      if (n == operands.size()) {
        chooseState(List.copyOf(stored.keySet()), 0);
        return;
      }
      Operand operand = operands.get(n);
      BitSet codes = word.codes(operand);
      for (int code = codes.nextSetBit(0); code >= 0; code = codes.nextSetBit(code + 1)) {
        fields.put(operand.name(), BigInteger.valueOf(operand.operandClass().fromField(code)));
        chooseFields(n + 1);
      }
    }

    private void chooseState(List<CsrField> order, int n) {
      if (n == order.size()) {
        PartialEvaluator in = PartialEvaluator.of(e -> known(e));
        boolean excluded =
            bound.conditions().stream().anyMatch(c -> Boolean.FALSE.equals(in.truth(c.holds())));
        if (!excluded) {
          corners(in);
        }
        return;
      }
      CsrField field = order.get(n);
      for (BigInteger value : ModeCover.values(stored.get(field), field)) {
        state.put(field, value);
        chooseState(order, n + 1);
      }
    }

    private @org.jspecify.annotations.Nullable BigInteger known(Expr e) {
      return switch (e) {
        case Expr.FieldValue(var name, _) -> fields.get(name);
        case Expr.ReadCsrField(_, var field, _) -> ModeCover.known(field, state);
        default -> null;
      };
    }

    private void corners(PartialEvaluator in) {
      List<BigInteger> extents = new ArrayList<>();
      for (Expr e : view.extents()) {
        BigInteger extent = in.value(e);
        if (extent == null || extent.signum() <= 0) {
          return;
        }
        extents.add(extent);
      }
      BigInteger end =
          BigInteger.valueOf(view.file().width())
              .multiply(BigInteger.valueOf(view.file().count()))
              .subtract(BigInteger.valueOf(view.storage()));
      for (int corner = 0; corner < 1 << extents.size(); corner++) {
        Map<Local, BigInteger> indices = new LinkedHashMap<>();
        for (int i = 0; i < extents.size(); i++) {
          BigInteger last = extents.get(i).subtract(BigInteger.ONE);
          indices.put(view.indices().get(i), (corner >> i & 1) != 0 ? last : BigInteger.ZERO);
        }
        BigInteger bit = in.value(view.at(), indices);
        if (bit != null && (bit.signum() < 0 || bit.compareTo(end) > 0)) {
          throw outside(indices, bit);
        }
      }
    }

    private SpecError outside(Map<Local, BigInteger> indices, BigInteger bit) {
      List<String> parts = new ArrayList<>();
      fields.forEach((name, value) -> parts.add(name + " = " + value));
      state.forEach((field, value) -> parts.add(stored.get(field) + "." + field + " = " + value));
      String where = parts.isEmpty() ? "" : " where " + String.join(", ", parts);
      return new SpecError(
          Diagnostic.error(
                  "index-range",
                  at,
                  "element "
                      + List.copyOf(indices.values())
                      + " of '"
                      + view.name()
                      + "' lies at bit "
                      + bit
                      + ", outside the registers of "
                      + view.file()
                      + where)
              .help(
                  "its window's `at` and `extent` do not fit, or a `legal` of the window is missing"));
    }
  }
}
