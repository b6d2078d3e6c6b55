package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.encoding.Decoded;

/// A user's own text brings formats, operand classes, suffixes and aliases: nothing here is built
/// in.
class UserIsaTest {
  private static final String TEXT =
      """
      extension Xmine requires I;
      operand side   : bits<1> { text "left" = 0, "right" = 1; }
      operand sat    : bits<1> { text "" = 0, ".sat" = 1; }
      operand small  : sint<5> { integer; }
      format MINE : 32 { imm @31:27 : small; side @26 : side; sat @25 : sat; rs2 @24:20 : x; rs1 @19:15 : x;
                         funct3 @14:12; rd @11:7 : x; opcode @6:0; }
      insn `my.turn{sat}` : MINE {
        enc opcode = 0b1011011 funct3 = 1;
        asm "{rd}, [{rs1} + {rs2}], {side}, {imm}", "{rd}, [{rs1} + {rs2}], {side}";
        op { x[rd] = x[rs1] + x[rs2] + sext(imm); }
        cost { unit = ALU; latency = 1; }
      }
      alias "my.left {rd}, {rs}" = my.turn(rd = rd, rs1 = rs, rs2 = 0, side = 0, sat = 0, imm = 3) prefer;
      """;

  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("edge16").with(new Source("mine.isa", TEXT))).orThrow();
  private static final Assembler ASSEMBLER = Assembler.of(ISA);

  private static Assembled assemble(String text) {
    return ASSEMBLER.object(List.of(new Source("a.s", text)));
  }

  private static String listed(String text) {
    Elf elf = assemble(text).orElseThrow();
    StringBuilder out = new StringBuilder();
    for (long word : Bundled.words(elf)) {
      out.append(Disassembler.of(ISA).text(word, 0, null)).append('\n');
    }
    return out.toString();
  }

  @Test
  void itsInstructionsAreReadAndPrinted() {
    assertEquals(
        """
        my.turn\ta0,[a1 + a2],right,-16
        my.turn.sat\ta0,[a1 + a2],left,15
        my.turn\ta0,[a1 + a2],left
        my.left\ta0,a1
        """
            .replace("a2],left\n", "a2],left,0\n"),
        listed(
            """
              my.turn a0, [a1+a2], right, -16
              my.turn.sat a0 , [ a1 + a2 ] , left , 15
              my.turn a0, [a1 + a2], left
              my.left a0, a1
            """));
  }

  @Test
  void itsMistakesAreExplained() {
    assertEquals(
        List.of("unknown-instruction", "imm-range", "operand-kind", "operand-kind"),
        assemble(
                """
                  my.trun a0, [a1 + a2], left, 1
                  my.turn a0, [a1 + a2], left, 16
                  my.turn a0, [a1 + a2], middle, 1
                  my.turn a0, [fa1 + a2], left, 1
                """)
            .diagnostics()
            .stream()
            .map(Diagnostic::code)
            .toList());
  }

  @Test
  void theBuilderTakesItsOperands() {
    AsmBuilder asm = AsmBuilder.of(ASSEMBLER);
    asm.insn("my.turn.sat", "a0", "a1", "a2", "right", -1);
    Decoded decoded = ISA.decoder().decode(Bundled.words(asm.object().orElseThrow())[0]);
    assertEquals(
        "my.turn.sat\ta0,[a1 + a2],right,-1",
        decoded == null ? "" : Disassembler.of(ISA).text(decoded, 0, null));
  }
}
