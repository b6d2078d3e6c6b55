package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

/// What GNU as also knows comes out with the same bytes, relocations and symbols.
@Tag("oracle")
final class GnuAsTest {
  private static final Isa ISA = Isa.bundled("edge16");
  private static final Assembler ASSEMBLER = Assembler.of(ISA);

  /// The names that GNU as 2.40 has for the extensions here.
  private static final String MARCH = "rv64imf_zicsr";

  @TempDir Path folder;

  private static Elf ours(String text) {
    return ASSEMBLER.object(List.of(new Source("ours.s", text))).orElseThrow();
  }

  private void same(String text) {
    String gnu = Listing.of(Gnu.binutils(folder).as(text, MARCH));
    assertEquals(gnu, Listing.of(ours(text)));
  }

  private static boolean isVendors(String extension) {
    return extension.startsWith("X");
  }


  @Test
  void everyInstructionIsEncodedAlike() {
    List<String> lines = new ArrayList<>();
    ISA.instructions().stream()
        .filter(i -> !isVendors(i.extension()))
        .forEach(i -> lines.addAll(new Samples(ISA).of(i)));
    assertTrue(lines.size() > 1000, lines.size() + " lines");
    same("near:\n" + String.join("\n", lines) + "\n.data\nfar: .dword 0\n");
  }

  @Test
  void everyPseudoInstructionIsEncodedAlike() {
    List<String> lines = new ArrayList<>();
    ISA.aliases().forEach(a -> lines.addAll(new Samples(ISA).of(a)));
    assertTrue(lines.size() > 500, lines.size() + " lines");
    same("near:\n" + String.join("\n", lines) + "\n.data\nfar: .dword 0\n");
  }

  static Stream<Path> programs() {
    return Stream.of();
  }
}
