package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.elf.SectionType;
import tessera.elf.Symbol;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.syntax.OperandClass;

/// Typed emission gives what the same text gives.
class AsmBuilderTest {
  private static final RegisterFile X =
      java.util.Objects.requireNonNull(Bundled.ISA.registerFile("x"));

  @Test
  void emitsWhatTextEmits() {
    AsmBuilder asm = AsmBuilder.of(Bundled.ASSEMBLER);
    Label loop = asm.label(".Lloop");
    Label weights = asm.label("weights");
    asm.text().global("_start").type(asm.label("_start"), Symbol.Type.FUNC);
    asm.insn("la", "a0", weights).insn("la", "a1", weights.plus(8));
    asm.insn("li", Operand.register(X, 5), 0x12345678).insn("li", "t1", 5L);
    asm.bind(loop)
        .insn("addi", "t1", "t1", -1)
        .insn("lw", "a2", 4, "a0")
        .insn("lw", "a2", weights.part("lo"), "a0")
        .insn("fadd.s", "fa0", "fa1", "fa2")
        .insn("fadd.s", "fa0", "fa1", "fa2", "rtz")
        .insn("csrrw", "a0", "fcsr", "a1")
        .insn("fence", "rw", "w")
        .insn("ta.setm", "s1", "a3", "g2")
        .insn("ta.ld.a.e8", "mt0", "t1", "a6")
        .insn("ta.ld.a.e8", "mt0", "t1")
        .insn("ta.mma.i8.i8.z", "mc0", "mt0", "mt4")
        .insn("bnez", "t1", loop)
        .insn("call", asm.label("_start"))
        .insn("ret");
    asm.end(asm.label("_start"));
    asm.data().align(8).bind(weights).number(1, 4).number(-2, 4).address(weights);
    asm.bss().align(64).bind(asm.label("room")).zeros(1000);
    asm.define("size", 77);
    String text =
        """
          .globl _start
          .type _start, @function
        _start:
          la a0, weights
          la a1, weights + 8
          li t0, 0x12345678
          li t1, 5
        .Lloop: addi t1, t1, -1
          lw a2, 4(a0)
          lw a2, %lo(weights)(a0)
          fadd.s fa0, fa1, fa2
          fadd.s fa0, fa1, fa2, rtz
          csrrw a0, fcsr, a1
          fence rw, w
          ta.setm s1, a3, g2
          ta.ld.a.e8 mt0, (t1), a6
          ta.ld.a.e8 mt0, (t1)
          ta.mma.i8.i8.z mc0, mt0, mt4
          bnez t1, .Lloop
          call _start
          ret
          .size _start, .-_start
          .data
          .align 3
        weights: .word 1, -2
          .dword weights
          .bss
          .align 6
        room: .zero 1000
          size = 77
          .option norelax
        """;
    String expected = Listing.of(Bundled.object(".option norelax\n" + text));
    assertEquals(expected, Listing.of(asm.object().orElseThrow()));
  }

  /// Whatever registers stand twice, and whatever short form there is for it.
  @Test
  void takesTheShortFormsThatTextTakes() {
    Isa isa = Isa.load(Isa.Request.bundled("edge16").isa("rv64gc_zcb_zbb_zba")).orThrow();
    Assembler assembler = Assembler.of(isa);
    Disassembler dis = Disassembler.withoutAliases(isa);
    Random random = new Random(1);
    AsmBuilder asm = AsmBuilder.of(assembler);
    StringBuilder text = new StringBuilder(".option norelax\n");
    int instructions = 0;
    for (Instruction insn : isa.instructions()) {
      if (!insn.operands().isEmpty() && insn.operands().stream().allMatch(o -> isPlain(o))) {
        instructions++;
        for (int i = 0; i < 16; i++) {
          long word = word(insn, random);
          if (word == 0) {
            break;
          }
          Decoded decoded = new Decoded(insn, word);
          Object[] operands =
              insn.templates().getFirst().holes().stream()
                  .map(hole -> typed(decoded, hole))
                  .toArray();
          asm.insn(insn.spellings().getFirst().mnemonic(), operands);
          text.append(dis.text(decoded, 0, null)).append('\n');
        }
      }
    }
    assertTrue(instructions > 100, "only " + instructions);
    Elf expected = assembler.object(List.of(Bundled.source(text.toString()))).orElseThrow();
    assertEquals(Listing.of(expected), Listing.of(asm.object().orElseThrow()));
  }

