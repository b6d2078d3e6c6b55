package tessera.assembler.relocate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.elf.Attributes;
import tessera.elf.Elf;
import tessera.elf.Relocation;
import tessera.elf.RelocationType;
import tessera.elf.Section;
import tessera.elf.SectionType;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;

/// Links relocatable objects into a program for a machine without an operating system: at
/// 0x8000_0000, every section on a page of its own, nothing shortened.
public final class Linker {
  private static final String START = "_start";
  private static final int GOT_ENTRY = 8;

  /// The scratchpad of hart 0 (machines.md 1).
  private static final long SCRATCHPAD = 0x4000_0000L;

  private record Definition(int object, int symbol) {}

  private final List<ObjectFile> objects;
  private final Diagnostics diagnostics;
  private final OutputSections sections = new OutputSections();
  private final Map<String, Definition> globals = new LinkedHashMap<>();
  private final Map<String, OutputSections.Home> commons = new HashMap<>();
  private final Map<String, Integer> gotSlots = new LinkedHashMap<>();
  private final Map<Long, Long> highParts = new HashMap<>();
  private final Set<Long> failedHighParts = new HashSet<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private final Set<String> registers;

  private Linker(List<ObjectFile> objects, Set<String> registers, Diagnostics diagnostics) {
    this.objects = objects;
    this.registers = registers;
    this.diagnostics = diagnostics;
  }

  /// {@return the program; what is wrong is added to the diagnostics}
  ///
  /// @param registers names that a user may have meant as registers
  public static Elf link(List<ObjectFile> objects, Set<String> registers, Diagnostics diagnostics) {
    return new Linker(objects, registers, diagnostics).link();
  }

  private Elf link() {
    objects.forEach(o -> sections.add(o.elf().sections()));
    forEachSymbol(this::resolve);
    reserveCommons();
    reserveGot();
    sections.place(
        tessera.elf.Layout.BARE_METAL, objects.stream().map(o -> o.elf().sections()).toList());
    fillGot();
    relocate(true);
    relocate(false);
    return program();
  }

  @FunctionalInterface
  private interface SymbolUse {
    void use(int object, int index, Symbol symbol);
  }

  private void forEachSymbol(SymbolUse use) {
    for (int object = 0; object < objects.size(); object++) {
      List<Symbol> symbols = objects.get(object).elf().symbols();
      for (int i = 0; i < symbols.size(); i++) {
        use.use(object, i, symbols.get(i));
      }
    }
  }

  // Symbols

  private void resolve(int object, int index, Symbol symbol) {
    if (symbol.place() instanceof Symbol.Place.In(var section)
        && symbol.type() != Symbol.Type.SECTION) {
      sections.keep(object, section);
    }
    if (symbol.isLocal() || symbol.place() instanceof Symbol.Place.Undefined) {
      return;
    }
    Definition fresh = new Definition(object, index);
    Definition known = globals.putIfAbsent(symbol.name(), fresh);
    if (known != null) {
      choose(symbol, symbol(known), known, fresh);
    }
  }

  private Symbol symbol(Definition definition) {
    return objects.get(definition.object()).elf().symbols().get(definition.symbol());
  }

  /// Of several definitions a strong one counts, then a common one, the larger, then a weak one.
  private void choose(Symbol symbol, Symbol other, Definition known, Definition fresh) {
    int rank = rank(symbol);
    int otherRank = rank(other);
    boolean larger = rank == 1 && otherRank == 1 && symbol.size() > other.size();
    if (rank > otherRank || larger) {
      globals.put(symbol.name(), fresh);
    } else if (rank == 2 && otherRank == 2) {
      diagnostics.add(
          Diagnostic.error(
                  "duplicate-symbol",
                  definitionSpan(fresh, symbol.name()),
                  "'" + symbol.name() + "' is defined by several files")
              .note(definitionSpan(known, symbol.name()), "here as well"));
    }
  }

  private static int rank(Symbol symbol) {
    return symbol.binding() == Symbol.Binding.WEAK
        ? 0
        : symbol.place() instanceof Symbol.Place.Common ? 1 : 2;
  }

