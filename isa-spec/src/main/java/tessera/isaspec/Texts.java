package tessera.isaspec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tessera.isaspec.diagnostic.Source;

/// The bundled texts. One extension is one file; `index` lists them.
public final class Texts {
  private static final String FOLDER = "/tessera/isa/";

  private Texts() {}

  /// {@return all bundled texts, extensions first and then machines}
  public static List<Source> bundled() {
    return read("index").lines().filter(l -> !l.isBlank()).map(Texts::source).toList();
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