  private static boolean isPlain(tessera.isaspec.syntax.Operand operand) {
    return operand.operandClass().readings().stream()
        .allMatch(reading ->
            reading instanceof OperandClass.Reading.Register
                || reading instanceof OperandClass.Reading.Immediate);
  }

  /// A word with registers out of few, so that some are the same.
  private static long word(Instruction insn, Random random) {
    for (int tries = 0; tries < 200; tries++) {
      long word = insn.encoding().match();
      for (tessera.isaspec.syntax.Operand operand : insn.operands()) {
        boolean register = operand.operandClass().file() != null;
        word = operand.field().insert(word, register ? random.nextInt(8, 12) : random.nextLong());
      }
      if (insn.accepts(word) && !insn.isHint(word)) {
        return word;
      }
    }
    return 0; // all of them are hints
  }

  private static Object typed(Decoded decoded, String hole) {
    RegisterFile file = decoded.instruction().operand(hole).operandClass().file();
    long value = decoded.operand(hole);
    return file == null ? value : Operand.register(file, (int) value);
  }

  @Test
  void linksAProgram() {
    AsmBuilder asm = AsmBuilder.of(Bundled.ASSEMBLER);
    asm.text().global("_start").insn("li", "a7", 93).insn("ecall");
    asm.section(".rodata.weights", SectionType.PROGBITS, Section.ALLOC).bytes(new byte[64]);
    Elf elf = asm.program().orElseThrow();
    assertEquals(0x8000_0000L, elf.entry());
    assertEquals(64, elf.section(".rodata").orElseThrow().size());
  }

  @Test
  void growsBranchesThatDoNotReach() {
    AsmBuilder asm = AsmBuilder.of(Bundled.ASSEMBLER);
    Label far = asm.label();
    asm.insn("beqz", "a0", far);
    for (int i = 0; i < 2000; i++) {
      asm.insn("nop");
    }
    asm.bind(far).insn("ret");
    long[] words = Bundled.words(asm.program().orElseThrow());
    Disassembler dis = Disassembler.of(Bundled.ISA);
    assertEquals("bnez\ta0,8", dis.text(words[0], 0, null));
    assertEquals("j\t1f48", dis.text(words[1], 4, null));
  }

  @Test
  void refusesWhatDoesNotExist() {
    AsmBuilder asm = AsmBuilder.of(Bundled.ASSEMBLER);
    assertFails("unknown instruction 'frobnicate'", () -> asm.insn("frobnicate"));
    assertFails("'rd, rs1, imm'", () -> asm.insn("addi", "a0", "a0", 5000));
    assertFails("'rd, rs1, rs2'", () -> asm.insn("add", "a0", "fa0", "a1"));
    assertFails("no operand", () -> asm.insn("addi", "a0", "a0", 1.5));
    Label label = asm.label("x");
    asm.bind(label);
    assertFails("placed already", () -> asm.bind(label));
    assertTrue(asm.has("addi"));
    assertFalse(asm.has("frobnicate"));
  }

  private static void assertFails(String message, Runnable action) {
    String said =
        String.valueOf(assertThrows(IllegalArgumentException.class, action::run).getMessage());
    assertTrue(said.contains(message), said);
  }

  @Test
  void saysWhichSymbolIsMissing() {
    AsmBuilder asm = AsmBuilder.of(Bundled.ASSEMBLER);
    asm.insn("call", asm.label("nowhere"));
    assertEquals("undefined-symbol", asm.program().diagnostics().getFirst().code());
  }
}
