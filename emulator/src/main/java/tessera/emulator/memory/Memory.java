package tessera.emulator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// The address space of a machine, little-endian.
///
/// Bytes live in pages of 4 KiB that exist from the first store on; an untouched page reads as
/// zeros. Loads and stores of plain memory inside the *window* (where a program's main memory lies)
/// go through two tables, one of readable and one of writable pages: a page that needs attention is
/// null there (a hole, a device, a page of two regions, watched bytes, decoded code), and the
/// access takes the slow path, which asks the regions. An access takes effect as a whole or throws.
public final class Memory {
  /// Bytes of a page.
  public static final int PAGE = 1 << 12;

  private static final int SHIFT = 12;
  private static final int MASK = PAGE - 1;
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Told after bytes have changed that somebody watches.
  public interface Watcher {
    /// The bytes from `address` on were stored to.
    void stored(long address, long bytes);
  }

  private record Watch(long from, long size, Watcher watcher) {}

  private final long base;
  private final byte[] @Nullable [] readable;
  private final byte[] @Nullable [] writable;
  private final byte[] @Nullable [] frames;
  private final Map<Long, byte[]> others = new HashMap<>();
  private final byte[] zeros = new byte[PAGE];
  private final long limit;
  private final List<Watch> watches = new ArrayList<>();
  private final Map<Long, List<Watcher>> codePages = new HashMap<>();
  private final List<Reservation> reservations = new ArrayList<>();
  private Region[] regions = new Region[0];
  private int last;
  private int layout;
  private long refused;
  private long touched;

  private Memory(long base, int pages, long limit) {
    this.base = base;
    this.readable = new byte[pages][];
    this.writable = new byte[pages][];
    this.frames = new byte[pages][];
    this.limit = limit;
  }

  /// {@return an empty address space}
  ///
  /// @param base the first byte of the window, at a page
  /// @param size bytes of the window, at most 4 TiB
  /// @param limit bytes that the host gives for pages
  public static Memory of(long base, long size, long limit) {
    long pages = size + MASK >>> SHIFT;
    if ((base & MASK) != 0 || pages > 1 << 30) {
      throw new IllegalArgumentException("window of " + size + " bytes at " + base);
    }
    return new Memory(base, (int) pages, limit);
  }

  /// Adds a region, which overlaps none that is there.
  public void map(Region region) {
    for (Region r : regions) {
      if (r.overlaps(region)) {
        throw new IllegalArgumentException(region.name() + " overlaps " + r.name());
      }
    }
    List<Region> more = new ArrayList<>(List.of(regions));
    more.add(region);
    settle(more);
    if (region.device() == null) {
      wholePages(region);
    }
  }

  /// Takes a range of whole pages out of the address space, contents and all.
  public void unmap(long from, long size) {
    List<Region> rest = new ArrayList<>();
    if (cut(from, size, rest).isEmpty()) {
      return;
    }
    settle(rest);
    dropCode(from, size);
    forPages(from, size, this::drop);
  }

  /// Gives the memory in a range of whole pages other permissions, a sum of [Region#READ] and the
  /// like.
  public void protect(long from, long size, int access) {
    List<Region> all = new ArrayList<>();
    List<Region> inside = cut(from, size, all);
    inside.forEach(r -> all.add(r.withAccess(access)));
    settle(all);
    dropCode(from, size);
    inside.forEach(r -> forPages(r.from(), r.size(), this::forgetTables));
    inside.forEach(r -> wholePages(r.withAccess(access)));
  }

  /// Splits the regions of memory (not of devices) at the ends of a range.
  ///
  /// @param rest gets what lies outside
  /// @return what lies inside
  private List<Region> cut(long from, long size, List<Region> rest) {
    List<Region> inside = new ArrayList<>();
    long end = from + size - 1;
    for (Region r : regions) {
      boolean apart =
          Long.compareUnsigned(r.last(), from) < 0 || Long.compareUnsigned(end, r.from()) < 0;
      if (r.device() != null || apart) {
        rest.add(r);
        continue;
      }
      long low = Long.compareUnsigned(r.from(), from) < 0 ? from : r.from();
      long high = Long.compareUnsigned(end, r.last()) < 0 ? end : r.last();
      if (r.from() != low) {
        rest.add(r.part(r.from(), low - r.from()));
      }
      if (r.last() != high) {
        rest.add(r.part(high + 1, r.last() - high));
      }
      inside.add(r.part(low, high - low + 1));
    }
    return inside;
  }

