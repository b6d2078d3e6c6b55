package tessera.elf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The symbols of a file by name and by address.
public final class SymbolTable {
  private static final Comparator<Symbol> BY_ADDRESS =
      (left, right) -> Long.compareUnsigned(left.value(), right.value());

  /// What to say of several symbols at one address comes last: what has a type and a size, then
  /// what more files see.
  private static final Comparator<Symbol> BY_MEANING =
      Comparator.comparing((Symbol symbol) -> symbol.type() != Symbol.Type.NOTYPE)
          .thenComparing(symbol -> symbol.size() != 0)
          .thenComparingInt(symbol -> bindingRank(symbol.binding()));

  private final Map<String, Symbol> byName = new HashMap<>();
  private final Symbol[] byAddress;
  private final Range[] ranges;

  /// For each of `byAddress` the index of the innermost one with a size that encloses it, or -1.
  private final int[] enclosing;

  /// Where the section of a symbol ends, so that nothing beyond is named after it.
  private record Range(long start, long size) {
    boolean contains(long address) {
      return Long.compareUnsigned(address - start, size) < 0;
    }
  }

  /// A place said by a symbol.
  ///
  /// @param offset bytes from the symbol on
  public record Location(Symbol symbol, long offset) {
    /// `name`, or `name+0x10`.
    @Override
    public String toString() {
      return offset == 0 ? symbol.name() : symbol.name() + "+" + Problems.hex(offset);
    }
  }

  private SymbolTable(List<Symbol> named, List<Symbol> placed, List<Section> sections) {
    named.stream()
        .sorted(Comparator.comparingInt(symbol -> bindingRank(symbol.binding())))
        .forEach(this::putName);
    byAddress = placed.stream().sorted(BY_ADDRESS.thenComparing(BY_MEANING)).toArray(Symbol[]::new);
    ranges = Arrays.stream(byAddress).map(symbol -> range(symbol, sections)).toArray(Range[]::new);
    enclosing = new int[byAddress.length];
    findEnclosing();
  }

  /// The symbols of a program, by address.
  public static SymbolTable of(Elf elf) {
    return new SymbolTable(named(elf), placed(elf, -1), elf.sections());
  }

  /// The symbols in one section of a relocatable file, by offset in the section.
  public static SymbolTable ofSection(Elf elf, int section) {
    return new SymbolTable(named(elf), placed(elf, section), elf.sections());
  }

  private static List<Symbol> named(Elf elf) {
    return elf.symbols().stream().filter(symbol -> symbol.isDefined() && isName(symbol)).toList();
  }

  private static List<Symbol> placed(Elf elf, int only) {
    var placed = new ArrayList<Symbol>();
    for (var symbol : elf.symbols()) {
      if (symbol.place() instanceof Symbol.Place.In(var section)
          && (only < 0 || only == section)
          && isName(symbol)
          && symbol.type() != Symbol.Type.TLS
          && (symbol.size() != 0 || elf.sections().get(section).contains(symbol.value()))) {
        placed.add(symbol);
      }
    }
    return placed;
  }

  /// Whether a person gave the name: not a section, a file, nor a mapping symbol (psABI, "Mapping
  /// Symbol": `$x`, `$d`).
  private static boolean isName(Symbol symbol) {
    return !symbol.name().isEmpty()
        && !isMapping(symbol.name())
        && symbol.type() != Symbol.Type.SECTION
        && symbol.type() != Symbol.Type.FILE;
  }

  private static boolean isMapping(String name) {
    return name.equals("$x")
        || name.equals("$d")
        || name.startsWith("$xrv")
        || name.startsWith("$x.")
        || name.startsWith("$d.");
  }

  private static int bindingRank(Symbol.Binding binding) {
    return switch (binding) {
      case LOCAL -> 0;
      case WEAK -> 1;
      case GLOBAL, GNU_UNIQUE -> 2;
    };
  }

  private static Range range(Symbol symbol, List<Section> sections) {
    if (symbol.place() instanceof Symbol.Place.In(var index)) {
      return new Range(sections.get(index).address(), sections.get(index).size());
    }
    throw new AssertionError(symbol);
  }

  private void putName(Symbol symbol) {
    byName.put(symbol.name(), symbol);
  }

  private void findEnclosing() {
    int inner = -1;
    for (int i = 0; i < byAddress.length; i++) {
      while (inner >= 0 && !covers(byAddress[inner], byAddress[i].value())) {
        inner = enclosing[inner];
      }
      enclosing[i] = inner;
      if (byAddress[i].size() != 0) {
        inner = i;
      }
    }
  }

  private static boolean covers(Symbol symbol, long address) {
    return Long.compareUnsigned(address - symbol.value(), symbol.size()) < 0;
  }

  /// The defined symbol of this name; a global one before a weak one before a local one.
  public Optional<Symbol> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// The symbol that `address` belongs to: the nearest one at or before it that either covers it
  /// or, having no size, lies in the same section.
  public Optional<Location> at(long address) {
    int i = floor(address);
    while (i >= 0 && byAddress[i].size() != 0 && !covers(byAddress[i], address)) {
      i = enclosing[i];
    }
    if (i < 0 || (byAddress[i].size() == 0 && !ranges[i].contains(address))) {
      return Optional.empty();
    }
    return Optional.of(new Location(byAddress[i], address - byAddress[i].value()));
  }

  /// The index of the last symbol at or before `address`, or -1.
  private int floor(long address) {
    int low = 0;
    int high = byAddress.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(byAddress[middle].value(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
