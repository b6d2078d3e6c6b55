package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Multiplies the columns of a family into the scopes of its rows.
final class Families {
  private Families() {}

  /// {@return one scope for each row; a later column may range over an earlier one's cell}
  static List<Scope> rows(Item.Columns columns, Scope scope, Binder binder, Span at) {
    List<Scope> rows = List.of(scope.inner());
    for (Item.Column column : columns.columns()) {
      List<Scope> longer = new ArrayList<>();
      for (Scope row : rows) {
        List<Value> cells = cells(column, row, binder);
        binder.defs.work.expand(cells.size(), at);
        cells.forEach(cell -> longer.add(named(column, cell, row)));
      }
      rows = longer;
    }
    Term where = columns.where();
    if (where == null) {
      return rows;
    }
    List<Scope> kept = new ArrayList<>();
    for (Scope row : rows) {
      if (binder.decided(where, row)) {
        kept.add(row);
      }
    }
    return kept;
  }

  private static List<Value> cells(Item.Column column, Scope row, Binder binder) {
    if (column.range() != null) {
      return binder.values(column.range(), row, column.span());
    }
    Value value = binder.bind(Objects.requireNonNull(column.rows()), row, null);
    List<Value> cells = Conversions.parts(value);
    if (cells == null) {
      throw new SpecError(
          "type", column.span(), "expected a list of rows, got " + Conversions.what(value));
    }
    return cells;
  }

  private static Scope named(Item.Column column, Value cell, Scope row) {
    Scope inner = row.inner();
    List<String> names = column.names();
    if (names.size() == 1) {
      return inner.put(names.getFirst(), cell);
    }
    List<Value> parts = Conversions.parts(cell);
    if (parts == null || parts.size() != names.size()) {
      throw new SpecError(
          "type",
          column.span(),
          "this row has "
              + (parts == null ? 1 : parts.size())
              + " cells, the columns are "
              + names.size());
    }
    for (int i = 0; i < names.size(); i++) {
      inner.put(names.get(i), parts.get(i));
    }
    return inner;
  }
}
