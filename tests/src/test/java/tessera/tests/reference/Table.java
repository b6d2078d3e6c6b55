package tessera.tests.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rows by patterns of mnemonics, each of which belongs to one row at most.
final class Table<R> {
  private final Map<Pattern, Function<MatchResult, R>> rows = new LinkedHashMap<>();

  /// Adds a row.
  ///
  /// @param mnemonics a regular expression of the whole mnemonic
  Table<R> row(String mnemonics, Function<MatchResult, R> row) {
    rows.put(Pattern.compile(mnemonics), row);
    return this;
  }

  /// {@return the row of a mnemonic, or null}
  @Nullable R find(String mnemonic) {
    List<R> found = new ArrayList<>();
    rows.forEach((pattern, row) -> {
      Matcher matcher = pattern.matcher(mnemonic);
      if (matcher.matches()) {
        found.add(row.apply(matcher.toMatchResult()));
      }
    });
    if (found.size() > 1) {
      throw new IllegalStateException(mnemonic + " is in " + found.size() + " rows");
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  /// Checks that each of these has a row, and that no row is for another.
  void assertFits(String title, List<String> mnemonics) {
    assertEquals(
        List.of(),
        mnemonics.stream().filter(n -> find(n) == null).toList(),
        "instructions without a row in " + title + ": write what they do there");
    assertEquals(List.of(), unused(mnemonics), "rows of " + title + " without use");
  }

  /// {@return the patterns that match none of these}
  List<String> unused(List<String> mnemonics) {
    return rows.keySet().stream()
        .filter(p -> mnemonics.stream().noneMatch(m -> p.matcher(m).matches()))
        .map(Pattern::pattern)
        .toList();
  }
}
