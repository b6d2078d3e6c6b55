package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Terminal terminal;

  @BeforeEach
  void standInTheFolder() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    terminal =
        new Terminal(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), folder, false, "");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private ExitCode refused(String name) {
    return assertThrows(Failure.class, () -> OutputFile.write(terminal, name, BYTES)).exit();
  }

  @Test
  void nothingIsLeftBesideTheFile() throws IOException {
    OutputFile.write(terminal, "out", BYTES);
    OutputFile.write(terminal, "out", BYTES);
    assertEquals(List.of("out"), names());
    assertArrayEquals(BYTES, Files.readAllBytes(folder.resolve("out")));
  }

  @Test
  void permissionsAreThoseOfAnyNewFileAndAreKept() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    OutputFile.write(terminal, "new", BYTES);
    assertEquals(
        Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(folder.resolve("new")));
    Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-r-----"));
    OutputFile.writeExecutable(terminal, "plain", BYTES);
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(plain)));
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = Files.createFile(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    OutputFile.write(terminal, "link", BYTES);
    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(BYTES, Files.readAllBytes(real));
  }

  @Test
  void whatIsNoFileIsWrittenInPlace() {
    OutputFile.write(terminal, "/dev/null", BYTES);
    assertTrue(Files.exists(Path.of("/dev/null")));
  }

  @Test
  void partsOfDeadProcessesAreSweptAndOthersKept() throws IOException, InterruptedException {
    Process dead = new ProcessBuilder("true").start();
    assertTrue(dead.waitFor(10, TimeUnit.SECONDS));
    long alive = ProcessHandle.current().parent().orElseThrow().pid();
    Files.createFile(folder.resolve(".out." + dead.pid() + ".tessera-tmp"));
    Files.createFile(folder.resolve(".out." + alive + ".tessera-tmp"));
    Files.createFile(folder.resolve(".out.x.tessera-tmp"));
    OutputFile.write(terminal, "out", BYTES);
    assertEquals(List.of(".out." + alive + ".tessera-tmp", ".out.x.tessera-tmp", "out"), names());
  }

  @Test
  void aFolderOrAMissingFolderIsRefused() {
    assertEquals(ExitCode.CANNOT_CREATE, refused("."));
    assertEquals(ExitCode.CANNOT_CREATE, refused("none/out"));
  }

  @Test
  void aMissingInputHasItsNeighbourSuggested() throws IOException {
    Files.createFile(folder.resolve("kernel.s"));
    Failure failure = assertThrows(Failure.class, () -> InputFile.bytes(terminal, "kernal.s"));
    assertEquals(ExitCode.NO_SUCH_FILE, failure.exit());
    assertEquals("did you mean 'kernel.s'?", failure.diagnostics().getFirst().help());
  }
}
