package tessera.emulator.memory;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.AccessKind;

/// A stretch of the address space: what lies there and what may be done with it.
///
/// @param name what a report calls it (`ram`, `.text`, `heap`, `uart`)
/// @param kind what it is made of
/// @param from its first byte
/// @param size its bytes, unsigned; it may end where the address space does, never beyond
/// @param access a sum of [#READ], [#WRITE] and [#EXECUTE]
/// @param device who answers accesses; null: bytes are stored
public record Region(
    String name, Kind kind, long from, long size, int access, @Nullable Device device) {

  /// May be loaded from.
  public static final int READ = 4;

  /// May be stored to.
  public static final int WRITE = 2;

  /// May be fetched from.
  public static final int EXECUTE = 1;

  /// What a region is made of; the timing model gives each kind its own port.
  public enum Kind {
    /// main memory, wherever it lies
    RAM,
    /// the tile unit's own memory
    SCRATCHPAD,
    /// registers of a device
    DEVICE
  }

  public Region {
    Objects.requireNonNull(name);
    if (size == 0 || Long.compareUnsigned(from + size - 1, from) < 0) {
      throw new IllegalArgumentException(name + ": empty, or ends beyond the address space");
    }
  }

  /// {@return memory that stores bytes}
  public static Region memory(String name, Kind kind, long from, long size, int access) {
    return new Region(name, kind, from, size, access, null);
  }

  /// {@return a device's registers}
  public static Region device(String name, long from, long size, Device device) {
    return new Region(name, Kind.DEVICE, from, size, READ | WRITE, device);
  }

  /// {@return whether the byte at `address` lies in it}
  public boolean contains(long address) {
    return Long.compareUnsigned(address - from, size) < 0;
  }

  /// {@return its last byte}
  public long last() {
    return from + size - 1;
  }

  /// {@return whether two regions share a byte}
  public boolean overlaps(Region other) {
    return contains(other.from) || other.contains(from);
  }

  /// {@return a part of it, or it as part of something longer}
  Region part(long start, long bytes) {
    return new Region(name, kind, start, bytes, access, device);
  }

  /// {@return the same with other permissions}
  Region withAccess(int permissions) {
    return new Region(name, kind, from, size, permissions, device);
  }

  /// {@return whether `next` is more of the same memory, right behind it}
  boolean isContinuedBy(Region next) {
    return device == null
        && next.device == null
        && last() + 1 == next.from
        && name.equals(next.name)
        && kind == next.kind
        && access == next.access;
  }

  /// {@return whether it lets `kind` in}
  public boolean allows(AccessKind accessKind) {
    int needed =
        switch (accessKind) {
          case LOAD, RESERVE -> READ;
          case STORE -> WRITE;
          case AMO -> READ | WRITE;
          case FETCH -> EXECUTE;
        };
    return (access & needed) == needed;
  }

  /// {@return its permissions as `ls` prints them: `r-x`}
  public String permissions() {
    return ((access & READ) != 0 ? "r" : "-")
        + ((access & WRITE) != 0 ? "w" : "-")
        + ((access & EXECUTE) != 0 ? "x" : "-");
  }
}
