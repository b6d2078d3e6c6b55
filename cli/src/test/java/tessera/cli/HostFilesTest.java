package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tessera.emulator.linux.Errno;
import tessera.emulator.linux.FileSystem;
import tessera.emulator.linux.OpenFile;
import tessera.emulator.linux.Refused;
import tessera.emulator.linux.Status;

/// A program reaches what is under its mounts, and nothing else, whatever it tries.
class HostFilesTest {
  @TempDir Path folder;
  private FileSystem files;

  private static final FileSystem.Opening READ =
      new FileSystem.Opening(true, false, false, false, false, true, 0);
  private static final FileSystem.Opening CREATE =
      new FileSystem.Opening(true, true, true, false, true, true, 0644);
  private static final FileSystem.Opening NO_FOLLOW =
      new FileSystem.Opening(true, false, false, false, false, false, 0);

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(folder.resolve("in/deep"));
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("secret"), "secret");
    Files.writeString(folder.resolve("in/file"), "inside");
    Files.writeString(folder.resolve("in/deep/file"), "deeper");
    Files.createSymbolicLink(folder.resolve("in/good"), Path.of("deep/file"));
    Files.createSymbolicLink(folder.resolve("in/bad"), Path.of("../secret"));
    Files.createSymbolicLink(folder.resolve("in/absolute"), folder.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("in/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("in/loop"), Path.of("loop"));
    Files.createSymbolicLink(folder.resolve("in/nowhere"), Path.of("../made"));
    Files.createSymbolicLink(folder.resolve("out/link"), folder.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("out/made"), folder.resolve("made"));
    Files.createLink(folder.resolve("out/hard"), folder.resolve("secret"));
    files = HostFiles.of(List.of("in:/in", "out:/data/out:rw"), terminal());
  }

  private Terminal terminal() {
    PrintStream none =
        new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Terminal(
        new ByteArrayInputStream(new byte[0]), none, none, Map.of(), folder, false, "");
  }

  private static String text(OpenFile file) {
    byte[] bytes = new byte[100];
    int n = file.read(0, bytes, 0, bytes.length);
    file.close();
    return new String(bytes, 0, n, StandardCharsets.UTF_8);
  }

  private Errno refused(String path, FileSystem.Opening how) {
    return assertThrows(Refused.class, () -> files.open(path, how).close()).errno();
  }

  @Test
  void whatIsInsideIsThere() {
    assertEquals("inside", text(files.open("/in/file", READ)));
    assertEquals("deeper", text(files.open("/in/good", READ)));
    assertEquals("deep/file", files.link("/in/good"));
    assertEquals(6, files.status("/in/file", true).size());
    assertEquals(Status.Kind.LINK, files.status("/in/good", false).kind());
    assertEquals(Status.Kind.REGULAR, files.status("/in/good", true).kind());
    assertEquals(
        List.of(".", "..", "absolute", "bad", "deep", "file", "good", "loop", "nowhere", "up"),
        files.list("/in").stream().map(FileSystem.Entry::name).toList());
    assertEquals(
        List.of(".", "..", "data", "in"),
        files.list("/").stream().map(FileSystem.Entry::name).toList());
    assertEquals(Status.Kind.DIRECTORY, files.status("/data", true).kind());
  }

  @Test
  void whatIsOutsideIsNot() {
    for (String path :
        List.of(
            "/in/bad",
            "/in/absolute",
            "/in/up/secret",
            "/in/up/in/file/../../secret",
            "/in/loop",
            "/in/nowhere",
            "/data/out/link",
            "/data/out/made",
            "/secret",
            "/etc/passwd",
            "/in/../secret",
            "/proc/self/mem",
            "/in/up/up/etc/passwd",
            "/in/deep/../../secret",
            "/IN/file",
            "/in/file/x",
            "/in/\0file",
            "/inside",
            "/data/secret",
            "/in",
            "/dev/mem",
            "/in/up")) {
      Errno why = refused(path, READ);
      assertTrue(
          List.of(Errno.ENOENT, Errno.EACCES, Errno.EIO, Errno.ELOOP, Errno.ENOTDIR, Errno.EISDIR)
              .contains(why),
          () -> path + ": " + why);
    }
    assertEquals(Errno.ELOOP, refused("/in/good", NO_FOLLOW));
  }

  @Test
  void nothingIsMadeOrChangedOutside() throws IOException {
    assertEquals(Errno.EROFS, refused("/in/new", CREATE));
    assertEquals(Errno.EROFS, refused("/in/file", CREATE));
    for (String path :
        List.of(
            "/data/out/link",
            "/data/out/made",
            "/data/out/hard",
            "/data/out/../../in/file2",
            "/in/up/made",
            "/in/nowhere",
            "/made",
            "/data/new")) {
      refused(path, CREATE);
    }
    for (Runnable change :
        List.<Runnable>of(
            () -> files.remove("/in/file", false),
            () -> files.remove("/in/up/secret", false),
            () -> files.remove("/data/out", true),
            () -> files.rename("/data/out/hard", "/in/hard"),
            () -> files.rename("/in/file", "/data/out/file"),
            () -> files.makeDirectory("/in/up/new", 0777),
            () -> files.makeDirectory("/in/new", 0777),
            () -> files.makeDirectory("/new", 0777))) {
      assertThrows(Refused.class, change::run);
    }
    assertEquals("secret", Files.readString(folder.resolve("secret")));
    assertEquals("inside", Files.readString(folder.resolve("in/file")));
    try (var all = Files.list(folder)) {
      assertEquals(3, all.count());
    }
  }

  @Test
  void whatMayBeWrittenIs() throws IOException {
    OpenFile file = files.open("/data/out/new", CREATE);
    assertEquals(5, file.write(3, "hello".getBytes(StandardCharsets.UTF_8), 0, 5));
    file.truncate(10);
    assertEquals(10, file.status().size());
    file.close();
    assertArrayEquals(
        new byte[] {0, 0, 0, 'h', 'e', 'l', 'l', 'o', 0, 0},
        Files.readAllBytes(folder.resolve("out/new")));
    files.makeDirectory("/data/out/dir", 0755);
    files.rename("/data/out/new", "/data/out/dir/other");
    assertEquals(Errno.ENOTEMPTY, errno(() -> files.remove("/data/out/dir", true)));
    assertEquals(Errno.EISDIR, errno(() -> files.remove("/data/out/dir", false)));
    files.remove("/data/out/dir/other", false);
    files.remove("/data/out/dir", true);
    assertEquals(Errno.ENOENT, errno(() -> files.status("/data/out/dir", true)));
    assertTrue(files.isWritable("/data/out/x"));
  }

  private static Errno errno(Runnable change) {
    return assertThrows(Refused.class, change::run).errno();
  }

  @Test
  void aMountThatIsNoneIsSaidSo() {
    for (String option : List.of("in", "in:data", ":/x", "in:/a/../b", "none:/x", "secret:/x")) {
      assertThrows(Failure.class, () -> HostFiles.of(List.of(option), terminal()), option);
    }
  }
}
