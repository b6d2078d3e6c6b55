package tessera.isaspec.check;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Walk;

/// Finds CSRs that show themselves and fields that are computed of themselves: reading one would
/// never end.
final class CsrCycles {
  private final Findings findings;

  CsrCycles(Findings findings) {
    this.findings = findings;
  }

  void check(Collection<Csr> csrs) {
    Set<CsrField> done = new HashSet<>();
    for (Csr csr : csrs) {
      if (showsItself(csr)) {
        findings.add(
            Diagnostic.error("alias-cycle", csr.span(), "the CSR '" + csr + "' shows itself")
                .help("a view shows a CSR that has fields of its own"));
        return; // further steps would not end
      }
    }
    for (Csr csr : csrs) {
      for (CsrField field : csr.fields()) {
        if (needsItself(field, new HashSet<>(), done)) {
          findings.add(
              Diagnostic.error(
                  "recursion", csr.span(), "'" + csr + "." + field + "' is computed of itself"));
          return;
        }
      }
    }
  }

  private static boolean showsItself(Csr csr) {
    Set<Csr> seen = new HashSet<>();
    Csr at = csr;
    while (at != null) {
      if (!seen.add(at)) {
        return true;
      }
      at = at.shown();
    }
    return false;
  }

  private static boolean needsItself(CsrField field, Set<CsrField> open, Set<CsrField> done) {
    if (done.contains(field)) {
      return false;
    }
    if (!open.add(field)) {
      return true;
    }
    boolean[] cycle = {false};
    switch (field.rule()) {
      case CsrField.Rule.Computed(var value) -> cycle[0] = reads(value, open, done);
      case CsrField.Rule.Counts(_, var code, var runs) ->
          cycle[0] = reads(code, open, done) || reads(runs, open, done);
      case CsrField.Rule.Stored _, CsrField.Rule.Fixed _, CsrField.Rule.Line _ -> {}
    }
    open.remove(field);
    done.add(field);
    return cycle[0];
  }

  private static boolean reads(@Nullable Expr expr, Set<CsrField> open, Set<CsrField> done) {
    boolean[] cycle = {false};
    Walk.expr(
        expr,
        e -> {
          switch (e) {
            case Expr.ReadCsrField(var csr, var field, _) ->
                cycle[0] |= needsItself(field, open, done);
            case Expr.ReadCsr(var csr, _) -> cycle[0] |= whole(csr, open, done);
            // Whatever number it is: it may be its own.
            case Expr.ReadCsrNumber _ -> cycle[0] = true;
            default -> {}
          }
        });
    return cycle[0];
  }

  private static boolean whole(Csr csr, Set<CsrField> open, Set<CsrField> done) {
    Csr shown = csr.shown();
    if (shown != null) {
      CsrField field = csr.shownField();
      return field == null ? whole(shown, open, done) : needsItself(field, open, done);
    }
    boolean cycle = false;
    for (CsrField field : csr.fields()) {
      cycle |= needsItself(field, open, done);
    }
    return cycle;
  }
}
