package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// Each wrong text gives exactly the messages that lie beside it; `-Dgolden.update=true` rewrites
/// them.
class DiagnosticsTest {

  static Stream<Path> wrong() throws IOException, URISyntaxException {
    Path folder = Path.of(DiagnosticsTest.class.getResource("errors").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".s")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void saysWhatIsWrong(Path file) throws IOException {
    String name = file.getFileName().toString();
    Source source = new Source(name, Files.readString(file));
    List<Diagnostic> diagnostics = Bundled.ASSEMBLER.program(List.of(source)).diagnostics();
    // One by one, since a list of many is cut.
    StringBuilder said = new StringBuilder();
    diagnostics.forEach(d -> said.append(Renderer.render(d)));
    Path expected = file.resolveSibling(name.replace(".s", ".txt"));
    if (Boolean.getBoolean("golden.update")) {
      Path kept =
          Path.of(
              System.getProperty("tessera.root"),
              "assembler/src/test/resources/tessera/assembler/errors",
              expected.getFileName().toString());
      Files.writeString(kept, said);
      return;
    }
    assertEquals(Files.readString(expected), said.toString());
  }
}
