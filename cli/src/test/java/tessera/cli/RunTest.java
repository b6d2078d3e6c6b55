package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
  @TempDir Path folder;

  private Ran run(String text, String... words) throws IOException {
    Files.writeString(folder.resolve("p.s"), text);
    String[] all = new String[words.length + 2];
    all[0] = "run";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "p.s";
    return Ran.in(folder, Map.of(), all);
  }

  private static final String HELLO =
      """
      _start: li a0, 1
              la a1, text
              li a2, 3
              li a7, 64
              ecall
              li a0, 7
              li a7, 93
              ecall
              .data
      text:   .ascii "hi\\n"
      """;

  @Test
  void standardOutputIsTheGuestsAndTheStatusToo() throws IOException {
    Ran ran = run(HELLO);
    assertEquals("hi\n", ran.out());
    assertEquals(7, ran.status());
    assertTrue(ran.err().startsWith("guest exit 7 | 9 instructions | "), ran::err);
    assertEquals("", run(HELLO, "-q").err());
    assertEquals(0, run(HELLO, "--exit-code", "tool").status());
  }

  @Test
  void theReportIsJsonAndTheGuestThenPrintsToStandardError() throws IOException {
    Ran ran = run(HELLO, "--format", "json", "-q", "--stats", "s.json");
    assertEquals("hi\n", ran.err());
    assertTrue(ran.out().contains("\"schema\": \"tessera-report-1\""), ran::out);
    assertTrue(ran.out().contains("\"status\": \"exited\""), ran::out);
    assertEquals(ran.out(), Files.readString(folder.resolve("s.json")));
  }

  @Test
  void theSameRunGivesTheSameReport() throws IOException {
    Ran one = run(HELLO, "--format", "json", "-q");
    assertEquals(one, run(HELLO, "--format", "json", "-q"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_start: .word 0x0000300b               | 132 | illegal instruction",
        "_start: ebreak                         | 133 | breakpoint",
        "_start: lui t0, 0x70000; sd t0, 8(t0)  | 139 | store to 0x70000008",
        "_start: lui t0, 0x70000; lw t0, 0(t0)  | 139 | load from 0x70000000",
        "_start: lui t0, 0x70000; jr t0         | 139 | instruction fetch from 0x70000000",
      })
  void aFaultIsReportedWithItsStatus(String text, int status, String what) throws IOException {
    Ran ran = run(text + "\n");
    assertEquals(status, ran.status(), ran::err);
    assertTrue(ran.err().startsWith("guest fault: " + what + " at 0x"), ran::err);
    assertTrue(run(text + "\n", "--format", "json").out().contains("\"status\": \"fault\""));
  }

  @Test
  void aFaultShowsInstructionOperandsAndMap() throws IOException {
    String text = "_start: li a0, 5\n lui t0, 0x70000\nbad: sd a0, 8(t0)\n";
    Golden.check("run-fault", run(text).transcript());
    Golden.check("run-illegal", run("main: nop\n .word 0x0000300b\n").transcript());
  }

  @Test
  void anOverrunIsFoundUnderStrict() throws IOException {
    String text = "_start: li t0, 0x82100000\n sb t0, 0(t0)\n li a7, 93\n ecall\n";
    assertFalse(run(text).err().startsWith("guest fault"));
    Ran strict = run(text, "--strict");
    assertEquals(ExitCode.ACCESS_FAULT.code(), strict.status());
    assertTrue(strict.err().contains("heap  <- 1 byte past its end"), strict::err);
  }

  @Test
  void theBudgetIsExactAndTheTimeoutIsKept() throws IOException {
    String spin = "_start: addi a0, a0, 1\n j _start\n";
    Ran budget = run(spin, "--max-insns", "123_457");
    assertEquals(ExitCode.BUDGET.code(), budget.status());
    assertTrue(budget.err().contains("after 123,457 instructions"), budget::err);
    Ran timeout = run(spin, "--timeout", "0.2", "--max-insns", "0");
    assertEquals(ExitCode.BUDGET.code(), timeout.status());
    assertTrue(timeout.err().startsWith("stopped: the time is over, at "), timeout::err);
  }

  @Test
  void wrongUseIsSaidSo() throws IOException {
    Files.writeString(folder.resolve("x.txt"), "no program");
    assertEquals(ExitCode.BAD_INPUT.code(), Ran.in(folder, Map.of(), "run", "x.txt").status());
    assertEquals(
        ExitCode.NO_SUCH_FILE.code(), Ran.in(folder, Map.of(), "run", "none.elf").status());
    assertEquals(
        ExitCode.NO_SUCH_FILE.code(), Ran.in(folder, Map.of(), "run", "hello-depa").status());
    assertEquals(ExitCode.USAGE.code(), run(HELLO, "--memory", "1").status());
    assertEquals(ExitCode.USAGE.code(), run(HELLO, "--max-insns", "many").status());
    assertEquals(
        ExitCode.USAGE.code(), Ran.in(folder, Map.of(), "run", "p.s", "--", "argument").status());
  }

  @Test
  void anArrayOfNumPyIsRead() throws IOException {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n";
    ByteBuffer file = ByteBuffer.allocate(10 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.putShort((short) header.length());
    file.put(header.getBytes(StandardCharsets.US_ASCII)).putFloat(1.5f).putFloat(-2);
    Files.write(folder.resolve("x.npy"), file.array());
    Files.write(folder.resolve("cut.npy"), java.util.Arrays.copyOf(file.array(), 40));
    Ran bad = run(HELLO, "--input", "x=cut.npy");
    assertEquals(ExitCode.BAD_INPUT.code(), bad.status());
    assertTrue(bad.err().contains("its header is cut off"), bad::err);
    assertEquals(7, run(HELLO, "--input", "x=x.npy").status());
  }
}