  private @Nullable Span definitionSpan(Definition definition, String name) {
    return objects.get(definition.object()).definitions().get(name);
  }

  private void reserveCommons() {
    globals.forEach((name, definition) -> {
      Symbol symbol = symbol(definition);
      if (symbol.place() instanceof Symbol.Place.Common) {
        Section like = Section.zeros(".bss", Section.ALLOC | Section.WRITE, 1, 0);
        OutputSections.Output bss = sections.named(".bss", like);
        commons.put(name, new OutputSections.Home(bss, bss.reserve(symbol.size(), symbol.value())));
      }
    });
  }

  /// {@return the address of a symbol as an object sees it; null and a complaint if there is none}
  private @Nullable Long address(int object, int index, @Nullable Span at) {
    Symbol symbol = objects.get(object).elf().symbols().get(index);
    Definition definition =
        symbol.isLocal() ? new Definition(object, index) : globals.get(symbol.name());
    if (definition == null) {
      return undefined(symbol, at);
    }
    Symbol its = symbol(definition);
    return switch (its.place()) {
      case Symbol.Place.Absolute _ -> its.value();
      case Symbol.Place.Common _ ->
          java.util.Objects.requireNonNull(commons.get(its.name())).address();
      case Symbol.Place.In(var section) -> {
        OutputSections.Home home = sections.home(definition.object(), section);
        yield home == null ? null : Long.valueOf(home.address() + its.value());
      }
      case Symbol.Place.Undefined _ -> null;
    };
  }

  private @Nullable Long undefined(Symbol symbol, @Nullable Span at) {
    Long provided = provided(symbol.name());
    if (provided != null || symbol.binding() == Symbol.Binding.WEAK) {
      return provided == null ? Long.valueOf(0) : provided;
    }
    if (missing.add(symbol.name())) {
      Diagnostic error =
          Diagnostic.error("undefined-symbol", at, "symbol '" + symbol.name() + "' is not defined");
      String nearest = Suggestion.nearest(symbol.name(), names());
      diagnostics.add(
          registers.contains(symbol.name())
              ? error.help("the instruction wants a symbol here, not a register")
              : nearest == null ? error : error.help("did you mean '" + nearest + "'?"));
    }
    return null;
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>(globals.keySet());
    objects.forEach(o -> names.addAll(o.definitions().keySet()));
    return names;
  }

  /// What a linker defines where somebody asks for it.
  private @Nullable Long provided(String name) {
    return switch (name) {
      case "__global_pointer$" -> start(".sdata", ".data", ".bss") + 0x800;
      case "__bss_start" -> start(".bss");
      case "_etext", "etext" -> end(".text");
      case "_edata", "edata" -> end(".data");
      case "_end", "end" -> endOfAll();
      case "__spm_base" -> SCRATCHPAD;
      default -> boundary(name);
    };
  }

  /// `__start_NAME`, `__stop_NAME`, `__init_array_start`, …
  private @Nullable Long boundary(String name) {
    for (String array : List.of("preinit_array", "init_array", "fini_array")) {
      if (name.equals("__" + array + "_start")) {
        return start("." + array);
      }
      if (name.equals("__" + array + "_end")) {
        return end("." + array);
      }
    }
    if (name.startsWith("__start_") && sections.find(name.substring(8)) != null) {
      return start(name.substring(8));
    }
    return name.startsWith("__stop_") && sections.find(name.substring(7)) != null
        ? Long.valueOf(end(name.substring(7)))
        : null;
  }

  private long start(String... names) {
    for (String name : names) {
      OutputSections.Output output = sections.find(name);
      if (output != null) {
        return output.address();
      }
    }
    return endOfAll();
  }

  private long end(String name) {
    OutputSections.Output output = sections.find(name);
    return output == null ? endOfAll() : output.address() + output.size();
  }

  private long endOfAll() {
    long end = tessera.elf.Layout.BARE_METAL.base();
    for (OutputSections.Output output : sections.all()) {
      end = Math.max(end, output.address() + output.size());
    }
    return end;
  }

  // Relocations

