package tessera.emulator.linux;

import java.util.Map;
import tessera.emulator.Hart;
import tessera.emulator.linux.Descriptors.Node;

/// The heap and mappings.
final class MemoryCalls implements Calls {
  private static final int SHARED = 1;
  private static final int PRIVATE = 2;
  private static final int FIXED = 0x10;
  private static final int ANONYMOUS = 0x20;
  private static final int FIXED_NO_REPLACE = 0x100000;
  private static final int MAY_MOVE = 1;
  private static final int DONT_NEED = 4;
  private static final int READABLE = 1;
  private static final int CHUNK = 1 << 16;

  private final AddressSpace space;
  private final Descriptors open;

  MemoryCalls(AddressSpace space, Descriptors open) {
    this.space = space;
    this.open = open;
  }

  @Override
  public void enter(Map<Integer, Named> t) {
    t.put(214, new Named("brk", (_, a) -> space.brk(a[0])));
    t.put(215, new Named("munmap", (_, a) -> unmap(a[0], a[1])));
    t.put(216, new Named("mremap", (_, a) -> remap(a)));
    t.put(222, new Named("mmap", this::map));
    t.put(226, new Named("mprotect", (_, a) -> protect(a)));
    t.put(227, new Named("msync", (_, _) -> 0));
    t.put(228, new Named("mlock", (_, _) -> 0));
    t.put(229, new Named("munlock", (_, _) -> 0));
    t.put(233, new Named("madvise", (h, a) -> advise(h, a)));
  }

  private long unmap(long at, long length) {
    space.unmap(at, length);
    return 0;
  }

  private long protect(long[] a) {
    space.protect(a[0], a[1], (int) a[2]);
    return 0;
  }

  private long remap(long[] a) {
    if ((a[3] & ~MAY_MOVE) != 0) {
      throw new Refused(Errno.EINVAL);
    }
    return space.remap(a[0], a[1], a[2], (a[3] & MAY_MOVE) != 0);
  }

  private long map(Hart hart, long[] a) {
    int flags = (int) a[3];
    int kind = flags & 3;
    if (kind == 0) {
      throw new Refused(Errno.EINVAL);
    }
    boolean fixed = (flags & (FIXED | FIXED_NO_REPLACE)) != 0;
    boolean replaces = (flags & FIXED_NO_REPLACE) == 0;
    if ((flags & ANONYMOUS) != 0) {
      return space.map("mapped", a[0], a[1], (int) a[2], fixed, replaces);
    }
    if (!(open.get(a[4]).node instanceof Node.Regular(var file))) {
      throw new Refused(Errno.ENODEV);
    }
    // What is written through a shared mapping would have to reach the file; read-only ones need
    // not.
    if ((kind & SHARED) != 0 && (a[2] & ~(READABLE | 4)) != 0 && kind != PRIVATE
        || (a[5] & 4095) != 0) {
      throw new Refused(Errno.EINVAL);
    }
    long at = space.map("file", a[0], a[1], (int) a[2], fixed, replaces);
    fill(hart, file, at, a[1], a[5]);
    return at;
  }

  private static void fill(Hart hart, OpenFile file, long at, long length, long from) {
    byte[] part = new byte[(int) Math.min(length, CHUNK)];
    for (long done = 0; done < length; ) {
      int n = file.read(from + done, part, 0, (int) Math.min(part.length, length - done));
      if (n <= 0) {
        return;
      }
      hart.memory().fill(at + done, part, 0, n);
      done += n;
    }
  }

  /// Advice changes nothing, but for pages that are given back and read as zeros from then on.
  private long advise(Hart hart, long[] a) {
    if ((a[0] & 4095) != 0 || a[1] < 0) {
      throw new Refused(Errno.EINVAL);
    }
    long size = a[1] + 4095 & -4096;
    if (size > 0 && !space.isMapped(a[0], size)) {
      throw new Refused(Errno.ENOMEM);
    }
    if (a[2] == DONT_NEED) {
      byte[] zeros = new byte[4096];
      for (long done = 0; done < size; done += zeros.length) {
        hart.memory().fill(a[0] + done, zeros, 0, zeros.length);
      }
    }
    return 0;
  }
}
