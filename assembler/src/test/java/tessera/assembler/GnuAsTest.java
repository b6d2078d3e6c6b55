package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What GNU as also knows comes out with the same bytes, relocations and symbols, and prints as
/// objdump prints it.
@Tag("oracle")
final class GnuAsTest {
  @TempDir Path folder;

  private void same(String text) {
    String gnu = Listing.of(Gnu.binutils(folder).as(text, Bundled.MARCH));
    assertEquals(gnu, Listing.of(Bundled.object(text)));
  }

  private static Stream<Path> resources(String kind) {
    try {
      Path folder = Path.of(GnuAsTest.class.getResource(kind).toURI());
      try (Stream<Path> files = Files.list(folder)) {
        return files.sorted().toList().stream();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isVendors(String extension) {
    return extension.startsWith("X");
  }

  private static List<String> instructions() {
    List<String> lines = new ArrayList<>();
    Bundled.ISA.instructions().stream()
        .filter(i -> !isVendors(i.extension()))
        .forEach(i -> lines.addAll(new Samples(Bundled.ISA).of(i)));
    return lines;
  }

  private static String program(List<String> lines) {
    return "near:\n" + String.join("\n", lines) + "\n.data\nfar: .dword 0\n";
  }

  @Test
  void everyInstructionIsEncodedAlike() {
    List<String> lines = instructions();
    assertTrue(lines.size() > 1000, lines.size() + " lines");
    same(program(lines));
  }

  @Test
  void everyPseudoInstructionIsEncodedAlike() {
    List<String> lines = new ArrayList<>();
    Bundled.ISA.aliases().stream()
        // binutils 2.40 has no name for it
        .filter(a -> !a.mnemonic().equals("lga"))
        .forEach(a -> lines.addAll(new Samples(Bundled.ISA).of(a)));
    assertTrue(lines.size() > 500, lines.size() + " lines");
    same(program(lines));
  }

  static Stream<Path> programs() {
    return resources("gnu");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void programsAssembleAlike(Path program) throws IOException {
    same(Files.readString(program));
  }

  static Stream<Path> sources() {
    return resources("c");
  }

  @ParameterizedTest
  @MethodSource("sources")
  void whatGccMakesAssemblesAlike(Path source) {
    Gnu gnu = Gnu.gcc(folder);
    for (String level : List.of("-O0", "-O1", "-O2", "-Os", "-O3")) {
      for (String code : List.of("-fno-pic", "-fpic", "-ffunction-sections")) {
        gnu.run(
            "gcc",
            "-S",
            "-march=" + Bundled.MARCH,
            "-mabi=lp64f",
            "-misa-spec=20191213",
            "-w",
            "-fno-asynchronous-unwind-tables",
            level,
            code,
            source.toString(),
            "-o",
            "c.s");
        same(gnu.text("c.s"));
      }
    }
  }

  @Test
  void instructionsPrintAsObjdumpPrintsThem() {
    Gnu gnu = Gnu.binutils(folder);
    // Our CSRs are those of one machine, so numbers print where objdump has more names.
    List<String> lines = instructions().stream().filter(l -> !l.startsWith("csr")).toList();
    gnu.as(program(lines), Bundled.MARCH);
    assertEquals(objdump(gnu), Disassembler.withoutAliases(Bundled.ISA).listing(gnu.elf("gnu.o")));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void compiledCodePrintsAsObjdumpPrintsIt(Path source) {
    Gnu gnu = Gnu.gcc(folder);
    gnu.run(
        "gcc",
        "-c",
        "-march=" + Bundled.MARCH,
        "-mabi=lp64f",
        "-misa-spec=20191213",
        "-w",
        "-O1",
        source.toString(),
        "-o",
        "gnu.o");
    assertEquals(objdump(gnu), Disassembler.withoutAliases(Bundled.ISA).listing(gnu.elf("gnu.o")));
  }

  private static String objdump(Gnu gnu) {
    String said = gnu.run("objdump", "-d", "-M", "no-aliases", "gnu.o");
    return said.substring(said.indexOf("\nDisassembly"));
  }
}
