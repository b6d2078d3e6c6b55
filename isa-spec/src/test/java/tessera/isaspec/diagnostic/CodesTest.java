package tessera.isaspec.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CodesTest {
  private static final Pattern GIVEN = Pattern.compile("(?:error|warning)\\[([a-z0-9-]+)\\]");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \\| (.*) \\|$");

  /// Every code that a failing specification gets is in the list.
  @Test
  void everyCodeThatIsGivenIsExplained() throws IOException {
    Set<String> given = new TreeSet<>();
    try (var files = Files.list(Path.of("src/test/resources/filetests/spec/fail"))) {
      for (Path file : files.toList()) {
        GIVEN.matcher(Files.readString(file)).results().forEach(r -> given.add(r.group(1)));
      }
    }
    assertFalse(given.isEmpty());
    given.removeAll(Codes.all().keySet());
    assertEquals(Set.of(), given);
  }

  /// The reference's table says the same.
  @Test
  void theReferenceListsTheSame() throws IOException {
    String text = Files.readString(Path.of("../docs/language.md"));
    int from = text.indexOf("| Code | Given for |");
    String table = text.substring(from, text.indexOf("\n\n", from));
    TreeMap<String, String> rows = new TreeMap<>();
    for (MatchResult row : ROW.matcher(table).results().toList()) {
      for (String code : row.group(1).replace("`", "").split(", ", -1)) {
        rows.put(code, row.group(2));
      }
    }
    assertEquals(Codes.all(), rows);
  }
}
