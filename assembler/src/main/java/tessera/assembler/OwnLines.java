package tessera.assembler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.assembler.relocate.LineTable;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// Rows for the lines of the assembly texts themselves (`-g`): what a macro makes belongs to the
/// line that calls it. A text that brings rows of its own keeps those.
final class OwnLines {
  private final LineTable table;
  private final String folder;
  private final Map<String, Integer> files = new HashMap<>();
  private final Map<Source, List<Integer>> lineStarts = new HashMap<>();
  private boolean foreign;
  private LineTable.Position latest = LineTable.Position.FIRST;

  OwnLines(LineTable table, String folder) {
    this.table = table;
    this.folder = folder;
  }

  String folder() {
    return folder;
  }

  /// Adds a row for an instruction, unless its line has one right before.
  void row(Span at) {
    foreign |= files.isEmpty() && !table.isEmpty();
    if (foreign) {
      return;
    }
    LineTable.Position next = LineTable.Position.FIRST.at(file(at.source().name()), line(at), 0);
    if (table.isEmpty() || !next.equals(latest) || table.isNewSection()) {
      table.row(next);
      latest = next;
    }
  }

  private int file(String name) {
    return files.computeIfAbsent(
        name,
        n -> {
          int slot = files.size() + 1;
          table.file(slot, null, n, null);
          return slot;
        });
  }

  private int line(Span at) {
    List<Integer> starts = lineStarts.computeIfAbsent(at.source(), OwnLines::starts);
    int found = Collections.binarySearch(starts, at.from());
    return found >= 0 ? found + 1 : -found - 1;
  }

  private static List<Integer> starts(Source source) {
    List<Integer> starts = new ArrayList<>();
    starts.add(0);
    String text = source.text();
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      starts.add(i + 1);
    }
    return starts;
  }

  /// Says of each section of code which text it comes from.
  void describe() {
    if (!foreign && !files.isEmpty()) {
      String first =
          files.entrySet().stream()
              .filter(e -> e.getValue() == 1)
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
      table.describe(first, folder);
    }
  }
}
