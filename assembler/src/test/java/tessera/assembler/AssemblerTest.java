package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tessera.elf.Attributes;
import tessera.elf.Elf;
import tessera.elf.ElfReader;
import tessera.elf.ElfWriter;
import tessera.elf.Section;
import tessera.elf.Symbol;
import tessera.elf.SymbolTable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;

/// Programs that are linked here.
class AssemblerTest {

  private static Elf linked(String... texts) {
    List<Source> sources =
        java.util.stream.IntStream.range(0, texts.length)
            .mapToObj(i -> new Source("f" + i + ".s", texts[i]))
            .toList();
    return Bundled.ASSEMBLER.program(sources).orElseThrow();
  }

  private static List<String> codes(String... texts) {
    List<Source> sources =
        java.util.stream.IntStream.range(0, texts.length)
            .mapToObj(i -> new Source("f" + i + ".s", texts[i]))
            .toList();
    return Bundled.ASSEMBLER.program(sources).diagnostics().stream().map(Diagnostic::code).toList();
  }

  private static long value(Elf elf, String symbol) {
    return SymbolTable.of(elf).find(symbol).orElseThrow().value();
  }

  private static long dword(Elf elf, String section, int index) {
    return elf.section(section).orElseThrow().contents().i64(8 * index);
  }

  private static String code(Elf elf) {
    return Disassembler.of(Bundled.ISA).listing(elf);
  }

  @Test
  void aProgramLiesAtTheRightPlace() {
    Elf elf =
        linked(
            """
            nop
            .globl _start
            _start: la a0, message
              lw a1, number
              sw a1, number, t0
              call f
              ret
            f: beqz a0, _start
              ret
              .rodata
            message: .asciz "hello"
              .data
            number: .word 7
              .bss
            room: .zero 5000
            """);
    assertEquals(Elf.Type.EXEC, elf.type());
    assertEquals(0x8000_0004L, elf.entry());
    assertEquals(
        List.of(0x8000_0000L, 0x8000_1000L, 0x8000_2000L, 0x8000_3000L),
        elf.sections().stream()
            .filter(Section::isAllocated)
            .map(Section::address)
            .sorted()
            .toList());
    assertEquals(0x8000_1000L, value(elf, "message"));
    assertEquals(
        """

        Disassembly of section .text:

        0000000080000000 <_start-0x4>:
            80000000:	00000013          	nop

        0000000080000004 <_start>:
            80000004:	00001517          	auipc	a0,0x1
            80000008:	ffc50513          	add	a0,a0,-4 # 80001000 <message>
            8000000c:	00002597          	auipc	a1,0x2
            80000010:	ff45a583          	lw	a1,-12(a1) # 80002000 <number>
            80000014:	00002297          	auipc	t0,0x2
            80000018:	feb2a623          	sw	a1,-20(t0) # 80002000 <number>
            8000001c:	00000097          	auipc	ra,0x0
            80000020:	00c080e7          	jalr	12(ra) # 80000028 <f>
            80000024:	00008067          	ret

        0000000080000028 <f>:
            80000028:	fc050ee3          	beqz	a0,80000004 <_start>
            8000002c:	00008067          	ret
        """,
        code(elf));
    assertEquals(
        elf, ElfReader.read(ElfWriter.write(elf)).orElseThrow().withSegments(elf.segments()));
  }

  @Test
  void filesSeeEachOthersGlobalSymbolsOnly() {
    Elf elf =
        linked(
            ".globl _start\n_start: call f\nlocal: j local\n.data\n.dword shared, f, local\n",
            ".globl f, shared\nf: ret\nlocal: nop\n.data\nshared: .dword local\n");
    assertEquals(value(elf, "shared"), dword(elf, ".data", 0));
    assertEquals(value(elf, "f"), dword(elf, ".data", 1));
    assertEquals(0x8000_0008L, dword(elf, ".data", 2));
    assertEquals(0x8000_0010L, dword(elf, ".data", 3));
  }

  @Test
  void strongDefinitionsBeatWeakOnes() {
    String weak = ".weak f\nf: ret\n.data\n.dword f, absent\n.weak absent\n";
    Elf alone = linked(weak);
    assertEquals(0x8000_0000L, dword(alone, ".data", 0));
    assertEquals(0, dword(alone, ".data", 1));
    assertEquals(0x8000_0004L, dword(linked(weak, ".globl f\nf: nop\n"), ".data", 0));
    assertEquals(List.of("duplicate-symbol"), codes(".globl f\nf: ret\n", ".globl f\nf: ret\n"));
  }

  @Test
  void commonSymbolsShareTheLargestRoom() {
    Elf elf = linked("nop\n.comm c, 8, 8\n.lcomm mine, 4\n", ".comm c, 100, 4\n.data\n.dword c\n");
    Symbol c = SymbolTable.of(elf).find("c").orElseThrow();
    assertEquals(100, c.size());
    assertEquals(c.value(), dword(elf, ".data", 0));
    assertTrue(elf.section(".bss").orElseThrow().size() >= 104);
  }