  private void reserveGot() {
    for (ObjectFile object : objects) {
      for (Section section : object.elf().sections()) {
        for (Relocation relocation : section.relocations()) {
          if (usesGot(relocation.type())) {
            gotSlots.putIfAbsent(key(object, relocation), gotSlots.size());
          }
        }
      }
    }
    if (!gotSlots.isEmpty()) {
      Section like =
          Section.bits(".got", Section.ALLOC | Section.WRITE, GOT_ENTRY, tessera.elf.Bytes.empty());
      sections.named(".got", like).reserve((long) GOT_ENTRY * gotSlots.size(), GOT_ENTRY);
    }
  }

  private static boolean usesGot(RelocationType type) {
    return type == RelocationType.GOT_HI20 || type == RelocationType.TLS_GOT_HI20;
  }

  private String key(ObjectFile object, Relocation relocation) {
    Symbol symbol = object.elf().symbols().get(relocation.symbol());
    return relocation.type()
        + (symbol.isLocal() ? objects.indexOf(object) + ":" + relocation.symbol() : "")
        + " "
        + symbol.name();
  }

  private void fillGot() {
    OutputSections.Output got = sections.find(".got");
    if (got == null) {
      return;
    }
    for (int o = 0; o < objects.size(); o++) {
      ObjectFile object = objects.get(o);
      for (Section section : object.elf().sections()) {
        for (Relocation relocation : section.relocations()) {
          Integer slot = usesGot(relocation.type()) ? gotSlots.get(key(object, relocation)) : null;
          Long address = slot == null ? null : address(o, relocation.symbol(), null);
          if (slot != null && address != null) {
            long value =
                relocation.type() == RelocationType.GOT_HI20 ? address : address - threadStart();
            new Patch(got.bytes(), GOT_ENTRY * slot).write(RelocationType.R64, value);
          }
        }
      }
    }
  }

  private long threadStart() {
    return sections.all().stream()
        .filter(OutputSections.Output::isThreadLocal)
        .mapToLong(OutputSections.Output::address)
        .min()
        .orElse(0);
  }

  /// @param high the high parts, to which low parts refer
  private void relocate(boolean high) {
    for (int o = 0; o < objects.size(); o++) {
      List<Section> list = objects.get(o).elf().sections();
      for (int s = 0; s < list.size(); s++) {
        OutputSections.Home home = sections.home(o, s);
        List<Relocation> relocations = list.get(s).relocations();
        for (int r = 0; home != null && r < relocations.size(); r++) {
          if (isHigh(relocations.get(r).type()) == high) {
            relocate(o, home, relocations.get(r), objects.get(o).spans().get(s).get(r));
          }
        }
      }
    }
  }

  private static boolean isHigh(RelocationType type) {
    return type == RelocationType.PCREL_HI20 || usesGot(type);
  }

  private void relocate(
      int object, OutputSections.Home home, Relocation relocation, @Nullable Span at) {
    RelocationType type = relocation.type();
    if (type == RelocationType.RELAX
        || type == RelocationType.NONE
        || type == RelocationType.TPREL_ADD) {
      return;
    }
    long place = home.address() + relocation.offset();
    Long symbol =
        relocation.symbol() == Relocation.NO_SYMBOL
            ? Long.valueOf(0)
            : address(object, relocation.symbol(), at);
    if (symbol == null) {
      failedHighParts.add(place);
      return;
    }
    boolean isLow = type == RelocationType.PCREL_LO12_I || type == RelocationType.PCREL_LO12_S;
    if (isLow && failedHighParts.contains(symbol)) {
      return;
    }
    Long value = value(object, relocation, symbol, place);
    String problem =
        value == null
            ? "there is no matching high part at the label"
            : new Patch(home.output().bytes(), Math.toIntExact(home.offset() + relocation.offset()))
                .write(type, value);
    if (problem != null) {
      diagnostics.add(
          Diagnostic.error("target-range", at, name(object, relocation) + ": " + problem));
    }
  }

  private String name(int object, Relocation relocation) {
    if (relocation.symbol() == Relocation.NO_SYMBOL) {
      return "a number";
    }
    String name = objects.get(object).elf().symbols().get(relocation.symbol()).name();
    return name.isBlank() || name.startsWith(".L") ? "a label" : "'" + name + "'";
  }

