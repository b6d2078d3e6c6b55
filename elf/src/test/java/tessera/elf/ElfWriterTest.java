package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ElfWriterTest {
  private static final Section TEXT =
      Section.bits(".text", Section.ALLOC | Section.EXECUTE, 4, Bytes.utf8("code"));

  private static Elf elf(List<Section> sections, List<Segment> segments, List<Symbol> symbols) {
    return new Elf(Elf.Type.EXEC, 0, 0, sections, segments, symbols);
  }

  private static void assertRefused(String why, Elf elf) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> ElfWriter.write(elf));
    assertTrue(String.valueOf(thrown.getMessage()).contains(why), thrown.getMessage());
  }

  @Test
  void whatNoFileCanHoldIsRefused() {
    assertRefused(
        "too many sections", elf(Collections.nCopies(40_000, TEXT), List.of(), List.of()));
    var segment = new Segment(SegmentType.LOAD, Segment.READ, 0x1000, 4, 4, Bytes.utf8("else"));
    assertRefused(
        "too many segments", elf(List.of(), Collections.nCopies(65_535, segment), List.of()));
    assertRefused(
        "the bytes at address 0x1000 differ",
        elf(List.of(TEXT.withAddress(0x1000)), List.of(segment), List.of()));
    var far =
        new Segment(SegmentType.LOAD, Segment.READ, 1L << 40, 4, 1L << 41, Bytes.utf8("else"));
    assertRefused("too large", elf(List.of(), List.of(far), List.of()));
  }

  @Test
  void partsThatNameNothingAreRefused() {
    var relocation = new Relocation(0, RelocationType.R64, 0, 0);
    var infoOfNothing =
        new Section(
            "x",
            SectionType.PROGBITS,
            Section.INFO_LINK,
            0,
            1,
            0,
            0,
            Bytes.empty(),
            0,
            1,
            List.of());
    for (var section :
        List.of(TEXT.withLink(1), TEXT.withRelocations(List.of(relocation)), infoOfNothing)) {
      assertThrows(
          IllegalArgumentException.class, () -> elf(List.of(section), List.of(), List.of()));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> elf(List.of(TEXT), List.of(), List.of(Symbol.global("x", 1, 0))));
  }

  @Test
  void partsThatCanNotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> TEXT.withAlignment(3));
    assertThrows(IllegalArgumentException.class, () -> TEXT.withAlignment(0));
    assertThrows(IllegalArgumentException.class, () -> TEXT.withType(SectionType.NOBITS));
    assertThrows(IllegalArgumentException.class, () -> Section.zeros("x", 0, 1, -1));
    assertThrows(IllegalArgumentException.class, () -> Section.zeros("x\0", 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Symbol.undefined("x\0"));
    assertThrows(IllegalArgumentException.class, () -> Symbol.common("x", 3, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new Relocation(0, RelocationType.R64, -2, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Segment(SegmentType.LOAD, 0, 0, 3, 1, Bytes.utf8("four")));
  }

  @Test
  void gnuSymbolsSetTheGnuAbi() {
    var symbol = Symbol.global("resolver", 0, 0).withType(Symbol.Type.GNU_IFUNC);
    assertEquals(3, ElfWriter.write(elf(List.of(TEXT), List.of(), List.of(symbol)))[7]);
    assertEquals(0, ElfWriter.write(elf(List.of(TEXT), List.of(), List.of()))[7]);
  }

  @Test
  void theBuilderNumbersWhatItGets() {
    var b = Elf.builder(Elf.Type.REL).flags(Elf.RVC);
    // A relocation may name a symbol that comes later.
    assertEquals(
        0, b.section(TEXT.withRelocations(List.of(new Relocation(0, RelocationType.R32, 1, 4)))));
    assertEquals(1, b.section(TEXT));
    assertEquals(0, b.symbol(Symbol.local("a", 1, 0)));
    assertEquals(1, b.symbol(Symbol.global("b", 0, 2)));
    var elf = b.build();
    assertEquals(2, elf.sections().size());
    assertEquals(1, elf.sectionIndex(".text").orElse(-1) + 1);
    assertTrue(elf.section(".data").isEmpty());
    assertEquals(Elf.RVC, elf.flags());
  }
}
