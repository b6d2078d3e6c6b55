package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;

/// An explicit write of a step wins over what its other writes make dirty, in the same CSR.
/// Closures do the writes in the order of the text, which gives the same where the explicit write
/// comes last and covers the field; other steps are left to the evaluator.
final class Clobbers extends Walk {
  /// @param field null: all of it
  private record Place(Csr csr, @Nullable CsrField field) {
    boolean covers(Place other) {
      return csr == other.csr && (field == null || field == other.field);
    }
  }

  private final List<Place> explicit = new ArrayList<>();
  private final List<Place> dirtied = new ArrayList<>();

  private Clobbers() {}

  /// Refuses steps whose writes closures would do in the wrong order.
  static void refuse(List<Stmt> step) {
    Clobbers c = new Clobbers();
    step.forEach(c::stmt);
  }

  @Override
  void stmt(Stmt stmt) {
    super.stmt(stmt);
    if (stmt instanceof Stmt.For(_, _, _, var body)) {
      stmt(body);
    }
  }

  @Override
  void lvalue(LValue target) {
    switch (target) {
      case LValue.Register(var file, _, _) -> dirties(file.dirty());
      case LValue.RegisterSlice(var file, _, _, _) -> dirties(file.dirty());
      case LValue.Element(var view, _, _) -> dirties(view.file().dirty());
      case LValue.WholeCsr(var csr, _) -> write(csr, null);
      case LValue.Field(var csr, var field, _) -> write(csr, field);
      case LValue.FieldBit(var csr, var field, _) -> write(csr, field);
      case LValue.CsrNumber _, LValue.Variable _ -> {}
    }
    super.lvalue(target);
  }

  private void write(Csr csr, @Nullable CsrField field) {
    Place place = new Place(csr, field);
    for (Place d : dirtied) {
      if (d.csr() == csr && !place.covers(d)) {
        throw new NotCompiled(csr);
      }
    }
    explicit.add(place);
    dirties(csr.dirty());
  }

  private void dirties(List<RegisterFile.Dirty> assignments) {
    for (RegisterFile.Dirty d : assignments) {
      Place place =
          switch (d.target()) {
            case LValue.Field(var csr, var field, _) -> new Place(csr, field);
            case LValue.FieldBit(var csr, var field, _) -> new Place(csr, field);
            default -> throw new NotCompiled(d);
          };
      for (Place e : explicit) {
        if (e.csr() == place.csr()) {
          throw new NotCompiled(e.csr());
        }
      }
      dirtied.add(place);
    }
  }
}
