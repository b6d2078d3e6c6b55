package tessera.assembler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Relocation;
import tessera.elf.Section;
import tessera.elf.Symbol;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;

/// The code of a file in the columns of `objdump -d`.
final class ObjectListing {
  /// objdump passes over zeros: that many of them, and at the end of what a symbol names even
  /// fewer.
  private static final int ZEROS = 8;

  private static final int ZEROS_AT_END = 3;

  /// The name that GNU as gives to places without one.
  private static final String NAMELESS = ".L0 ";

  /// Symbols that say where instructions and data begin (psABI, "Mapping Symbol").
  private static final Pattern MAPPING = Pattern.compile("\\$d(\\..*)?|\\$x(rv.*|\\..*)?");

  /// Of several symbols at one place the first is printed.
  private static final Comparator<Symbol> BEST_FIRST =
      Comparator.comparing((Symbol s) -> s.type() != Symbol.Type.FUNC)
          .thenComparing(s -> s.type() == Symbol.Type.OBJECT)
          .thenComparing(Symbol::size, Comparator.reverseOrder())
          .thenComparing(Symbol::isLocal)
          .thenComparing(Symbol::name);

  private final Isa isa;
  private final Disassembler disassembler;
  private final Elf elf;
  private final boolean relocations;
  private final Addresses addresses = new Addresses();
  private final StringBuilder out = new StringBuilder();
  private final List<Disassembler.Line> lines = new ArrayList<>();

  private ObjectListing(Isa isa, Disassembler disassembler, Elf elf, boolean relocations) {
    this.isa = isa;
    this.disassembler = disassembler;
    this.elf = elf;
    this.relocations = relocations;
  }

  /// {@return it as text, from the first section heading on}
  static String text(Isa isa, Disassembler disassembler, Elf elf, boolean relocations) {
    return new ObjectListing(isa, disassembler, elf, relocations).list().out.toString();
  }

  /// {@return its lines}
  static List<Disassembler.Line> lines(Isa isa, Disassembler disassembler, Elf elf) {
    return List.copyOf(new ObjectListing(isa, disassembler, elf, false).list().lines);
  }

  private ObjectListing list() {
    for (int i = 0; i < elf.sections().size(); i++) {
      Section section = elf.sections().get(i);
      if (section.isExecutable() && !section.contents().isEmpty()) {
        section(i, section);
      }
    }
    return this;
  }

  private void section(int index, Section section) {
    new Code(index, section, new Names(index, section)).list();
  }

  /// Names of addresses as objdump gives them: by the nearest symbol before, whatever its size is,
  /// or the first one after; without symbols by the section.
  private final class Names {
    private final Section section;
    private final TreeMap<Long, Symbol> own = new TreeMap<>(Long::compareUnsigned);
    private final TreeMap<Long, Symbol> all = new TreeMap<>(Long::compareUnsigned);

    Names(int index, Section section) {
      this.section = section;
      for (Symbol symbol : elf.symbols()) {
        if (isName(symbol) && symbol.place() instanceof Symbol.Place.In(var where)) {
          if (elf.type() != Elf.Type.REL || where == index) {
            own.merge(symbol.value(), symbol, Names::better);
          }
          all.merge(symbol.value(), symbol, Names::earlier);
        }
      }
    }

    private static Symbol better(Symbol a, Symbol b) {
      return BEST_FIRST.compare(a, b) <= 0 ? a : b;
    }

    private static Symbol earlier(Symbol a, Symbol b) {
      int before = Integer.compare(section(a), section(b));
      return before == 0 ? better(a, b) : before < 0 ? a : b;
    }

    private static int section(Symbol symbol) {
      return symbol.place() instanceof Symbol.Place.In(var where) ? where : -1;
    }

    private static boolean isName(Symbol symbol) {
      return !symbol.name().isEmpty()
          && !MAPPING.matcher(symbol.name()).matches()
          && !symbol.name().equals(NAMELESS)
          && symbol.type() != Symbol.Type.SECTION
          && symbol.type() != Symbol.Type.FILE
          && symbol.type() != Symbol.Type.TLS;
    }

    String name(long address) {
      // In an object an address of no section may be one of any.
      boolean inside = elf.type() != Elf.Type.REL || section.contains(address);
      TreeMap<Long, Symbol> symbols = inside ? own : all;
      var before = symbols.floorEntry(address);
      var nearest = before != null ? before : symbols.ceilingEntry(address);
      return nearest == null
          ? name(section.name(), section.address(), address)
          : name(nearest.getValue().name(), nearest.getKey(), address);
    }

    private static String name(String base, long start, long address) {
      return caret(base)
          + (address == start
              ? ""
              : Long.compareUnsigned(address, start) > 0
                  ? "+0x" + Long.toHexString(address - start)
                  : "-0x" + Long.toHexString(start - address));
    }

    /// The label of a numeric one has a control character in its name.
    private static String caret(String name) {
      StringBuilder text = new StringBuilder();
      name.chars()
          .forEach(c -> text.append(c < 0x20 ? "^" + (char) (c + 0x40) : String.valueOf((char) c)));
      // Other marks that a terminal would act on: names are not trusted.
      return Renderer.printable(text.toString());
    }

    String place(long address) {
      return Long.toHexString(address) + " <" + name(address) + ">";
    }
  }

