package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
  @TempDir Path folder;

  private static final String PROGRAM =
      """
      _start: auipc t0, 0
              addi x0, x0, 0
              li t1, -2
              sw t1, 0x700(t0)
              lhu t2, 0x700(t0)
              csrw mscratch, t1
              csrr t3, mscratch
              fcvt.s.w fa0, t1
              fadd.s fa0, fa0, fa0
              beq t1, t2, _start
              amoadd.w.aq a0, t1, (t0)
              li a0, 0
              li a7, 93
              ecall
      """;

  private Ran run(String... words) {
    return Ran.in(folder, Map.of(), words);
  }

  private List<String> log(String program) throws IOException {
    Files.writeString(folder.resolve("p.s"), program);
    Ran ran = run("run", "--isa", "rv64imaf", "--log-commits=p.log", "-q", "p.s");
    assertEquals(0, ran.status(), ran::err);
    return Files.readAllLines(folder.resolve("p.log"));
  }

  /// The format is what Spike prints; addresses of RAM and reset state are ours.
  @Test
  void aLineIsAsSpikeWritesIt() throws IOException {
    assertEquals(
        List.of(
            "core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000",
            "core   0: 3 0x0000000080000004 (0x00000013)",
            "core   0: 3 0x0000000080000008 (0xffe00313) x6  0xfffffffffffffffe",
            "core   0: 3 0x000000008000000c (0x7062a023) mem 0x0000000080000700 0xfffffffe",
            "core   0: 3 0x0000000080000010 (0x7002d383) x7  0x000000000000fffe mem 0x0000000080000700",
            "core   0: 3 0x0000000080000014 (0x34031073) c832_mscratch 0xfffffffffffffffe",
            "core   0: 3 0x0000000080000018 (0x34002e73) x28 0xfffffffffffffffe",
            "core   0: 3 0x000000008000001c (0xd0037553) f10 0xffffffffc0000000"
                + " c768_mstatus 0x8000000200006000",
            "core   0: 3 0x0000000080000020 (0x00a57553) f10 0xffffffffc0800000",
            "core   0: 3 0x0000000080000024 (0xfc730ee3)",
            "core   0: 3 0x0000000080000028 (0x0462a52f) x10 0x0000000000000297"
                + " mem 0x0000000080000000 mem 0x0000000080000000 0x00000295",
            "core   0: 3 0x000000008000002c (0x00000513) x10 0x0000000000000000",
            "core   0: 3 0x0000000080000030 (0x05d00893) x17 0x000000000000005d",
            "core   0: 3 0x0000000080000034 (0x00000073)"),
        log(PROGRAM));
  }

  @Test
  void flagsAreToldByTheirOwnName() throws IOException {
    List<String> lines =
        log(
            """
            _start: li t0, 3
                    fcvt.s.w fa0, t0
                    li t0, 1
                    fcvt.s.w fa1, t0
                    fdiv.s fa2, fa1, fa0
                    li a0, 0
                    li a7, 93
                    ecall
            """);
    assertTrue(
        lines.get(4).endsWith("f12 0xffffffff3eaaaaab c1_fflags 0x0000000000000001"),
        lines::toString);
  }

  @Test
  void withoutAFileTheLogGoesToStandardErrorAndNoOperandIsTaken() throws IOException {
    Files.writeString(folder.resolve("p.s"), PROGRAM);
    Ran ran = run("run", "--isa", "rv64imaf", "-q", "--log-commits", "p.s");
    assertEquals(14, ran.err().lines().filter(l -> l.startsWith("core   0: 3 ")).count());
  }

  private Ran diff(List<String> a, List<String> b, String... more) throws IOException {
    Files.write(folder.resolve("a.log"), a);
    Files.write(folder.resolve("b.log"), b);
    String[] all = new String[more.length + 4];
    all[0] = "trace";
    System.arraycopy(more, 0, all, 1, more.length);
    all[more.length + 1] = "diff";
    all[more.length + 2] = "a.log";
    all[more.length + 3] = "b.log";
    return run(all);
  }

  @Test
  void theSameLogsAreTheSameWhateverStandsBetween() throws IOException {
    List<String> log = log(PROGRAM);
    List<String> noisy =
        new java.util.ArrayList<>(
            List.of("warning: something", "core   0: 3 0x1000 (0x00000297) x5 0x1000"));
    noisy.addAll(log);
    noisy.add(4, ">>>>  symbol");
    Ran ran = diff(log, noisy);
    assertEquals(0, ran.status(), ran::out);
    assertEquals("b.log: begins 1 commit earlier\nsame: 14 commits\n", ran.out());
  }

  @Test
  void theFirstDifferenceIsShownWithItsSurroundings() throws IOException {
    List<String> log = log(PROGRAM);
    List<String> other = new java.util.ArrayList<>(log);
    other.set(8, other.get(8).replace("c0800000", "c0800001"));
    other.set(10, other.get(10).replace("0x00000295", "0x00000296"));
    Ran ran = diff(log, other);
    assertEquals(ExitCode.DIFFERENT.code(), ran.status());
    Golden.check("trace-diff", ran.transcript());
    Ran ignored = diff(log, other, "--ignore", "f10");
    assertTrue(
        ignored.out().startsWith("differ after 10 common commits: store to 0x0000000080000000: "),
        ignored::out);
    assertEquals(0, diff(log, other, "--ignore", "f", "--ignore", "mem").status());
  }

  @Test
  void anEarlyEndAndNothingInCommonAreDifferences() throws IOException {
    List<String> log = log(PROGRAM);
    Ran shorter = diff(log, log.subList(0, 9));
    assertEquals(ExitCode.DIFFERENT.code(), shorter.status());
    assertTrue(
        shorter.out().startsWith("differ after 9 common commits: the second log ends here"),
        shorter::out);
    Ran none = diff(log, List.of("core   0: 3 0x0000000000001000 (0x00000297)"));
    assertEquals(ExitCode.DIFFERENT.code(), none.status());
    assertTrue(none.out().contains("nothing matched"), none::out);
  }

  @Test
  void whatIsNoLogIsBadInput() throws IOException {
    List<String> log = log(PROGRAM);
    assertEquals(ExitCode.BAD_INPUT.code(), diff(log, List.of("nothing", "here")).status());
    assertEquals(ExitCode.BAD_INPUT.code(), diff(List.of(), log).status());
    assertEquals(ExitCode.NO_SUCH_FILE.code(), run("trace", "diff", "a.log", "none.log").status());
    assertEquals(ExitCode.USAGE.code(), run("trace", "difff", "a.log", "b.log").status());
  }
}
