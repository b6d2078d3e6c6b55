package tessera.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tessera.conformance.ForeignTools;

/// Foreign programs of this computer, with a scratch folder that goes when they are closed.
public final class HostTools implements ForeignTools, AutoCloseable {
  private final Path folder;

  private HostTools(Path folder) {
    this.folder = folder;
  }

  /// {@return tools with a fresh scratch folder}
  public static HostTools open() {
    try {
      return new HostTools(Files.createTempDirectory("tessera-conformance"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean has(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(":"))
        .filter(p -> !p.isEmpty())
        .anyMatch(p -> Files.isExecutable(Path.of(p, program)));
  }

  @Override
  public String file(String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Standard streams are files: no thread has to feed or drain the program.
  @Override
  public Ran run(List<String> command, byte[] input, Duration limit) {
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    try {
      Files.write(in, input);
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String said = new String(Files.readAllBytes(err), StandardCharsets.UTF_8);
      return new Ran(new Ending(process.exitValue(), said, !ended), Files.readAllBytes(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", e);
    }
  }

  /// {@return the first line of what a program says of its version}
  public String version(String program) {
    Ran ran = run(List.of(program, "--version"), new byte[0], Duration.ofSeconds(10));
    return new String(ran.out(), StandardCharsets.UTF_8).lines().findFirst().orElse(program);
  }

  /// {@return the name of this computer's processor, and how many of it there are}
  public static String processor() {
    int n = Runtime.getRuntime().availableProcessors();
    String architecture = System.getProperty("os.arch", "?");
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      String name =
          lines
              .filter(l -> l.startsWith("model name"))
              .map(l -> l.substring(l.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(architecture);
      return n + " x " + name;
    } catch (IOException | UncheckedIOException e) {
      return n + " x " + architecture;
    }
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
