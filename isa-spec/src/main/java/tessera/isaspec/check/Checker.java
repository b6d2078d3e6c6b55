package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Extension;
import tessera.isaspec.Handler;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.Texts;
import tessera.isaspec.Trap;
import tessera.isaspec.VectorNames;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.SpecReader;
import tessera.isaspec.text.SpecText;
import tessera.isaspec.text.Term;

/// Texts to a checked [Isa]: the stages in the order they run.
public final class Checker {
  /// The parameter that `zvl256b` in an ISA string sets, and what V asks for itself.
  private static final String LENGTH = "VLEN";

  private static final int LEAST_LENGTH = 128;

  /// What is read of the bundled texts, once for all ISAs of a process: records, which never
  /// change.
  private static final Map<Source, SpecText> BUNDLED = new ConcurrentHashMap<>();

  private final Diagnostics diagnostics = new Diagnostics();
  private final Findings findings = Findings.into(diagnostics);
  private final Definitions defs = new Definitions(diagnostics);
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<String, Instruction> byName = new LinkedHashMap<>();
  private final List<Alias> aliases = new ArrayList<>();
  private final Handlers handlers = new Handlers(defs, findings);
  private final Isa.Request request;

  private Checker(Isa.Request request) {
    this.request = request;
    this.defs.choices = request.choices();
  }

  /// {@return the checked ISA with warnings, or all that is wrong}
  public static Isa.Result check(Isa.Request request) {
    return new Checker(request).run();
  }

  private Isa.Result run() {
    List<Isa> checked = new ArrayList<>();
    findings.attempt(() -> checked(checked));
    List<Diagnostic> found = inOrder(diagnostics.all());
    return diagnostics.hasErrors() || checked.isEmpty()
        ? new Isa.Result.Failed(found)
        : new Isa.Result.Ok(checked.getFirst(), found);
  }

  /// {@return findings as a reader meets them: those without a place first, then text by text}
  private List<Diagnostic> inOrder(List<Diagnostic> found) {
    List<Diagnostic> ordered = new ArrayList<>(found);
    ordered.sort(
        Comparator.<Diagnostic>comparingInt(
                d -> d.span() == null ? -1 : request.sources().indexOf(d.span().source()))
            .thenComparingInt(d -> d.span() == null ? 0 : d.span().from()));
    return ordered;
  }

  private void checked(List<Isa> result) {
    List<SpecText> texts = read();
    if (diagnostics.hasErrors()) {
      return; // what a wrong syntax means nobody knows
    }
    Library library = new Library(texts, diagnostics);
    Item.Machine machineItem = library.machineNamed(request.machine());
    List<Library.Defined> closure = closure(library, machineItem);
    closure.forEach(e -> defs.active.add(e.name()));
    define(library);
    Map<String, String> set = withLength(request.isa(), request.set());
    Machine machine = new MachineReader(defs, findings).read(machineItem, set);
    state(library, closure);
    List<Handler> around = handlers.read();
    readInstructions(closure, library, machine);
    List<Trap> traps = traps();
    Predicate<Instruction> wanted = wanted(library);
    List<Instruction> sound = new Bindings(defs, findings).check(instructions, wanted);
    OverlappingEncodings.check(sound, wanted, findings);
    Map<String, Integer> csrs = new LinkedHashMap<>();
    defs.csrs.values().forEach(c -> csrs.put(c.name(), c.number()));
    SameTexts.check(sound, wanted, csrs, findings);
    CustomSpace.check(sound, Set.copyOf(request.added()), findings);
    if (!diagnostics.hasErrors()) {
      Isa isa = isa(closure, machine, traps, around);
      MacCounts.check(isa, sound.stream().filter(wanted).toList(), findings);
      defs.work.checked();
      result.add(isa);
    }
  }

  /// {@return parameters with the VLEN that an ISA string names, unless it is set; less than V asks
  /// for itself is no wish}
  private static Map<String, String> withLength(@Nullable String isa, Map<String, String> set) {
    int length =
        isa == null
            ? 0
            : VectorNames.leastLength(List.of(isa.toLowerCase(Locale.ROOT).split("_", -1)));
    if (length < LEAST_LENGTH || set.containsKey(LENGTH)) {
      return set;
    }
    Map<String, String> all = new HashMap<>(set);
    all.put(LENGTH, String.valueOf(length));
    return all;
  }

