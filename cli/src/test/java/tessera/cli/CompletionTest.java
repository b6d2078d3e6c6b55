package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The completion scripts, in the shells they are for.
@Tag("oracle")
class CompletionTest {
  @TempDir Path folder;

  private String run(String tool, String debianPackage, String... words)
      throws IOException, InterruptedException {
    Oracle.require(tool, debianPackage);
    List<String> command = new ArrayList<>(List.of(tool));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private Path script(String shell) throws IOException {
    return Files.writeString(
        folder.resolve("tessera." + shell), Ran.tessera("completion", shell).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vers | version",
        "version --form | --format",
        "version --format | text json",
        "version --format j | json",
        "version --format = j | json",
        "--color a | auto always",
        "completion z | zsh",
        "help compl | completion",
      })
  void bashCompletes(String typed, String offered) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("file.s"), "");
    String words = typed + (typed.endsWith("format") && !typed.endsWith("form") ? " ''" : "");
    String code =
        "source "
            + script("bash")
            + "; COMP_WORDS=(tessera "
            + words
            + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tessera; echo \"${COMPREPLY[@]}\"";
    assertEquals(offered, run("bash", "bash", "--norc", "-c", code));
  }

  @Test
  void fishCompletes() throws IOException, InterruptedException {
    assertTrue(fish("tessera vers").startsWith("version\t"));
    assertEquals("json\ntext", sorted(fish("tessera version --format ")));
  }

  private String fish(String typed) throws IOException, InterruptedException {
    String code = "source " + script("fish") + "; complete -C '" + typed + "'";
    return run("fish", "fish", "--no-config", "-c", code);
  }

  @Test
  void zshReadsItsScript() throws IOException, InterruptedException {
    String code = "autoload -U compinit; compinit -u -D; source " + script("zsh");
    assertEquals("_tessera", run("zsh", "zsh", "-f", "-c", code + "; print $_comps[tessera]"));
  }

  private static String sorted(String lines) {
    return String.join("\n", lines.lines().map(l -> l.split("\t", -1)[0]).sorted().toList());
  }
}
