package tessera.assembler.relocate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.elf.Section;
import tessera.elf.SectionType;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;

/// One object in the making: its sections, its symbols, and the place where the next byte goes. The
/// reader of text and the typed builder fill it alike.
public final class Program {
  /// Contents beyond this are refused before they are made (ux.md 5.2).
  public static final long MOST_BYTES = 256L << 20;

  /// Zeros without contents beyond this are refused.
  public static final long MOST_ZEROS = 1L << 40;

  /// The largest power of two that an alignment may demand.
  public static final int MOST_ALIGNMENT = 30;

  /// ADDI x0, x0, 0: the canonical NOP (unprivileged manual, "NOP Instruction").
  private static final long NOP = 0x13;

  private static final int INLINE_REPEAT = 64;

  /// What GNU as reserves for a branch or jump, whatever becomes of it.
  private static final int WORST_BRANCH = 8;

  private record Position(AsmSection section, int subsection) {}

  private final Diagnostics diagnostics;
  private String arch;
  private final Map<String, AsmSection> sections = new LinkedHashMap<>();
  private final Map<String, AsmSymbol> symbols = new HashMap<>();
  private final Set<AsmSymbol> order = new LinkedHashSet<>();
  private final Map<Integer, Integer> numericCounts = new HashMap<>();
  private final Map<String, AsmSymbol> numeric = new HashMap<>();
  private final List<String> files = new ArrayList<>();
  private final Deque<Position[]> pushed = new ArrayDeque<>();
  private Position position;
  private Position previous;
  private Fragment.Data data;
  private boolean relax;
  private @Nullable Long shortNop;
  private long bytes;

  /// @param arch the ISA as `Tag_RISCV_arch` spells it
  /// @param compressed whether it has instructions of 2 bytes
  public Program(Diagnostics diagnostics, String arch, boolean compressed) {
    this.diagnostics = diagnostics;
    this.arch = arch;
    AsmSection text = section(".text", SectionType.PROGBITS, Section.ALLOC | Section.EXECUTE, 0);
    section(".data", SectionType.PROGBITS, Section.ALLOC | Section.WRITE, 0);
    section(".bss", SectionType.NOBITS, Section.ALLOC | Section.WRITE, 0);
    text.align(compressed ? 1 : 2);
    position = new Position(text, 0);
    previous = position;
    data = append(new Fragment.Data(text));
  }

  public Diagnostics diagnostics() {
    return diagnostics;
  }

  /// {@return the ISA as `Tag_RISCV_arch` spells it}
  public String arch() {
    return arch;
  }

  /// Sets the ISA string (`.attribute arch`).
  public void arch(String text) {
    arch = text;
  }

  /// Adds to the section `.comment` (`.ident`).
  public void comment(String text, @Nullable Span at) {
    push();
    AsmSection comment = section(".comment");
    if (comment == null) {
      comment = section(".comment", SectionType.PROGBITS, Section.MERGE | Section.STRINGS, 1);
      enter(comment, 0);
      number(0, 1, at);
    }
    enter(comment, 0);
    bytes(text.getBytes(StandardCharsets.UTF_8), at);
    number(0, 1, at);
    pop();
  }

  /// {@return the sections in the order of their first use}
  public List<AsmSection> sections() {
    return List.copyOf(sections.values());
  }

  /// {@return every symbol in the order of its first use}
  public List<AsmSymbol> symbols() {
    return List.copyOf(order);
  }

  /// {@return the names of the source files that the text came from}
  public List<String> files() {
    return List.copyOf(files);
  }

  /// Notes a source file (`.file "x.c"`).
  public void file(String name) {
    files.add(name);
  }

  /// {@return whether a linker may shorten what follows}
  public boolean relax() {
    return relax;
  }

  /// Sets whether a linker may shorten what follows (`.option relax`).
  public void relax(boolean may) {
    relax = may;
  }

  /// Sets the 2-byte instruction that does nothing, or that there is none.
  public void shortNop(@Nullable Long word) {
    shortNop = word;
  }

  // Sections

  /// {@return the section of that name, or null}
  public @Nullable AsmSection section(String name) {
    return sections.get(name);
  }

  /// {@return the section of that name; made so if it is new}
  public AsmSection section(String name, SectionType type, long flags, long entrySize) {
    return section(name, null, type, flags, entrySize);
  }

  /// {@return the section of that name in a group, or in none; made so if it is new}
  public AsmSection section(
      String name,
      AsmSection.@Nullable Membership group,
      SectionType type,
      long flags,
      long entrySize) {
    return sections.computeIfAbsent(
        key(name, group), _ -> new AsmSection(name, group, type, flags, entrySize));
  }

  /// {@return the section of that name in a group, or in none; null: there is no such}
  public @Nullable AsmSection section(String name, AsmSection.@Nullable Membership group) {
    return sections.get(key(name, group));
  }

