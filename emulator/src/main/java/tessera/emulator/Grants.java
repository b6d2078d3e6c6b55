package tessera.emulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;

/// What the text's `on access` and `on fetch` are known to grant a hart (language.md 10).
///
/// What they grant to a range they grant to each aligned part of it; whether a part that is not
/// aligned is granted as well depends within such a range on its size and kind alone. So the text
/// is asked once for all memory, else once for a page, and a yes stays until state changes that the
/// text reads; the answers for the last few such states are kept, since programs go to and fro
/// between privilege levels. After a no the text is asked for each access.
final class Grants {
  private static final int KEPT = 8;
  private static final long BLOCK = 1L << 62;
  private static final long LARGE = 1L << 56;

  private final Hart hart;
  private final Memory memory;
  private final Evaluator evaluator;
  private final Watched watched;
  private final boolean asksAccess;
  private final boolean asksFetch;
  private final List<View> views = new ArrayList<>();

  private Grants(Isa isa, Hart hart, Memory memory, Evaluator evaluator, Watched watched) {
    this.hart = hart;
    this.memory = memory;
    this.evaluator = evaluator;
    this.watched = watched;
    this.asksAccess = isa.handler("access") != null;
    this.asksFetch = isa.handler("fetch") != null;
  }

  static Grants of(Isa isa, Hart hart, Memory memory, Evaluator evaluator, Watched watched) {
    return new Grants(isa, hart, memory, evaluator, watched);
  }

  /// {@return what is granted in the state as it is}
  View view() {
    List<Long> state = watched.values(hart);
    for (int i = 0; i < views.size(); i++) {
      View view = views.get(i);
      if (view.state.equals(state) && view.layout == memory.layout()) {
        views.remove(i);
        views.addFirst(view);
        return view;
      }
    }
    View fresh = new View(state, memory.layout());
    views.stream().filter(v -> v.state.equals(state)).findFirst().ifPresent(fresh::learnFrom);
    views.removeIf(v -> v.state.equals(state));
    views.addFirst(fresh);
    if (views.size() > KEPT) {
      views.removeLast();
    }
    return fresh;
  }

  private boolean grants(long address, long bytes, AccessKind kind) {
    if (!(kind == AccessKind.FETCH ? asksFetch : asksAccess)) {
      return true;
    }
    try {
      evaluator.ask(address, bytes, kind, hart);
      return true;
    } catch (GuestTrap _) {
      return false;
    }
  }

  /// Three answers: it is not known yet.
  private enum Answer {
    UNKNOWN,
    YES,
    NO
  }

  /// What is granted in one state.
  final class View {
    private final List<Long> state;
    private final int layout;
    private final Answer[] all = new Answer[AccessKind.values().length];
    private final Answer[][] unaligned = new Answer[AccessKind.values().length][4];
    private final Map<Long, Answer[]> pages = new HashMap<>();

    /// the bytes from address 0 on that are granted as one range
    private final long[] low = new long[AccessKind.values().length];

    View(List<Long> state, int layout) {
      this.state = state;
      this.layout = layout;
      Arrays.fill(all, Answer.UNKNOWN);
      for (Answer[] sizes : unaligned) {
        Arrays.fill(sizes, Answer.UNKNOWN);
      }
    }

    /// Takes over what does not depend on what lies where.
    private void learnFrom(View other) {
      System.arraycopy(other.low, 0, low, 0, low.length);
      for (int k = 0; k < unaligned.length; k++) {
        System.arraycopy(other.unaligned[k], 0, unaligned[k], 0, unaligned[k].length);
      }
    }

    /// {@return whether the address space is still what it was}
    boolean isOf(Memory now) {
      return layout == now.layout();
    }

    /// {@return whether every access of this kind to memory that exists is granted, whatever its
    /// size and alignment}
    boolean isOpen(AccessKind kind) {
      return everywhere(kind)
          && (kind == AccessKind.FETCH
              || isUnalignedOpen(kind, 1) && isUnalignedOpen(kind, 2) && isUnalignedOpen(kind, 3));
    }

    /// {@return whether an access of 1 to 8 bytes, or an aligned range, is known to be granted}
    boolean grants(long address, long bytes, AccessKind kind) {
      boolean aligned = Long.bitCount(bytes) == 1 && (address & bytes - 1) == 0;
      if (everywhere(kind)) {
        return aligned || Long.bitCount(bytes) == 1 && bytes <= 8 && isUnaligned(bytes, kind);
      }
      long first = address & -Memory.PAGE;
      return address + bytes - first <= Memory.PAGE
          && page(first, kind)
          && (aligned || Long.bitCount(bytes) == 1 && bytes <= 8 && isUnaligned(bytes, kind));
    }

