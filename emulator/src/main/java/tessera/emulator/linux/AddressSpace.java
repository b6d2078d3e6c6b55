package tessera.emulator.linux;

import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.semantics.AccessKind;

/// A program's mappings: its heap that grows up from behind it, and what it maps, from below its
/// stack down.
public final class AddressSpace {
  private static final long PAGE = Memory.PAGE;
  private static final int PROTECTIONS = 7;

  private final Memory memory;
  private final long heap;
  private final long top;
  private long end;

  private AddressSpace(Memory memory, long heap, long top) {
    this.memory = memory;
    this.heap = heap;
    this.top = top;
    this.end = heap;
  }

  /// {@return the mappings of a program that has been loaded}
  ///
  /// @param heap where its heap begins, at a page
  /// @param top where mappings end, at a page
  public static AddressSpace of(Memory memory, long heap, long top) {
    return new AddressSpace(memory, heap, top);
  }

  /// {@return the byte after the highest mapping that it places by itself}
  long top() {
    return top;
  }

  long brk(long wanted) {
    if (Long.compareUnsigned(wanted, heap) < 0 || Long.compareUnsigned(wanted, top) > 0) {
      return end;
    }
    long mapped = align(end);
    long needed = align(wanted);
    if (Long.compareUnsigned(needed, mapped) > 0) {
      if (!isFree(mapped, needed - mapped)) {
        return end;
      }
      add("heap", mapped, needed - mapped, Region.READ | Region.WRITE);
    } else if (needed != mapped) {
      memory.unmap(needed, mapped - needed);
    }
    end = wanted;
    return end;
  }

  /// {@return where the new mapping lies}
  ///
  /// @param wanted where it should
  /// @param fixed there and nowhere else
  /// @param replaces what lies there goes
  long map(String name, long wanted, long length, int protection, boolean fixed, boolean replaces) {
    long size = size(length);
    if ((protection & ~PROTECTIONS) != 0) {
      throw new Refused(Errno.EINVAL);
    }
    long at = wanted & -PAGE;
    if (fixed) {
      if (at != wanted) {
        throw new Refused(Errno.EINVAL);
      }
      requireUsable(at, size);
      if (replaces) {
        memory.unmap(at, size);
      }
      if (!isFree(at, size)) {
        throw new Refused(Errno.EEXIST);
      }
    } else if (at == 0 || Long.compareUnsigned(at + size, top) > 0 || !isFree(at, size)) {
      at = place(size);
    }
    add(name, at, size, access(protection));
    return at;
  }

  void unmap(long at, long length) {
    if ((at & PAGE - 1) != 0) {
      throw new Refused(Errno.EINVAL);
    }
    long size = size(length);
    requireUsable(at, size);
    memory.unmap(at, size);
  }

  void protect(long at, long length, int protection) {
    if ((at & PAGE - 1) != 0 || (protection & ~PROTECTIONS) != 0) {
      throw new Refused(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    long size = size(length);
    if (!isMapped(at, size)) {
      throw new Refused(Errno.ENOMEM);
    }
    memory.protect(at, size, access(protection));
  }

  /// {@return where the mapping is now}
  long remap(long at, long length, long wanted, boolean mayMove) {
    if ((at & PAGE - 1) != 0 || wanted == 0) {
      throw new Refused(Errno.EINVAL);
    }
    long old = size(length);
    long size = size(wanted);
    Region region = memory.region(at);
    if (region == null || !isMapped(at, old)) {
      throw new Refused(Errno.EFAULT);
    }
    if (size <= old) {
      if (size < old) {
        memory.unmap(at + size, old - size);
      }
      return at;
    }
    if (Long.compareUnsigned(at + size, top) <= 0 && isFree(at + old, size - old)) {
      add(region.name(), at + old, size - old, region.access());
      return at;
    }
    if (!mayMove) {
      throw new Refused(Errno.ENOMEM);
    }
    return move(region, at, old, size);
  }

  private long move(Region region, long at, long old, long size) {
    long to = place(size);
    add(region.name(), to, size, region.access());
    byte[] page = new byte[Memory.PAGE];
    for (long done = 0; done < old; done += PAGE) {
      if (region.allows(AccessKind.LOAD)) {
        memory.read(at + done, page, 0, page.length);
        memory.fill(to + done, page, 0, page.length);
      }
    }
    memory.unmap(at, old);
    return to;
  }

  boolean isMapped(long at, long size) {
    for (long done = 0; done < size; ) {
      Region r = memory.region(at + done);
      if (r == null) {
        return false;
      }
      done += r.size() - (at + done - r.from());
    }
    return true;
  }

  private boolean isFree(long at, long size) {
    return blocking(at, size) == null;
  }

  private @org.jspecify.annotations.Nullable Region blocking(long at, long size) {
    for (Region r : memory.regions()) {
      if (Long.compareUnsigned(r.from() - at, size) < 0 || r.contains(at)) {
        return r;
      }
    }
    return null;
  }

  /// {@return the highest room for a mapping}
  private long place(long size) {
    long at = top - size;
    while (at >= heap && at < top) {
      Region blocking = blocking(at, size);
      if (blocking == null) {
        return at;
      }
      at = (blocking.from() & -PAGE) - size;
    }
    throw new Refused(Errno.ENOMEM);
  }

  private void requireUsable(long at, long size) {
    if (at < 0 || at + size < at || at + size > 1L << 47) {
      throw new Refused(Errno.ENOMEM);
    }
    Region blocking = blocking(at, size);
    if (blocking != null && blocking.kind() != Region.Kind.RAM) {
      throw new Refused(Errno.EINVAL);
    }
  }

  private static long size(long length) {
    if (length <= 0 || length > 1L << 46) {
      throw new Refused(length == 0 ? Errno.EINVAL : Errno.ENOMEM);
    }
    return align(length);
  }

  private static int access(int protection) {
    return ((protection & 1) != 0 ? Region.READ : 0)
        | ((protection & 2) != 0 ? Region.WRITE | Region.READ : 0)
        | ((protection & 4) != 0 ? Region.EXECUTE | Region.READ : 0);
  }

  private void add(String name, long at, long size, int access) {
    memory.map(Region.memory(name, Region.Kind.RAM, at, size, access));
  }

  private static long align(long address) {
    return address + PAGE - 1 & -PAGE;
  }
}