  /// No name has a zero byte in it.
  private static String key(String name, AsmSection.@Nullable Membership group) {
    return group == null ? name : name + '\0' + group.signature();
  }

  /// {@return the section that is being filled}
  public AsmSection current() {
    return position.section();
  }

  /// Goes on in another section.
  public void enter(AsmSection section, int subsection) {
    previous = position;
    go(new Position(section, subsection));
  }

  /// Goes on where it was before the latest change.
  public void enterPrevious() {
    Position back = previous;
    previous = position;
    go(back);
  }

  /// Keeps the place, for [#pop].
  public void push() {
    pushed.push(new Position[] {position, previous});
  }

  /// {@return false if nothing was pushed; else goes back to it}
  public boolean pop() {
    if (pushed.isEmpty()) {
      return false;
    }
    Position[] kept = pushed.pop();
    go(kept[0]);
    previous = kept[1];
    return true;
  }

  private void go(Position to) {
    position = to;
    List<Fragment> part = to.section().part(to.subsection());
    data =
        !part.isEmpty() && part.getLast() instanceof Fragment.Data open
            ? open
            : append(new Fragment.Data(to.section()));
  }

  // Symbols

  /// {@return the symbol of that name; made if it is new}
  public AsmSymbol symbol(String name) {
    return symbols.computeIfAbsent(name, n -> listed(AsmSymbol.named(n)));
  }

  /// {@return the symbol of that name, or null}
  public @Nullable AsmSymbol find(String name) {
    return symbols.get(name);
  }

  /// {@return every name}
  public List<String> names() {
    return List.copyOf(symbols.keySet());
  }

  /// {@return a new symbol of that name, in place of the old one}
  public AsmSymbol replace(String name) {
    AsmSymbol fresh = listed(AsmSymbol.named(name));
    AsmSymbol old = symbols.put(name, fresh);
    if (old != null) {
      order.remove(old);
    }
    return fresh;
  }

  private AsmSymbol listed(AsmSymbol symbol) {
    order.add(symbol);
    return symbol;
  }

  /// Gives a symbol this place.
  public void place(AsmSymbol symbol, @Nullable Span at) {
    symbol.define(new AsmSymbol.Definition.At(data, data.length()), at);
  }

  /// {@return a symbol without a name, not placed yet}
  public AsmSymbol fresh() {
    return listed(new AsmSymbol(".L0 ", AsmSymbol.Kind.TEMPORARY));
  }

  /// {@return a symbol without a name for this place}
  public AsmSymbol here() {
    AsmSymbol symbol = fresh();
    place(symbol, null);
    return symbol;
  }

  /// Places the next label of that number (`1:`).
  public void placeNumeric(int number, @Nullable Span at) {
    int instance = numericCounts.merge(number, 1, Integer::sum);
    place(numeric(number, instance), at);
  }

  /// {@return what `1f` or `1b` means here; null: there is none behind}
  public @Nullable AsmSymbol numeric(int number, boolean ahead) {
    int count = numericCounts.getOrDefault(number, 0);
    return ahead ? numeric(number, count + 1) : count == 0 ? null : numeric(number, count);
  }

  private AsmSymbol numeric(int number, int instance) {
    String name = ".L" + number + "\002" + instance;
    return numeric.computeIfAbsent(name, n -> listed(new AsmSymbol(n, AsmSymbol.Kind.TEMPORARY)));
  }

  // Contents

  private <F extends Fragment> F append(F fragment) {
    List<Fragment> part = position.section().part(position.subsection());
    if (!part.isEmpty()) {
      part.getLast().next(fragment);
    }
    part.add(fragment);
    return fragment;
  }

  /// Begins a new stretch: a linker may change what lies before, so distances across this place are
  /// its business.
  public void split() {
    blocks().begin();
    data = append(new Fragment.Data(current()));
  }

  private Blocks blocks() {
    return current().blocks(position.subsection());
  }

  /// Makes room for bytes of code that lie together.
  private void take(int size) {
    if (current().isCode() && blocks().take(size)) {
      data = append(new Fragment.Data(current()));
    }
  }

  private void appendAndGoOn(Fragment fragment) {
    append(fragment);
    data = append(new Fragment.Data(current()));
  }

  /// {@return whether so many bytes more are allowed; says so if not}
  private boolean reserve(long more, @Nullable Span at) {
    long most = current().isZeros() ? MOST_ZEROS : MOST_BYTES;
    if (more >= 0 && more <= most && (current().isZeros() || bytes + more <= most)) {
      bytes += current().isZeros() ? 0 : more;
      return true;
    }
    diagnostics.add(
        Diagnostic.error(
            "too-large", at, "this makes the contents larger than " + (most >> 20) + " MiB"));
    return false;
  }

