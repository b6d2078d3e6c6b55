package tessera.assembler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tessera.elf.Attributes;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Relocation;
import tessera.elf.Section;
import tessera.elf.Symbol;

/// An object as lines that can be compared: sections with their bytes, relocations, symbols. What
/// depends on the order of tables or on the name of the ISA is left out.
final class Listing {
  private Listing() {}

  static String of(Elf elf) {
    List<String> lines = new ArrayList<>();
    Set<Integer> used = new HashSet<>();
    elf.sections().forEach(s -> s.relocations().forEach(r -> used.add(r.symbol())));
    lines.add(String.format("flags 0x%x", elf.flags()));
    for (Section section : elf.sections()) {
      if (!section.name().equals(Attributes.SECTION)) {
        section(elf, section, lines);
      }
    }
    TreeSet<String> symbols = new TreeSet<>();
    for (int i = 0; i < elf.symbols().size(); i++) {
      Symbol symbol = elf.symbols().get(i);
      // GNU as lists names that it once took for symbols: of `jal zero, x` it tries `jal zero`
      // first.
      boolean isTrace =
          symbol.place() instanceof Symbol.Place.Undefined
              && symbol.type() == Symbol.Type.NOTYPE
              && symbol.binding() == Symbol.Binding.GLOBAL
              && !used.contains(i);
      if (symbol.type() != Symbol.Type.SECTION && !isTrace) {
        symbols.add("symbol " + symbol(elf, symbol));
      }
    }
    lines.addAll(symbols);
    return String.join("\n", lines) + "\n";
  }

  private static void section(Elf elf, Section section, List<String> lines) {
    lines.add(
        String.format(
            "section %s %s flags 0x%x align %d entries %d size %d",
            section.name(),
            section.type(),
            section.flags(),
            section.alignment(),
            section.entrySize(),
            section.size()));
    for (int at = 0; at < section.contents().length(); at += 4) {
      lines.add(String.format("  %4x: %s", at, hex(section.contents(), at)));
    }
    for (Relocation r : section.relocations()) {
      lines.add(
          String.format(
              "  at %x %s %s %+d",
              r.offset(),
              r.type(),
              r.symbol() < 0 ? "-" : symbol(elf, elf.symbols().get(r.symbol())),
              r.addend()));
    }
  }

  private static String hex(Bytes bytes, int at) {
    StringBuilder out = new StringBuilder();
    for (int i = Math.min(at + 4, bytes.length()) - 1; i >= at; i--) {
      out.append(String.format("%02x", bytes.u8(i)));
    }
    return out.toString();
  }

  private static String symbol(Elf elf, Symbol symbol) {
    String place =
        switch (symbol.place()) {
          case Symbol.Place.In(var index) -> elf.sections().get(index).name();
          case Symbol.Place.Undefined() -> "undefined";
          case Symbol.Place.Absolute() -> "absolute";
          case Symbol.Place.Common() -> "common";
        };
    String name = symbol.name().startsWith("$x") ? "$x" : symbol.name();
    return String.format(
        "'%s' %s %s %s%s %s 0x%x size %d",
        name.replace('\002', '^'),
        symbol.type(),
        symbol.binding(),
        symbol.visibility(),
        symbol.variantCc() ? " variant_cc" : "",
        place,
        symbol.value(),
        symbol.size());
  }
}
