package tessera.elf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A piece of information about a program for its loader: an owner, a number that the owner gave a
/// meaning, and bytes.
///
/// @param name the owner, such as `GNU`
/// @param type the owner's number for what the contents mean
/// @param contents what it says
public record Note(String name, int type, Bytes contents) {
  /// The type of the owner `GNU`'s note that tells the operating system a program was linked for
  /// (`NT_GNU_ABI_TAG`).
  public static final int GNU_ABI_TAG = 1;

  private static final int HEADER = 12;

  public Note {
    Section.requireName(name);
  }

  /// Reads notes that follow each other.
  ///
  /// @param bytes the whole section or segment
  /// @param alignment its alignment; with 8 contents are padded to 8 bytes, else to 4
  public static ElfResult<List<Note>> read(Bytes bytes, long alignment) {
    int padding = alignment == 8 ? 8 : 4;
    var notes = new ArrayList<Note>();
    long at = 0;
    while (at < bytes.length()) {
      if (bytes.length() - at < HEADER) {
        return failed(at, "note", "12 bytes of header", (bytes.length() - at) + " bytes");
      }
      long nameSize = bytes.u32((int) at);
      long contentsSize = bytes.u32((int) at + 4);
      long contentsAt = alignUp(at + HEADER + nameSize, padding);
      long end = contentsAt + contentsSize;
      if (at + HEADER + nameSize > bytes.length() || (contentsSize > 0 && end > bytes.length())) {
        return failed(
            at,
            "note of a name of " + nameSize + " and contents of " + contentsSize + " bytes",
            "at most the bytes left",
            (bytes.length() - at - HEADER) + " bytes");
      }
      notes.add(
          new Note(
              name(bytes, (int) at + HEADER, (int) nameSize),
              bytes.i32((int) at + 8),
              contentsSize == 0 ? Bytes.empty() : bytes.slice((int) contentsAt, (int) end)));
      at = alignUp(end, padding);
    }
    return new ElfResult.Ok<>(List.copyOf(notes));
  }

  /// The notes one after the other, each part padded to 4 bytes.
  public static Bytes write(List<Note> notes) {
    var out = new ByteSink();
    for (var note : notes) {
      byte[] owner = note.name.getBytes(StandardCharsets.UTF_8);
      out.i32(owner.length + 1).i32(note.contents.length()).i32(note.type);
      out.bytes(owner).u8(0).align(4);
      out.bytes(note.contents).align(4);
    }
    return out.toBytes();
  }

  /// The name up to its zero, which some writers leave out.
  private static String name(Bytes bytes, int from, int size) {
    int zero = bytes.slice(0, from + size).indexOf((byte) 0, from);
    return bytes.slice(from, zero < 0 ? from + size : zero).text();
  }

  private static ElfResult<List<Note>> failed(long at, String what, String expected, String found) {
    return new ElfResult.Failed<>(List.of(new ElfProblem(at, what, expected, found)));
  }

  private static long alignUp(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }
}
