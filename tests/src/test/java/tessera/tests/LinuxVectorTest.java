package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.emulator.linux.FileSystem;
import tessera.isaspec.Isa;

/// Programs with vector intrinsics, as clang compiles them, print and end as under qemu, whose
/// vectors are shorter.
@Tag("oracle")
class LinuxVectorTest {
  @TempDir static Path folder;
  private static Isa isa;

  @BeforeAll
  static void prepare() {
    LinuxPrograms.require("clang-19", "clang-19");
    LinuxPrograms.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
    LinuxPrograms.require("qemu-riscv64", "qemu-user");
    isa = Isa.load(Isa.Request.bundled("edge16").isa("rv64imafdcv_zicntr_xta")).orThrow();
  }

  static List<Path> programs() throws IOException {
    return LinuxPrograms.sources("-v.c");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theyPrintAndEndAsUnderQemu(Path source) throws IOException, InterruptedException {
    Path program =
        LinuxPrograms.compile(
            source, folder, "clang-19", "--target=riscv64-linux-gnu", "-march=rv64gcv", "-O2");
    LinuxPrograms.Ran theirs = LinuxPrograms.qemu(program, folder, "rv64,v=true,vlen=128");
    assertEquals(theirs, LinuxPrograms.ours(program, isa, FileSystem.none(), new ArrayList<>()));
  }
}