  /// One section of code.
  private final class Code {
    private final Section section;
    private final Bytes bytes;
    private final Names names;
    private final TreeMap<Long, Boolean> data = new TreeMap<>();
    private final TreeMap<Long, String> labels = new TreeMap<>();
    private final int width;
    private int at;
    private int next;
    private String part = "";

    Code(int index, Section section, Names names) {
      this.section = section;
      this.bytes = section.contents();
      this.names = names;
      String last = Long.toHexString(section.address() + section.size());
      this.width = Math.min(16, (last.length() / 4 + 1) * 4);
      for (Symbol symbol : elf.symbols()) {
        if (symbol.place() instanceof Symbol.Place.In(var where) && where == index) {
          add(symbol);
        }
      }
      labels.putIfAbsent(section.address(), names.name(section.address()));
    }

    private void add(Symbol symbol) {
      if (MAPPING.matcher(symbol.name()).matches()) {
        data.put(symbol.value(), symbol.name().startsWith("$d"));
      } else if (Names.isName(symbol)) {
        labels.put(symbol.value(), names.name(symbol.value()));
      }
    }

    private long address() {
      return section.address() + at;
    }

    void list() {
      out.append("\nDisassembly of section ").append(Names.caret(section.name())).append(":\n");
      while (at < bytes.length()) {
        String label = labels.get(address());
        if (label != null) {
          part = label;
          out.append(String.format("%n%016x <%s>:%n", address(), label));
        }
        Long next = labels.higherKey(address());
        part(
            next == null
                ? bytes.length()
                : (int) Math.min(bytes.length(), next - section.address()));
      }
    }

    /// Lists up to the next label.
    private void part(int end) {
      while (at < end) {
        int zeros = zeros(end);
        if (zeros > 0) {
          out.append("\t...\n");
          at += zeros;
        } else if (isData()) {
          datum(end);
        } else {
          instruction(end);
        }
      }
    }

    private int zeros(int end) {
      int stop = at;
      while (stop < end && bytes.u8(stop) == 0) {
        stop++;
      }
      int count = stop - at;
      boolean skipped = count >= ZEROS || stop == end && count > 0 && count < ZEROS_AT_END;
      return !skipped ? 0 : stop < end ? count & ~3 : count;
    }

    private boolean isData() {
      var mark = data.floorEntry(address());
      return mark != null && mark.getValue();
    }

    private void datum(int end) {
      Long mark = data.higherKey(address());
      int limit = mark == null ? end : (int) Math.min(end, mark - section.address());
      int left = limit - at;
      int size = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      long value = number(size);
      String digits = String.format("%0" + 2 * size + "x", value);
      String name = size == 4 ? ".word" : size == 2 ? ".short" : ".byte";
      line(digits, name + "\t0x" + digits);
      at += size;
      relocations(at - size, at);
    }

    private long number(int size) {
      return size == 4 ? bytes.u32(at) : size == 2 ? bytes.u16(at) : bytes.u8(at);
    }

    private void instruction(int end) {
      int size = end - at < 2 ? 1 : Decoder.length(bytes.u16(at));
      if (size > end - at) {
        size = end - at < 2 ? 1 : 2;
      }
      long word = number(size);
      String digits = String.format("%0" + 2 * size + "x", word);
      Decoded insn = size == 1 ? null : isa.decoder().decode(word);
      if (insn == null || insn.bytes() != size) {
        line(digits, "." + (size == 1 ? "byte" : size + "byte") + "\t0x" + Long.toHexString(word));
      } else {
        OptionalLong made = addresses.follow(insn, address(), disassembler::says);
        String text = disassembler.textWith(insn, address(), names::place);
        line(digits, made.isPresent() ? text + " # " + names.place(made.getAsLong()) : text);
      }
      at += size;
      relocations(at - size, at);
    }

    /// What a linker still has to fill in at some bytes.
    private void relocations(int from, int to) {
      while (relocations && next < section.relocations().size()) {
        Relocation relocation = section.relocations().get(next);
        if (relocation.offset() >= to) {
          return;
        }
        next++;
        if (relocation.offset() >= from) {
          out.append(
              String.format(
                  "\t\t\t%s: %s\t%s%n",
                  Long.toHexString(section.address() + relocation.offset()),
                  relocation.type().psabiName(),
                  target(relocation)));
        }
      }
    }

    private String target(Relocation relocation) {
      String name = "*ABS*";
      if (relocation.symbol() != Relocation.NO_SYMBOL) {
        Symbol symbol = elf.symbols().get(relocation.symbol());
        name =
            symbol.type() == Symbol.Type.SECTION
                    && symbol.place() instanceof Symbol.Place.In(var where)
                ? elf.sections().get(where).name()
                : Names.caret(symbol.name());
      }
      long addend = relocation.addend();
      return addend == 0
          ? name
          : name + (addend < 0 ? "-0x" : "+0x") + Long.toHexString(Math.abs(addend));
    }

    private void line(String digits, String text) {
      lines.add(
          new Disassembler.Line(
              section.name(),
              part,
              address(),
              Long.parseUnsignedLong(digits, 16),
              digits.length() / 2,
              text));
      out.append(
          String.format(
              "%" + width + "s:\t%-" + (digits.length() == 4 ? 20 : 18) + "s\t%s%n",
              Long.toHexString(address()),
              digits,
              text));
    }
  }
}
