package tessera.elf;

import static tessera.elf.Problems.hex;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads the program headers and the contents of segments.
final class SegmentReader {
  private final ElfHeader header;
  private final FileBytes file;
  private final Problems problems;

  SegmentReader(ElfHeader header, FileBytes file) {
    this.header = header;
    this.file = file;
    this.problems = file.problems;
  }

  List<Segment> segments() {
    var segments = new ArrayList<Segment>();
    long size = (long) header.programHeaderCount() * ElfHeader.PROGRAM_HEADER_SIZE;
    if (!file.holds(header.programHeaders(), size, 32, "program header table")) {
      return segments;
    }
    for (int i = 0; i < header.programHeaderCount() && !problems.full(); i++) {
      segment((int) at(i), i).ifPresent(segments::add);
    }
    if (problems.isEmpty()) {
      checkOverlap(segments);
    }
    return segments;
  }

  private long at(int index) {
    return header.programHeaders() + (long) index * ElfHeader.PROGRAM_HEADER_SIZE;
  }

  private Optional<Segment> segment(int at, int index) {
    var bytes = file.bytes;
    var type = new SegmentType(bytes.i32(at));
    String what = "program header " + index + " (" + type + ")";
    long offset = bytes.i64(at + 8);
    long address = bytes.i64(at + 16);
    long fileSize = type.equals(SegmentType.NULL) ? 0 : bytes.i64(at + 32);
    long memorySize = bytes.i64(at + 40);
    boolean inFile = file.holds(offset, fileSize, at + 8, what + ": p_offset and p_filesz");
    boolean inMemory =
        !Segment.holdsMemory(type) || checkMemory(memorySize, fileSize, address, at, what);
    long alignment = file.alignment(bytes.i64(at + 48), at + 48, what + ": p_align");
    if (!inFile || !inMemory || alignment == 0) {
      return Optional.empty();
    }
    var contents = file.slice(offset, fileSize);
    if (type.equals(SegmentType.NOTE)) {
      file.checkNotes(contents, alignment, offset, what);
    } else if (type.equals(SegmentType.RISCV_ATTRIBUTES)) {
      file.checkAttributes(contents, offset, what);
    }
    return Optional.of(
        new Segment(type, bytes.i32(at + 4), address, memorySize, alignment, contents));
  }

  private boolean checkMemory(long memorySize, long fileSize, long address, int at, String what) {
    if (Long.compareUnsigned(memorySize, ElfReader.MOST_MEMORY) > 0) {
      problems.add(
          at + 40, what + ": p_memsz", "at most " + hex(ElfReader.MOST_MEMORY), hex(memorySize));
      return false;
    }
    if (Long.compareUnsigned(memorySize, fileSize) < 0) {
      problems.add(
          at + 40, what + ": p_memsz", "at least p_filesz, " + hex(fileSize), hex(memorySize));
      return false;
    }
    if (memorySize != 0 && Long.compareUnsigned(address + (memorySize - 1), address) < 0) {
      problems.add(
          at + 16,
          what + ": p_vaddr",
          "at most " + hex(-memorySize) + ", so that p_memsz bytes fit",
          hex(address));
      return false;
    }
    return true;
  }

  /// Loaded segments must not overlap, or what a byte of memory holds would hang on their order.
  private void checkOverlap(List<Segment> segments) {
    var loaded = new ArrayList<Integer>();
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).isLoaded() && segments.get(i).memorySize() != 0) {
        loaded.add(i);
      }
    }
    loaded.sort(Comparator.comparing(i -> segments.get(i).address(), Long::compareUnsigned));
    for (int i = 1; i < loaded.size(); i++) {
      int before = loaded.get(i - 1);
      int after = loaded.get(i);
      if (segments.get(before).contains(segments.get(after).address())) {
        problems.add(
            at(after) + 16,
            "program header " + after + " (LOAD): p_vaddr",
            "no address inside program header " + before + " (LOAD)",
            hex(segments.get(after).address()));
      }
    }
  }
}
