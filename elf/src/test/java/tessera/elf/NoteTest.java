package tessera.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NoteTest {
  @Test
  void namesAndContentsArePadded() {
    var bytes = Note.write(List.of(new Note("abcd", 3, Bytes.utf8("x"))));
    assertEquals(12 + 8 + 4, bytes.length());
    assertEquals(5, bytes.i32(0));
    assertEquals(1, bytes.i32(4));
    assertEquals(3, bytes.i32(8));
  }

  @Test
  void sectionsAlignedToEightPadToEight() {
    // .note.gnu.property of two notes; each property is 8 bytes, but here the second note would lie
    // elsewhere with 4.
    var bytes =
        new ByteSink()
            .i32(4)
            .i32(4)
            .i32(5)
            .bytes(Bytes.utf8("GNU\0"))
            .i32(1)
            .i32(0)
            .i32(4)
            .i32(4)
            .i32(6)
            .bytes(Bytes.utf8("GNU\0"))
            .i32(2)
            .i32(0)
            .toBytes();
    assertEquals(
        List.of(5, 6), Note.read(bytes, 8).orElseThrow().stream().map(Note::type).toList());
  }

  @Test
  void namesWithoutTheirZeroAreRead() {
    var bytes = new ByteSink().i32(4).i32(0).i32(1).bytes(Bytes.utf8("Long")).toBytes();
    assertEquals(List.of(new Note("Long", 1, Bytes.empty())), Note.read(bytes, 4).orElseThrow());
  }

  @Test
  void sizesThatRunOutAreProblems() {
    for (var bytes :
        List.of(
            new ByteSink().i32(0).i32(0).toBytes(),
            new ByteSink().i32(-1).i32(0).i32(1).toBytes(),
            new ByteSink().i32(0).i32(-1).i32(1).toBytes(),
            new ByteSink().i32(-1).i32(-1).i32(1).toBytes(),
            new ByteSink().i32(1).i32(1).i32(1).u8(0).toBytes())) {
      assertTrue(Note.read(bytes, 4) instanceof ElfResult.Failed<List<Note>>, bytes.toString());
    }
  }

  @Test
  void namesHoldNoZero() {
    assertThrows(IllegalArgumentException.class, () -> new Note("a\0b", 1, Bytes.empty()));
  }
}
