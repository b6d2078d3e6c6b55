package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher `./tessera`, with a Java and a Maven that only note what they were asked.
class LauncherTest {
  @TempDir Path temp;
  private Path root;
  private Path jdk;
  private Path tools;
  private Path calls;

  private record Outcome(int status, String out, String err) {}

  @BeforeEach
  void makeAClone() throws IOException {
    root = Files.createDirectories(temp.resolve("a clone"));
    jdk = temp.resolve("jdk");
    tools = Files.createDirectories(temp.resolve("bin"));
    calls = temp.resolve("calls");
    Files.createDirectories(root.resolve("cli/src/main/java"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.writeString(root.resolve("cli/pom.xml"), "<project/>");
    // No JDK of the machine may be found instead of ours.
    String launcher =
        Files.readString(Path.of(System.getProperty("tessera.root", ".."), "tessera"))
            .replaceAll("(?<= )/(usr|opt|Library)/", temp + "/none/");
    executable(root.resolve("tessera"), launcher);
    executable(
        tools.resolve("mvn"),
        """
        #!/bin/sh
        echo "$JAVA_HOME $*" >>"%s"
        sleep 0.3
        mkdir -p cli/target/dist && echo 0123abcd >cli/target/dist/build-id && touch cli/target/dist/tessera.jar
        """
            .formatted(calls));
    jdk("25.0.3");
  }

  private void jdk(String version) throws IOException {
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"%s+9\"\nJAVA_VERSION=\"%s\"\n"
            .formatted(version, version));
    executable(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in *AOTCacheOutput*) exit 1 ;; esac
        for word; do echo "<$word>"; done
        case "$*" in *exit7*) exit 7 ;; *wait*) exec sleep 60 ;; *read*) cat ;; esac
        """);
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private ProcessBuilder launch(Path program, String... words) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    builder.environment().put("HOME", temp.resolve("home").toString());
    builder.environment().put("TESSERA_JAVA_HOME", jdk.toString());
    return builder;
  }

  private static Outcome end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out, err);
  }

  private Outcome run(String... words) throws IOException, InterruptedException {
    return end(launch(root.resolve("tessera"), words).start());
  }

  private long builds() throws IOException {
    return Files.exists(calls) ? Files.readString(calls).lines().count() : 0;
  }

  /// Two collectors at once are an error of Java's.
  @Test
  void theUsersCollectorIsTheOnlyOne() throws IOException, InterruptedException {
    assertTrue(run("run", "a.elf").out().contains("<-XX:+UseSerialGC>"));
    ProcessBuilder builder = launch(root.resolve("tessera"), "version");
    builder.environment().put("TESSERA_JAVA_OPTIONS", "-Xmx4g -XX:+UseParallelGC");
    String asked = end(builder.start()).out();
    assertTrue(asked.contains("<-XX:+UseParallelGC>"), asked);
    assertFalse(asked.contains("SerialGC"), asked);
  }

  @Test
  void aMissingJdkIsOneLineAndExit69() throws IOException, InterruptedException {
    ProcessBuilder builder = launch(root.resolve("tessera"), "version");
    builder.environment().remove("TESSERA_JAVA_HOME");
    builder.environment().put("PATH", tools + ":" + onlyOf("readlink", "find", "head"));
    Outcome outcome = end(builder.start());
    assertEquals(69, outcome.status());
    assertEquals(1, outcome.err().lines().count(), outcome::err);
    assertTrue(outcome.err().startsWith("tessera: needs JDK 25"), outcome::err);
    assertEquals(0, builds());
  }

  /// {@return a folder with those programs of the machine and no other}
  private Path onlyOf(String... programs) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("few"));
    for (String program : programs) {
      executable(folder.resolve(program), "#!/bin/sh\nexec /usr/bin/" + program + " \"$@\"\n");
    }
    return folder;
  }

  @Test
  void anOlderJdkIsRefusedByName() throws IOException, InterruptedException {
    jdk("17.0.15");
    Outcome outcome = run("version");
    assertEquals(69, outcome.status());
    assertEquals(
        "tessera: TESSERA_JAVA_HOME=" + jdk + " is no JDK 25 with bin/javac\n", outcome.err());
  }

  @Test
  void theJavaOnThePathIsFound() throws IOException, InterruptedException {
    for (String tool : List.of("java", "javac")) {
      Files.createSymbolicLink(tools.resolve(tool), jdk.resolve("bin").resolve(tool));
    }
    ProcessBuilder builder = launch(root.resolve("tessera"), "version");
    builder.environment().remove("TESSERA_JAVA_HOME");
    assertEquals(0, end(builder.start()).status());
    assertTrue(Files.readString(calls).startsWith(jdk + " "));
  }

  @Test
  void missingMavenIsOneLineAndExit69() throws IOException, InterruptedException {
    Files.delete(tools.resolve("mvn"));
    ProcessBuilder builder = launch(root.resolve("tessera"), "version");
    builder.environment().put("PATH", tools + ":" + onlyOf("readlink", "find", "head"));
    Outcome outcome = end(builder.start());
    assertEquals(69, outcome.status());
    assertEquals(1, outcome.err().lines().count(), outcome::err);
    assertTrue(outcome.err().contains("apt-get install maven"), outcome::err);
  }

  @Test
  void buildsOnFirstUseAndWhenASourceIsNewer() throws IOException, InterruptedException {
    Path source = Files.writeString(root.resolve("cli/src/main/java/Old.java"), "");
    assertEquals("tessera: building (first use)...\n", run("version").err());
    assertEquals("", run("version").err());
    assertEquals(1, builds());
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertEquals(
        "tessera: building (cli/src/main/java/Old.java is newer than the last build)...\n",
        run("version").err());
    assertEquals(2, builds());
  }

  @Test
  void twoFirstStartsBuildOnce() throws IOException, InterruptedException {
    Process one = launch(root.resolve("tessera"), "version").start();
    Process two = launch(root.resolve("tessera"), "version").start();
    assertEquals(0, end(one).status());
    assertEquals(0, end(two).status());
    assertEquals(1, builds());
    assertFalse(Files.isSymbolicLink(root.resolve("cli/target/build.lock")));
  }

  @Test
  void aLockLeftBehindDoesNotStopTheBuild() throws IOException, InterruptedException {
    Files.createDirectories(root.resolve("cli/target"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createSymbolicLink(
        root.resolve("cli/target/build.lock"), Path.of(Long.toString(gone.pid())));
    assertEquals(0, run("version").status());
  }

  @Test
  void aFailedBuildShowsItsErrors() throws IOException, InterruptedException {
    executable(
        tools.resolve("mvn"), "#!/bin/sh\necho '[INFO] fine'\necho '[ERROR] broken'\nexit 1\n");
    Outcome outcome = run("version");
    assertEquals(69, outcome.status());
    assertTrue(outcome.err().contains("\n[ERROR] broken\n"), outcome::err);
    assertFalse(outcome.err().contains("[INFO]"), outcome::err);
    assertFalse(Files.isSymbolicLink(root.resolve("cli/target/build.lock")));
  }

  @Test
  void worksThroughALinkFromAnywhereAndKeepsWords() throws IOException, InterruptedException {
    run("version");
    Path links = Files.createDirectories(temp.resolve("some links"));
    Files.createSymbolicLink(links.resolve("inner"), Path.of("../a clone/tessera"));
    Path link = Files.createSymbolicLink(temp.resolve("outer"), Path.of("some links/inner"));
    Outcome outcome = end(launch(link, "as", "a b.s", "", "*", "exit7").start());
    assertEquals(7, outcome.status());
    assertTrue(
        outcome
            .out()
            .endsWith(
                "<-jar>\n<"
                    + root.toRealPath()
                    + "/cli/target/dist/tessera.jar>\n"
                    + "<as>\n<a b.s>\n<>\n<*>\n<exit7>\n"),
        outcome::out);
  }

  @Test
  void onlyGuestsGetTheOptimisingCompiler() throws IOException, InterruptedException {
    run("version");
    String quick = "<-XX:TieredStopAtLevel=1>";
    assertTrue(run("--format", "json", "dis", "run").out().contains(quick));
    assertFalse(run("--format", "json", "run", "x.s").out().contains(quick));
    Files.writeString(temp.resolve("x.elf"), "");
    assertFalse(run("x.elf").out().contains(quick));
  }

  @Test
  void javaReadsOurStandardInputAndGetsOurSignals() throws IOException, InterruptedException {
    run("version");
    Process reader = launch(root.resolve("tessera"), "read").start();
    reader.getOutputStream().write("typed\n".getBytes(StandardCharsets.UTF_8));
    assertTrue(end(reader).out().endsWith("\ntyped\n"));
    Process sleeper = launch(root.resolve("tessera"), "wait").start();
    assertEquals('<', sleeper.getInputStream().read());
    sleeper.destroy();
    assertTrue(sleeper.waitFor(10, TimeUnit.SECONDS));
    assertEquals(143, sleeper.exitValue());
  }
}