  /// Takes over a list of regions; neighbours that are alike become one.
  private void settle(List<Region> list) {
    list.sort((a, b) -> Long.compareUnsigned(a.from(), b.from()));
    List<Region> joined = new ArrayList<>();
    for (Region r : list) {
      if (!joined.isEmpty() && joined.getLast().isContinuedBy(r)) {
        Region before = joined.removeLast();
        joined.add(before.part(before.from(), before.size() + r.size()));
      } else {
        joined.add(r);
      }
    }
    regions = joined.toArray(Region[]::new);
    layout++;
    last = 0;
  }

  /// Tells who keeps decoded instructions of these pages that they are no more.
  private void dropCode(long from, long size) {
    for (long page : List.copyOf(codePages.keySet())) {
      if (Long.compareUnsigned((page << SHIFT) - from, size) < 0) {
        List<Watcher> code = codePages.remove(page);
        if (code != null) {
          code.forEach(c -> c.stored(page << SHIFT, PAGE));
        }
      }
    }
  }

  /// Visits the pages of a range that are backed or in the window, by number.
  private void forPages(long from, long size, LongConsumer visit) {
    long first = from >>> SHIFT;
    long pages = size + MASK >>> SHIFT;
    long window = base >>> SHIFT;
    long low = Math.max(first, window);
    long high = Math.min(first + pages, window + readable.length);
    for (long page = low; page < high; page++) {
      visit.accept(page);
    }
    for (long page : List.copyOf(others.keySet())) {
      if (page - first >= 0 && page - first < pages) {
        visit.accept(page);
      }
    }
  }

  private void drop(long page) {
    long index = page - (base >>> SHIFT);
    forgetTables(page);
    if (index >= 0 && index < frames.length) {
      touched -= frames[(int) index] == null ? 0 : PAGE;
      frames[(int) index] = null;
    } else if (others.remove(page) != null) {
      touched -= PAGE;
    }
  }

  private void forgetTables(long page) {
    long index = page - (base >>> SHIFT);
    if (index >= 0 && index < readable.length) {
      readable[(int) index] = null;
      writable[(int) index] = null;
    }
  }

  /// {@return a number that differs whenever the regions may differ}
  public int layout() {
    return layout;
  }

  /// {@return the regions by address}
  public List<Region> regions() {
    return List.of(regions);
  }