    /// {@return whether all aligned accesses inside a range are known to be granted}
    boolean grantsRun(long address, long bytes, AccessKind kind) {
      if (everywhere(kind)) {
        return true;
      }
      for (long page = address & -Memory.PAGE; page - address < bytes; page += Memory.PAGE) {
        if (!page(page, kind)) {
          return false;
        }
      }
      return true;
    }

    /// {@return whether accesses of 1 to 8 bytes that are not aligned are granted in ranges that
    /// are}
    boolean grantsUnaligned(long bytes, AccessKind kind) {
      return Long.bitCount(bytes) == 1 && bytes <= 8 && isUnaligned(bytes, kind);
    }

    private boolean isUnaligned(long bytes, AccessKind kind) {
      return isUnalignedOpen(kind, Long.numberOfTrailingZeros(bytes));
    }

    @SuppressWarnings("EnumOrdinal") // the axis of the table is made from the enum
    private boolean isUnalignedOpen(AccessKind kind, int size) {
      Answer[] sizes = unaligned[kind.ordinal()];
      if (sizes[size] == Answer.UNKNOWN) {
        // Somewhere in memory that is granted, if there is such a page.
        Long page = grantedPage(kind);
        if (page != null) {
          boolean yes = Grants.this.grants(page + 1, 1L << size, kind);
          sizes[size] = yes ? Answer.YES : Answer.NO;
        }
      }
      return sizes[size] == Answer.YES;
    }

    private @Nullable Long grantedPage(AccessKind kind) {
      for (Region region : memory.regions()) {
        if (region.allows(kind) && region.size() >= Memory.PAGE && page(region.from(), kind)) {
          return region.from();
        }
      }
      return null;
    }

    @SuppressWarnings("EnumOrdinal") // the axis of the table is made from the enum
    private boolean everywhere(AccessKind kind) {
      int k = kind.ordinal();
      if (all[k] == Answer.UNKNOWN) {
        all[k] = asksEverywhere(kind) ? Answer.YES : Answer.NO;
      }
      return all[k] == Answer.YES;
    }

    private boolean asksEverywhere(AccessKind kind) {
      List<Region> regions = memory.regions().stream().filter(r -> r.allows(kind)).toList();
      long last = regions.stream().mapToLong(Region::last).max().orElse(0);
      boolean high = regions.stream().anyMatch(r -> r.last() < 0);
      return !high && asksLow(last, kind) || regions.stream().allMatch(r -> region(r, kind));
    }

    /// Asks for one range from address 0 on, as large as protection can name, or just large enough.
    @SuppressWarnings("EnumOrdinal") // the axis of the table is made from the enum
    private boolean asksLow(long last, AccessKind kind) {
      int k = kind.ordinal();
      long enough = Math.min(BLOCK, Long.highestOneBit(last | 1) << 1);
      for (long size : new long[] {BLOCK, LARGE, enough}) {
        if (last < low[k]) {
          return true;
        }
        if (last < size && Grants.this.grants(0, size, kind)) {
          low[k] = size;
        }
      }
      return last < low[k];
    }

    /// Asks for a region in naturally aligned parts, as large as there are.
    private boolean region(Region region, AccessKind kind) {
      long at = region.from();
      long left = region.size();
      while (left != 0) {
        long aligned = at == 0 ? BLOCK : Math.min(BLOCK, Long.lowestOneBit(at) & Long.MAX_VALUE);
        aligned = aligned == 0 ? BLOCK : aligned;
        long part = Math.min(aligned, Long.highestOneBit(left) & Long.MAX_VALUE);
        part = part == 0 ? BLOCK : part;
        if (!Grants.this.grants(at, part, kind)) {
          return false;
        }
        at += part;
        left -= part;
      }
      return true;
    }

    @SuppressWarnings("EnumOrdinal") // the axis of the table is made from the enum
    private boolean page(long page, AccessKind kind) {
      Answer[] answers = pages.get(page);
      if (answers == null) {
        answers = new Answer[AccessKind.values().length];
        Arrays.fill(answers, Answer.UNKNOWN);
        pages.put(page, answers);
      }
      int k = kind.ordinal();
      if (answers[k] == Answer.UNKNOWN) {
        answers[k] = Grants.this.grants(page, Memory.PAGE, kind) ? Answer.YES : Answer.NO;
      }
      return answers[k] == Answer.YES;
    }
  }
}
