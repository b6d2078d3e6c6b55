package tessera.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests of bare-metal programs to the host: semihosting, `tohost`, `ecall`.
class SemihostingTest {
  @TempDir Path folder;

  private static final String REQUEST =
      """
              .option norvc # the three instructions of a request are never short
              .macro ask number
              li a0, \\number
              slli x0, x0, 0x1f
              ebreak
              srai x0, x0, 7
              .endm
              .macro words a, b, c
              la t0, \\a
              sd t0, 0(sp)
              li t0, \\b
              sd t0, 8(sp)
              li t0, \\c
              sd t0, 16(sp)
              mv a1, sp
              .endm
              .macro exit
              sd a0, 40(sp)
              li t0, 0x20026
              sd t0, 32(sp)
              addi a1, sp, 32
              ask 0x20
              .endm
      """;

  private Ran run(String text, String... words) throws IOException {
    Files.writeString(folder.resolve("p.s"), text);
    List<String> all = new ArrayList<>(List.of("run", "-q", "p.s"));
    all.addAll(List.of(words));
    return Ran.in(folder, Map.of(), all.toArray(String[]::new));
  }

  @Test
  void consoleAndExit() throws IOException {
    String text =
        REQUEST
            + """
            _start: addi sp, sp, -64
                    la a1, text
                    ask 4
                    la a1, text
                    ask 3
                    words tt, 4, 3
                    ask 1
                    sd a0, 0(sp)
                    la t0, text
                    sd t0, 8(sp)
                    li t0, 2
                    sd t0, 16(sp)
                    mv a1, sp
                    ask 5
                    addi a0, a0, 7
                    exit
                    .data
            text:   .asciz "hello"
            tt:     .asciz ":tt"
            """;
    Ran ran = run(text);
    assertEquals("hellohhe", ran.out(), ran::err);
    assertEquals(7, ran.status());
  }

  @Test
  void aFileUnderAMountIsWrittenAndReadBack() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    String text =
        REQUEST
            + """
            _start: addi sp, sp, -64
                    words name, 7, 6        # w+b
                    ask 1
                    bltz a0, bad
                    mv s0, a0
                    sd s0, 0(sp)
                    la t0, name
                    sd t0, 8(sp)
                    li t0, 6
                    sd t0, 16(sp)
                    mv a1, sp
                    ask 5                   # write six bytes
                    bnez a0, bad
                    ask 12                  # length
                    li t0, 6
                    bne a0, t0, bad
                    li t0, 2
                    sd t0, 8(sp)
                    ask 10                  # seek
                    bnez a0, bad
                    la t0, room
                    sd t0, 8(sp)
                    li t0, 10
                    sd t0, 16(sp)
                    ask 6                   # read: four bytes there, six missing
                    mv s1, a0
                    ask 2                   # close
                    la a1, room
                    ask 4
                    mv a0, s1
                    exit
            bad:    ask 0x13                # errno
                    exit
                    .data
            name:   .asciz "/d/out.txt"
            room:   .zero 16
            """;
    Ran ran = run(text, "--mount", "d:/d:rw");
    assertEquals("/out", "/" + ran.out().substring(1), () -> ran.out() + ran.err());
    assertEquals(6, ran.status());
    assertEquals("/d/out", Files.readString(folder.resolve("d/out.txt")));
    assertEquals(30, run(text, "--mount", "d:/d").status()); // EROFS
    assertEquals(30, run(text).status());
  }

  @Test
  void featuresTimeAndTheHeapAreTold() throws IOException {
    String text =
        REQUEST
            + """
            _start: addi sp, sp, -64
                    words name, 0, 21
                    ask 1
                    sd a0, 0(sp)
                    la t0, room
                    sd t0, 8(sp)
                    li t0, 5
                    sd t0, 16(sp)
                    mv a1, sp
                    ask 6
                    la a1, room
                    ask 4
                    la a1, room
                    ask 0x30
                    ld s0, room
                    ask 0x30
                    ld s1, room
                    sltu s2, s0, s1
                    la t0, room
                    sd t0, 0(sp)
                    mv a1, sp
                    ask 0x16
                    ld t0, room
                    sd zero, 0(t0)          # the heap may be written
                    ask 0x11
                    srli a0, a0, 30
                    snez a0, a0
                    add a0, a0, s2
                    exit
                    .data
            name:   .asciz ":semihosting-features"
                    .balign 8
            room:   .zero 32
            """;
    Ran ran = run(text);
    assertEquals("SHFB\3", ran.out(), ran::err);
    assertEquals(2, ran.status());
  }

  @Test
  void aStoreToTohostAsksForACall() throws IOException {
    String text =
        """
        _start: la t0, call
                la t1, tohost
                sd t0, 0(t1)
        1:      ld t2, 8(t1)
                beqz t2, 1b
                sd zero, 8(t1)
                ld t2, 0(t0)
                slli t2, t2, 1
                ori t2, t2, 1
                sd t2, 0(t1)
        2:      j 2b
                .data
                .balign 64
                .globl tohost, fromhost
        tohost: .dword 0
        fromhost: .dword 0
                .balign 64
        call:   .dword 64, 1, text, 6, 0, 0, 0, 0
        text:   .ascii "proxy\\n"
        """;
    Ran ran = run(text, "-v");
    assertEquals("proxy\n", ran.out());
    assertEquals(6, ran.status());
    assertTrue(ran.err().contains("bare metal (it has 'tohost')"), ran::err);
  }
}