  /// {@return the region that holds the byte at `address`, or null}
  public @Nullable Region region(long address) {
    Region[] all = regions;
    if (last < all.length && all[last].contains(address)) {
      return all[last];
    }
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      Region r = all[middle];
      if (r.contains(address)) {
        last = middle;
        return r;
      }
      if (Long.compareUnsigned(address, r.from()) < 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }

  /// {@return bytes of the host's memory that pages take}
  public long touched() {
    return touched;
  }

  // ------------------------------------------------------------------ what engines use directly

  /// {@return the first byte of the window}
  public long base() {
    return base;
  }

  /// {@return the pages of the window that may be read without asking, by number; null elsewhere.
  /// The table itself never changes}
  public byte[] @Nullable [] readable() {
    return readable;
  }

  /// {@return the pages of the window that may be written without asking, by number; null
  /// elsewhere. The table itself never changes}
  public byte[] @Nullable [] writable() {
    return writable;
  }

  /// {@return `bytes` (1, 2, 4 or 8) bytes of a page, zero-extended; the offset leaves room for
  /// them}
  public static long get(byte[] page, int offset, int bytes) {
    return switch (bytes) {
      case 1 -> page[offset] & 0xffL;
      case 2 -> (short) SHORT.get(page, offset) & 0xffffL;
      case 4 -> (int) INT.get(page, offset) & 0xffffffffL;
      case 8 -> (long) LONG.get(page, offset);
      default -> odd(page, offset, bytes);
    };
  }

  /// Stores the low `bytes` (1, 2, 4 or 8) bytes into a page; the offset leaves room for them.
  public static void put(byte[] page, int offset, int bytes, long value) {
    switch (bytes) {
      case 1 -> page[offset] = (byte) value;
      case 2 -> SHORT.set(page, offset, (short) value);
      case 4 -> INT.set(page, offset, (int) value);
      case 8 -> LONG.set(page, offset, value);
      default -> odd(page, offset, bytes, value);
    }
  }

  // ------------------------------------------------------------------ accesses

  /// {@return 1 to 8 bytes, zero-extended}
  ///
  /// @throws MemoryFault with the first byte that may not be read
  public long load(long address, int bytes, AccessKind kind) {
    long index = address - base >>> SHIFT;
    int offset = (int) address & MASK;
    if (index < readable.length && offset + bytes <= PAGE && kind == AccessKind.LOAD) {
      byte[] page = readable[(int) index];
      if (page != null) {
        return get(page, offset, bytes);
      }
    }
    return loadSlowly(address, bytes, kind);
  }

  /// Stores the low 1 to 8 bytes.
  ///
  /// @throws MemoryFault with the first byte that may not be written
  public void store(long address, int bytes, long value, AccessKind kind) {
    long index = address - base >>> SHIFT;
    int offset = (int) address & MASK;
    if (index < writable.length && offset + bytes <= PAGE && kind == AccessKind.STORE) {
      byte[] page = writable[(int) index];
      if (page != null) {
        put(page, offset, bytes, value);
        return;
      }
    }
    storeSlowly(address, bytes, value, kind);
  }

  /// Reads `length` bytes into `to`.
  ///
  /// @throws MemoryFault with the first byte that may not be read; then `to` is unchanged
  public void read(long address, byte[] to, int offset, int length) {
    check(address, length, AccessKind.LOAD);
    long at = address;
    int done = 0;
    while (done < length) {
      int in = (int) at & MASK;
      int n = Math.min(PAGE - in, length - done);
      Region region = region(at);
      if (region != null && region.device() != null) {
        n = 1;
        to[offset + done] = (byte) region.device().load(at - region.from(), 1);
      } else {
        byte[] page = frame(at);
        System.arraycopy(page == null ? zeros : page, in, to, offset + done, n);
      }
      at += n;
      done += n;
    }
  }

  /// Writes `length` bytes of `from`.
  ///
  /// @throws MemoryFault with the first byte that may not be written; then none is
  public void write(long address, byte[] from, int offset, int length) {
    check(address, length, AccessKind.STORE);
    put(address, from, offset, length);
  }

  /// Writes bytes whatever the permissions say, as a loader does; regions hold them all.
  ///
  /// @throws MemoryFault where there is no region
  public void fill(long address, byte[] from, int offset, int length) {
    for (long at = address, left = length; left > 0; ) {
      Region region = region(at);
      if (region == null) {
        throw new MemoryFault(AccessKind.STORE, at);
      }
      long n = Math.min(left, region.size() - (at - region.from()));
      at += n;
      left -= n;
    }
    put(address, from, offset, length);
  }

  /// {@return how many of `bytes` bytes from `address` on an access may touch before the first that
  /// it may not}
  public long reach(long address, long bytes, AccessKind kind) {
    long done = 0;
    while (Long.compareUnsigned(done, bytes) < 0) {
      Region region = region(address + done);
      if (region == null || !region.allows(kind)) {
        refused = address + done;
        return done;
      }
      long rest = region.size() - (address + done - region.from());
      done = Long.compareUnsigned(rest, bytes - done) >= 0 ? bytes : done + rest;
    }
    return bytes;
  }

  /// {@return the first byte of the last access that found one it may not touch, whether this
  /// became a trap or not; 0: none has since the last [#forgetRefused]}
  public long refused() {
    return refused;
  }

  /// Forgets which byte was refused last.
  public void forgetRefused() {
    refused = 0;
  }

  /// {@return whether bytes all lie in one stretch of memory, not of a device, that allows an
  /// access}
  public boolean isPlain(long address, long bytes, AccessKind kind) {
    Region region = region(address);
    return region != null
        && region.device() == null
        && region.allows(kind)
        && Long.compareUnsigned(bytes, region.size() - (address - region.from())) <= 0;
  }

  /// {@return whether an access would be refused}
  public boolean faults(long address, long bytes, AccessKind kind) {
    return reach(address, bytes, kind) != bytes;
  }

  /// Refuses an access that touches a byte it may not.
  ///
  /// @throws MemoryFault with the first such byte
  public void check(long address, long bytes, AccessKind kind) {
    long reach = reach(address, bytes, kind);
    if (reach != bytes) {
      throw new MemoryFault(kind, address + reach);
    }
  }

  // ------------------------------------------------------------------ being told of stores

  /// Calls `watcher` after each store to one of these bytes.
  public void watch(long address, long bytes, Watcher watcher) {
    watches.add(new Watch(address, bytes, watcher));
    long pages = (address & MASK) + bytes + MASK >>> SHIFT;
    for (long i = 0; i < pages; i++) {
      slow(address + (i << SHIFT));
    }
  }

  /// Calls `watcher` after each store to the page of `address`, whose instructions somebody keeps
  /// decoded; until [#forgetCode]. Several may watch a page.
  public void watchCode(long address, Watcher watcher) {
    List<Watcher> all = codePages.computeIfAbsent(address >>> SHIFT, _ -> new ArrayList<>(1));
    if (!all.contains(watcher)) {
      all.add(watcher);
      slow(address);
    }
  }

  /// Ends [#watchCode] for a watcher.
  public void forgetCode(Watcher watcher) {
    List<Long> free = new ArrayList<>();
    codePages.forEach((page, all) -> {
      all.remove(watcher);
      if (all.isEmpty()) {
        free.add(page);
      }
    });
    free.forEach(codePages::remove);
    free.forEach(this::refresh);
  }

  // ------------------------------------------------------------------ reservations

  /// Makes a reservation hold these bytes, which lie in one page, and no others.
  public void reserve(Reservation reservation, long address, int bytes) {
    release(reservation);
    reservation.hold(address, bytes);
    reservations.add(reservation);
    slow(address);
  }

  /// Ends a reservation, if it holds anything.
  @SuppressWarnings("ReferenceEquality") // this very one
  public void release(Reservation reservation) {
    reservations.removeIf(r -> r == reservation);
    if (reservation.isHeld()) {
      reservation.end();
      refresh(reservation.from() >>> SHIFT);
    }
  }

  private void endReservations(long address, long bytes) {
    for (int i = reservations.size() - 1; i >= 0; i--) {
      Reservation r = reservations.get(i);
      if (r.meets(address, bytes)) {
        release(r);
      }
    }
  }

  // ------------------------------------------------------------------ inside

  private long loadSlowly(long address, int bytes, AccessKind kind) {
    check(address, bytes, kind);
    Region region = region(address);
    if (region != null && region.device() != null && region.contains(address + bytes - 1)) {
      return region.device().load(address - region.from(), bytes);
    }
    int offset = (int) address & MASK;
    if (offset + bytes <= PAGE && region != null && region.contains(address + bytes - 1)) {
      byte[] page = frame(address);
      return page == null ? 0 : get(page, offset, bytes);
    }
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | loadByte(address + i);
    }
    return value;
  }

