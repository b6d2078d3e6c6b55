package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Extension;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.Trap;
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
import tessera.isaspec.text.Statement;

/// Texts to a checked [Isa]: the stages in the order they run.
public final class Checker {
  private final Diagnostics diagnostics = new Diagnostics();
  private final Definitions defs = new Definitions(diagnostics);
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<String, Instruction> byName = new LinkedHashMap<>();
  private final List<Alias> aliases = new ArrayList<>();
  private final Set<String> everyInsn = new HashSet<>();
  private final Isa.Request request;

  private Checker(Isa.Request request) {
    this.request = request;
  }

  /// {@return the checked ISA with warnings, or all that is wrong}
  public static Isa.Result check(Isa.Request request) {
    return new Checker(request).run();
  }

  private Isa.Result run() {
    try {
      return checked();
    } catch (SpecError error) {
      diagnostics.add(error.diagnostic());
    } catch (NeedsContext needs) {
      diagnostics.add(needs.error().diagnostic());
    }
    return new Isa.Result.Failed(diagnostics.all());
  }

  private Isa.Result checked() {
    List<SpecText> texts = read();
    if (diagnostics.hasErrors()) {
      return new Isa.Result.Failed(diagnostics.all());
    }
    Library library = new Library(texts, diagnostics);
    Item.Machine machineItem = library.machineNamed(request.machine());
    List<Library.Defined> closure = closure(library, machineItem);
    closure.forEach(e -> defs.active.add(e.name()));
    define(library);
    Machine machine = new MachineReader(defs).read(machineItem, request.set());
    state(library, closure);
    if (diagnostics.hasErrors()) {
      return new Isa.Result.Failed(diagnostics.all());
    }
    readInstructions(closure, library, machine);
    Isa isa = isa(closure, machine);
    OverlappingEncodings.check(instructions, diagnostics);
    new Bindings(defs, diagnostics).check(bodiesToCheck());
    return diagnostics.hasErrors()
        ? new Isa.Result.Failed(diagnostics.all())
        : new Isa.Result.Ok(isa, diagnostics.all());
  }

  private List<SpecText> read() {
    List<SpecText> texts = new ArrayList<>();
    for (Source source : request.sources()) {
      SpecText text = SpecReader.read(source, diagnostics);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
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
    library.loose().forEach(i -> defs.add(i, true));
    for (Library.Defined e : library.extensions()) {
      boolean active = defs.active.contains(e.name());
      e.items().forEach(i -> define(i, active));
    }
  }

  private void define(Item item, boolean active) {
    defs.add(item, active);
    if (item instanceof Item.Agent agent && active) {
      diagnostics.add(NotYet.error("agent", agent.span()).diagnostic());
    }
    if (item instanceof Item.Record record && active) {
      diagnostics.add(NotYet.error("record", record.span()).diagnostic());
    }
    if (item instanceof Item.On on && active) {
      diagnostics.add(NotYet.error("on", on.span()).diagnostic());
    }
    if (item instanceof Item.Rule rule && active && rule.file() != null) {
      diagnostics.add(NotYet.error("pair-rule", rule.span()).diagnostic());
    }
  }

  private void state(Library library, List<Library.Defined> closure) {
    StateReader reader = new StateReader(defs, diagnostics);
    library.loose().forEach(i -> collect(i, reader));
    closure.forEach(e -> e.items().forEach(i -> collect(i, reader)));
    reader.define();
    reader.checkStability((rule, values) -> Stability.apply(rule, values[0], values[1]));
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
    AliasReader aliasReader = new AliasReader(defs, byName, everyInsn);
    for (Pending p : pending) {
      attempt(() -> {
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
      case Item.Insn i -> attempt(() -> add(reader.read(i, scope, extension)));
      case Item.Alias a -> pending.add(new Pending(a, scope));
      case Item.Family f ->
          attempt(() -> {
            List<Scope> rows = Families.rows(f.columns(), scope, Binder.global(defs));
            if (rows.isEmpty()
                && f.columns().columns().stream().noneMatch(c -> c.range() != null)) {
              throw new SpecError(
                  "family-empty", f.span(), "this family has no row", "look at its `where`");
            }
            rows.forEach(
                row -> f.items().forEach(i -> instruction(i, row, extension, reader, pending)));
          });
      case Item.Form f -> scope.put(f.name(), new Value.FormOf(f, scope));
      case Item.Function f ->
          scope.put(
              f.name(),
              new Value.Func(
                  f.kind(),
                  f.name(),
                  f.typeParameters(),
                  f.parameters(),
                  f.result(),
                  f.value(),
                  f.body(),
                  scope,
                  f.span()));
      default -> {}
    }
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
    everyInsn.add(instruction.name());
    instructions.add(instruction);
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (SpecError error) {
      diagnostics.add(error.diagnostic());
    } catch (NeedsContext needs) {
      diagnostics.add(needs.error().diagnostic());
    }
  }

  /// All bodies when asked, else those of the added files: bundled texts were checked by the build.
  private List<Instruction> bodiesToCheck() {
    if (request.everything()) {
      return instructions;
    }
    Set<Source> added = new HashSet<>(request.added());
    return instructions.stream().filter(i -> added.contains(i.span().source())).toList();
  }

  private Isa isa(List<Library.Defined> closure, Machine machine) {
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
            traps(),
            instructions,
            aliases,
            machine));
  }

  private List<Trap> traps() {
    List<Trap> all = new ArrayList<>();
    for (Item.Trap item : defs.traps.values()) {
      attempt(() -> all.add(trap(item)));
    }
    return all;
  }

  private Trap trap(Item.Trap item) {
    Binder binder = Binder.global(defs);
    Scope scope = Scope.closed();
    List<Local> parameters = new ArrayList<>();
    Map<String, Type> types = new HashMap<>();
    types.put("kind", Type.Int.of(0, 4));
    for (Item.Parameter p : item.parameters()) {
      Local local = binder.local(p.name(), types.getOrDefault(p.name(), Type.bits(64)));
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

  /// {@return the statements of an instruction as written, for documentation}
  public static List<Statement> source(Instruction instruction) {
    return instruction.meaning() instanceof Meanings m ? m.source() : List.of();
  }
}
