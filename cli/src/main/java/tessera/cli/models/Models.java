package tessera.cli.models;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tessera.compiler.onnx.Catalogue;

/// Published models on this machine: each is fetched once by its registry's own client, checked
/// against its hash, and kept in `${XDG_CACHE_HOME:-$HOME/.cache}/tessera/models`.
public final class Models {
  private final Map<String, String> environment;
  private final Consumer<String> progress;

  /// @param environment where PATH, HOME and XDG_CACHE_HOME are looked up
  /// @param progress is told a line when something takes time
  public Models(Map<String, String> environment, Consumer<String> progress) {
    this.environment = Map.copyOf(environment);
    this.progress = progress;
  }

  /// {@return where the file lies, or will lie once it is fetched}
  public Path place(Catalogue.Entry entry) {
    String name = entry.sha256().substring(0, 16) + "-" + fileName(entry);
    return folder().resolve(name);
  }

  /// {@return the bytes of a published file, out of the cache or fetched}
  ///
  /// @throws FetchFailed when it cannot be had or is not the file that was expected
  public byte[] bytes(Catalogue.Entry entry) throws FetchFailed {
    Path place = place(entry);
    try {
      if (Files.isRegularFile(place)) {
        byte[] kept = Files.readAllBytes(place);
        if (sha256(kept).equals(entry.sha256())) {
          return kept;
        }
        progress.accept("the copy in the cache is damaged; fetching it again");
      }
    } catch (IOException e) {
      throw new FetchFailed(
          "'" + place + "' cannot be read: " + e.getMessage(),
          "remove it, and it is fetched again");
    }
    byte[] fetched = fetch(entry);
    keep(place, fetched);
    return fetched;
  }

  private Path folder() {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path root =
        cache.isEmpty()
            ? Path.of(
                environment.getOrDefault("HOME", System.getProperty("user.home", ".")), ".cache")
            : Path.of(cache);
    return root.resolve("tessera").resolve("models");
  }

  private byte[] fetch(Catalogue.Entry entry) throws FetchFailed {
    progress.accept("fetching " + fileName(entry) + " from " + Client.coordinates(entry));
    String otherwise = "or give the path of an .onnx file instead of a name";
    try {
      Path folder = Files.createTempDirectory("tessera-fetch-");
      try {
        byte[] file = unpack(download(folder, entry), entry);
        String found = sha256(file);
        if (!found.equals(entry.sha256())) {
          throw new FetchFailed(
              fileName(entry)
                  + " of npm "
                  + Client.coordinates(entry)
                  + " is another file than"
                  + " expected: SHA-256 "
                  + found.substring(0, 16)
                  + "..., not "
                  + entry.sha256().substring(0, 16)
                  + "...",
              "it was not kept; " + otherwise);
        }
        return file;
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new FetchFailed(
          Client.coordinates(entry) + " cannot be unpacked: " + e.getMessage(), otherwise);
    }
  }

  /// {@return the archive that the client leaves in the folder}
  private Path download(Path folder, Catalogue.Entry entry) throws FetchFailed, IOException {
    Client client = Client.of(entry);
    List<String> command = new ArrayList<>(List.of(program(client, entry)));
    command.addAll(client.command());
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
    process.getInputStream().transferTo(OutputStream.nullOutputStream());
    int status = waitFor(process);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> archives = files.filter(f -> f.toString().endsWith(client.ending())).toList();
      if (status == 0 && archives.size() == 1) {
        return archives.getFirst();
      }
    }
    String line = client.program() + " " + String.join(" ", client.command());
    throw new FetchFailed(
        Client.coordinates(entry) + " was not fetched: " + firstLine(said),
        "try by hand: " + line + "; or give the path of an .onnx file");
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String firstLine(String said) {
    return said.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("it said nothing");
  }

  private static byte[] unpack(Path archive, Catalogue.Entry entry)
      throws FetchFailed, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
      byte[] file = Client.unpack(entry, in);
      if (file == null) {
        throw new FetchFailed(
            Client.coordinates(entry) + " has no file " + entry.file(),
            "give the path of an .onnx file instead of a name");
      }
      return file;
    }
  }

  private String program(Client client, Catalogue.Entry entry) throws FetchFailed {
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path candidate = Path.of(folder, client.program());
      if (!folder.isEmpty() && Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
        return candidate.toString();
      }
    }
    throw new FetchFailed(
        client.program() + " is needed to fetch " + fileName(entry) + ", and it is not installed",
        "Debian: apt-get install " + client.debian() + "; or give the path of an .onnx file");
  }

  private static String fileName(Catalogue.Entry entry) {
    return entry.file().substring(entry.file().lastIndexOf('/') + 1);
  }

  /// A cache that cannot be written costs a download the next time and nothing else.
  private void keep(Path place, byte[] file) {
    try {
      Files.createDirectories(place.getParent());
      Path part = Files.createTempFile(place.getParent(), ".part-", "");
      Files.write(part, file);
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      progress.accept("it is not kept: " + e.getMessage());
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