  private long loadByte(long address) {
    Region region = region(address);
    if (region != null && region.device() != null) {
      return region.device().load(address - region.from(), 1);
    }
    byte[] page = frame(address);
    return page == null ? 0 : page[(int) address & MASK] & 0xffL;
  }

  private void storeSlowly(long address, int bytes, long value, AccessKind kind) {
    check(address, bytes, kind);
    Region region = region(address);
    if (region != null && region.device() != null && region.contains(address + bytes - 1)) {
      region.device().store(address - region.from(), bytes, value);
      return;
    }
    int offset = (int) address & MASK;
    if (offset + bytes <= PAGE && region != null && region.device() == null) {
      put(touch(address), offset, bytes, value);
      tell(address, bytes);
      return;
    }
    byte[] all = new byte[bytes];
    odd(all, 0, bytes, value);
    put(address, all, 0, bytes);
  }

  private void put(long address, byte[] from, int offset, int length) {
    long at = address;
    int done = 0;
    reserve(address, length);
    while (done < length) {
      int in = (int) at & MASK;
      int n = Math.min(PAGE - in, length - done);
      Region region = region(at);
      if (region != null && region.device() != null) {
        n = 1;
        region.device().store(at - region.from(), 1, from[offset + done] & 0xffL);
      } else {
        long index = at - base >>> SHIFT;
        byte[] page = index < writable.length ? writable[(int) index] : null;
        boolean plain = page != null;
        System.arraycopy(from, offset + done, plain ? page : touch(at), in, n);
        if (!plain) {
          tell(at, n);
        }
      }
      at += n;
      done += n;
    }
  }

