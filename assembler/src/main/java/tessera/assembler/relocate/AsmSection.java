package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.elf.Section;
import tessera.elf.SectionType;

/// A section being filled. Its subsections (`.text 1`) come out in the order of their numbers.
public final class AsmSection {
  /// The group that a section belongs to.
  ///
  /// @param signature the symbol that names it
  /// @param comdat whether a linker keeps one of several groups of the name
  public record Membership(String signature, boolean comdat) {}

  private final String name;
  private final @Nullable Membership group;
  private final SectionType type;
  private final long flags;
  private final long entrySize;
  private final TreeMap<Integer, List<Fragment>> parts = new TreeMap<>();
  private final Map<Integer, Blocks> blocks = new HashMap<>();
  private int alignment;
  private long size;

  /// What the latest mapping symbol says (psABI, "Mapping Symbol").
  enum Mapping {
    NONE,
    INSTRUCTIONS,
    DATA
  }

  private Mapping mapping = Mapping.NONE;
  private @Nullable String mappedArch;

  AsmSection(
      String name, @Nullable Membership group, SectionType type, long flags, long entrySize) {
    this.name = name;
    this.group = group;
    this.type = type;
    this.flags = flags;
    this.entrySize = entrySize;
  }

  public String name() {
    return name;
  }

  /// {@return the group that it belongs to, or null}
  public @Nullable Membership group() {
    return group;
  }

  public SectionType type() {
    return type;
  }

  /// {@return a sum of the constants of [Section]}
  public long flags() {
    return flags;
  }

  public long entrySize() {
    return entrySize;
  }

  /// {@return whether instructions are expected here}
  public boolean isCode() {
    return (flags & Section.EXECUTE) != 0;
  }

  /// {@return whether it takes no room in the file}
  public boolean isZeros() {
    return type.equals(SectionType.NOBITS);
  }

  /// {@return the power of two that its address is a multiple of}
  public int alignment() {
    return alignment;
  }

  /// Demands an alignment to `1 << power`.
  void align(int power) {
    alignment = Math.max(alignment, power);
  }

  /// {@return the fragments of a subsection, to be appended to}
  List<Fragment> part(int subsection) {
    return parts.computeIfAbsent(subsection, _ -> new ArrayList<>());
  }

  /// {@return how GNU as would keep a subsection}
  Blocks blocks(int subsection) {
    return blocks.computeIfAbsent(subsection, _ -> new Blocks());
  }

  /// {@return all fragments in order}
  List<Fragment> fragments() {
    return parts.values().stream().flatMap(List::stream).toList();
  }

  /// {@return the fragments of the last subsection, or a new list}
  List<Fragment> lastPart() {
    return parts.isEmpty() ? part(0) : parts.lastEntry().getValue();
  }

  /// {@return its bytes so far, branches as short as they can be}
  public long leastSize() {
    return fragments().stream().mapToLong(Fragment::size).sum();
  }

  /// {@return its bytes, once laid out}
  public long size() {
    return size;
  }

  void size(long bytes) {
    size = bytes;
  }

  Mapping mapping() {
    return mapping;
  }

  void mapping(Mapping state) {
    mapping = state;
  }

  @Nullable String mappedArch() {
    return mappedArch;
  }

  void mappedArch(String arch) {
    mappedArch = arch;
  }

  @Override
  public String toString() {
    return name;
  }
}
