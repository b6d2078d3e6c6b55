package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Whatever the text is, the answer is a file or diagnostics (ux.md 5.2, row 5).
class RobustnessTest {
  private static final List<String> PIECES =
      List.of(
          "addi",
          "a0",
          ",",
          " ",
          "\n",
          ";",
          "(",
          ")",
          "%",
          "lo",
          "hi",
          "pcrel_lo",
          ":",
          "1",
          "1b",
          "1f",
          "0x",
          "\"",
          "'",
          "\\",
          ".",
          ".word",
          ".byte",
          ".align",
          ".space",
          ".org",
          ".set",
          ".section",
          ".option",
          "push",
          "pop",
          "=",
          "==",
          "-",
          "+",
          "*",
          "/",
          "<<",
          ">>",
          "!",
          "x",
          "beqz",
          "j",
          "la",
          "li",
          "call",
          "lw",
          ".text",
          ".data",
          ".bss",
          "@",
          "function",
          ".type",
          ".size",
          ".comm",
          ".uleb128",
          ".insn",
          "r",
          "0x33",
          "999999999999",
          "-1",
          "#",
          "/*",
          "*/",
          "ta.mma.i8.i8",
          "mc0",
          "mt0",
          "e8",
          "v0.t",
          "\0",
          "é",
          "\t",
          "\r",
          "\002",
          ".fill",
          ".macro",
          ".endm",
          ".if",
          ".ascii",
          ".float",
          "1.5e3",
          ".pushsection",
          ".popsection",
          ".previous",
          ".attribute",
          "arch",
          ".cfi_startproc",
          ".globl",
          ".weak");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.randomValue(RobustnessTest::text);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
      text.append(random.nextInt(3) == 0 ? " " : "");
    }
    return text.toString();
  }

  @Property(tries = 2000)
  void anythingGetsAnAnswer(@ForAll("texts") String text) {
    assertAnswer(text);
  }

  @Property(tries = 300)
  void anyCharactersGetAnAnswer(@ForAll String text) {
    assertAnswer(text);
  }

  private static void assertAnswer(String text) {
    for (Assembled assembled :
        List.of(
            Bundled.ASSEMBLER.object(List.of(Bundled.source(text))),
            Bundled.ASSEMBLER.program(List.of(Bundled.source(text))))) {
      boolean failed = assembled instanceof Assembled.Failed;
      assertEquals(failed, assembled.diagnostics().stream().anyMatch(d -> d.isError()), text);
    }
  }

  @Test
  void hugeDemandsAreRefusedAtOnce() {
    for (String demand :
        List.of(
            ".space 1 << 60",
            ".fill 1 << 60, 8, 1",
            ".org 1 << 60",
            ".zero -1",
            ".align 30",
            ".p2align 62",
            ".skip 0x7fffffffffffffff",
            ".fill 0x2000000000000000, 8, 1",
            "a: .space b - a\nb:",
            "a: .skip 1 << 40\n.bss\n.zero 1 << 62",
            ".space 1 << 28\n.space 1 << 28",
            ".bss\n.comm x, 1 << 62")) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(5), () -> assertAnswer(demand), demand);
    }
    assertFalse(Bundled.diagnostics(".space 1 << 60").isEmpty());
  }

  @Test
  void longTextsTakeLinearTime() {
    String text = "x: addi a0, a0, 1 # comment\n  lw a1, 4(a0)\n  beqz a1, x\n".repeat(1);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      all.append(text.replace("x", "x" + i));
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () ->
            assertTrue(
                Bundled.ASSEMBLER.object(List.of(Bundled.source(all.toString())))
                    instanceof Assembled.Ok));
  }
}
