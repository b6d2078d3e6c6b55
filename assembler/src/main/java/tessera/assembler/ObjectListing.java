package tessera.assembler;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.elf.Symbol;
import tessera.isaspec.Isa;
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
  private final Addresses addresses = new Addresses();
  private final StringBuilder out = new StringBuilder();

  private ObjectListing(Isa isa, Disassembler disassembler, Elf elf) {
    this.isa = isa;
    this.disassembler = disassembler;
    this.elf = elf;
  }

  static String of(Isa isa, Disassembler disassembler, Elf elf) {
    ObjectListing listing = new ObjectListing(isa, disassembler, elf);
    for (int i = 0; i < elf.sections().size(); i++) {
      Section section = elf.sections().get(i);
      if (section.isExecutable() && !section.contents().isEmpty()) {
        listing.section(i, section);
      }
    }
    return listing.out.toString();
  }

  private void section(int index, Section section) {
    new Code(index, section, new Names(index, section)).list();
  }

  /// Names of addresses as objdump gives them: by the nearest symbol before, whatever its size is,
  /// or the first one after; without symbols by the section.
  private final class Names {
    private final Section section;
    private final TreeMap<Long, Symbol> symbols = new TreeMap<>(Long::compareUnsigned);

    Names(int index, Section section) {
      this.section = section;
      for (Symbol symbol : elf.symbols()) {
        if (isName(symbol)
            && symbol.place() instanceof Symbol.Place.In(var where)
            && (elf.type() != Elf.Type.REL || where == index)) {
          symbols.merge(symbol.value(), symbol, (a, b) -> BEST_FIRST.compare(a, b) <= 0 ? a : b);
        }
      }
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
      return text.toString();
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
      out.append("\nDisassembly of section ").append(section.name()).append(":\n");
      addresses.forget();
      while (at < bytes.length()) {
        String label = labels.get(address());
        if (label != null) {
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
        OptionalLong made = addresses.follow(insn, address());
        String text = disassembler.textWith(insn, address(), names::place);
        line(digits, made.isPresent() ? text + " # " + names.place(made.getAsLong()) : text);
      }
      at += size;
    }

    private void line(String digits, String text) {
      out.append(
          String.format(
              "%" + width + "s:\t%-" + (digits.length() == 4 ? 20 : 18) + "s\t%s%n",
              Long.toHexString(address()),
              digits,
              text));
    }
  }
}
