package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// What compilers write assembles as GNU as assembles it: every section, byte for byte, every
/// relocation and every symbol; and prints as objdump prints it.
@Tag("oracle")
final class CorpusTest {
  private static final Isa ISA = isa();
  private static final Assembler ASSEMBLER = Assembler.of(ISA);

  @TempDir Path folder;

  private static Isa isa() {
    return switch (Isa.load(Isa.Request.bundled("edge16").isa(Corpus.MARCH + "_zicntr"))) {
      case Isa.Result.Ok(Isa isa, _) -> isa;
      case Isa.Result.Failed(var diagnostics) ->
          throw new AssertionError(Renderer.render(diagnostics));
    };
  }

  static Stream<Corpus.Entry> entries() {
    return Corpus.entries().stream();
  }

  @Test
  void theCorpusIsLarge() {
    List<Corpus.Entry> entries = Corpus.entries();
    boolean all = "all".equals(System.getProperty("corpus"));
    assertTrue(entries.size() >= (all ? 400 : 40), entries.size() + " texts");
  }

  @ParameterizedTest
  @MethodSource("entries")
  void assemblesAsGnuDoes(Corpus.Entry entry) {
    Gnu gnu = Gnu.compilers(folder);
    String text = Corpus.text(entry, gnu);
    Assembled assembled = ASSEMBLER.object(List.of(new Source("corpus.s", text)));
    switch (assembled) {
      case Assembled.Failed(var diagnostics) -> fail(Renderer.render(diagnostics));
      case Assembled.Ok(Elf elf, _) -> {
        if (!Corpus.isBeyondGnu(text, gnu)) {
          assertEquals(Listing.of(gnu.as(text, Corpus.MARCH)), Listing.of(elf));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void printsAsObjdumpDoes(Corpus.Entry entry) {
    Gnu gnu = Gnu.compilers(folder);
    String text = Corpus.text(entry, gnu);
    if (Corpus.isBeyondGnu(text, gnu)) {
      return;
    }
    Elf elf = gnu.as(text, Corpus.MARCH);
    assertEquals(
        comparable(gnu.run("objdump", "-dr", "gnu.o")),
        comparable(Disassembler.of(ISA).listing(elf, true)));
    assertEquals(
        comparable(gnu.run("objdump", "-dr", "-M", "no-aliases", "gnu.o")),
        comparable(Disassembler.withoutAliases(ISA).listing(elf, true)));
  }

  /// What `lui` and an addition make together may lie in no section of an object; then objdump
  /// takes the symbol of any section, and of several the one that lies first in its memory.
  private static String comparable(String listing) {
    int start = listing.indexOf("\nDisassembly");
    return listing.substring(Math.max(0, start)).replaceAll("(# [0-9a-f]+) <.*>", "$1");
  }
}
