package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.TextFault;
import tessera.isaspec.semantics.Walk;

/// Checks that WARL rules are stable: w(old, w(old, new)) = w(old, new), for all values of small
/// fields and for corners of large ones. A rule that reads other state is left to the engines'
/// tests.
final class Stability {
  private static final int ALL_UP_TO = 5;

  private Stability() {}

  static void check(Csr csr) {
    for (CsrField field : csr.fields()) {
      if (field.rule() instanceof CsrField.Rule.Stored stored
          && stored.warl() != null
          && isAlone(stored.warl())) {
        try {
          check(csr, field, stored, stored.warl());
        } catch (TextFault fault) {
          throw new SpecError(fault.code(), csr.span(), String.valueOf(fault.getMessage()));
        }
      }
    }
  }

  private static void check(Csr csr, CsrField field, CsrField.Rule.Stored rule, Expr warl) {
    for (BigInteger old : samples(field.width())) {
      for (BigInteger fresh : samples(field.width())) {
        BigInteger once = apply(rule, warl, old, fresh);
        BigInteger twice = apply(rule, warl, old, once);
        if (!once.equals(twice)) {
          throw new SpecError(
              Diagnostic.error(
                      "warl-unstable",
                      csr.span(),
                      "writing "
                          + fresh
                          + " over "
                          + old
                          + " in "
                          + csr
                          + "."
                          + field
                          + " gives "
                          + once
                          + ", and writing that gives "
                          + twice)
                  .help("a value that was made legal must be legal"));
        }
      }
    }
  }

  /// {@return whether a rule reads nothing but the old and the new value}
  static boolean isAlone(Expr warl) {
    boolean[] alone = {Conditions.readsFieldsOnly(warl)};
    Walk.expr(warl, e -> alone[0] &= !(e instanceof Expr.Inline));
    return alone[0];
  }

  /// {@return what a write of `fresh` over `old` stores}
  static BigInteger apply(CsrField.Rule.Stored rule, Expr warl, BigInteger old, BigInteger fresh) {
    Map<Integer, BigInteger> values = new HashMap<>();
    values.put(rule.old().slot(), old);
    values.put(rule.fresh().slot(), fresh);
    return FieldEvaluator.ofLocals(warl, values);
  }

  private static List<BigInteger> samples(int width) {
    List<BigInteger> all = new ArrayList<>();
    if (width <= ALL_UP_TO) {
      for (int i = 0; i < 1 << width; i++) {
        all.add(BigInteger.valueOf(i));
      }
      return all;
    }
    for (long v : new long[] {0, 1, 2, 3, 5, 6, 0x55, 0xaa}) {
      all.add(BigInteger.valueOf(v).and(Arithmetic.ones(width)));
    }
    all.add(Arithmetic.ones(width));
    all.add(Arithmetic.ones(width).shiftRight(1));
    return all;
  }
}
