package tessera.isaspec.semantics;

import java.util.List;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.RegisterFile;

/// What an assignment may write.
public sealed interface LValue {

  /// {@return the type of the value that fits}
  Type type();

  /// A whole register.
  record Register(RegisterFile file, Expr index, Type type) implements LValue {}

  /// Bits `hi` to `lo` of a register.
  record RegisterSlice(RegisterFile file, Expr index, int hi, int lo) implements LValue {
    @Override
    public Type type() {
      return Type.bits(hi - lo + 1);
    }
  }

  /// An element of a view.
  record Element(View view, List<Expr> indices, Type type) implements LValue {}

  /// A whole CSR, by its fields' rules.
  record WholeCsr(Csr csr, Type type) implements LValue {}

  /// One field of a CSR, by its rule.
  record Field(Csr csr, CsrField field, Type type) implements LValue {}

  /// One bit with a run-time number of a field (`mhpmcounter.HPM.bit(n)`, `tdirty.mt.bit(r)`).
  record FieldBit(Csr csr, CsrField field, Expr bit) implements LValue {
    @Override
    public Type type() {
      return Type.bits(1);
    }
  }

  /// The CSR with a run-time number.
  record CsrNumber(Expr number, Type type) implements LValue {}

  /// A `var` of this body.
  record Variable(Local local) implements LValue {
    @Override
    public Type type() {
      return local.type();
    }
  }
}
