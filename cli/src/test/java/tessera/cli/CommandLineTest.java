package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a user reads who asks for help or mistypes.
class CommandLineTest {

  static Stream<String> verbs() {
    return Main.VERBS.stream().map(Verb::name);
  }

  @Test
  void theFrontPageListsEveryVerb() throws IOException {
    Golden.checkNarrow("help", Ran.tessera("help").transcript());
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbHasAPage(String verb) throws IOException {
    Golden.checkNarrow("help-" + verb, Ran.tessera("help", verb).transcript());
    assertEquals(Ran.tessera("help", verb), Ran.tessera(verb, "--help"));
    assertEquals(Ran.tessera("help", verb), Ran.tessera("-h", verb));
  }

  @ParameterizedTest
  @CsvSource({
    "mistyped-verb, verison",
    "unknown-verb, frobnicate",
    "mistyped-option, version --fromat json",
    "abbreviated-option, version --form json",
    "unknown-option, version --frobnicate=3",
    "unknown-option-before, --frobnicate version",
    "unknown-letter, version -x",
    "bad-choice, version --format jsn",
    "far-choice, --color purple version",
    "missing-value, version --format",
    "extra-operand, version now",
    "missing-operand, completion",
    "unknown-shell, completion csh",
    "help-of-mistyped-verb, help versoin",
  })
  void aMistakeIsNamedWithASuggestion(String name, String line) throws IOException {
    Ran ran = Ran.tessera(line.split(" ", -1));
    assertEquals(ExitCode.USAGE.code(), ran.status());
    assertEquals("", ran.out());
    Golden.checkNarrow("usage/" + name, ran.transcript());
  }

  @Test
  void withoutAVerbThePageGoesToStandardError() {
    Ran ran = Ran.tessera();
    assertEquals(ExitCode.USAGE.code(), ran.status());
    assertEquals("", ran.out());
    assertEquals(Ran.tessera("help").out(), ran.err());
    assertEquals(Ran.tessera("help"), Ran.tessera("--help"));
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheVerb() {
    Ran after = Ran.tessera("version", "--format=json");
    assertEquals(after, Ran.tessera("--format", "json", "version"));
    assertEquals(after, Ran.tessera("version", "--format", "text", "--format", "json"));
    assertTrue(after.out().contains("\"schema\" : \"tessera-version-1\""), after::out);
  }

  @Test
  void errorsAreJsonToo() {
    Ran ran = Ran.tessera("version", "now", "--format", "json");
    assertEquals(ExitCode.USAGE.code(), ran.status());
    assertTrue(ran.out().contains("\"code\" : \"extra-operand\""), ran::out);
    assertTrue(ran.err().contains("error[extra-operand]"), ran::err);
  }

  @Test
  void namesThatWouldMoveTheCursorAreEscaped() {
    Ran ran = Ran.tessera("version", "a\u001b[2Jb\u202ec");
    assertTrue(ran.err().contains("a\\u001b[2Jb\\u202ec"), ran::err);
  }

  @Test
  void coloursAreAsked() {
    assertTrue(Ran.tessera("verison", "--color=always").err().contains("\033[1;31merror"));
    assertFalse(Ran.tessera("verison").err().contains("\033"));
  }

  @Test
  void versionIsThatOfThePom() throws IOException {
    Path root = Path.of(System.getProperty("tessera.root", ".."));
    String pom = Files.readString(root.resolve("pom.xml"));
    assertTrue(
        pom.contains("<artifactId>tessera</artifactId>\n  <version>" + Version.NUMBER + "<"));
    assertTrue(Ran.tessera("version").out().startsWith("tessera " + Version.NUMBER));
  }

  @Test
  void anErrorOfOurOwnIsOneLineAndAReport() throws IOException {
    Verb broken =
        new Verb(
            "broken",
            Verb.Group.SELF,
            "breaks",
            Verb.Operands.NONE,
            List.of(),
            List.of(),
            List.of(),
            (_, terminal) -> {
              throw new IllegalStateException("by design");
            });
    Ran ran = Ran.with(List.of(broken), "broken");
    assertEquals(ExitCode.INTERNAL.code(), ran.status());
    assertEquals("", ran.out());
    assertEquals(1, ran.err().lines().count(), ran::err);
    Path report = Path.of(ran.err().substring(ran.err().indexOf("is in ") + 6).strip());
    assertTrue(Files.readString(report).contains("IllegalStateException: by design"));
    Files.delete(report);
  }
}
