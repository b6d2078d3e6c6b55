package tessera.elf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives the sections of a program their addresses, and makes the segments that a loader needs of
/// them.
///
/// The order in memory is code, constants, variables (of threads, then of all), then sections that
/// are both written and executed; in each of them bytes before zeros and else the order of the
/// list. So everything with one permission lies together, and starts on a page of its own.
///
/// @param base the address of the first section
/// @param page bytes of memory that have one permission, a power of two
/// @param sectionAlignment the least alignment of every section, a power of two
public record Layout(long base, long page, long sectionAlignment) {
  /// Programs without an operating system: at 0x8000_0000, every section on a page of 4 KiB.
  public static final Layout BARE_METAL = new Layout(0x8000_0000L, 4096, 4096);

  public Layout {
    Section.requirePowerOfTwo(page);
    Section.requirePowerOfTwo(sectionAlignment);
    if (base < 0) {
      throw new IllegalArgumentException("base " + base);
    }
  }

  /// The same sections in the same order, those in memory with addresses.
  ///
  /// @throws IllegalArgumentException if they need more than [ElfReader#MOST_MEMORY]
  public List<Section> place(List<Section> sections) {
    var placed = new ArrayList<>(sections);
    long at = base;
    Section last = null;
    for (int i : inMemoryOrder(sections)) {
      var section = sections.get(i);
      long address = alignUp(at, alignment(section, last));
      placed.set(i, section.withAddress(address));
      last = section;
      // The zeros of a thread's variables take room in each thread's block, but none in the
      // program's memory.
      at = isThreadZeros(section) ? at : address + section.size();
      requireFits(section, address);
    }
    return List.copyOf(placed);
  }

  private long alignment(Section section, @Nullable Section last) {
    if (last != null && isThreads(last) && isThreads(section)) {
      // They make one block of each thread's memory, which should hold no needless gaps.
      return section.alignment();
    }
    boolean newGroup = last == null || Group.of(last) != Group.of(section);
    return Math.max(
        section.alignment(), newGroup ? Math.max(page, sectionAlignment) : sectionAlignment);
  }

  private void requireFits(Section section, long address) {
    if (section.size() > ElfReader.MOST_MEMORY
        || address < base
        || address - base > ElfReader.MOST_MEMORY
        || address > Long.MAX_VALUE - ElfReader.MOST_MEMORY) {
      throw new IllegalArgumentException("section " + section.name() + " does not fit into memory");
    }
  }

  private static List<Integer> inMemoryOrder(List<Section> sections) {
    var order = new ArrayList<Integer>();
    for (int i = 0; i < sections.size(); i++) {
      if (sections.get(i).isAllocated()) {
        order.add(i);
      }
    }
    order.sort(
        Comparator.comparing((Integer i) -> Group.of(sections.get(i)))
            .thenComparing(i -> !isThreads(sections.get(i)))
            .thenComparing(i -> sections.get(i).isZeros()));
    return order;
  }

  private static boolean isThreads(Section section) {
    return (section.flags() & Section.TLS) != 0;
  }

  private static boolean isThreadZeros(Section section) {
    return isThreads(section) && section.isZeros();
  }

  private static long alignUp(long value, long alignment) {
    return value + (-value & (alignment - 1));
  }

  /// What a program may do with memory, in the order of memory.
  private enum Group {
    CODE(Segment.READ | Segment.EXECUTE),
    CONSTANTS(Segment.READ),
    VARIABLES(Segment.READ | Segment.WRITE),
    ANYTHING(Segment.READ | Segment.WRITE | Segment.EXECUTE);

    final int flags;

    Group(int flags) {
      this.flags = flags;
    }

    static Group of(Section section) {
      if (isThreads(section)) {
        return VARIABLES;
      }
      if (section.isWritable()) {
        return section.isExecutable() ? ANYTHING : VARIABLES;
      }
      return section.isExecutable() ? CODE : CONSTANTS;
    }
  }

  // Segments

