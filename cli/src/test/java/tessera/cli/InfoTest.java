package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tessera.elf.Attributes;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.ElfWriter;
import tessera.elf.Section;
import tessera.elf.Segment;
import tessera.elf.SegmentType;
import tessera.elf.Symbol;

class InfoTest {
  @TempDir Path folder;

  @BeforeEach
  void writeAFile() throws IOException {
    Bytes code = Bytes.wrap(new byte[4096]);
    Elf.Builder elf = Elf.builder(Elf.Type.EXEC).entry(0x8000_0000L);
    long flags = Section.ALLOC | Section.EXECUTE;
    int text = elf.section(Section.bits(".text", flags, 4096, code).withAddress(0x8000_0000L));
    elf.section(Section.attributes(Attributes.of("rv64i2p1_xta1p0")));
    int rwx = Segment.READ | Segment.EXECUTE;
    elf.segment(new Segment(SegmentType.LOAD, rwx, 0x8000_0000L, 4096, 4096, code));
    elf.symbol(Symbol.local("$x", text, 0x8000_0000L));
    elf.symbol(Symbol.global("_start", text, 0x8000_0000L));
    elf.symbol(Symbol.global("evil\u001b[2J", text, 0x8000_0004L).withSize(4));
    Files.write(folder.resolve("x.elf"), ElfWriter.write(elf.build()));
  }

  private Ran run(String... words) {
    return Ran.in(folder, Map.of(), words);
  }

  @Test
  void anElfFileIsDescribed() throws IOException {
    Golden.check("info-elf", run("info", "-v", "x.elf").transcript());
    Golden.check("info-elf-json", run("info", "x.elf", "--format", "json").transcript());
  }

  @Test
  void aDamagedFileIsRefusedWithThePlace() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("x.elf"));
    Files.write(folder.resolve("cut.elf"), Arrays.copyOf(bytes, 100));
    Ran ran = run("info", "cut.elf");
    assertEquals(ExitCode.BAD_INPUT.code(), ran.status());
    assertTrue(ran.err().startsWith("cut.elf: error[bad-elf]: at offset 0x"), ran::err);
  }

  @Test
  void aMissingFileIsSaidSo() {
    Ran ran = run("info", "y.elf");
    assertEquals(ExitCode.NO_SUCH_FILE.code(), ran.status());
    assertEquals(
        """
        tessera: error[no-such-file]: 'y.elf' is neither a file nor a model of the catalogue
           help: did you mean 'x.elf'?
        """,
        ran.err());
  }
}
