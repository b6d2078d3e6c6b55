package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Groups survive being written and read; broken ones are refused.
final class GroupTest {
  private static final Section CODE =
      Section.bits(".text.f", Section.ALLOC | Section.EXECUTE | Section.GROUP, 2, Bytes.utf8("ret"))
          .withRelocations(List.of(new Relocation(0, RelocationType.R32, 1, 0)));
  private static final Section DATA =
      Section.bits(".data.f", Section.ALLOC | Section.GROUP, 1, Bytes.utf8("x"));

  private static Elf elf(Group group) {
    var elf = Elf.builder(Elf.Type.REL);
    elf.symbol(Symbol.global("f", 2, 0));
    elf.symbol(Symbol.local("l", 2, 0));
    elf.section(Section.bits(".text", 0, 1, Bytes.empty()));
    elf.section(group.section(0));
    elf.section(CODE);
    elf.section(DATA);
    return elf.build();
  }

  @Test
  void readsWhatWasWritten() {
    var group = new Group(true, List.of(2, 3));
    var read = ElfReader.read(ElfWriter.write(elf(group))).orElseThrow();
    assertEquals(group, Group.of(read.sections().get(1)));
    assertEquals("f", read.symbols().get(read.sections().get(1).info()).name());
    assertEquals(
        List.of(".text", ".group", ".text.f", ".data.f"),
        read.sections().stream().map(Section::name).toList());
  }

  @Test
  void aGroupNamesSectionsAndASymbolThatExist() {
    assertThrows(IllegalArgumentException.class, () -> elf(new Group(false, List.of(9))));
    var bytes = ElfWriter.write(elf(new Group(false, List.of(2))));
    // The group's one member, by its number in the file.
    int at = indexOf(bytes, new byte[] {0, 0, 0, 0, 3, 0, 0, 0});
    bytes[at + 4] = 99;
    assertInstanceOf(ElfResult.Failed.class, ElfReader.read(bytes));
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 64; i < bytes.length; i++) {
      if (Bytes.wrap(bytes).slice(i, i + wanted.length).equals(Bytes.wrap(wanted))) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }
}
