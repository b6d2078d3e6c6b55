package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxModeTest {
  @TempDir Path folder;

  private Ran run(String text, String... words) throws IOException {
    Files.writeString(folder.resolve("p.s"), text);
    List<String> all = new ArrayList<>(List.of("run", "--mode", "linux", "p.s"));
    all.addAll(List.of(words));
    return Ran.in(folder, Map.of(), all.toArray(String[]::new));
  }

  /// Prints the texts that a list of pointers leads to, up to a null pointer.
  private static final String PRINT =
      """
      print:  ld a1, 0(s0)
              addi s0, s0, 8
              beqz a1, 2f
              mv a2, a1
      1:      lbu t0, 0(a2)
              addi a2, a2, 1
              bnez t0, 1b
              sub a2, a2, a1
              addi a2, a2, -1
              li a0, 1
              li a7, 64
              ecall
              la a1, line
              li a2, 1
              li a0, 1
              ecall
              j print
      2:      ret
              .data
      line:   .ascii "\\n"
              .text
      """;

  @Test
  void argumentsAndEnvironmentLieOnTheStack() throws IOException {
    String text =
        "_start: addi s0, sp, 8\n call print\n call print\n ld a0, 0(sp)\n li a7, 93\n ecall\n"
            + PRINT;
    Ran ran = run(text, "-q", "--env", "A=b c", "--env", "D=", "--", "one", "", "-v");
    assertEquals("p.s\none\n\n-v\nA=b c\nD=\n", ran.out(), ran::err);
    assertEquals(4, ran.status());
  }

  @Test
  void theAuxiliaryVectorTellsTheTruth() throws IOException {
    // Looks for AT_HWCAP (16) behind argv and envp.
    String text =
        """
        _start: addi s0, sp, 8
        1:      ld t0, 0(s0)
                addi s0, s0, 8
                bnez t0, 1b
        2:      ld t0, 0(s0)
                addi s0, s0, 8
                bnez t0, 2b
                li t1, 16
        3:      ld t0, 0(s0)
                ld a0, 8(s0)
                addi s0, s0, 16
                bne t0, t1, 3b
                srli a0, a0, %d
                andi a0, a0, 255
                li a7, 93
                ecall
        """;
    int letters = 1 | 1 << 5; // A and F, not C or D
    assertEquals(letters, run(text.formatted(0), "--isa", "rv64imaf", "-q").status());
    assertEquals(1 | 1 << 4, run(text.formatted(8), "--isa", "rv64imaf", "-q").status()); // I and M
  }

  @Test
  void aCallThatIsNotThereIsNamedOnce() throws IOException {
    String text =
        """
        _start: li s0, 3
        1:      li a7, 220
                ecall
                addi s0, s0, -1
                bnez s0, 1b
                neg a0, a0
                li a7, 94
                ecall
        """;
    Ran ran = run(text, "-v");
    assertEquals(38, ran.status());
    String note = "tessera: system call 220 (clone) is not there (ENOSYS)\n";
    assertTrue(ran.err().contains(note), ran::err);
    assertEquals(ran.err().indexOf(note), ran.err().lastIndexOf(note));
    assertTrue(ran.err().contains("Linux user mode (--mode linux)"), ran::err);
    assertTrue(!run(text).err().contains("ENOSYS"));
  }

  @Test
  void aFileUnderAMountIsRead() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    Files.writeString(folder.resolve("d/in.txt"), "from the host\n");
    String text =
        """
        _start: li a0, -100
                la a1, name
                li a2, 0
                li a7, 56
                ecall
                bltz a0, 1f
                addi sp, sp, -64
                mv a1, sp
                li a2, 64
                li a7, 63
                ecall
                mv a2, a0
                li a0, 1
                li a7, 64
                ecall
        1:      neg a0, a0
                andi a0, a0, 127
                li a7, 93
                ecall
                .data
        name:   .asciz "/d/in.txt"
        """;
    assertEquals("from the host\n", run(text, "-q", "--mount", "d:/d").out());
    assertEquals(2, run(text, "-q").status());
    assertEquals(ExitCode.USAGE.code(), run(text, "--mount", "d").status());
    assertEquals(ExitCode.NO_SUCH_FILE.code(), run(text, "--mount", "e:/d").status());
  }

  @Test
  void aSignalEndsItWithItsStatus() throws IOException {
    String kill = "_start: li a7, 172\n ecall\n li a1, %d\n li a7, 129\n ecall\n";
    Ran ran = run(kill.formatted(6));
    assertEquals(134, ran.status());
    assertTrue(ran.err().startsWith("guest ended by signal 6 (SIGABRT) at 0x"), ran::err);
    assertEquals(143, run(kill.formatted(15)).status());
    assertEquals(139, run("_start: li t0, 64\n sd t0, 0(t0)\n").status());
    assertEquals(132, run("_start: csrr t0, mstatus\n").status());
  }

  @Test
  void whatMayNotBeDoneIsAFault() throws IOException {
    String text = "_start: la t0, _start\n sw t0, 0(t0)\n";
    Ran ran = run(text);
    assertEquals(139, ran.status());
    assertTrue(ran.err().contains("does not allow it"), ran::err);
  }

  @Test
  void waitingForNobodyEndsTheRun() throws IOException {
    String text =
        """
        _start: addi sp, sp, -16
          sw zero, 0(sp)
          mv a0, sp
          li a1, 0
          li a2, 0
          li a3, 0
          li a7, 98
          ecall
        """;
    assertEquals(ExitCode.BUDGET.code(), run(text).status());
  }

  @Test
  void bareMetalTakesNoneOfThis() throws IOException {
    Files.writeString(folder.resolve("p.s"), "_start: li a7, 93\n ecall\n");
    for (String[] words :
        List.of(
            new String[] {"run", "p.s", "--", "x"},
            new String[] {"run", "--env", "A=B", "p.s"},
            new String[] {"run", "--mode", "bare", "--host-clock", "p.s"})) {
      Ran ran = Ran.in(folder, Map.of(), words);
      assertEquals(ExitCode.USAGE.code(), ran.status());
      assertTrue(ran.err().contains("--mode linux"), ran::err);
    }
  }
}
