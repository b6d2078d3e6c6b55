package tessera.isaspec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.diagnostic.Source;

/// Small wrong texts, one file or more for each diagnostic (`CODE.isa`, `CODE-2.isa`), each with
/// the messages it gives below a line `---`. `-Dgolden.update=true` rewrites the messages.
class FailingSpecTest {
  private static final Path FOLDER = Path.of("src/test/resources/filetests/spec/fail");
  private static final String LINE = "---\n";

  /// language.md 12, without what needs constructs that no text uses yet or what the engines give,
  /// and our own.
  private static final Set<String> CODES =
      Set.of(
          "enc-overlap unused-bits undef-field field-overlap literal-fit text-twice asm-ambiguous"
              .concat(" operand-missing alias-cycle csr-clash width stage stage-unbound")
              .concat(" mode-uncovered index-range exact-escape no-env flag-unknown round-mode")
              .concat(" write-before-resume unbounded-loop recursion effect-in-fn double-write")
              .concat(" warl-unstable csr-bits form-missing section-twice family-empty cost-unit")
              .concat(" unit-key macs-differ extension-missing syntax nesting unknown-name")
              .concat(" name-twice type param-range not-yet too-large custom-space")
              .concat(" expands-illegal lane-cross lane-write carry-step")
              .split(" "));

  @TestFactory
  Stream<DynamicTest> messages() throws IOException {
    return files().map(f -> DynamicTest.dynamicTest(name(f), () -> check(f)));
  }

  private static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.filter(f -> f.toString().endsWith(".isa")).sorted().toList().stream();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static void check(Path file) throws IOException {
    String whole = Files.readString(file);
    int line = whole.indexOf("\n" + LINE);
    String text = line < 0 ? whole : whole.substring(0, line + 1);
    List<Diagnostic> found = diagnostics(name(file), text);
    String code = name(file).replaceAll("(-\\d+)?\\.isa$", "");
    assertTrue(
        code.equals("several") || found.stream().anyMatch(d -> d.code().equals(code)),
        () -> "no " + code + ":\n" + Renderer.render(found));
    String messages = Renderer.render(found);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, text + LINE + messages);
      return;
    }
    assertEquals(line < 0 ? "" : whole.substring(line + 1 + LINE.length()), messages);
  }

  /// A file that defines `machine test` is checked on it, others on an ISA that leaves room.
  static List<Diagnostic> diagnostics(String name, String text) {
    Isa.Request request =
        text.contains("machine test for")
            ? Isa.Request.bundled("test")
            : Isa.Request.bundled("edge16").isa("rv64imaf_zicsr_zicntr_xta");
    return switch (Isa.load(request.with(new Source(name, text)))) {
      case Isa.Result.Failed(var diagnostics) -> diagnostics;
      case Isa.Result.Ok(_, var warnings) -> warnings;
    };
  }

  @Test
  void everyCodeIsCovered() throws IOException {
    Set<String> covered = new TreeSet<>();
    Pattern code = Pattern.compile("(?:error|warning)\\[([a-z-]+)]");
    for (Path file : files().toList()) {
      Matcher m = code.matcher(Files.readString(file));
      while (m.find()) {
        covered.add(m.group(1));
      }
    }
    assertEquals(new TreeSet<>(CODES), covered);
  }
}