  /// Puts the low bytes of a number here, as data.
  public void number(long value, int size, @Nullable Span at) {
    if (reserve(size, at) && initialises(value != 0, at)) {
      map(AsmSection.Mapping.DATA);
      take(size);
      data.append(value, size);
    }
  }

  /// Puts a number here whose value is not known yet, as data.
  public void number(Expression value, int size, @Nullable Span at) {
    if (reserve(size, at) && initialises(true, at)) {
      map(AsmSection.Mapping.DATA);
      take(size);
      data.add(new Fixup(data.length(), new Fixup.Kind.Number(size), value, relax, at));
      data.append(0, size);
    }
  }

  /// Puts the distance from here to a place, in 4 bytes.
  void relative(Expression target, @Nullable Span at) {
    if (reserve(4, at) && initialises(true, at)) {
      data.add(new Fixup(data.length(), new Fixup.Kind.Relative(), target, relax, at));
      data.append(0, 4);
    }
  }

  /// Puts how far the row before holds, in a table of frames.
  void advance(AsmSymbol from, AsmSymbol to) {
    if (reserve(5, null)) {
      // What lies in one stretch no linker changes.
      boolean known =
          from.definition() instanceof AsmSymbol.Definition.At(var first, _)
              && to.definition() instanceof AsmSymbol.Definition.At(var last, _)
              && first == last;
      appendAndGoOn(new Fragment.Advance(current(), from, to, known));
    }
  }

  /// Puts a step of a table of lines here, which needs an address instead if it is long.
  void lineAdvance(AsmSymbol from, AsmSymbol to) {
    if (reserve(11, null)) {
      appendAndGoOn(new Fragment.LineAdvance(current(), from, to));
    }
  }

  /// {@return a symbol without a name for the start of a section}
  AsmSymbol startOf(AsmSection section) {
    AsmSymbol symbol = fresh();
    symbol.define(new AsmSymbol.Definition.At(section.fragments().getFirst(), 0), null);
    return symbol;
  }

  /// {@return a symbol without a name for the end of what a section holds so far}
  AsmSymbol endOf(AsmSection section) {
    List<Fragment> part = section.lastPart();
    if (part.isEmpty() || !(part.getLast() instanceof Fragment.Data)) {
      Fragment.Data end = new Fragment.Data(section);
      if (!part.isEmpty()) {
        part.getLast().next(end);
      }
      part.add(end);
    }
    Fragment.Data last = (Fragment.Data) part.getLast();
    AsmSymbol symbol = fresh();
    symbol.define(new AsmSymbol.Definition.At(last, last.length()), null);
    return symbol;
  }

  /// Puts bytes here, as data.
  public void bytes(byte[] contents, @Nullable Span at) {
    if (reserve(contents.length, at) && initialises(anySet(contents), at)) {
      map(AsmSection.Mapping.DATA);
      data.append(contents);
    }
  }

  private static boolean anySet(byte[] contents) {
    for (byte b : contents) {
      if (b != 0) {
        return true;
      }
    }
    return false;
  }

  /// A section of zeros takes no other contents.
  private boolean initialises(boolean something, @Nullable Span at) {
    if (something && current().isZeros()) {
      diagnostics.add(
          Diagnostic.error(
              "no-contents",
              at,
              "section '" + current().name() + "' holds only zeros and takes no contents"));
      return false;
    }
    return true;
  }

  /// What an instruction's field gets.
  ///
  /// @param span where the text says so; null: as the instruction
  public record Field(Fixup.Kind.Field kind, Expression target, @Nullable Span span) {}

  /// Puts an instruction here.
  ///
  /// @param fields what a linker or the layout fills in
  public void instruction(long word, int size, List<Field> fields, @Nullable Span at) {
    if (reserve(size, at) && initialises(true, at)) {
      map(AsmSection.Mapping.INSTRUCTIONS);
      take(size);
      for (Field field : fields) {
        Span span = field.span() == null ? at : field.span();
        data.add(new Fixup(data.length(), field.kind(), field.target(), relax, span));
      }
      data.append(word, size);
      if (fields.stream().anyMatch(f -> Functions.endsStretch(f.kind().type()))) {
        split();
      }
    }
  }

  /// Puts a branch here that takes the shortest form that reaches.
  public void branch(List<Fragment.Branch.Form> forms, Expression target, @Nullable Span at) {
    if (reserve(forms.getLast().bytes(), at) && initialises(true, at)) {
      map(AsmSection.Mapping.INSTRUCTIONS);
      take(WORST_BRANCH);
      blocks().begin();
      appendAndGoOn(new Fragment.Branch(current(), forms, target, at));
    }
  }

