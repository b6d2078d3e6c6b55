package tessera.isaspec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tessera.isaspec.diagnostic.Source;

/// The bundled texts. One extension is one file; `index` lists them.
public final class Texts {
  private static final String FOLDER = "/tessera/isa/";
  private static final Pattern EXTENSION =
      Pattern.compile("^ *extension +([A-Za-z0-9]+)", Pattern.MULTILINE);

  /// They never change while a process runs.
  private static final List<Source> BUNDLED =
      read("index").lines().filter(l -> !l.isBlank()).map(Texts::source).toList();

  private Texts() {}

  /// {@return all bundled texts, extensions first and then machines}
  public static List<Source> bundled() {
    return BUNDLED;
  }

  /// {@return the names of all extensions that the bundled texts define}
  public static List<String> extensions() {
    return bundled().stream()
        .flatMap(s -> EXTENSION.matcher(s.text()).results())
        .map(found -> found.group(1))
        .toList();
  }

  /// {@return the ISA string of every extension that the bundled texts define}
  public static String everything() {
    StringBuilder letters = new StringBuilder("rv64");
    StringBuilder names = new StringBuilder();
    for (String extension : extensions()) {
      String name = extension.toLowerCase(Locale.ROOT);
      if (name.length() == 1) {
        letters.append(name);
      } else {
        names.append('_').append(name);
      }
    }
    return letters.append(names).toString();
  }

  private static Source source(String name) {
    return new Source(name, read(name));
  }

  private static String read(String name) {
    try (InputStream in = Texts.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the bundled text " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
