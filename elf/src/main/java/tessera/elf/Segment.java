package tessera.elf;

import java.util.Objects;

/// A part of the memory of a program, or a table its loader reads.
///
/// @param type what it is for
/// @param flags a sum of [#READ], [#WRITE], [#EXECUTE] and what else the file says
/// @param address where it starts in memory
/// @param memorySize its bytes in memory, unsigned; those after `contents` are zero. For
///   [SegmentType#LOAD] and [SegmentType#TLS] it is at least `contents.length()`
/// @param alignment a power of two
/// @param contents its bytes in the file
public record Segment(
    SegmentType type, int flags, long address, long memorySize, long alignment, Bytes contents) {
  /// May be executed (`PF_X`).
  public static final int EXECUTE = 1;

  /// May be written (`PF_W`).
  public static final int WRITE = 2;

  /// May be read (`PF_R`).
  public static final int READ = 4;

  public Segment {
    Objects.requireNonNull(type);
    Section.requirePowerOfTwo(alignment);
    if (holdsMemory(type) && (memorySize < 0 || memorySize < contents.length())) {
      throw new IllegalArgumentException(
          "memory size " + memorySize + " below file size " + contents.length());
    }
  }

  /// Whether segments of `type` describe memory, so that their memory size counts.
  static boolean holdsMemory(SegmentType type) {
    return type.equals(SegmentType.LOAD) || type.equals(SegmentType.TLS);
  }

  /// Whether it is put in memory before the program starts.
  public boolean isLoaded() {
    return type.equals(SegmentType.LOAD);
  }

  public boolean isReadable() {
    return (flags & READ) != 0;
  }

  public boolean isWritable() {
    return (flags & WRITE) != 0;
  }

  public boolean isExecutable() {
    return (flags & EXECUTE) != 0;
  }

  /// Whether the byte at `where` lies in its memory.
  public boolean contains(long where) {
    return Long.compareUnsigned(where - address, memorySize) < 0;
  }
}
