package tessera.compiler.importer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Which version of an operator an operator set means: `Resize` of set 23 is that of 19. Only for
/// messages.
final class OperatorVersions {
  private static final Map<String, long[]> VERSIONS = read();

  private OperatorVersions() {}

  /// The operator set that last changed the operator, at most `opset`; for an operator that is not
  /// known, `opset` itself.
  static long since(String domain, String opType, long opset) {
    long[] versions = domain.isEmpty() ? VERSIONS.getOrDefault(opType, new long[0]) : new long[0];
    return Arrays.stream(versions).filter(version -> version <= opset).max().orElse(opset);
  }

  private static Map<String, long[]> read() {
    try (InputStream in = OperatorVersions.class.getResourceAsStream("operators.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      var versions = new HashMap<String, long[]>();
      for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
        String[] words = line.split(" ", -1);
        long[] numbers = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        versions.put(words[0], numbers);
      }
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
