package tessera.isaspec.check;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import tessera.isaspec.text.Item;

/// The words that define a called shape: its own text, and that of every function it reaches. A
/// kernel stands for these words and no others (lowering.md, stale kernels).
final class Wording {
  private Wording() {}

  /// {@return the texts, functions in the order of their names, without comments and layout}
  ///
  /// @param functions what is passed for the shape's function parameters
  static String of(Definitions defs, String shape, Collection<String> functions) {
    Map<String, String> texts = new TreeMap<>();
    Deque<String> names = new ArrayDeque<>(functions);
    names.add(shape);
    while (!names.isEmpty()) {
      String name = names.remove();
      Item.Function f = defs.functions.get(name);
      if (f != null && !texts.containsKey(name)) {
        texts.put(name, plain(f.span().text()));
        Occurrences.term(f.value(), names::add);
        f.body().forEach(s -> Occurrences.statement(s, names::add));
      }
    }
    return String.join("\n", texts.values());
  }

  private static String plain(String text) {
    return text.replaceAll("//[^\\n]*", "").replaceAll("\\s+", " ").strip();
  }
}
