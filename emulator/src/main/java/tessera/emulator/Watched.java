package tessera.emulator;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Handler;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;

/// The stored state that parts of the text read: bits of CSRs, and single registers. As long as
/// none of it changes, they say the same.
final class Watched {
  private final Isa isa;
  private final long[] bits;
  private final boolean[] files;
  private final Set<CsrField> seen = new HashSet<>();

  private Watched(Isa isa) {
    this.isa = isa;
    this.bits = new long[isa.csrs().size()];
    this.files = new boolean[isa.registerFiles().size()];
  }

  /// {@return what these handlers read, without the lines of the platform}
  static Watched by(Isa isa, @Nullable Handler... handlers) {
    Watched all = new Watched(isa);
    for (Handler h : handlers) {
      if (h != null) {
        Walk.expr(h.condition(), all::note);
        Walk.statement(h.body(), all::note);
      }
    }
    return all;
  }

  /// {@return the bits of a CSR that are read}
  long bits(int csr) {
    return bits[csr];
  }

  /// {@return whether a file of one register is read}
  boolean reads(int file) {
    return files[file];
  }

  /// {@return the values of all that is read}
  List<Long> values(Hart hart) {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < bits.length; i++) {
      if (bits[i] != 0) {
        values.add(hart.csrs()[i] & bits[i]);
      }
    }
    for (RegisterFile file : isa.registerFiles()) {
      if (files[file.ordinal()]) {
        values.add(hart.readRegister(file, 0));
      }
    }
    return values;
  }

  private void note(Expr expr) {
    switch (expr) {
      case Expr.ReadRegister(var file, _, _) -> files[file.ordinal()] |= file.count() == 1;
      case Expr.ReadCsr(var csr, _) -> whole(csr);
      case Expr.ReadCsrField(var csr, var field, _) -> field(csr, field);
      case Expr.ReadCsrNumber(var number, _) -> numbered(number);
      case Expr.CsrAllows _ -> isa.csrs().forEach(this::whole);
      default -> {}
    }
  }

  private void numbered(Expr number) {
    for (Csr csr : isa.csrs()) {
      boolean mayBe =
          !(number.type() instanceof Type.Int(var min, var max))
              || min.compareTo(BigInteger.valueOf(csr.number())) <= 0
                  && max.compareTo(BigInteger.valueOf(csr.number())) >= 0;
      if (mayBe) {
        whole(csr);
      }
    }
  }

  private void whole(Csr csr) {
    Csr shown = csr.shown();
    CsrField field = csr.shownField();
    if (shown == null) {
      csr.fields().forEach(f -> field(csr, f));
    } else if (field == null) {
      whole(shown);
    } else {
      field(shown, field);
    }
  }

  private void field(Csr csr, CsrField field) {
    bits[csr.ordinal()] |= field.mask();
    if (seen.add(field)) {
      switch (field.rule()) {
        case CsrField.Rule.Computed(var value) -> Walk.expr(value, this::note);
        case CsrField.Rule.Counts(_, var code, var runs) -> {
          Walk.expr(code, this::note);
          Walk.expr(runs, this::note);
        }
        case CsrField.Rule.Stored _, CsrField.Rule.Fixed _, CsrField.Rule.Line _ -> {}
      }
    }
  }
}
