package tessera.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Disassembler;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Relocation;
import tessera.elf.Section;
import tessera.elf.Symbol;
import tessera.elf.SymbolTable;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.encoding.Decoder;

/// The instructions of an ELF file as text in the columns of objdump, or as JSON (schema
/// `tessera-listing-1`).
final class Listing {
  /// So many zeros in a row, or fewer than the other at the end, print as `...` (objdump).
  private static final int ZEROS = 8;

  private static final int ZEROS_AT_END = 3;

  private final String name;
  private final Elf elf;
  private final Disassembler disassembler;
  private final boolean relocations;

  Listing(String name, Elf elf, Disassembler disassembler, boolean relocations) {
    this.name = name;
    this.elf = elf;
    this.disassembler = disassembler;
    this.relocations = relocations;
  }

  /// One line: an instruction, or data between instructions.
  ///
  /// @param bytes how many it covers
  /// @param word what is there
  /// @param text how it reads; null: zeros that are not worth a line each
  private record Line(long address, int bytes, long word, @Nullable String text) {}

  /// A stretch that begins with a symbol or with its section.
  private record Part(long from, long to, String label) {}

  /// {@return the listing as text}
  String text() {
    StringBuilder out = new StringBuilder();
    out.append('\n').append(Renderer.printable(name));
    out.append(":     file format elf64-littleriscv\n\n");
    for (int i = 0; i < elf.sections().size(); i++) {
      Section section = elf.sections().get(i);
      if (section.isExecutable() && !section.isZeros() && section.size() > 0) {
        out.append("\nDisassembly of section ").append(Renderer.printable(section.name()));
        out.append(":\n");
        text(out, i, section);
      }
    }
    return out.toString();
  }

  private void text(StringBuilder out, int index, Section section) {
    int skipped = skipped(section.address() + section.size());
    for (Part part : parts(index, section)) {
      out.append('\n').append(hex(part.from(), 16)).append(" <");
      out.append(shown(part.label())).append(">:\n");
      for (Line line : lines(index, section, part)) {
        if (line.text() == null) {
          out.append("\t...\n");
        } else {
          out.append(place(line.address(), skipped)).append(":\t");
          String word = hex(line.word(), 2 * line.bytes());
          // objdump's columns: two bytes are a chunk of their own width
          out.append(word).append(" ".repeat((line.bytes() == 2 ? 20 : 18) - word.length()));
          out.append('\t').append(shown(line.text())).append('\n');
        }
        if (relocations) {
          relocations(out, section, line, skipped);
        }
      }
    }
  }

  private void relocations(StringBuilder out, Section section, Line line, int skipped) {
    for (Relocation relocation : section.relocations()) {
      long at = section.address() + relocation.offset();
      if (at >= line.address() && at < line.address() + line.bytes()) {
        out.append("\t\t\t").append(place(at, skipped).strip()).append(": ");
        out.append(relocation.type().psabiName()).append('\t').append(target(relocation));
        out.append('\n');
      }
    }
  }

  private String target(Relocation relocation) {
    String symbol = "*ABS*";
    if (relocation.symbol() != Relocation.NO_SYMBOL) {
      Symbol named = elf.symbols().get(relocation.symbol());
      boolean section = named.name().isEmpty() && named.place() instanceof Symbol.Place.In;
      symbol = section ? sectionName(named) : named.name();
    }
    long addend = relocation.addend();
    String plus =
        addend == 0
            ? ""
            : addend < 0 ? "-0x" + Long.toHexString(-addend) : "+0x" + Long.toHexString(addend);
    return shown(symbol) + plus;
  }

