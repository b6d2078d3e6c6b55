package tessera.isaspec.check;

import java.util.ArrayList;
import java.util.List;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Multiplies the columns of a family into the scopes of its rows.
final class Families {
  private Families() {}

  /// {@return one scope for each row; a later column may range over an earlier one's cell}
  static List<Scope> rows(Item.Columns columns, Scope scope, Binder binder) {
    List<Scope> rows = List.of(scope.inner());
    for (Item.Column column : columns.columns()) {
      List<Scope> longer = new ArrayList<>();
      for (Scope row : rows) {
        for (Value cell : cells(column, row, binder)) {
          longer.add(named(column, cell, row));
        }
      }
      rows = longer;
    }
    Term where = columns.where();
    return where == null
        ? rows
        : rows.stream().filter(r -> Make.isTrue(binder.condition(where, r))).toList();
  }

  private static List<Value> cells(Item.Column column, Scope row, Binder binder) {
    if (column.range() != null) {
      return binder.values(column.range(), row, column.span());
    }
    Value value = binder.bind(java.util.Objects.requireNonNull(column.rows()), row, null);
    if (value instanceof Value.ListOf(var elements)) {
      return elements;
    }
    throw new SpecError(
        "type", column.span(), "expected a list of rows, got " + Binder.what(value));
  }

  private static Scope named(Item.Column column, Value cell, Scope row) {
    Scope inner = row.inner();
    List<String> names = column.names();
    if (names.size() == 1) {
      return inner.put(names.getFirst(), cell);
    }
    if (cell instanceof Value.ListOf(var parts) && parts.size() == names.size()) {
      for (int i = 0; i < names.size(); i++) {
        inner.put(names.get(i), parts.get(i));
      }
      return inner;
    }
    int got = cell instanceof Value.ListOf(var parts) ? parts.size() : 1;
    throw new SpecError(
        "type", column.span(), "this row has " + got + " cells, the columns are " + names.size());
  }
}