  /// `elf` with the segments its placed sections need in place of those it has: one to be loaded
  /// for each run of sections with one permission and less than a page between them (or of thread
  /// variables), those for notes, thread variables and `.riscv.attributes`. The contents of its
  /// sections become slices of the segments'.
  ///
  /// @throws IllegalArgumentException if two sections overlap, which placed ones do not
  public Elf withSegments(Elf elf) {
    var sections = new ArrayList<>(elf.sections());
    var segments = new ArrayList<Segment>();
    for (var section : sections) {
      if (section.type().equals(SectionType.RISCV_ATTRIBUTES)) {
        segments.add(
            new Segment(SegmentType.RISCV_ATTRIBUTES, Segment.READ, 0, 0, 1, section.contents()));
      }
    }
    for (var run : runs(sections)) {
      segments.add(load(run, sections));
    }
    for (var section : sections) {
      if (section.type().equals(SectionType.NOTE) && section.isAllocated()) {
        segments.add(
            new Segment(
                SegmentType.NOTE,
                Segment.READ,
                section.address(),
                section.size(),
                section.alignment(),
                section.contents()));
      }
    }
    addThreadSegment(sections, segments);
    return elf.withSections(sections).withSegments(segments);
  }

  /// The indexes of sections that go into one loaded segment, for each of them.
  private List<List<Integer>> runs(List<Section> sections) {
    var runs = new ArrayList<List<Integer>>();
    var order = new ArrayList<Integer>();
    for (int i = 0; i < sections.size(); i++) {
      if (sections.get(i).isAllocated()
          && sections.get(i).size() != 0
          && !isThreadZeros(sections.get(i))) {
        order.add(i);
      }
    }
    order.sort(Comparator.comparing(i -> sections.get(i).address(), Long::compareUnsigned));
    Section before = null;
    for (int i : order) {
      var section = sections.get(i);
      if (before == null || !follows(before, section)) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(i);
      before = section;
    }
    return runs;
  }

  private boolean follows(Section before, Section section) {
    long gap = section.address() - before.address() - before.size();
    if (before.contains(section.address())) {
      throw new IllegalArgumentException(
          "sections " + before.name() + " and " + section.name() + " overlap");
    }
    return Group.of(before) == Group.of(section)
        && (Long.compareUnsigned(gap, page) < 0 || (isThreads(before) && isThreads(section)))
        && !(before.isZeros() && !section.isZeros());
  }

  /// The segment of a run of sections, whose contents become slices of it.
  private Segment load(List<Integer> run, List<Section> sections) {
    var first = sections.get(run.getFirst());
    var last = sections.get(run.getLast());
    var image = image(run, sections);
    for (int i : run) {
      var section = sections.get(i);
      if (!section.isZeros()) {
        int from = (int) (section.address() - first.address());
        sections.set(i, section.withContents(image.slice(from, from + (int) section.size())));
      }
    }
    return new Segment(
        SegmentType.LOAD,
        Group.of(first).flags,
        first.address(),
        last.address() + last.size() - first.address(),
        page,
        image);
  }

  private static Bytes image(List<Integer> run, List<Section> sections) {
    long start = sections.get(run.getFirst()).address();
    long length = 0;
    for (int i : run) {
      var section = sections.get(i);
      length = section.isZeros() ? length : section.address() + section.size() - start;
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a segment of " + length + " bytes is too large");
    }
    var image = new byte[(int) length];
    for (int i : run) {
      var section = sections.get(i);
      if (!section.isZeros()) {
        section.contents().copyTo(image, (int) (section.address() - start));
      }
    }
    return Bytes.wrap(image);
  }

  private static void addThreadSegment(List<Section> sections, List<Segment> segments) {
    var threads =
        sections.stream()
            .filter(section -> section.isAllocated() && isThreads(section) && section.size() != 0)
            .sorted(Comparator.comparing(Section::address, Long::compareUnsigned))
            .toList();
    if (threads.isEmpty()) {
      return;
    }
    long start = threads.getFirst().address();
    long end = threads.getLast().address() + threads.getLast().size();
    long bitsEnd =
        threads.stream()
            .filter(section -> !section.isZeros())
            .mapToLong(section -> section.address() + section.size())
            .reduce(start, (_, last) -> last);
    long alignment = threads.stream().mapToLong(Section::alignment).max().orElse(1);
    segments.add(
        new Segment(
            SegmentType.TLS,
            Segment.READ,
            start,
            end - start,
            alignment,
            contents(start, bitsEnd - start, segments)));
  }

  /// The bytes at an address of a loaded segment.
  private static Bytes contents(long address, long size, List<Segment> segments) {
    if (size == 0) {
      return Bytes.empty();
    }
    for (var segment : segments) {
      long inside = address - segment.address();
      if (segment.isLoaded()
          && segment.contains(address)
          && size <= segment.contents().length() - inside) {
        return segment.contents().slice((int) inside, (int) (inside + size));
      }
    }
    throw new IllegalArgumentException("the sections of thread variables do not lie together");
  }
}