  /// Control characters as objdump shows them (`.L1^B1` is a numeric label); a tab is ours.
  private static String shown(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\t') {
        out.append('^').append((char) (c + '@'));
      } else {
        out.append(c == '\t' ? "\t" : Renderer.printable(String.valueOf(c)));
      }
    }
    return out.toString();
  }

  private String sectionName(Symbol symbol) {
    return symbol.place() instanceof Symbol.Place.In(int section)
        ? elf.sections().get(section).name()
        : "";
  }

  private List<Part> parts(int index, Section section) {
    NavigableMap<Long, String> labels = new TreeMap<>(Long::compareUnsigned);
    labels.put(section.address(), section.name());
    elf.symbols().stream()
        .filter(symbol -> symbol.place() instanceof Symbol.Place.In(int in) && in == index)
        .filter(symbol -> !symbol.name().isEmpty() && !isHelper(symbol.name()))
        .filter(symbol -> section.contains(symbol.value()))
        // Of several the last one wins: what other files see
        .sorted(Comparator.comparing(Symbol::isLocal).reversed())
        .forEach(symbol -> labels.put(symbol.value(), symbol.name()));
    List<Part> parts = new ArrayList<>();
    long end = section.address() + section.size();
    labels.forEach((from, label) -> {
      Long next = labels.higherKey(from);
      parts.add(new Part(from, next == null ? end : next, label));
    });
    return parts;
  }

  /// Names that only tools use: mapping symbols, and the labels between `%pcrel_hi` and
  /// `%pcrel_lo`.
  private static boolean isHelper(String symbol) {
    return symbol.startsWith("$") || symbol.startsWith(".L0 ");
  }

  private List<Line> lines(int index, Section section, Part part) {
    SymbolTable symbols =
        elf.type() == Elf.Type.REL ? SymbolTable.ofSection(elf, index) : SymbolTable.of(elf);
    NavigableMap<Long, Boolean> code = code(index);
    List<Line> lines = new ArrayList<>();
    long at = part.from();
    while (at < part.to()) {
      int offset = (int) (at - section.address());
      int left = (int) Math.min(part.to() - at, Integer.MAX_VALUE);
      int zeros = zeros(section, offset, left);
      var kind = code.floorEntry(at);
      Line line;
      if (zeros > 0) {
        line = new Line(at, zeros, 0, null);
      } else if (kind == null || kind.getValue()) {
        line = instruction(section.contents(), offset, at, left, symbols);
      } else {
        line = data(section.contents(), offset, at, left);
      }
      lines.add(line);
      at += line.bytes();
    }
    return lines;
  }

  /// Where code and data begin, as the mapping symbols of the psABI say: `$x`, `$d`.
  private NavigableMap<Long, Boolean> code(int index) {
    NavigableMap<Long, Boolean> code = new TreeMap<>(Long::compareUnsigned);
    for (Symbol symbol : elf.symbols()) {
      if (symbol.place() instanceof Symbol.Place.In(int in) && in == index) {
        if (symbol.name().startsWith("$x")) {
          code.put(symbol.value(), true);
        } else if (symbol.name().startsWith("$d")) {
          code.put(symbol.value(), false);
        }
      }
    }
    return code;
  }

  /// {@return how many bytes of zeros are passed over here}
  private int zeros(Section section, int offset, int left) {
    Bytes contents = section.contents();
    int n = 0;
    while (n < left && contents.at(offset + n) == 0) {
      n++;
    }
    boolean skip = n >= ZEROS || n == left && n < ZEROS_AT_END;
    int whole = n == left ? n : n / 4 * 4;
    for (Relocation relocation : skip ? section.relocations() : List.<Relocation>of()) {
      if (relocation.offset() >= offset && relocation.offset() < offset + whole) {
        return 0;
      }
    }
    return skip ? whole : 0;
  }

  private Line instruction(Bytes contents, int offset, long at, int left, SymbolTable symbols) {
    if (left < 2) {
      return data(contents, offset, at, left);
    }
    int length = Decoder.length(contents.u16(offset));
    if (length > left) {
      return data(contents, offset, at, left);
    }
    long word = length == 2 ? contents.u16(offset) : contents.u32(offset);
    return new Line(at, length, word, disassembler.text(word, at, symbols));
  }

  private static Line data(Bytes contents, int offset, long at, int left) {
    if (left >= 4 && (at & 3) == 0) {
      long word = contents.u32(offset);
      return new Line(at, 4, word, ".word\t0x" + hex(word, 8));
    }
    if (left >= 2 && (at & 1) == 0) {
      int word = contents.u16(offset);
      return new Line(at, 2, word, ".short\t0x" + hex(word, 4));
    }
    return new Line(at, 1, contents.u8(offset), ".byte\t0x" + hex(contents.u8(offset), 2));
  }

  /// {@return the listing as JSON}
  String json() {
    return Json.object(
        "tessera-listing-1",
        json -> {
          json.writeStringProperty("file", name);
          json.writeArrayPropertyStart("lines");
          for (int i = 0; i < elf.sections().size(); i++) {
            Section section = elf.sections().get(i);
            if (section.isExecutable() && !section.isZeros()) {
              for (Part part : parts(i, section)) {
                for (Line line : lines(i, section, part)) {
                  if (line.text() != null) {
                    json.writeStartObject();
                    json.writeStringProperty("section", section.name());
                    json.writeStringProperty("symbol", part.label());
                    json.writeStringProperty("address", "0x" + hex(line.address(), 8));
                    json.writeStringProperty("word", "0x" + hex(line.word(), 2 * line.bytes()));
                    json.writeStringProperty("text", line.text().replace('\t', ' '));
                    json.writeEndObject();
                  }
                }
              }
            }
          }
          json.writeEndArray();
        });
  }

  /// How many leading zeros of 16 digits are left out, so that the last address of a section still
  /// has room: four at a time, as objdump counts them.
  private static int skipped(long end) {
    String digits = hex(end, 16);
    int skipped = 0;
    while (skipped < 12 && digits.startsWith("00000", skipped)) {
      skipped += 4;
    }
    return skipped;
  }

  private static String place(long address, int skipped) {
    String digits = hex(address, 16).substring(skipped);
    int zeros = 0;
    while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
      zeros++;
    }
    return " ".repeat(zeros) + digits.substring(zeros);
  }

  private static String hex(long value, int digits) {
    String text = Long.toHexString(value);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
