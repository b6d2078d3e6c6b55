package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// We read what the C compiler that Debian has makes.
@Tag("oracle")
final class GccTest {
  private static final String HELLO =
      """
      #include <stdio.h>
      __thread int mine = 5;
      int table[1000];
      int main(int argc, char **argv) { table[argc] = mine; return printf("%d\\n", table[1]); }
      """;

  @TempDir Path folder;

  private byte[] compile(Tools tools, String name, String... options) {
    tools.put("hello.c", HELLO.getBytes(StandardCharsets.UTF_8));
    var arguments = new String[options.length + 3];
    System.arraycopy(options, 0, arguments, 0, options.length);
    arguments[options.length] = "hello.c";
    arguments[options.length + 1] = "-o";
    arguments[options.length + 2] = name;
    tools.run("gcc", arguments);
    return tools.get(name);
  }

  @Test
  void staticProgramsHaveAllThatALoaderNeeds() {
    var tools = Tools.gcc(folder);
    Elf elf = ElfReader.read(compile(tools, "hello", "-static")).orElseThrow();
    assertEquals(Elf.Type.EXEC, elf.type());
    assertFalse(elf.hasInterpreter());
    assertTrue(elf.hasGnuAbiTag());
    assertEquals(2, elf.loaded().size());
    assertTrue(elf.loaded().getFirst().isExecutable() && !elf.loaded().getFirst().isWritable());
    assertTrue(elf.loaded().getLast().isWritable() && !elf.loaded().getLast().isExecutable());
    assertTrue(elf.loaded().getLast().memorySize() > elf.loaded().getLast().contents().length());
    var symbols = SymbolTable.of(elf);
    assertEquals(Optional.of("_start"), symbols.at(elf.entry()).map(Object::toString));
    var main = symbols.find("main").orElseThrow();
    assertEquals(Optional.of("main+0x4"), symbols.at(main.value() + 4).map(Object::toString));
    var table = symbols.find("table").orElseThrow();
    assertEquals(4000, table.size());
    assertEquals(
        Optional.of("table+0xf9f"), symbols.at(table.value() + 3999).map(Object::toString));
    var arch = elf.arch().orElseThrow();
    assertTrue(arch.find("d").isPresent());
    assertEquals(arch, arch.canonical());
    assertEquals(elf, ElfReader.read(ElfWriter.write(elf)).orElseThrow());
  }

  @Test
  void dynamicProgramsNameTheirInterpreter() {
    var tools = Tools.gcc(folder);
    Elf elf = ElfReader.read(compile(tools, "hello")).orElseThrow();
    assertEquals(Elf.Type.DYN, elf.type());
    assertTrue(elf.hasInterpreter());
    assertTrue(elf.hasGnuAbiTag());
    assertEquals(elf, ElfReader.read(ElfWriter.write(elf)).orElseThrow());
  }

  @Test
  void objectsComeBackTheSameAndStillRun() {
    var tools = Tools.gcc(folder);
    Elf elf =
        ElfReader.read(
                compile(
                    tools, "hello.o", "-c", "-O2", "-g", "-ffunction-sections", "-fdata-sections"))
            .orElseThrow();
    assertTrue(elf.section(".text.startup.main").orElseThrow().relocations().size() > 4);
    byte[] copy = ElfWriter.write(elf);
    assertEquals(elf, ElfReader.read(copy).orElseThrow());
    tools.put("hello.o", copy);
    tools.run("gcc", "-static", "hello.o", "-o", "hello");
    Tools.qemu(folder);
    assertEquals(new Tools.Outcome(2, "5\n"), tools.outcome("qemu-riscv64", "./hello"));
  }

  /// Real files reach corners of the reader that ours do not.
  @Test
  void damageGivesAValueOrProblems() {
    var tools = Tools.gcc(folder);
    for (byte[] file :
        new byte[][] {compile(tools, "hello.o", "-c", "-g"), compile(tools, "hello")}) {
      var random = new Random(7);
      for (int round = 0; round < 2000; round++) {
        byte[] damaged = file.clone();
        for (int i = random.nextInt(8); i >= 0; i--) {
          // Half of the damage goes to the headers, at the start and the end.
          int place = random.nextInt(file.length);
          int near = random.nextBoolean() ? place : file.length - 1 - place % 2500;
          damaged[random.nextInt(3) == 0 ? place % 700 : near] = (byte) random.nextInt();
        }
        DamagedFileTest.checkRead(damaged);
      }
    }
  }
}
