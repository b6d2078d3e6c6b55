package tessera.emulator.interpreter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.CsrField;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.View;

/// Whether the statements of a step may run one after the other with their effects at once, or
/// whether the effects must wait: something reads what the step has written (language.md R5), or
/// may trap when it has (R4).
final class Hazards extends Walk {
  private static final int ALL = Integer.MAX_VALUE;

  /// What is read or written.
  ///
  /// @param file null: a CSR
  /// @param from first register, or the CSR's ordinal
  /// @param to last register
  private record Place(
      @Nullable RegisterFile file, int from, int to, @Nullable View view, List<Expr> indices) {

    boolean meets(Place other) {
      return file == other.file && from <= other.to && other.from <= to;
    }
  }

  private List<Place> written = new ArrayList<>();
  private boolean stored;
  private boolean again;
  private boolean found;

  private Hazards() {}

  /// {@return whether effects must wait}
  static boolean in(List<Stmt> step) {
    Hazards h = new Hazards();
    step.forEach(h::stmt);
    return h.found;
  }

  @Override
  void stmt(Stmt stmt) {
    RowCopy copy = RowCopy.of(stmt);
    if (copy != null) {
      exprs(copy.reads());
      mayTrap();
      if (copy.isStore()) {
        read(place(copy.view(), copy.indices()));
        stored = true;
      } else {
        written.add(place(copy.view(), copy.indices()));
        dirties(copy.view().file());
      }
      return;
    }
    switch (stmt) {
      case Stmt.If(var condition, var then, var otherwise) -> {
        expr(condition);
        List<Place> before = new ArrayList<>(written);
        stmt(then);
        if (otherwise != null) {
          List<Place> after = written;
          written = before;
          stmt(otherwise);
          written.addAll(after);
        }
      }
      case Stmt.For(_, var from, var to, var body) -> {
        expr(from);
        expr(to);
        boolean outer = again;
        stmt(body);
        again = true;
        stmt(body);
        again = outer;
      }
      case Stmt.Store _ -> {
        super.stmt(stmt);
        mayTrap();
        stored = true;
      }
      case Stmt.Raise _, Stmt.Require _, Stmt.Jump _, Stmt.Await _ -> {
        super.stmt(stmt);
        mayTrap();
      }
      default -> super.stmt(stmt);
    }
  }

  private void mayTrap() {
    found |= !written.isEmpty() || stored;
  }

  @Override
  void lvalue(LValue target) {
    switch (target) {
      case LValue.Register(var file, var index, _) -> register(file, index);
      case LValue.RegisterSlice(var file, var index, _, _) -> register(file, index);
      case LValue.Element(var view, var indices, _) -> {
        exprs(indices);
        written.add(place(view, indices));
        dirties(view.file());
      }
      case LValue.WholeCsr _, LValue.CsrNumber _ -> written.add(csr(-ALL, ALL));
      case LValue.Field(var csr, _, _) -> {
        written.add(csr(csr.ordinal(), csr.ordinal()));
        csr.dirty().forEach(d -> lvalue(d.target()));
      }
      case LValue.FieldBit(var csr, _, var bit) -> {
        expr(bit);
        written.add(csr(csr.ordinal(), csr.ordinal()));
        csr.dirty().forEach(d -> lvalue(d.target()));
      }
      case LValue.Variable _ -> {}
    }
  }

  private void register(RegisterFile file, Expr index) {
    expr(index);
    written.add(registers(file, index));
    dirties(file);
  }

  private void dirties(RegisterFile file) {
    file.dirty().forEach(d -> lvalue(d.target()));
  }

  @Override
  void expr(Expr expr) {
    switch (expr) {
      case Expr.ReadRegister(var file, var index, _) -> read(registers(file, index));
      case Expr.ReadElement(var file, _, _) -> read(new Place(file, 0, ALL, null, List.of()));
      case Expr.ReadView(var view, var indices, _, _) -> read(place(view, indices));
      case Expr.ReadCsrField(var csr, var field, _) ->
          read(
              field.rule() instanceof CsrField.Rule.Stored
                  ? csr(csr.ordinal(), csr.ordinal())
                  : csr(-ALL, ALL));
      case Expr.ReadCsr _, Expr.ReadCsrNumber _, Expr.CsrAllows _, Expr.Input _ ->
          read(csr(-ALL, ALL));
      case Expr.Load _, Expr.Reserve _ -> mayTrap();
      case Expr.Conditional _, Expr.Amo _ -> {
        mayTrap();
        stored = true;
      }
      default -> {}
    }
    super.expr(expr);
  }

  @Override
  void view(View view) {
    // Its place is part of the element at hand, whose indices have been visited.
    expr(view.at());
  }

  private void read(Place place) {
    for (Place w : written) {
      boolean same =
          again && w.view != null && w.view.equals(place.view) && w.indices.equals(place.indices);
      found |= w.meets(place) && !same;
    }
  }

  private static Place csr(int from, int to) {
    return new Place(null, from, to, null, List.of());
  }

  private static Place registers(RegisterFile file, Expr index) {
    return index instanceof Expr.Literal(_, var number)
        ? new Place(file, number.intValue(), number.intValue(), null, List.of())
        : new Place(file, 0, ALL, null, List.of());
  }

  private static Place place(View view, List<Expr> indices) {
    if (view.first() instanceof Expr.Literal(_, var first)
        && view.span() instanceof Expr.Literal(_, var span)) {
      int from = first.intValue();
      return new Place(view.file(), from, from + span.intValue() - 1, view, indices);
    }
    return new Place(view.file(), 0, ALL, view, indices);
  }
}
