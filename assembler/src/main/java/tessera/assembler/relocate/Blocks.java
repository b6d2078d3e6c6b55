package tessera.assembler.relocate;

/// GNU as ends a stretch of code not only where a linker may change something: what it read lies in
/// blocks of memory, and a stretch ends where a block is full. A distance across such an end it
/// leaves to the linker as well. To write the same tables of frames, the blocks are counted here:
/// their size, and what a stretch costs beside its bytes.
final class Blocks {
  private static final int SIZE = 4064;
  private static final int HEAD = 16;
  private static final int STRETCH = 120;
  private static final int ALIGNMENT = 8;

  private int used = HEAD + STRETCH;

  /// Takes room for bytes that lie together; {@return whether that began a new stretch}
  boolean take(int bytes) {
    boolean full = SIZE - used < bytes;
    if (full) {
      begin();
    }
    used += bytes;
    return full;
  }

  /// Begins a new stretch.
  void begin() {
    used = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    used = SIZE - used < STRETCH ? HEAD + STRETCH : used + STRETCH;
  }
}