  private List<SpecText> read() {
    List<SpecText> texts = new ArrayList<>();
    for (Source source : request.sources()) {
      SpecText text = read(source);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  private @Nullable SpecText read(Source source) {
    SpecText known = BUNDLED.get(source);
    if (known != null) {
      return known;
    }
    SpecText text = SpecReader.read(source, diagnostics);
    if (text != null && Texts.bundled().contains(source)) {
      BUNDLED.put(source, text);
    }
    return text;
  }

  private List<Library.Defined> closure(Library library, Item.Machine machine) {
    String isa = request.isa();
    List<Library.Wanted> wanted =
        new ArrayList<>(
            isa == null ? library.parse(machine.isa(), machine.span()) : library.parse(isa, null));
    for (Source added : request.added()) {
      for (Library.Defined e : library.extensions()) {
        if (e.item().span().source().equals(added)) {
          wanted.add(new Library.Wanted(e.name(), e.item().span()));
        }
      }
    }
    for (Library.Defined e : library.extensions()) {
      if (request.also().contains(e.name().toLowerCase(Locale.ROOT))) {
        wanted.add(new Library.Wanted(e.name(), null));
      }
    }
    wanted.add(new Library.Wanted("I", null));
    List<Library.Defined> closure = library.closure(wanted);
    Set<String> names = new HashSet<>();
    closure.forEach(e -> names.add(e.name()));
    // Pseudo-instructions are no extension of hardware: every ISA has those whose targets it has.
    return library.extensions().stream()
        .filter(e -> names.contains(e.name()) || e.name().equals("Gnu"))
        .toList();
  }

  private void define(Library library) {
    library.loose().forEach(i -> define(i, true));
    for (Library.Defined e : library.extensions()) {
      boolean active = defs.active.contains(e.name());
      e.items().forEach(i -> define(i, active));
    }
  }

  private void define(Item item, boolean active) {
    defs.add(item, active);
    if (!active) {
      return;
    }
    switch (item) {
      case Item.Agent agent -> findings.add(NotYet.error("agent", agent.span()));
      case Item.Record record -> findings.add(NotYet.error("record", record.span()));
      case Item.On on -> handlers.collect(on, Scope.top(), false);
      default -> {}
    }
  }

  private void state(Library library, List<Library.Defined> closure) {
    StateReader reader = new StateReader(defs, findings, handlers);
    library.loose().forEach(i -> collect(i, reader));
    closure.forEach(e -> e.items().forEach(i -> collect(i, reader)));
    reader.define();
  }

  private static void collect(Item item, StateReader reader) {
    if (item instanceof Item.State state) {
      reader.collect(state, Scope.top());
    }
  }

  private void readInstructions(List<Library.Defined> closure, Library library, Machine machine) {
    InstructionReader reader = new InstructionReader(defs, machine, new OperandClasses(defs));
    List<Pending> pending = new ArrayList<>();
    library.loose().forEach(i -> instruction(i, Scope.top(), "", reader, pending));
    for (Library.Defined e : closure) {
      e.items().forEach(i -> instruction(i, Scope.top(), e.name(), reader, pending));
    }
    reader.shortForms(new LinkedHashMap<>(byName), findings).forEach(this::add);
    reader.checkUnused(ownDefinitions(library), findings);
    AliasReader aliasReader =
        new AliasReader(defs, byName, everyName(library), Set.copyOf(request.added()));
    for (Pending p : pending) {
      findings.attempt(() -> {
        Alias alias = aliasReader.read(p.item(), p.scope());
        if (alias != null) {
          aliases.add(alias);
        }
      });
    }
  }

  private record Pending(Item.Alias item, Scope scope) {}

  private void instruction(
      Item item, Scope scope, String extension, InstructionReader reader, List<Pending> pending) {
    switch (item) {
      case Item.Insn i -> findings.attempt(() -> add(reader.read(i, scope, extension)));
      case Item.Alias a -> pending.add(new Pending(a, scope));
      case Item.Family f ->
          findings.attempt(() -> {
            for (Scope row : rows(f, scope)) {
              defs.work.expand(f.items().size(), f.span());
              f.items().forEach(i -> inFamily(i, row, extension, reader, pending));
            }
          });
      default -> {}
    }
  }

  private List<Scope> rows(Item.Family f, Scope scope) {
    List<Scope> rows = Families.rows(f.columns(), scope, Binder.waiting(defs), f.span());
    // A column that ranges over a list may be empty: its rows may come with other extensions.
    boolean open =
        f.columns().columns().stream().anyMatch(c -> c.range() instanceof Term.Range.Named);
    if (rows.isEmpty() && !open) {
      throw new SpecError(
          "family-empty", f.span(), "this family has no row", "look at its ranges and its `where`");
    }
    return rows;
  }

  /// An item without a hole inside a family is local to its row.
  private void inFamily(
      Item item, Scope row, String extension, InstructionReader reader, List<Pending> pending) {
    switch (item) {
      case Item.Insn _, Item.Alias _, Item.Family _ ->
          instruction(item, row, extension, reader, pending);
      case Item.Form f -> row.put(f.name(), new Value.FormOf(f, row));
      case Item.Function f -> row.put(f.name(), Functions.of(f, row));
      case Item.Const c ->
          findings.attempt(() -> row.put(c.name(), Binder.global(defs).constant(c.value(), row)));
      default ->
          findings.add(
              new SpecError(
                  "syntax",
                  item.span(),
                  "this can not stand in a family",
                  "a family holds instructions, aliases, families, forms, functions and consts"));
    }
  }

  /// {@return the names of all instructions of all texts, in the ISA or not, as far as they are
  /// plain}
  private static Set<String> everyName(Library library) {
    Set<String> names = new HashSet<>();
    library.loose().forEach(i -> names(i, names));
    library.extensions().forEach(e -> e.items().forEach(i -> names(i, names)));
    return names;
  }

  private static void names(Item item, Set<String> names) {
    switch (item) {
      case Item.Insn i -> names.add(i.name().raw());
      case Item.Family f -> f.items().forEach(i -> names(i, names));
      default -> {}
    }
  }

  /// {@return the definitions of the added files}
  private List<Item> ownDefinitions(Library library) {
    List<Item> all = new ArrayList<>(library.loose());
    library.extensions().forEach(e -> all.addAll(e.items()));
    Set<Source> added = new HashSet<>(request.added());
    return all.stream().filter(i -> added.contains(i.span().source())).toList();
  }

  private void add(@Nullable Instruction instruction) {
    if (instruction == null) {
      return;
    }
    Instruction earlier = byName.putIfAbsent(instruction.name(), instruction);
    if (earlier != null) {
      diagnostics.add(
          Diagnostic.error(
                  "name-twice",
                  instruction.span(),
                  "the instruction '" + instruction.name() + "' is defined twice")
              .note(earlier.span(), "first defined here"));
      return;
    }
    instructions.add(instruction);
  }

  /// {@return what is checked: all bodies when asked, else those of the added files, since bundled
  /// texts were checked by the build. A row that an added file gives to a bundled list makes
  /// instructions of bundled families, so then all are.}
  private Predicate<Instruction> wanted(Library library) {
    Set<Source> added = new HashSet<>(request.added());
    boolean addsRows =
        ownDefinitions(library).stream()
            .anyMatch(i ->
                i instanceof Item.ListOf list
                    && defs.lists.getOrDefault(list.name(), List.of()).stream()
                        .anyMatch(l -> !added.contains(l.span().source())));
    return request.everything() || addsRows ? _ -> true : i -> added.contains(i.span().source());
  }

  private Isa isa(
      List<Library.Defined> closure, Machine machine, List<Trap> traps, List<Handler> around) {
    List<Extension> extensions =
        closure.stream()
            .map(e ->
                new Extension(
                    e.name(),
                    e.item().needs().stream().map(Item.Need::name).toList(),
                    "",
                    e.item().span()))
            .toList();
    return new Isa(
        new Isa.Parts(
            IsaName.of(extensions),
            extensions,
            List.copyOf(defs.files.values()),
            List.copyOf(defs.csrs.values()),
            List.copyOf(defs.modes.values()),
            traps,
            instructions,
            aliases,
            around,
            machine));
  }

  private List<Trap> traps() {
    List<Trap> all = new ArrayList<>();
    for (Item.Trap item : defs.traps.values()) {
      findings.attempt(() -> all.add(trap(item)));
    }
    return all;
  }

  private Trap trap(Item.Trap item) {
    Binder binder = Binder.global(defs);
    Scope scope = Scope.closed();
    List<Local> parameters = new ArrayList<>();
    for (Item.Parameter p : item.parameters()) {
      Type preset = p.name().equals("kind") ? Type.Int.of(0, 4) : Type.bits(64);
      Type type = p.type() == null ? preset : binder.type(p.type(), scope);
      Local local = binder.local(p.name(), type);
      parameters.add(local);
      scope.put(p.name(), new Value.Dyn(new Expr.LocalValue(local)));
    }
    Expr cause = binder.bodies.trapWord(item.cause(), scope);
    Expr value =
        item.value() == null
            ? Make.literal(Type.bits(64), BigInteger.ZERO)
            : binder.bodies.trapWord(item.value(), scope);
    return new Trap(item.name(), parameters, cause, value, item.span());
  }
}
