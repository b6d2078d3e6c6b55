package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsDisTest {
  private static final String TEXT =
      """
              .globl _start, f
      _start: li a0, 7
              call f
              beqz a0, 1f
              lla a1, x
              lw a2, 4(a1)
      1:      li a7, 93
              ecall
              .word 0xdeadbeef
              .short 0x102
              .byte 3, 4
      f:      flw fa0, 0(a0)
              fmadd.s fa0, fa1, fa2, fa3, rtz
              csrr t0, mstatus
              fence rw, w
              j _start
              .zero 16
              ret
              .section .text.g, "ax"
      g:      j f
              .data
      x:      .word 5, 6
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeTexts() throws IOException {
    Files.writeString(folder.resolve("k.s"), TEXT);
    Files.writeString(folder.resolve("bad.s"), "addi a0, a1, 5000\nta.mm.i8.i8 mc0, mt0, mt4\n");
    Files.writeString(folder.resolve("main.s"), ".globl _start\n_start: call f\n");
    Files.writeString(folder.resolve("f.s"), ".globl f\nf: ret\n");
  }

  private Ran run(String... words) {
    return Ran.in(folder, Map.of(), words);
  }

  private static final Ran DONE = new Ran(0, "", "");

  @Test
  void aProgramIsNamedAfterItsTextAndMayBeExecuted() {
    assertEquals(DONE, run("as", "k.s"));
    assertTrue(Files.isExecutable(folder.resolve("k.elf")));
    assertEquals(DONE, run("as", "-c", "k.s"));
    assertFalse(Files.isExecutable(folder.resolve("k.o")));
  }

  @Test
  void theSameTextGivesTheSameBytes() throws IOException {
    assertEquals(DONE, run("as", "k.s", "-o", "one.elf"));
    assertEquals(DONE, run("as", "--output=two.elf", "k.s"));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("one.elf")),
        Files.readAllBytes(folder.resolve("two.elf")));
  }

  @Test
  void severalTextsAreLinked() {
    assertEquals(DONE, run("as", "main.s", "f.s", "-o", "both.elf"));
    assertTrue(run("dis", "both.elf").out().contains("<f>:"));
  }

  @Test
  void wrongTextIsAllSaidAndNothingWritten() throws IOException {
    Ran ran = run("as", "bad.s");
    assertEquals(ExitCode.BAD_INPUT.code(), ran.status());
    assertFalse(Files.exists(folder.resolve("bad.elf")));
    Golden.check("as-bad", ran.transcript());
    Ran json = run("as", "bad.s", "--format", "json");
    assertTrue(json.out().contains("\"code\" : \"imm-range\""), json::out);
  }

  @Test
  void anOutputThatIsAnInputIsRefused() throws IOException {
    assertEquals(ExitCode.USAGE.code(), run("as", "k.s", "-o", "k.s").status());
    assertEquals(TEXT, Files.readString(folder.resolve("k.s")));
  }

  @Test
  void aListingIsAsObjdumpPrintsIt() throws IOException {
    run("as", "k.s");
    Golden.check("dis", run("dis", "k.elf").transcript());
    run("as", "-c", "k.s");
    Golden.check("dis-object", run("dis", "-r", "-M", "no-aliases", "k.o").transcript());
    assertTrue(run("dis", "k.elf", "--format", "json").out().contains("\"text\" : \"li a0,7\""));
  }

  @Tag("oracle")
  @ParameterizedTest
  @ValueSource(strings = {"-d", "-dr"})
  void objdumpPrintsTheSame(String how) throws IOException, InterruptedException {
    Oracle.require("riscv64-linux-gnu-objdump", "binutils-riscv64-linux-gnu");
    run("as", "-c", "k.s");
    String theirs = objdump(how, "-M", "no-aliases", "k.o");
    String ours =
        how.equals("-d")
            ? run("dis", "-M", "no-aliases", "k.o").out()
            : run("dis", "-r", "-M", "no-aliases", "k.o").out();
    assertEquals(withoutTargets(theirs), withoutTargets(ours));
  }

  /// What is worked out of a pair of instructions (`# 14 <x>`), and the names that objdump finds
  /// for targets which a linker has yet to fill in, are not compared.
  private static String withoutTargets(String listing) {
    return Pattern.compile("(?m)( # .*| <[^>]*>)$").matcher(listing).replaceAll("");
  }

  private String objdump(String... words) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("riscv64-linux-gnu-objdump"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return out;
  }
}
