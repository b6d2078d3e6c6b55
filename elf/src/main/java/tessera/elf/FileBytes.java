package tessera.elf;

import static tessera.elf.Problems.hex;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The bytes of a file that is being read, and the checks every part of it needs.
///
/// What is decoded into objects is charged against the file's length. Tables of an honest file do
/// not overlap (but a note lies in a section and in a segment), so it never feels this; a hostile
/// one can not make a few bytes into much memory.
final class FileBytes {
  final Bytes bytes;
  final Problems problems;

  private final Map<Long, String> strings = new HashMap<>();
  private long tableBudget;
  private long stringBudget;

  FileBytes(Bytes bytes, Problems problems) {
    this.bytes = bytes;
    this.problems = problems;
    this.tableBudget = 2L * bytes.length();
    // Names may share their ends, so their sum may be more than the table they lie in.
    this.stringBudget = 4L * bytes.length();
  }

  /// Whether `size` bytes at `offset` lie in the file; if not, that is a problem of the field at
  /// `field`.
  boolean holds(long offset, long size, long field, String what) {
    boolean holds =
        size == 0
            || (offset >= 0
                && size > 0
                && offset <= bytes.length()
                && size <= bytes.length() - offset);
    if (!holds) {
      problems.add(
          field,
          what,
          "bytes inside the file of " + hex(bytes.length()),
          Long.toUnsignedString(size) + " bytes at " + hex(offset));
    }
    return holds;
  }

  /// A part that [#holds] was asked about.
  Bytes slice(long offset, long size) {
    return size == 0 ? Bytes.empty() : bytes.slice((int) offset, (int) (offset + size));
  }

  /// Whether a table of `size` bytes may still be decoded; if not, that is a problem of the field
  /// at `field`.
  boolean charge(long size, long field, String what) {
    tableBudget -= size;
    if (tableBudget < 0) {
      problems.add(
          field,
          what,
          "tables that do not overlap",
          "tables that together are larger than the file");
    }
    return tableBudget >= 0;
  }

  /// The alignment that `value` means, where 0 means none; 0 if it is no power of two, which is a
  /// problem.
  long alignment(long value, long field, String what) {
    if (value == 0) {
      return 1;
    }
    if (!Section.isPowerOfTwo(value)) {
      problems.add(field, what, "a power of two or 0", hex(value));
      return 0;
    }
    return value;
  }

  /// The string at `index` in a string table; empty if there is none, which is a problem of the
  /// field at `field`.
  String string(SectionHeader table, int index, long field, String what) {
    if (index == 0 && table.size() == 0) {
      return "";
    }
    if (Integer.toUnsignedLong(index) >= table.size()) {
      problems.add(
          field,
          what,
          "an index below " + table.size() + ", the size of the string table",
          Integer.toUnsignedString(index));
      return "";
    }
    return strings.computeIfAbsent(
        (long) table.index() << 32 | Integer.toUnsignedLong(index),
        _ -> decode(table, index, field, what));
  }

  private String decode(SectionHeader table, int index, long field, String what) {
    var rest = slice(table.offset() + index, table.size() - index);
    int end = rest.indexOf((byte) 0, 0);
    if (end < 0) {
      problems.add(
          field, what, "a string that ends in a zero byte", "one that runs out of its table");
      return "";
    }
    stringBudget -= end;
    if (stringBudget < 0) {
      problems.add(
          field,
          what,
          "names that together fit the file",
          "names that share their bytes too often");
      return "";
    }
    return rest.slice(0, end).text();
  }

  /// Checks that notes are well formed.
  void checkNotes(Bytes contents, long alignment, long offset, String what) {
    if (charge(contents.length(), offset, what)) {
      check(Note.read(contents, alignment), offset, what);
    }
  }

  /// Checks that attributes are well formed.
  void checkAttributes(Bytes contents, long offset, String what) {
    // What strips a file of its attributes leaves their segment, empty.
    if (!contents.isEmpty() && charge(contents.length(), offset, what)) {
      check(Attributes.read(contents), offset, what);
    }
  }

  private void check(ElfResult<?> result, long offset, String what) {
    switch (result) {
      case ElfResult.Ok<?> _ -> {}
      case ElfResult.Failed<?>(List<ElfProblem> inner) -> problems.addAll(offset, what, inner);
    }
  }
}
