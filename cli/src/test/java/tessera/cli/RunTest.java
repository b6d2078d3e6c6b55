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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tessera.elf.Attributes;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.ElfReader;
import tessera.elf.ElfResult;
import tessera.elf.ElfWriter;
import tessera.elf.Section;
import tessera.elf.Segment;

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
    assertTrue(bad.err().contains("cut off in its header"), bad::err);
    assertEquals(7, run(HELLO, "--input", "x=x.npy").status());
  }

  /// A program of a test suite: ends by `tohost` with what is in t0.
  private static String ending(String tagged) {
    return """
    _start: li t0, VALUE
            la t1, tohost
            sd t0, 0(t1)
    1:      j 1b
            .section .tohost, "aw"
            .align 6
            .globl tohost
    tohost: .dword 0
    """
        .replace("VALUE", tagged);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0", "7, 3, 3", "(256 << 1) | 1, 256, 255", "(257 << 1) | 1, 257, 257"})
  void aFailedTestIsNeverTheStatusOfSuccess(String tagged, int code, int status)
      throws IOException {
    Ran ran = run(ending(tagged));
    assertTrue(ran.err().startsWith("guest exit " + code + " | "), ran::err);
    assertEquals(status, ran.status());
  }

  /// Assembles a program and says of it that it was made for something else.
  private Ran madeFor(String arch, String text, String... options) throws IOException {
    Files.writeString(folder.resolve("m.s"), text);
    Ran.in(folder, Map.of(), "as", "--isa", "rv64gcv", "-o", "m.elf", "m.s");
    Path file = folder.resolve("m.elf");
    Section said = Section.attributes(Attributes.of(arch));
    if (!(ElfReader.read(Bytes.wrap(Files.readAllBytes(file)))
        instanceof ElfResult.Ok<Elf>(var elf))) {
      throw new AssertionError("not assembled");
    }
    List<Section> sections =
        elf.sections().stream().map(s -> s.type().equals(said.type()) ? said : s).toList();
    List<Segment> loaded = elf.loaded();
    Files.write(file, ElfWriter.write(elf.withSections(sections).withSegments(loaded)));
    List<String> words = new ArrayList<>(List.of("run", "m.elf"));
    words.addAll(List.of(options));
    return Ran.in(folder, Map.of(), words.toArray(String[]::new));
  }

  @Test
  void aProgramMadeForMoreThanTheMachineHasRunsWithAWarning() throws IOException {
    Ran ran = madeFor("rv64i2p1_c2p0_zvkned1p0_zkr1p0", ending("1"));
    assertEquals(0, ran.status(), ran::err);
    assertTrue(
        ran.err()
            .startsWith(
                "tessera: warning[isa-missing]: m.elf is made for zvkned, zkr, which this machine"
                    + " does not have\n"),
        ran::err);
    assertEquals("", madeFor("rv64i2p1_c2p0_zkr1p0", ending("1"), "-q").err());
  }

  /// A text with `.option rvc` in it, assembled for an ISA without C: only the flags tell.
  @Test
  void compressedInstructionsThatOnlyTheFlagsTellOfRun() throws IOException {
    Ran ran = madeFor("rv64i2p1", ending("1"));
    assertTrue(ran.err().startsWith("guest exit 0 | "), ran::err);
  }

  @Test
  void partsOfTheBaseAndOfVAreNotMissing() throws IOException {
    String arch = "rv64i2p1_zifencei2p0_v1p0_zve32x1p0_zve64d1p0_zvl32b1p0_zvl128b1p0";
    Ran ran = madeFor(arch, ending("1"), "--isa", "rv64gcv");
    assertTrue(ran.err().startsWith("guest exit 0 | "), ran::err);
  }

  private static final String LENGTH =
      """
      _start: csrr a0, vlenb
              srli a0, a0, 4
              li a7, 93
              ecall
      """;

  @Test
  void vectorsAreAsLongAsTheIsaOrTheProgramSays() throws IOException {
    assertEquals(2, run(LENGTH, "--isa", "rv64gcv_zvl128b_zvl256b").status());
    assertEquals(16, run(LENGTH, "--isa", "rv64g_zve64d1p0_zvl2048b1p0").status());
    assertEquals(1, run(LENGTH, "--isa", "rv64gcv_zvl256b", "--set", "VLEN=128").status());
    String longer = "rv64i2p1_c2p0_v1p0_zvl1024b1p0";
    assertEquals(8, madeFor(longer, LENGTH).status());
    Ran refused = madeFor(longer, LENGTH, "--set", "VLEN=256");
    assertEquals(ExitCode.BAD_INPUT.code(), refused.status());
    assertTrue(
        refused.err().contains("a VLEN of at least 1024, this machine has 256"), refused::err);
    assertTrue(refused.err().contains("--set VLEN=1024"), refused::err);
  }
}
