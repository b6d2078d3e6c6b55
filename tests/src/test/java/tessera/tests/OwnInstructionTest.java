package tessera.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tessera.assembler.Disassembler;
import tessera.elf.Elf;
import tessera.emulator.Exit;
import tessera.emulator.timing.Timing;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

/// The story of CONTRIBUTING.md: a user's own file is all it takes.
class OwnInstructionTest {

  @ParameterizedTest
  @EnumSource(Program.Runs.class)
  void exampleRuns(Program.Runs how) {
    Isa isa = Program.isa("edge16", Map.of(), Program.source("examples/my.isa"));
    Elf elf = Program.assemble(isa, Program.source("examples/my.s"));
    Program.Outcome outcome = Program.run(isa, elf, how, Timing.SCOREBOARD);
    assertEquals("dot8.sat: ok\n", outcome.output());
    assertEquals(0, assertInstanceOf(Exit.Halted.class, outcome.exit()).code());
    // Four products of eight bytes, then one that saturates.
    assertEquals(40, Program.counter(outcome.regions().getFirst(), "mac.useful"));
  }

  @Test
  void exampleIsDisassembled() {
    Isa isa = Program.isa("edge16", Map.of(), Program.source("examples/my.isa"));
    assertEquals("dot8.sat\ta0,t0,t1", Disassembler.of(isa).text(0x0062855bL, 0, null));
  }

  /// An edit is known at the next start: the same name, another meaning.
  @Test
  void editIsKnownAtOnce() {
    String text = Program.source("examples/my.isa").text();
    String edited = text.replace("saturate<sint<32>>(", "saturate<sint<16>>(");
    Isa isa = Program.isa("edge16", Map.of(), new Source("my.isa", edited));
    Elf elf =
        Program.assemble(
            isa,
            new Source(
                "t.s", "li a0, 0x7fff0000\nli t0, 0\ndot8.sat a0, t0, t0\nli a7, 93\necall\n"));
    Program.Outcome outcome = Program.run(isa, elf, Program.Runs.INTERPRETER, Timing.NONE);
    assertEquals(0x7fff & 0xff, assertInstanceOf(Exit.Halted.class, outcome.exit()).code() & 0xff);
  }

  /// Another format, another operand class, a family of two, one that calls the matrix product.
  @ParameterizedTest
  @EnumSource(Program.Runs.class)
  void secondFileRuns(Program.Runs how) {
    Source text =
        new Source(
            "second.isa",
            """
            extension Xsecond requires I, M, Xta;
            format RM32 : 32 { k @31:28 : scale; mode @27:25 : mode; rs2 @24:20 : x; rs1 @19:15 : x; funct3 @14:12; rd @11:7 : x; opcode @6:0; }
            operand scale : uint<4> { integer; default 0; }
            operand mode  : bits<3> { text "" = 0, ", up" = 1, ", down" = 2; }
            operand sx    : bits<1> { text "" = 0, ".s" = 1; }
            format RS32 : 32 { s @31 : sx; funct6 @30:25; rs2 @24:20 : x; rs1 @19:15 : x; funct3 @14:12; rd @11:7 : x; opcode @6:0; }
            insn scale : RM32 { enc opcode = 0x5b funct3 = 1; asm "{rd}, {rs1}, {rs2}, {k}{mode}", "{rd}, {rs1}, {rs2}"; legal mode <= 2;
              op { let p = sint(x[rs1] * x[rs2]);  x[rd] = bits((mode == 1 ? p + (1 << index(k)) - 1 : p) >> index(k)); }
              cost { unit = MUL; latency = 2; class = mul; } }
            family (n, f6, f) in [("most", 1, fn(a, b) => a > b ? a : b), ("least", 2, fn(a, b) => a < b ? a : b)] {
              insn `{n}{s}` : RS32 { enc opcode = 0x5b funct3 = 2 funct6 = f6; asm "{rd}, {rs1}, {rs2}";
                op { let mag = fn(v) => s == 1 && sint(v) < 0 ? uint(-v) : uint(v);  x[rd] = bits(f(mag(x[rs1]), mag(x[rs2]))); }
                cost { unit = ALU; class = int; } } }
            format TM32 : 32 { zi @31 : zi; _ @30:20 = 0; b @19:17 : mt; _ @16:15 = 0; funct3 @14:12; c @11:10 : mc; a @9:7 : mt; opcode @6:0; }
            insn `mix{zi}` : TM32 { enc opcode = 0x7b funct3 = 0; asm "{c}, {a}, {b}"; env tile;
              view p = mt.tile(a) : i8;  view q = mt.tile(b, GN, TNMAX) : u8;  view z = mc.tile(c) : i32;
              legal shaped() && within(tm.size) && fits(p, tm.size, tk.size) && fits(q, tn.size, tk.size) && fits(z, tm.size, tn.size);
              op { matmul(z, p, q, tm.size, tn.size, tk.size, modular, zi, 0); }
              cost { unit = MXU; class = mtx.mma; macs = tm * tn * tk; issue = 16; latency = 32; } }
            """);
    Isa isa = Program.isa("edge16", Map.of(), text);
    Instruction mix = isa.instruction("mix");
    assertNotNull(mix);
    Source program =
        new Source(
            "second.s",
            """
                    li      a0, 1000
                    li      a1, -3
                    scale   a2, a0, a1, 1, up       # -1500
                    scale   a3, a0, a1              # -3000
                    most.s  a4, a0, a1              # 1000
                    least   a5, a0, a1              # 1000: -3 is a large unsigned number
                    li      t0, 4
                    ta.setm x0, t0, g1
                    ta.setn x0, t0, g1, e32
                    ta.setk x0, t0, e8
                    la      t1, left
                    la      t2, right
                    ta.ld.a.e8 mt0, (t1)
                    ta.ld.b.e8 mt4, (t2)
                    mix.z   mc0, mt0, mt4
                    mix     mc0, mt0, mt4
                    la      t3, out
                    ta.st.c.e32 mc0, (t3)
                    lw      a6, 0(t3)               # 2 * (1*255 - 2 + 3*2 - 4*3) = 494
                    add     a2, a2, a3
                    add     a2, a2, a4
                    add     a2, a2, a5
                    add     a2, a2, a6              # -1500 - 3000 + 1000 + 1000 + 494 = -2006
                    addi    a0, a2, 2006
                    li      a7, 93
                    ecall
                    .data
            left:   .byte   1, -1, 3, -4
                    .zero   12
            right:  .byte   255, 2, 2, 3
                    .zero   12
                    .bss
                    .align  6
            out:    .zero   64
            """);
    Program.Outcome outcome =
        Program.run(isa, Program.assemble(isa, program), how, Timing.SCOREBOARD);
    assertEquals(0, assertInstanceOf(Exit.Halted.class, outcome.exit()).code());
    assertEquals(2 * 4 * 4 * 4, Program.counter(outcome.regions().getFirst(), "mac.useful"));
  }
}
