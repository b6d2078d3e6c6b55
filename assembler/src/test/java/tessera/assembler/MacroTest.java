package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.elf.Bytes;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Renderer;

/// What macros make is compared with GNU as in `GnuAsTest`; here is what they must refuse, and how
/// they say so.
final class MacroTest {

  @Test
  void anErrorNamesTheDefinitionAndEachCall() {
    String text =
        """
        .macro inner r
          addi \\r, \\r, 5000
        .endm
        .macro outer r
          inner \\r
        .endm
          outer a0
        """;
    assertEquals(
        """
        a.s:2:16: error[imm-range]: immediate 5000 does not fit addi: signed 12 bits, -2048..2047
            2 |   addi \\r, \\r, 5000
              |                ^^^^
           note: a.s:5:3: in expansion of macro 'inner'
           note: a.s:7:3: in expansion of macro 'outer'
           help: use li t0, 5000 ; add a0, a0, t0
        """,
        Bundled.rendered(text));
  }

  @Test
  void oneMistakeInAMacroIsToldOnce() {
    String text =
        """
        .macro wrong
          adddi a0, a0, 1
        .endm
        .rept 1000
          wrong
        .endr
        """;
    assertEquals(1, Bundled.diagnostics(text).size());
  }

  @Test
  void allMistakesAreToldAtOnce() {
    String text =
        """
        .macro m a:req
          nop
        .endm
          m
          m 1, 2
          m b=1
          .endif
          .else
        .macro m
        .endm
          .purgem nothing
          .exitm
          .error "stop here"
          .if undefined
          bogus
          .else
          bogus
          .endif
          .if 1
        .rept 2
        """;
    List<String> codes = Bundled.diagnostics(text).stream().map(Diagnostic::code).toList();
    assertEquals(
        List.of(
            "macro-argument",
            "macro-argument",
            "macro-argument",
            "unbalanced",
            "unbalanced",
            "duplicate-macro",
            "unknown-macro",
            "unbalanced",
            "user-error",
            "absolute-expression",
            "unbalanced",
            "unbalanced"),
        codes);
  }

  /// Each of these would never end, or make more than memory holds.
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".macro m\nm\n.endm\nm\n",
        ".macro m\nm\nm\nm\n.endm\nm\n",
        ".rept 1000000000\nnop\n.endr\n",
        ".rept 10000\n.rept 10000\n.rept 10000\nnop\n.endr\n.endr\n.endr\n",
        """
        .macro a x
        .rept 30000
        .ascii "\\x\\x\\x\\x"
        .endr
        .endm
        .macro b x
        a \\x\\x\\x\\x\\x\\x\\x\\x
        .endm
        .rept 900
        b 0123456789abcdef
        .endr
        """
      })
  void expansionHasAnEnd(String text) {
    List<String> codes = Bundled.diagnostics(text).stream().map(Diagnostic::code).toList();
    assertTrue(codes.contains("too-deep") || codes.contains("too-large"), codes::toString);
  }

  private static Assembled withFiles(String text, Map<String, String> files) {
    Sources sources =
        (name, from) ->
            files.containsKey(name)
                ? new Sources.Answer.Found(name, Bytes.utf8(files.get(name)))
                : new Sources.Answer.Refused("is not there", "write it");
    return Bundled.ASSEMBLER.with(sources).object(List.of(Bundled.source(text)));
  }

  @Test
  void includedTextAndBytesAreRead() {
    var elf =
        withFiles(
                ".data\n.include \"x.s\"\n.incbin \"x.s\", 1, 3\n.incbin \"x.s\", 11\n",
                Map.of("x.s", ".byte 1, 2\n#z\n"))
            .orElseThrow();
    var data = elf.section(".data").orElseThrow().contents();
    assertEquals("\1\2byt#z\n", new String(data.toArray(), StandardCharsets.ISO_8859_1));
  }

  @Test
  void aMistakeInAnIncludedFileNamesBothFiles() {
    Assembled assembled =
        withFiles("  nop\n  .include \"x.s\"\n", Map.of("x.s", "\n  adddi a0, a0, 1\n"));
    assertEquals(
        """
        x.s:2:3: error[unknown-instruction]: unknown instruction 'adddi' in rv64imf_xta
            2 |   adddi a0, a0, 1
              |   ^^^^^
           note: a.s:2:3: included from here
           help: did you mean 'addi'?
        """,
        Renderer.render(assembled.diagnostics()).replaceAll("in rv64\\S+", "in rv64imf_xta"));
  }

  @ParameterizedTest
  @CsvSource({
    "x.s, too-deep", // includes itself twice
    "y.s, no-file",
  })
  void filesThatCanNotBeReadAreRefused(String file, String code) {
    String self = ".include \"x.s\"\n.include \"x.s\"\n";
    Assembled assembled = withFiles(".include \"" + file + "\"\n", Map.of("x.s", self));
    assertEquals(code, assembled.diagnostics().getFirst().code());
  }
}
