package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

/// Objects with groups, frames and variables of threads link with C by either linker and run under
/// Linux; debuggers read their lines.
@Tag("oracle")
final class LinkedTest {
  @TempDir Path folder;

  private static String resource(String name) throws IOException, URISyntaxException {
    return Files.readString(Path.of(LinkedTest.class.getResource(name).toURI()));
  }

  private Gnu objects() throws IOException, URISyntaxException {
    Gnu gnu = Gnu.gcc(folder);
    if (!(Isa.load(Isa.Request.bundled("edge16").isa("rv64gc"))
        instanceof Isa.Result.Ok(Isa isa, _))) {
      throw new AssertionError("rv64gc");
    }
    String text = resource("linked.s");
    gnu.put("linked.s", text);
    gnu.put("linked.c", resource("linked.c"));
    gnu.put(
        "ours.o",
        Assembler.of(isa)
            .withLines(folder.toString())
            .object(java.util.List.of(new Source("linked.s", text)))
            .orElseThrow());
    gnu.run("gcc", "-O1", "-c", "linked.c", "-o", "c.o");
    return gnu;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bfd", "lld"})
  void eitherLinkerLinksAndItRuns(String linker) throws IOException, URISyntaxException {
    Gnu gnu = objects();
    Gnu.requireProgram("qemu-riscv64", "qemu-user");
    Gnu.requireProgram("ld.lld-19", "lld-19");
    gnu.run(
        "gcc",
        "-static",
        "-B/usr/lib/llvm-19/bin",
        "-fuse-ld=" + linker,
        "c.o",
        "ours.o",
        "-o",
        "linked");
    Gnu.Outcome outcome = Gnu.start(folder, "qemu-riscv64", "./linked");
    assertEquals("55 42 9 2\n", outcome.said());
    assertEquals(0, outcome.status());
  }

  @Test
  void debuggersKnowTheLines() throws IOException, URISyntaxException {
    Gnu gnu = objects();
    String listing = gnu.run("objdump", "-dS", "ours.o");
    assertTrue(listing.contains("  mul a0, a0, a1\n"), listing);
    Gnu.requireProgram("gdb-multiarch", "gdb-multiarch");
    gnu.run("gcc", "-static", "c.o", "ours.o", "-o", "linked");
    String said =
        Gnu.start(
                folder,
                "gdb-multiarch",
                "-nx",
                "-batch",
                "-ex",
                "info line weigh",
                "-ex",
                "info line adjust",
                "linked")
            .said();
    assertTrue(said.contains("Line 7 of \"linked.s\" starts at"), said);
    assertTrue(said.contains("Line 31 of \"linked.s\" starts at"), said);
  }
}