  /// Pads to a multiple of `1 << power` bytes.
  ///
  /// @param fill null: as the section wants it, in code with instructions that do nothing
  /// @param most the largest padding; if more were needed there is none
  public void align(int power, Fragment.Padding.@Nullable Fill fill, long most, @Nullable Span at) {
    long size = 1L << power;
    int unit = shortNop == null ? 4 : 2;
    if (current().isCode() && fill == null && power > 0 && (relax || size <= unit)) {
      alignForLinker(size - unit, at);
    } else if (power > 0 && reserve(Math.min(size, most), at)) {
      Fragment.Padding padding =
          fill != null
              ? fill
              : current().isCode()
                  ? new Fragment.Padding.Nops(NOP)
                  : new Fragment.Padding.Fill(0, 1);
      if (padding instanceof Fragment.Padding.Nops) {
        map(AsmSection.Mapping.INSTRUCTIONS);
      }
      appendAndGoOn(new Fragment.Alignment(current(), power, padding, most));
    }
    current().align(power);
  }

  /// {@return the padding at the end of a code section, not placed yet}
  Fragment.Alignment codePadding(AsmSection section) {
    return new Fragment.Alignment(
        section, section.alignment(), new Fragment.Padding.Nops(NOP), Long.MAX_VALUE);
  }

  /// Marks the padding at the end of a code section as instructions.
  void mapPadding(AsmSection section) {
    List<Fragment> part = section.lastPart();
    if (section.mapping() == AsmSection.Mapping.DATA
        && !part.isEmpty()
        && part.getLast() instanceof Fragment.Alignment end
        && end.size() > 0) {
      listed(new AsmSymbol("$x", AsmSymbol.Kind.MAPPING))
          .define(new AsmSymbol.Definition.At(end, 0), null);
    }
  }

  /// Where a linker may move code only it knows how much padding is needed: the most is put here.
  private void alignForLinker(long worst, @Nullable Span at) {
    if (worst > 0 && reserve(worst, at)) {
      map(AsmSection.Mapping.INSTRUCTIONS);
      take((int) Math.min(worst, Integer.MAX_VALUE));
      data.add(
          new Fixup(
              data.length(),
              new Fixup.Kind.Mark(RelocationType.ALIGN),
              Expression.of(worst),
              false,
              at));
      if (shortNop != null && worst % 4 != 0) {
        data.append(shortNop, 2);
      }
      for (long i = worst / 4; i > 0; i--) {
        data.append(NOP, 4);
      }
      split();
    }
  }

  /// Repeats a pattern.
  public void repeat(Expression count, Fragment.Padding.Fill pattern, @Nullable Span at) {
    if (count instanceof Expression.Constant(var n)) {
      repeat(n, pattern, at);
    } else {
      map(AsmSection.Mapping.DATA);
      appendAndGoOn(new Fragment.Repeat(current(), count, pattern, at));
    }
  }

  private void repeat(long n, Fragment.Padding.Fill pattern, @Nullable Span at) {
    long size = n > MOST_ZEROS ? Long.MAX_VALUE : n * pattern.bytes();
    if (n <= 0 || !reserve(size, at) || !initialises(pattern.value() != 0, at)) {
      return;
    }
    map(AsmSection.Mapping.DATA);
    if (n <= INLINE_REPEAT) {
      for (long i = 0; i < n; i++) {
        data.append(pattern.value(), pattern.bytes());
      }
    } else {
      appendAndGoOn(new Fragment.Repeat(current(), Expression.of(n), pattern, at));
    }
  }

  /// Pads to an offset in the section.
  public void origin(Expression target, int fill, @Nullable Span at) {
    appendAndGoOn(new Fragment.Origin(current(), target, fill, at));
  }

  /// Puts a number in LEB128 here.
  public void leb(Expression value, boolean signed, @Nullable Span at) {
    map(AsmSection.Mapping.DATA);
    if (value instanceof Expression.Constant(var n)) {
      bytes(Fragment.Leb.encode(n, signed, 1), at);
    } else if (initialises(true, at)) {
      appendAndGoOn(new Fragment.Leb(current(), value, signed, at));
    }
  }

  /// Marks where instructions and data begin in code.
  private void map(AsmSection.Mapping kind) {
    AsmSection section = current();
    boolean newArch = kind == AsmSection.Mapping.INSTRUCTIONS && !arch.equals(section.mappedArch());
    if (!section.isCode() || section.mapping() == kind && !newArch) {
      return;
    }
    section.mapping(kind);
    if (newArch) {
      section.mappedArch(arch);
    }
    String name = kind == AsmSection.Mapping.DATA ? "$d" : newArch ? "$x" + arch : "$x";
    AsmSymbol symbol = listed(new AsmSymbol(name, AsmSymbol.Kind.MAPPING));
    place(symbol, null);
  }
}
