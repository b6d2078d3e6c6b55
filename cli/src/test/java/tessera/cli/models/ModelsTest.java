package tessera.cli.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tessera.compiler.onnx.Catalogue;

/// The model cache, with a client that hands out an archive of ours.
class ModelsTest {
  private static final byte[] MODEL = "a model".getBytes(StandardCharsets.UTF_8);
  private static final String LONG = "deep/".repeat(40) + "m.onnx";

  @TempDir Path temp;
  private final List<String> told = new ArrayList<>();
  private Models models;

  @BeforeEach
  void makeAClient() throws IOException {
    Files.write(temp.resolve("archive"), archive());
    npm("echo \"$*\" >>'" + temp + "/calls'; cp '" + temp + "/archive' pkg-1.0.0.tgz");
    models = models();
  }

  private Models models() {
    return new Models(
        Map.of("PATH", temp + ":/usr/bin:/bin", "XDG_CACHE_HOME", temp.resolve("c").toString()),
        told::add);
  }

  private void npm(String body) throws IOException {
    client("npm", body);
  }

  private void client(String name, String body) throws IOException {
    Path npm = Files.writeString(temp.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      entry(out, "package/package.json", '0', new byte[700]);
      entry(out, "package/models/m.onnx", '0', MODEL);
      entry(out, "ignored", 'L', ("package/" + LONG).getBytes(StandardCharsets.UTF_8));
      entry(out, "ignored", '0', "long".getBytes(StandardCharsets.UTF_8));
      String record = "path=package/pax.onnx\n";
      entry(out, "pax", 'x', ("25 " + record).getBytes(StandardCharsets.UTF_8));
      entry(out, "ignored", '0', "pax".getBytes(StandardCharsets.UTF_8));
      out.write(new byte[1024]);
    }
    return bytes.toByteArray();
  }

  private static void entry(OutputStream out, String name, char kind, byte[] content)
      throws IOException {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, String.format("%011o", content.length));
    header[156] = (byte) kind;
    put(header, 257, "ustar");
    out.write(header);
    out.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static Catalogue.Entry published(String path, byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return entry(Catalogue.Client.NPM, path, HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Catalogue.Entry entry(Catalogue.Client client, String path, String hash) {
    return new Catalogue.Entry("m", client, "pkg", "1.0.0", path, hash, "Apache-2.0");
  }

  @Test
  void aJarFromMavenIsTakenApartAsWell() throws IOException, FetchFailed {
    try (ZipOutputStream jar =
        new ZipOutputStream(Files.newOutputStream(temp.resolve("archive")))) {
      jar.putNextEntry(new ZipEntry("other"));
      jar.putNextEntry(new ZipEntry("models/m.onnx"));
      jar.write(MODEL);
    }
    Files.move(temp.resolve("npm"), temp.resolve("mvn"));
    client("mvn", "echo \"$*\" >>'" + temp + "/calls'; cp '" + temp + "/archive' m.jar");
    String hash = published("", MODEL).sha256();
    assertArrayEquals(MODEL, models.bytes(entry(Catalogue.Client.MAVEN, "models/m.onnx", hash)));
    assertTrue(Files.readString(temp.resolve("calls")).contains(" -Dartifact=pkg:1.0.0 "));
  }

  @Test
  void aModelIsFetchedOnceAndThenKept() throws IOException, FetchFailed {
    Catalogue.Entry model = published("models/m.onnx", MODEL);
    assertArrayEquals(MODEL, models.bytes(model));
    assertEquals(List.of("fetching m.onnx from pkg@1.0.0"), told);
    npm("exit 1"); // no network any more
    assertArrayEquals(MODEL, models().bytes(model));
    List<String> calls = Files.readAllLines(temp.resolve("calls"));
    assertEquals(1, calls.size());
    assertTrue(calls.getFirst().startsWith("pack pkg@1.0.0 --ignore-scripts "));
  }

  @Test
  void aDamagedCopyIsFetchedAgain() throws IOException, FetchFailed {
    Catalogue.Entry model = published("models/m.onnx", MODEL);
    models.bytes(model);
    Files.writeString(models.place(model), "other");
    assertArrayEquals(MODEL, models.bytes(model));
  }

  @Test
  void anotherFileThanExpectedIsRefused() {
    Catalogue.Entry model = published("models/m.onnx", new byte[] {1});
    FetchFailed failed = assertThrows(FetchFailed.class, () -> models.bytes(model));
    String said = String.valueOf(failed.getMessage());
    assertTrue(said.contains("another file than expected"), said);
    assertTrue(Files.notExists(models.place(model)));
  }

  @Test
  void aMissingClientIsNamedWithTheCommand() throws IOException {
    Files.delete(temp.resolve("npm"));
    Models none = new Models(Map.of("PATH", temp.toString(), "HOME", temp.toString()), told::add);
    Catalogue.Entry model = published("models/m.onnx", MODEL);
    FetchFailed failed = assertThrows(FetchFailed.class, () -> none.bytes(model));
    assertEquals("npm is needed to fetch m.onnx, and it is not installed", failed.getMessage());
    assertTrue(failed.help().contains("apt-get install npm"));
  }

  @Test
  void whatTheClientSaysIsPassedOn() throws IOException {
    npm("echo 'npm error code E404' >&2; exit 1");
    Catalogue.Entry model = published("models/m.onnx", MODEL);
    FetchFailed failed = assertThrows(FetchFailed.class, () -> models.bytes(model));
    assertEquals("pkg@1.0.0 was not fetched: npm error code E404", failed.getMessage());
  }

  @Test
  void anUnwritableCacheStillGivesTheModel() throws IOException, FetchFailed {
    Files.writeString(temp.resolve("c"), "a file where the folder should be");
    assertArrayEquals(MODEL, models.bytes(published("models/m.onnx", MODEL)));
    assertEquals(2, told.size());
  }

  @Test
  void longNamesOfBothKindsAreFound() throws IOException {
    assertEquals("long", text("package/" + LONG));
    assertEquals("pax", text("package/pax.onnx"));
    assertNull(TarGz.file(new ByteArrayInputStream(archive()), "package/none"));
  }

  private static String text(String name) throws IOException {
    byte[] found = TarGz.file(new ByteArrayInputStream(archive()), name);
    return found == null ? "" : new String(found, StandardCharsets.UTF_8);
  }

  @Property
  void damagedBytesAreErrorsNotCrashes(
      @ForAll @IntRange(max = 8000) int at, @ForAll byte value, @ForAll boolean whole)
      throws IOException {
    byte[] plain;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive()))) {
      plain = in.readAllBytes();
    }
    plain[at % plain.length] = value;
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain, 0, whole ? plain.length : at % plain.length);
    }
    try {
      TarGz.file(new ByteArrayInputStream(packed.toByteArray()), "package/none");
    } catch (IOException e) {
      assertNotNull(e.getMessage());
    }
  }

  @Test
  void damagedArchivesAreErrorsNotCrashes() throws IOException {
    byte[] good = archive();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThrows(
          IOException.class, () -> TarGz.file(new ByteArrayInputStream(cut), "package/none"));
    }
  }
}