  private @Nullable Long value(int object, Relocation relocation, long symbol, long place) {
    long target = symbol + relocation.addend();
    return switch (relocation.type()) {
      case BRANCH, JAL, RVC_BRANCH, RVC_JUMP, CALL, CALL_PLT, R32_PCREL -> target - place;
      case PCREL_HI20 -> high(place, target - place);
      case GOT_HI20, TLS_GOT_HI20 -> {
        Integer slot = gotSlots.get(key(objects.get(object), relocation));
        OutputSections.Output got = sections.find(".got");
        yield slot == null || got == null
            ? null
            : high(place, got.address() + (long) GOT_ENTRY * slot - place);
      }
      case PCREL_LO12_I, PCREL_LO12_S -> highParts.get(symbol);
      case TPREL_HI20, TPREL_LO12_I, TPREL_LO12_S -> Long.valueOf(target - threadStart());
      default -> target;
    };
  }

  private long high(long place, long value) {
    highParts.put(place, value);
    return value;
  }

  // The program

  private Elf program() {
    Elf.Builder elf = Elf.builder(Elf.Type.EXEC).entry(entry()).flags(flags());
    sections.all().forEach(o -> elf.section(o.section()));
    attributes(elf);
    // Local ones first, as the file will have them.
    for (boolean local : new boolean[] {true, false}) {
      forEachSymbol((object, index, symbol) -> {
        if (symbol.isLocal() == local) {
          addSymbol(elf, object, index, symbol);
        }
      });
    }
    return tessera.elf.Layout.BARE_METAL.withSegments(elf.build());
  }

  private int flags() {
    return objects.stream().mapToInt(o -> o.elf().flags()).reduce(0, (a, b) -> a | b);
  }

  private long entry() {
    Definition start = globals.get(START);
    if (start != null) {
      Long address = address(start.object(), start.symbol(), null);
      return address == null ? 0 : address;
    }
    Long local = localStart();
    return local == null ? start(".text") : local;
  }

  /// A `_start` that nobody made global still is where a reader expects to begin.
  private @Nullable Long localStart() {
    for (int object = 0; object < objects.size(); object++) {
      List<Symbol> symbols = objects.get(object).elf().symbols();
      for (int i = 0; i < symbols.size(); i++) {
        if (symbols.get(i).name().equals(START) && symbols.get(i).isDefined()) {
          return address(object, i, null);
        }
      }
    }
    return null;
  }

  private void attributes(Elf.Builder elf) {
    for (ObjectFile object : objects) {
      for (Section section : object.elf().sections()) {
        if (section.name().equals(Attributes.SECTION)
            && section.type().equals(SectionType.RISCV_ATTRIBUTES)) {
          elf.section(section);
          return;
        }
      }
    }
  }

  private void addSymbol(Elf.Builder elf, int object, int index, Symbol symbol) {
    Definition global = globals.get(symbol.name());
    boolean isOther =
        !symbol.isLocal() && (global == null || !global.equals(new Definition(object, index)));
    boolean isTemporary = symbol.isLocal() && symbol.name().startsWith(".L");
    if (isOther || isTemporary || symbol.type() == Symbol.Type.SECTION) {
      return;
    }
    Symbol.Place place =
        switch (symbol.place()) {
          case Symbol.Place.In(var section) -> in(sections.home(object, section));
          case Symbol.Place.Common _ -> in(commons.get(symbol.name()));
          case Symbol.Place.Absolute absolute -> absolute;
          case Symbol.Place.Undefined _ -> null;
        };
    Long address = place == null ? null : address(object, index, null);
    if (place != null && address != null) {
      elf.symbol(
          new Symbol(
              symbol.name(),
              symbol.type(),
              symbol.binding(),
              symbol.visibility(),
              symbol.variantCc(),
              place,
              symbol.type() == Symbol.Type.TLS ? address - threadStart() : address,
              symbol.size()));
    }
  }

  private static Symbol.@Nullable Place in(OutputSections.@Nullable Home home) {
    return home == null ? null : new Symbol.Place.In(home.output().index());
  }
}