  @Test
  void addressesMayComeFromATable() {
    Elf elf =
        linked(
            """
              .option pic
            _start: la a0, far
              la a1, far
              .data
            far: .word 1
            """);
    Section table = elf.section(".got").orElseThrow();
    assertEquals(value(elf, "far"), table.contents().i64(0));
    assertEquals(8, table.size());
    assertTrue(code(elf).contains("ld\ta0,"));
  }

  @Test
  void threadVariablesCountFromTheirBlock() {
    Elf elf =
        linked(
            """
              lui a0, %tprel_hi(b)
              add a0, a0, tp, %tprel_add(b)
              lw a0, %tprel_lo(b)(a0)
              .section .tdata, "awT", @progbits
            a: .word 1
            b: .word 2
            """);
    assertEquals(0x0045_2503L, Bundled.words(elf)[2]);
    assertEquals(
        4, SymbolTable.of(elf).find("b").map(Symbol::value).or(() -> tls(elf, "b")).orElseThrow());
  }

  private static Optional<Long> tls(Elf elf, String name) {
    return elf.symbols().stream().filter(s -> s.name().equals(name)).map(Symbol::value).findFirst();
  }

  @Test
  void theLinkerKnowsTheUsualNames() {
    Elf elf =
        linked(
            """
            _start: nop
              .data
            data: .dword __bss_start, _end, _etext, _edata, __global_pointer$, __spm_base
              .dword __start_list, __stop_list, __init_array_start, __init_array_end
              .bss
            zeros: .zero 8
              .section list, "aw"
              .dword 1, 2
              .section .init_array
              .dword _start
            """);
    assertEquals(value(elf, "zeros"), dword(elf, ".data", 0));
    assertEquals(value(elf, "zeros") + 8, dword(elf, ".data", 1));
    assertEquals(0x8000_0004L, dword(elf, ".data", 2));
    assertEquals(value(elf, "data") + 80, dword(elf, ".data", 3));
    assertEquals(value(elf, "data") + 0x800, dword(elf, ".data", 4));
    assertEquals(0x4000_0000L, dword(elf, ".data", 5));
    assertEquals(16, dword(elf, ".data", 7) - dword(elf, ".data", 6));
    assertEquals(8, dword(elf, ".data", 9) - dword(elf, ".data", 8));
  }

  @Test
  void theEntryIsStartOrTheFirstInstruction() {
    assertEquals(0x8000_0000L, linked("nop\nmain: nop\n").entry());
    assertEquals(0x8000_0004L, linked("nop\n_start: nop\n").entry());
    assertEquals(0x8000_0004L, linked("nop\n", "_start: nop\n").entry());
  }

  @Test
  void attributesSayTheIsa() {
    assertEquals(
        Optional.of("rv64i2p1_m2p0_a2p1_f2p2_zicntr1p0_zicsr2p0_zmmul1p0_xta1p0"),
        linked("nop\n").attributes().orElseThrow().arch());
    Elf asked = Bundled.object(".attribute arch, \"rv64im\"\n.attribute stack_align, 16\nnop\n");
    assertEquals(Optional.of("rv64i2p1_m2p0_zmmul1p0"), asked.attributes().orElseThrow().arch());
    assertEquals(16, asked.attributes().orElseThrow().stackAlign().orElseThrow());
    // The value that every reader takes an attribute for is not written, as GNU as has it.
    Elf plain = Bundled.object(".attribute unaligned_access, 0\nnop\n");
    assertEquals(
        OptionalLong.empty(), plain.attributes().orElseThrow().number(Attributes.UNALIGNED_ACCESS));
    Elf free = Bundled.object(".attribute unaligned_access, 1\nnop\n");
    assertTrue(free.attributes().orElseThrow().unalignedAccess());
  }

  @Test
  void tileInstructionsHaveTheWordsOfTheirManual() {
    assertEquals(
        List.of(0x0008700bL, 0x4668700bL, 0x0206848bL, 0x201f028bL, 0x2103042bL, 0x1100190bL),
        java.util.stream.LongStream.of(
                Bundled.words(
                    Bundled.object(
                        """
                        ta.mma.i8.i8 mc0,mt0,mt4
                        ta.mma.bf16.bf16.z mc0,mt0,mt4
                        ta.setm s1,a3,g2
                        ta.setk t0,t5,e8
                        ta.ld.a.e8 mt0,(t1),a6
                        ta.ew.rmax.f32 mr2,mc0,mr0
                        """)))
            .boxed()
            .toList());
  }

  @Test
  void warningsDoNotKeepAFileBack() {
    Assembled assembled = Bundled.ASSEMBLER.object(List.of(Bundled.source(".byte 300\n")));
    assertInstanceOf(Assembled.Ok.class, assembled);
    assertEquals("value-truncated", assembled.diagnostics().getFirst().code());
  }

  @Test
  void differencesInLeb128AreWorkedOut() {
    Elf elf =
        Bundled.object(
            "a: .zero 200\nb:\n.data\n.uleb128 b - a\n.sleb128 a - b, .Lc - .\n.Lc: .byte 1\n");
    byte[] bytes = elf.section(".data").orElseThrow().contents().toArray();
    assertEquals(
        List.of((byte) 0xc8, (byte) 1, (byte) 0xb8, (byte) 0x7e, (byte) 1, (byte) 1),
        List.of(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]));
  }
}
