package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.emulator.linux.FileSystem;
import tessera.isaspec.Isa;

/// Unchanged C and C++ programs, the GNU C library's start-up included, print and end as under
/// qemu.
@Tag("oracle")
class LinuxCTest {
  @TempDir static Path folder;
  private static Isa isa;

  @BeforeAll
  static void prepare() {
    LinuxPrograms.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
    LinuxPrograms.require("riscv64-linux-gnu-g++", "g++-riscv64-linux-gnu");
    LinuxPrograms.require("qemu-riscv64", "qemu-user");
    isa = Isa.load(Isa.Request.bundled("edge16").isa("rv64imafdc_zicntr_xta")).orThrow();
  }

  static List<Path> programs() throws IOException {
    return LinuxPrograms.sources(".c", ".cpp").stream()
        .filter(f -> !f.toString().endsWith("-v.c"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theyPrintAndEndAsUnderQemu(Path source) throws IOException, InterruptedException {
    String compiler =
        source.toString().endsWith(".cpp") ? "riscv64-linux-gnu-g++" : "riscv64-linux-gnu-gcc";
    Path program = LinuxPrograms.compile(source, folder, compiler, "-O2");
    LinuxPrograms.Ran theirs = LinuxPrograms.qemu(program, folder, "rv64");
    assertEquals(theirs, LinuxPrograms.ours(program, isa, FileSystem.none(), new ArrayList<>()));
  }

  @Test
  void thereAreEnoughOfThem() throws IOException {
    assertTrue(programs().size() >= 20, () -> "only a few programs");
  }

  @Test
  void aRunRepeats() throws IOException, InterruptedException {
    Path source = Path.of("src/test/resources/programs/linux/environment.c");
    Path program = LinuxPrograms.compile(source, folder, "riscv64-linux-gnu-gcc", "-O1");
    List<String> notes = new ArrayList<>();
    LinuxPrograms.Ran first = LinuxPrograms.ours(program, isa, FileSystem.none(), notes);
    assertEquals(first, LinuxPrograms.ours(program, isa, FileSystem.none(), notes));
  }

  @Test
  void aPositionIndependentProgramRunsToo() throws IOException, InterruptedException {
    Path source = Path.of("src/test/resources/programs/linux/strings.c");
    Path program =
        LinuxPrograms.compile(source, folder, "riscv64-linux-gnu-gcc", "-O1", "-static-pie");
    LinuxPrograms.Ran theirs = LinuxPrograms.qemu(program, folder, "rv64");
    assertEquals(theirs, LinuxPrograms.ours(program, isa, FileSystem.none(), new ArrayList<>()));
  }
}
