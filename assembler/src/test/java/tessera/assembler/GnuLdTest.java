package tessera.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GNU ld links our objects with those of C, shortening calls and addresses, and the result runs.
@Tag("oracle")
final class GnuLdTest {
  @TempDir Path folder;

  private static final String ASSEMBLY =
      """
          .globl _start, weigh, table
      _start:
          .option push
          .option norelax
          la gp, __global_pointer$
          .option pop
          la a0, table
          li a1, 5
          call answer          # in C: the weighed sum of the table
          la t0, expected
          lw t0, 0(t0)
          sub a0, a0, t0
          snez a0, a0
          li a7, 93
          ecall
          .align 4
      weigh:                   # a0 * (a1 + 1)
          addi a1, a1, 1
          beqz a1, 1f
          mul a0, a0, a1
          ret
      1:  tail zero_of
      zero_of:
          li a0, 0
          ret
          .rodata
      expected: .word 1*1 + 2*2 + 3*3 + 4*4 + 5*5
          .data
          .align 3
      table: .dword 1, 2, 3, 4, 5
          .dword weigh, table + 8
          .word zero_of - weigh
      """;

  private static final String C =
      """
      extern long weigh(long value, long at);
      extern long table[];
      static long calls;
      long answer(long *values, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
          sum += weigh(values[i], i);
          calls++;
        }
        return values == table && calls == n && *(long *)table[6] == 2 ? sum : -1;
      }
      """;

  @Test
  void ourObjectsLinkWithC() {
    Gnu gnu = Gnu.gcc(folder);
    gnu.put("ours.o", Bundled.object(ASSEMBLY));
    gnu.put("answer.c", C);
    gnu.run(
        "gcc",
        "-c",
        "-O1",
        "-march=rv64im",
        "-mabi=lp64",
        "-ffreestanding",
        "answer.c",
        "-o",
        "c.o");
    for (String relax : new String[] {"--relax", "--no-relax"}) {
      gnu.run("ld", relax, "ours.o", "c.o", "-o", "linked");
      assertEquals(0, run("linked"), relax);
    }
  }

  private int run(String program) {
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "qemu-riscv64")));
    boolean required = "required".equals(System.getProperty("oracles"));
    assumeTrue(installed || required, "needs the Debian package qemu-user");
    return Gnu.start(folder, "qemu-riscv64", "./" + program).status();
  }
}
