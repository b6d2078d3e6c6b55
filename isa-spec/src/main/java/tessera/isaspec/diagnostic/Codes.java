package tessera.isaspec.diagnostic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What the codes of a specification's diagnostics are given for: the one list that `explain`
/// prints and the language's reference is compared with.
public final class Codes {
  private Codes() {}

  /// {@return what each code is given for, by code}
  public static Map<String, String> all() {
    try (InputStream in = Codes.class.getResourceAsStream("codes.txt")) {
      if (in == null) {
        throw new IllegalStateException("codes.txt is missing");
      }
      Map<String, String> all = new TreeMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> {
            int tab = line.indexOf('\t');
            all.put(line.substring(0, tab), line.substring(tab + 1));
          });
      return Collections.unmodifiableMap(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
