package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tessera.elf.Elf;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Source;

class AssemblerTest {
  private static final Isa ISA = TinyIsa.isa();
  private static final Assembler ASSEMBLER = Assembler.of(ISA);

  private static Elf program(String text) {
    return ASSEMBLER.program(List.of(new Source("a.s", text))).orElseThrow();
  }

  private static String words(Elf elf) {
    var text = elf.section(".text").orElseThrow();
    StringBuilder out = new StringBuilder();
    Disassembler disassembler = Disassembler.of(ISA);
    for (int i = 0; i + 4 <= text.contents().length(); i += 4) {
      out.append(disassembler.text(text.contents().u32(i), text.address() + i, null)).append('\n');
    }
    return out.toString();
  }

  @Test
  void linksAProgram() {
    Elf elf =
        program(
            """
            .globl _start
            _start: la a0, msg        # an address
              li a1, 0x12345
              add a1, a1, 5; mix a0, a1, a2, rtz
              beqz a0, 1f
              call f
            1: j 1b
            f: ret
              .data
            msg: .word 1, 2
              .dword f
            """);
    assertEquals(
        """
        auipc\ta0,1
        mv\ta0,a0
        lui\ta1,18
        addiw\ta1,a1,837
        addi\ta1,a1,5
        mix\ta0,a1,a2,rtz
        beqz\ta0,80000024
        auipc\tra,0
        jalr\tra,12(ra)
        j\t80000024
        ret
        """,
        words(elf));
    assertEquals(0x8000_0000L, elf.entry());
  }
}
