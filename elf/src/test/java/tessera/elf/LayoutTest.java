package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LayoutTest {
  private static final long CODE = Section.ALLOC | Section.EXECUTE;
  private static final long DATA = Section.ALLOC | Section.WRITE;

  private static Section bits(String name, long flags, long alignment, int size) {
    return Section.bits(name, flags, alignment, Bytes.copyOf(new byte[size]));
  }

  private static List<Long> addresses(List<Section> sections) {
    return sections.stream().map(Section::address).toList();
  }

  @Test
  void bareMetalStartsEverySectionOnAPage() {
    var placed =
        Layout.BARE_METAL.place(
            List.of(
                bits(".data", DATA, 8, 5),
                Section.zeros(".bss", DATA, 64, 0x2001),
                bits(".rodata", Section.ALLOC, 8, 0x1001),
                bits(".comment", 0, 1, 9),
                bits(".text", CODE, 4, 8),
                bits(".data.late", DATA, 1, 1),
                bits(".stack", DATA | Section.EXECUTE, 1, 1)));
    assertEquals(
        List.of(
            0x8000_3000L, 0x8000_5000L, 0x8000_1000L, 0L, 0x8000_0000L, 0x8000_4000L, 0x8000_8000L),
        addresses(placed));
  }

  @Test
  void withoutSectionAlignmentOnlyPermissionsStartPages() {
    var placed =
        new Layout(0x1_0000, 0x1000, 1)
            .place(
                List.of(
                    bits("a", CODE, 4, 6),
                    bits("b", CODE, 16, 1),
                    bits("c", DATA, 1, 1),
                    bits("d", DATA, 2, 1)));
    assertEquals(List.of(0x1_0000L, 0x1_0010L, 0x1_1000L, 0x1_1002L), addresses(placed));
  }

  @Test
  void threadVariablesMakeOneBlock() {
    var placed =
        Layout.BARE_METAL.place(
            List.of(
                bits(".data", DATA, 8, 8),
                Section.zeros(".tbss", DATA | Section.TLS, 16, 0x5000),
                bits(".tdata", DATA | Section.TLS, 8, 4)));
    assertEquals(List.of(0x8000_1000L, 0x8000_0010L, 0x8000_0000L), addresses(placed));
    var elf =
        Layout.BARE_METAL.withSegments(new Elf(Elf.Type.EXEC, 0, 0, placed, List.of(), List.of()));
    var thread =
        elf.segments().stream()
            .filter(one -> one.type().equals(SegmentType.TLS))
            .findFirst()
            .orElseThrow();
    assertEquals(
        new Segment(
            SegmentType.TLS, Segment.READ, 0x8000_0000L, 0x5010, 16, Bytes.copyOf(new byte[4])),
        thread);
    assertEquals(List.of(0x1008L), elf.loaded().stream().map(Segment::memorySize).toList());
  }

  @Test
  void oneSegmentForEachPermission() {
    var sections =
        Layout.BARE_METAL.place(
            List.of(
                bits(".text", CODE, 4, 8),
                bits(".text.late", CODE, 4, 8),
                bits(".rodata", Section.ALLOC, 4, 8),
                bits(".empty", Section.ALLOC, 4, 0),
                bits(".data", DATA, 4, 8),
                Section.zeros(".bss", DATA, 4, 100),
                bits(".tessera.model", 0, 1, 7)));
    var elf =
        Layout.BARE_METAL.withSegments(
            new Elf(Elf.Type.EXEC, 0, 0, sections, List.of(), List.of()));
    assertEquals(List.of(5, 4, 6), elf.segments().stream().map(Segment::flags).toList());
    assertEquals(
        List.of(0x8000_0000L, 0x8000_2000L, 0x8000_3000L),
        elf.segments().stream().map(Segment::address).toList());
    assertEquals(
        List.of(0x1008, 8, 8),
        elf.segments().stream().map(one -> one.contents().length()).toList());
    assertEquals(
        List.of(0x1008L, 8L, 0x1064L), elf.segments().stream().map(Segment::memorySize).toList());
    assertEquals(sections, elf.sections());
    assertEquals(0x1008 + 8 + 0x1064, elf.loadedSize());
  }

  @Test
  void sectionsFarApartDoNotShareASegment() {
    var sections =
        List.of(
            bits("a", CODE, 4, 8).withAddress(0x1000), bits("b", CODE, 4, 8).withAddress(1L << 38));
    var elf =
        Layout.BARE_METAL.withSegments(
            new Elf(Elf.Type.EXEC, 0, 0, sections, List.of(), List.of()));
    assertEquals(List.of(8L, 8L), elf.segments().stream().map(Segment::memorySize).toList());
  }

  @Test
  void whatCanNotBeLaidOutIsRefused() {
    var layout = Layout.BARE_METAL;
    var huge = Section.zeros(".bss", DATA, 1, Long.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, () -> layout.place(List.of(huge)));
    assertThrows(IllegalArgumentException.class, () -> layout.place(List.of(huge, huge)));
    var aligned = bits(".data", DATA, 1L << 62, 1);
    assertThrows(IllegalArgumentException.class, () -> layout.place(List.of(aligned)));
    var over =
        List.of(
            bits("a", CODE, 4, 8).withAddress(0x1000), bits("b", DATA, 4, 8).withAddress(0x1004));
    var elf = new Elf(Elf.Type.EXEC, 0, 0, over, List.of(), List.of());
    assertThrows(IllegalArgumentException.class, () -> layout.withSegments(elf));
    assertThrows(IllegalArgumentException.class, () -> new Layout(-1, 4096, 1));
    assertThrows(IllegalArgumentException.class, () -> new Layout(0, 4095, 1));
  }
}
