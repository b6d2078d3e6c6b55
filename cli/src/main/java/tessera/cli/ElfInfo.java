package tessera.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tessera.elf.Attributes;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.elf.Segment;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Renderer;

/// An ELF file described, as text and as JSON (schema `tessera-elf-1`).
final class ElfInfo {
  private final String name;
  private final Elf elf;

  ElfInfo(String name, Elf elf) {
    this.name = name;
    this.elf = elf;
  }

  /// {@return the description; `symbols` adds the symbol table}
  String text(boolean symbols) {
    StringBuilder out = new StringBuilder();
    out.append(Renderer.printable(name)).append(": ELF64, RISC-V, ").append(kind());
    if (elf.type() != Elf.Type.REL) {
      out.append(", entry ").append(hex(elf.entry())).append(at(elf.entry()));
    }
    out.append('\n');
    arch().ifPresent(a -> out.append("isa       ").append(Renderer.printable(a)).append('\n'));
    if (!elf.loaded().isEmpty()) {
      out.append("\nin memory\n");
      elf.loaded().forEach(segment -> line(out, segment));
    }
    if (!elf.sections().isEmpty()) {
      out.append("\nsections\n");
      elf.sections().forEach(section -> line(out, section));
    }
    List<Symbol> named = named();
    out.append('\n').append(named.size()).append(named.size() == 1 ? " symbol\n" : " symbols\n");
    if (symbols) {
      named.forEach(symbol -> line(out, symbol));
    }
    return out.toString();
  }

  private void line(StringBuilder out, Segment segment) {
    long last = segment.address() + Math.max(0, segment.memorySize() - 1);
    out.append("  ").append(hex(segment.address())).append('-').append(hex(last)).append("  ");
    out.append(pad(Sizes.text(segment.memorySize()), 9)).append("  ");
    out.append(segment.isReadable() ? 'r' : '-').append(segment.isWritable() ? 'w' : '-');
    out.append(segment.isExecutable() ? 'x' : '-').append('\n');
  }

  private void line(StringBuilder out, Section section) {
    out.append("  ").append(pad(Renderer.printable(section.name()), -20)).append(' ');
    out.append(section.isAllocated() ? hex(section.address()) : "-         ").append("  ");
    out.append(pad(Sizes.text(section.size()), 9)).append("  ").append(section.type());
    if (!section.relocations().isEmpty()) {
      out.append(", ").append(section.relocations().size()).append(" relocations");
    }
    out.append('\n');
  }

  private void line(StringBuilder out, Symbol symbol) {
    out.append("  ").append(hex(symbol.value())).append("  ");
    out.append(pad(symbol.size() == 0 ? "" : Long.toString(symbol.size()), 9)).append("  ");
    out.append(symbol.isLocal() ? "local   " : "global  ");
    out.append(Renderer.printable(symbol.name())).append("  ").append(place(symbol)).append('\n');
  }

  private String place(Symbol symbol) {
    return switch (symbol.place()) {
      case Symbol.Place.Undefined() -> "undefined";
      case Symbol.Place.Absolute() -> "absolute";
      case Symbol.Place.Common() -> "common";
      case Symbol.Place.In(int section) -> Renderer.printable(elf.sections().get(section).name());
    };
  }

  private String kind() {
    return switch (elf.type()) {
      case REL -> "relocatable object";
      case EXEC -> "executable";
      case DYN -> "shared object or position-independent executable";
    };
  }

  private Optional<String> arch() {
    return elf.attributes().flatMap(Attributes::arch);
  }

  /// The symbols that people wrote, global ones first where several share an address; names that
  /// begin with `$` only tell a disassembler what lies where.
  private List<Symbol> named() {
    return elf.symbols().stream()
        .filter(s -> !s.name().isEmpty() && s.name().charAt(0) != '$')
        .filter(s -> s.type() != Symbol.Type.FILE)
        .sorted(
            Comparator.comparing(Symbol::value, Long::compareUnsigned)
                .thenComparing(Symbol::isLocal))
        .toList();
  }

  private String at(long address) {
    return named().stream()
        .filter(symbol -> symbol.isDefined() && symbol.value() == address)
        .findFirst()
        .map(symbol -> " <" + Renderer.printable(symbol.name()) + ">")
        .orElse("");
  }

  /// {@return the description as JSON, symbols included}
  String json() {
    return Json.object(
        "tessera-elf-1",
        json -> {
          json.writeStringProperty("file", name);
          json.writeStringProperty("type", elf.type().name());
          json.writeStringProperty("entry", hex(elf.entry()));
          arch().ifPresent(a -> json.writeStringProperty("isa", a));
          json.writeArrayPropertyStart("segments");
          for (Segment segment : elf.segments()) {
            json.writeStartObject();
            json.writeStringProperty("type", segment.type().toString());
            json.writeStringProperty("address", hex(segment.address()));
            json.writeNumberProperty("bytes", segment.memorySize());
            json.writeBooleanProperty("read", segment.isReadable());
            json.writeBooleanProperty("write", segment.isWritable());
            json.writeBooleanProperty("execute", segment.isExecutable());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayPropertyStart("sections");
          for (Section section : elf.sections()) {
            json.writeStartObject();
            json.writeStringProperty("name", section.name());
            json.writeStringProperty("type", section.type().toString());
            json.writeStringProperty("address", hex(section.address()));
            json.writeNumberProperty("bytes", section.size());
            json.writeNumberProperty("relocations", section.relocations().size());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayPropertyStart("symbols");
          for (Symbol symbol : named()) {
            json.writeStartObject();
            json.writeStringProperty("name", symbol.name());
            json.writeStringProperty("value", hex(symbol.value()));
            json.writeNumberProperty("bytes", symbol.size());
            json.writeStringProperty("binding", symbol.binding().name());
            json.writeStringProperty("place", place(symbol));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0x" + "0".repeat(Math.max(0, 8 - digits.length())) + digits;
  }

  /// {@return the text filled with blanks to `width`, on the right when that is negative}
  private static String pad(String text, int width) {
    String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? text + blanks : blanks + text;
  }
}
