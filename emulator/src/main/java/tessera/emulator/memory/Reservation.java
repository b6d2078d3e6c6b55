package tessera.emulator.memory;

/// The bytes that a hart has reserved by a load-reserved. A store of any hart to one of them ends
/// it.
public final class Reservation {
  private long from;
  private int size;

  /// {@return whether it holds all these bytes; of no bytes: any}
  public boolean covers(long address, int bytes) {
    return size > 0
        && (bytes == 0
            || Long.compareUnsigned(address - from, size) < 0 && address - from + bytes <= size);
  }

  long from() {
    return from;
  }

  boolean isHeld() {
    return size > 0;
  }

  void hold(long address, int bytes) {
    from = address;
    size = bytes;
  }

  void end() {
    size = 0;
  }

  boolean meets(long address, long bytes) {
    return size > 0
        && (Long.compareUnsigned(address - from, size) < 0
            || Long.compareUnsigned(from - address, bytes) < 0);
  }
}
