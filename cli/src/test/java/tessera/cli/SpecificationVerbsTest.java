package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verbs that read specification texts: check, machines, explain.
class SpecificationVerbsTest {
  private static final String MINE =
      """
      extension Xmine requires I;
      insn mine.add3 : R32 {
        enc opcode = 0b1011011 funct3 = 0 funct7 = 0;
        asm "{rd}, {rs1}, {rs2}";
        doc \"""Adds three registers.\""";
        op { x[rd] = x[rd] + x[rs1] + x[rs2]; }
      }
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeTexts() throws IOException {
    Files.writeString(folder.resolve("mine.isa"), MINE);
    Files.writeString(folder.resolve("broken.isa"), MINE.replace("x[rd] +", "y[rd] +"));
    Files.writeString(
        folder.resolve("small.isa"),
        "machine small for rv64i {\n  unit clock : clock { hz = 1000; }\n}\n");
  }

  private Ran run(String... words) {
    return Ran.in(folder, Map.of(), words);
  }

  @Test
  void theBundledTextsAreRight() {
    Ran ran = run("check");
    assertEquals(0, ran.status(), ran::err);
    assertTrue(ran.out().startsWith("ok: rv64im"), ran::out);
  }

  @Test
  void aTextOfTheUsersIsCheckedWithThem() throws IOException {
    assertEquals(0, run("check", "mine.isa").status());
    Ran ran = run("check", "broken.isa");
    assertEquals(ExitCode.BAD_INPUT.code(), ran.status());
    assertTrue(ran.err().startsWith("broken.isa:6:"), ran::err);
    assertEquals("", ran.out());
  }

  @Test
  void wrongOptionsAreUsageErrors() throws IOException {
    Golden.checkNarrow("usage/unknown-machine", run("check", "--machine", "edge61").transcript());
    Golden.checkNarrow("usage/bad-setting", run("check", "--set", "TKB").transcript());
    assertEquals(ExitCode.NO_SUCH_FILE.code(), run("check", "--isa", "none.isa").status());
  }

  @Test
  void machinesAreListedAndDescribed() throws IOException {
    Golden.checkNarrow("machines", run("machines").transcript());
    Ran one = run("machines", "tiny4", "--set", "TKB=32");
    assertTrue(one.out().contains("TKB          32  (set)"), one::out);
    assertEquals(0, run("machines", "small.isa").status());
    assertTrue(run("machines", "--format", "json").out().contains("\"name\" : \"wide64\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"addi", "li", "mstatus", "M", "mac.useful", "exit-codes", "counters", "csrs"})
  void everyKindOfTopicIsExplained(String topic) throws IOException {
    Ran ran = run("explain", topic);
    assertEquals(0, ran.status(), ran::err);
    if (topic.equals("addi") || topic.equals("exit-codes") || topic.equals("mac.useful")) {
      Golden.check("explain-" + topic, ran.transcript());
    }
    assertTrue(run("explain", topic, "--format", "json").out().contains("\"text\" : "));
  }

  @Test
  void anInstructionOfTheUsersIsExplained() throws IOException {
    Golden.check("explain-mine", run("explain", "--isa", "mine.isa", "mine.add3").transcript());
  }

  @Test
  void aMistypedTopicHasASuggestion() throws IOException {
    Golden.checkNarrow("usage/mistyped-topic", run("explain", "addii").transcript());
  }
}