  /// Makes the pages of a store, so that it is refused as a whole where the host has no more.
  private void reserve(long address, long length) {
    if (length == 0) {
      return;
    }
    for (long i = address >>> SHIFT, n = (address & MASK) + length + MASK >>> SHIFT; n > 0; n--) {
      Region region = region(i << SHIFT);
      if (region == null || region.device() == null) {
        touch(i << SHIFT);
      }
      i++;
    }
  }

  private void tell(long address, long bytes) {
    if (!reservations.isEmpty()) {
      endReservations(address, bytes);
    }
    if (!codePages.isEmpty()) {
      List<Watcher> code = codePages.get(address >>> SHIFT);
      if (code != null) {
        code.forEach(c -> c.stored(address, bytes));
      }
    }
    for (Watch w : watches) {
      if (Long.compareUnsigned(address - w.from, w.size) < 0
          || Long.compareUnsigned(w.from - address, bytes) < 0) {
        w.watcher.stored(address, bytes);
      }
    }
  }

  private byte @Nullable [] frame(long address) {
    long index = address - base >>> SHIFT;
    return index < frames.length ? frames[(int) index] : others.get(address >>> SHIFT);
  }

  private byte[] touch(long address) {
    byte[] page = frame(address);
    if (page != null) {
      return page;
    }
    if (touched + PAGE > limit) {
      throw new HostMemoryExhausted(limit);
    }
    touched += PAGE;
    byte[] fresh = new byte[PAGE];
    long index = address - base >>> SHIFT;
    if (index < frames.length) {
      frames[(int) index] = fresh;
      refresh(address >>> SHIFT);
    } else {
      others.put(address >>> SHIFT, fresh);
    }
    return fresh;
  }

  /// Enters the pages that lie wholly in a region into the tables.
  private void wholePages(Region region) {
    long first = region.from() + MASK >>> SHIFT;
    long end = region.last() + 1 >>> SHIFT;
    long low = Math.max(first, base >>> SHIFT);
    long high = Math.min(end, (base >>> SHIFT) + readable.length);
    for (long page = low; page < high; page++) {
      refresh(page, region);
    }
  }

  private void refresh(long page) {
    Region region = region(page << SHIFT);
    if (region != null && region.device() == null && region.contains((page << SHIFT) + MASK)) {
      refresh(page, region);
    }
  }

  private void refresh(long page, Region region) {
    long index = page - (base >>> SHIFT);
    if (index < 0 || index >= readable.length || region.kind() != Region.Kind.RAM) {
      return;
    }
    byte[] frame = frames[(int) index];
    if (region.allows(AccessKind.LOAD)) {
      readable[(int) index] = frame == null ? zeros : frame;
    }
    if (region.allows(AccessKind.STORE) && frame != null && !watched(page)) {
      writable[(int) index] = frame;
    }
  }

  private boolean watched(long page) {
    if (codePages.containsKey(page)) {
      return true;
    }
    for (Reservation r : reservations) {
      if (r.isHeld() && r.from() >>> SHIFT == page) {
        return true;
      }
    }
    for (Watch w : watches) {
      long from = w.from >>> SHIFT;
      if (page - from >= 0 && page - from <= (w.from + w.size - 1 >>> SHIFT) - from) {
        return true;
      }
    }
    return false;
  }

  private void slow(long address) {
    long index = address - base >>> SHIFT;
    if (index < writable.length) {
      writable[(int) index] = null;
    }
  }

  private static long odd(byte[] page, int offset, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | page[offset + i] & 0xffL;
    }
    return value;
  }

  private static void odd(byte[] page, int offset, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      page[offset + i] = (byte) (value >>> 8 * i);
    }
  }
}
