package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Mode;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// Makes register files, CSRs and modes of `state` blocks: first all names, then their rules, since
/// rules refer to each other.
final class StateReader {
  private record In<T>(T item, Scope scope) {}

  private final Definitions defs;
  private final Diagnostics diagnostics;
  private final Binder binder;
  private final List<In<Item.StateItem.Reg>> registers = new ArrayList<>();
  private final List<In<Item.StateItem.CsrOf>> csrs = new ArrayList<>();
  private final List<In<Item.StateItem.ModeOf>> modes = new ArrayList<>();
  private final List<In<Item.StateItem.GiveField>> given = new ArrayList<>();
  private final Map<Csr, In<Item.StateItem.CsrOf>> texts = new LinkedHashMap<>();

  StateReader(Definitions defs, Diagnostics diagnostics) {
    this.defs = defs;
    this.diagnostics = diagnostics;
    this.binder = Binder.global(defs);
  }

  /// Collects the items of one block.
  void collect(Item.State state, Scope scope) {
    state.items().forEach(i -> collect(i, scope));
  }

  private void collect(Item.StateItem item, Scope scope) {
    switch (item) {
      case Item.StateItem.Reg r -> registers.add(new In<>(r, scope));
      case Item.StateItem.CsrOf c -> csrs.add(new In<>(c, scope));
      case Item.StateItem.ModeOf m -> modes.add(new In<>(m, scope));
      case Item.StateItem.MemoryOf m -> memory(m);
      case Item.StateItem.GiveField g -> given.add(new In<>(g, scope));
      case Item.StateItem.StateFamily f ->
          attempt(() ->
              Families.rows(f.columns(), scope, binder)
                  .forEach(row -> f.items().forEach(i -> collect(i, row))));
    }
  }

  private void memory(Item.StateItem.MemoryOf m) {
    defs.memories.add(m.name());
    m.ons().forEach(on -> diagnostics.add(NotYet.error("on", on.span()).diagnostic()));
  }

  /// Defines all that was collected.
  void define() {
    registers.forEach(r -> attempt(() -> register(r)));
    csrs.forEach(c -> attempt(() -> declare(c)));
    modes.forEach(m -> attempt(() -> mode(m)));
    texts.forEach((csr, in) -> attempt(() -> rules(csr, in)));
    given.forEach(g -> attempt(() -> give(g)));
    registers.forEach(r -> attempt(() -> dirty(r)));
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

  // Register files

  private void register(In<Item.StateItem.Reg> in) {
    Item.StateItem.Reg item = in.item();
    if (item.name().equals("pc")) {
      return; // every hart has one; it is named by `pc` and written by `jump`
    }
    Type type = binder.type(item.type(), in.scope());
    if (!(type instanceof Type.Bits(_, int width))) {
      throw new SpecError("type", item.span(), "a register holds bits, not " + type);
    }
    int count = item.count() == null ? 1 : binder.whole(item.count(), in.scope());
    Integer zero = null;
    BigInteger reset = BigInteger.ZERO;
    List<List<String>> names = List.of();
    for (Item.Trait trait : item.traits()) {
      switch (trait) {
        case Item.Trait.Zero(int register) -> zero = register;
        case Item.Trait.Reset(var value) -> reset = binder.constant(value, in.scope()).numerator();
        case Item.Trait.Names(var texts) ->
            names = texts.stream().map(t -> List.of(t.split(" "))).toList();
        case Item.Trait.Dirty _, Item.Trait.Shared _ -> {}
        case Item.Trait.Needs _, Item.Trait.ReadOnly _ ->
            throw new SpecError("type", item.span(), "`needs` and `ro` are for CSRs");
      }
    }
    RegisterFile file =
        new RegisterFile(
            item.name(), defs.files.size(), count, width, zero, reset, names, item.span());
    if (defs.files.putIfAbsent(item.name(), file) != null) {
      throw new SpecError(
          "name-twice", item.span(), "the register file '" + item.name() + "' is declared twice");
    }
  }

  private void dirty(In<Item.StateItem.Reg> in) {
    RegisterFile file = defs.files.get(in.item().name());
    if (file != null) {
      Local register = binder.local("r", Type.Int.of(0, file.count() - 1));
      Scope scope = in.scope().inner().put("r", new Value.Dyn(new Expr.LocalValue(register)));
      file.dirty(dirty(in.item().traits(), register, scope));
    }
  }

  private List<RegisterFile.Dirty> dirty(List<Item.Trait> traits, Local register, Scope scope) {
    List<RegisterFile.Dirty> all = new ArrayList<>();
    for (Item.Trait trait : traits) {
      if (trait instanceof Item.Trait.Dirty(var assignments)) {
        for (Item.Dirtying d : assignments) {
          LValue target = binder.bodies.target(d.target(), scope);
          Expr value =
              binder.coerce(binder.bind(d.value(), scope, target.type()), target.type(), d.span());
          all.add(new RegisterFile.Dirty(register, target, value));
        }
      }
    }
    return all;
  }

  // CSRs

  private void declare(In<Item.StateItem.CsrOf> in) {
    Item.StateItem.CsrOf item = in.item();
    String name = binder.fill(item.name(), in.scope());
    int number = binder.whole(item.number(), in.scope());
    if (number < 0 || number > 0xfff) {
      throw new SpecError(
          "literal-fit",
          item.span(),
          "a CSR's number has 12 bits, got 0x" + Integer.toHexString(number));
    }
    boolean readOnly = item.traits().stream().anyMatch(Item.Trait.ReadOnly.class::isInstance);
    boolean shared = item.traits().stream().anyMatch(Item.Trait.Shared.class::isInstance);
    for (Csr other : defs.csrs.values()) {
      if (other.number() == number || other.name().equals(name)) {
        throw new SpecError(
            Diagnostic.error(
                    "csr-clash",
                    item.span(),
                    "'"
                        + name
                        + "' and '"
                        + other.name()
                        + "' both are CSR 0x"
                        + Integer.toHexString(other.number()))
                .note(other.span(), "the other one is here")
                .help("give it another number, or show the other one with ="));
      }
    }
    Csr csr = new Csr(name, number, defs.csrs.size(), readOnly, shared, item.span());
    defs.csrs.put(name, csr);
    texts.put(csr, in);
    csr.define(fields(item), null, List.of());
  }

  private static List<CsrField> fields(Item.StateItem.CsrOf item) {
    long seen = 0;
    List<CsrField> fields = new ArrayList<>();
    for (Item.CsrFieldOf f : item.fields()) {
      if (f.lo() < 0 || f.hi() < f.lo() || f.hi() > 63) {
        throw new SpecError(
            "csr-bits",
            f.span(),
            "bits " + f.hi() + ":" + f.lo() + " do not exist in a CSR of 64 bits");
      }
      CsrField field = new CsrField(f.name(), f.hi(), f.lo());
      if ((seen & field.mask()) != 0) {
        throw new SpecError(
            "csr-bits", f.span(), "the field '" + f.name() + "' overlaps another one");
      }
      seen |= field.mask();
      fields.add(field);
    }
    if (seen != -1L && !item.rest() && item.shows() == null) {
      long missing = ~seen;
      int bit = 63 - Long.numberOfLeadingZeros(missing);
      throw new SpecError(
          "csr-bits",
          item.span(),
          "bit " + bit + " of this CSR belongs to no field",
          "name it, or write rest 0;");
    }
    return fields;
  }

  private void rules(Csr csr, In<Item.StateItem.CsrOf> in) {
    Item.StateItem.CsrOf item = in.item();
    item.ons().forEach(on -> diagnostics.add(NotYet.error("on", on.span()).diagnostic()));
    Expr needs = null;
    for (Item.Trait trait : item.traits()) {
      if (trait instanceof Item.Trait.Needs(var condition)) {
        needs = binder.condition(condition, in.scope());
      }
    }
    if (item.shows() != null) {
      show(csr, item.shows(), in.scope(), needs);
      return;
    }
    for (int i = 0; i < item.fields().size(); i++) {
      Item.CsrFieldOf f = item.fields().get(i);
      CsrField field = csr.fields().get(i);
      attempt(() -> field.rule(rule(f, field, in.scope())));
    }
    Local register = binder.local("r", Type.Int.of(0));
    csr.define(csr.fields(), needs, dirty(item.traits(), register, in.scope()));
  }

  private void show(Csr csr, Term shows, Scope scope, @Nullable Expr needs) {
    switch (binder.bind(shows, scope, null)) {
      case Value.CsrOf(var shown) -> csr.show(shown, null, needs);
      case Value.FieldOf(var shown, var field) -> csr.show(shown, field, needs);
      default -> throw new SpecError("type", shows.span(), "a view shows a CSR or a field of one");
    }
  }

  private CsrField.Rule rule(Item.CsrFieldOf f, CsrField field, Scope scope) {
    Type type = Type.uint(field.width());
    if (f.computed() != null) {
      return new CsrField.Rule.Computed(value(f.computed(), type, ownFields(f, scope), f.span()));
    }
    if (f.input() != null) {
      return new CsrField.Rule.Line(f.input());
    }
    if (f.counts() != null) {
      return counts(f, scope);
    }
    if (f.traits().stream().anyMatch(Item.Trait.ReadOnly.class::isInstance)) {
      return new CsrField.Rule.Fixed();
    }
    Local old = binder.local("old", type);
    Local fresh = binder.local("new", type);
    if (f.warl() == null) {
      return new CsrField.Rule.Stored(old, fresh, null);
    }
    Scope inner =
        ownFields(f, scope)
            .put("old", new Value.Dyn(new Expr.LocalValue(old)))
            .put("new", new Value.Dyn(new Expr.LocalValue(fresh)));
    return new CsrField.Rule.Stored(old, fresh, value(f.warl(), type, inner, f.span()));
  }

  /// Inside a CSR its fields are known by their names alone.
  private Scope ownFields(Item.CsrFieldOf f, Scope scope) {
    Scope inner = scope.inner();
    for (Map.Entry<Csr, In<Item.StateItem.CsrOf>> entry : texts.entrySet()) {
      if (entry.getValue().item().fields().contains(f) && entry.getValue().scope() == scope) {
        entry
            .getKey()
            .fields()
            .forEach(o -> inner.put(o.name(), new Value.FieldOf(entry.getKey(), o)));
      }
    }
    return inner;
  }

  private Expr value(Term term, Type type, Scope scope, Span span) {
    return binder.coerce(binder.bind(term, scope, type), type, span);
  }

  private CsrField.Rule counts(Item.CsrFieldOf f, Scope scope) {
    Expr runs = f.runs() == null ? null : binder.condition(f.runs(), scope);
    if (f.counts() instanceof Term.Name(var event, _)
        && (event.equals("cycles") || event.equals("retired"))) {
      return new CsrField.Rule.Counts(event, null, runs);
    }
    if (f.counts() instanceof Term.Call(Term.Name(var event, _), var args, _)
        && event.equals("event")
        && args.size() == 1
        && args.getFirst() instanceof Term.Arg.Plain(var code)) {
      return new CsrField.Rule.Counts("event", binder.number(code, scope), runs);
    }
    throw new SpecError("unknown-name", f.span(), "counters count cycles, retired or event(code)");
  }

  private void give(In<Item.StateItem.GiveField> in) {
    Item.StateItem.GiveField item = in.item();
    Csr csr = defs.csrs.get(item.csr());
    CsrField field = csr == null ? null : csr.field(item.field());
    if (csr == null || field == null) {
      throw new SpecError(
          "unknown-name",
          item.span(),
          "there is no field '" + item.csr() + "." + item.field() + "'");
    }
    field.rule(
        new CsrField.Rule.Computed(
            value(item.value(), Type.uint(field.width()), in.scope(), item.span())));
  }

  // Modes

  private void mode(In<Item.StateItem.ModeOf> in) {
    Item.StateItem.ModeOf item = in.item();
    Expr value = binder.number(item.value(), in.scope());
    List<Long> values = new ArrayList<>();
    for (Value v : binder.values(item.range(), in.scope(), item.span())) {
      if (!(v instanceof Value.Num n) || !n.whole()) {
        throw NotYet.error("lanes", item.span());
      }
      values.add(n.numerator().longValueExact());
    }
    Expr valid = item.condition() == null ? null : binder.condition(item.condition(), in.scope());
    long least = values.stream().mapToLong(Long::longValue).min().orElse(0);
    long most = values.stream().mapToLong(Long::longValue).max().orElse(0);
    defs.modes.put(
        item.name(),
        new Mode(
            item.name(), narrowed(value, Type.Int.of(least, most)), values, valid, item.span()));
  }

  /// The mode's own set bounds its value; where the value is outside, `legal` excludes the
  /// instruction.
  private static Expr narrowed(Expr value, Type.Int type) {
    return switch (value) {
      case Expr.Binary(var op, var left, var right, _) -> new Expr.Binary(op, left, right, type);
      case Expr.ToInt(var of, _) -> new Expr.ToInt(of, type);
      case Expr.Select(var condition, var yes, var no, _) ->
          new Expr.Select(condition, yes, no, type);
      default -> value;
    };
  }

  /// Checks that WARL rules are stable: w(old, w(old, new)) = w(old, new), for all values of small
  /// fields and for corners of large ones.
  void checkStability(
      java.util.function.BiFunction<CsrField.Rule.Stored, BigInteger[], BigInteger> apply) {
    for (Map.Entry<Csr, In<Item.StateItem.CsrOf>> entry : texts.entrySet()) {
      for (CsrField field : entry.getKey().fields()) {
        if (field.rule() instanceof CsrField.Rule.Stored stored && stored.warl() != null) {
          stable(entry.getKey(), field, stored, apply);
        }
      }
    }
  }

  private void stable(
      Csr csr,
      CsrField field,
      CsrField.Rule.Stored stored,
      java.util.function.BiFunction<CsrField.Rule.Stored, BigInteger[], BigInteger> apply) {
    int width = field.width();
    for (BigInteger old : samples(width)) {
      for (BigInteger fresh : samples(width)) {
        BigInteger once = apply.apply(stored, new BigInteger[] {old, fresh});
        BigInteger twice = apply.apply(stored, new BigInteger[] {old, once});
        if (!once.equals(twice)) {
          diagnostics.add(
              Diagnostic.error(
                      "warl-unstable",
                      csr.span(),
                      "writing "
                          + fresh
                          + " over "
                          + old
                          + " in "
                          + csr.name()
                          + "."
                          + field.name()
                          + " gives "
                          + once
                          + ", and writing that gives "
                          + twice)
                  .help("a value that was made legal must be legal"));
          return;
        }
      }
    }
  }

  private static List<BigInteger> samples(int width) {
    List<BigInteger> all = new ArrayList<>();
    if (width <= 5) {
      for (int i = 0; i < 1 << width; i++) {
        all.add(BigInteger.valueOf(i));
      }
      return all;
    }
    for (long v : new long[] {0, 1, 2, 3, 5, 6, 0x55, 0xaa}) {
      all.add(BigInteger.valueOf(v).and(Arithmetic.ones(width)));
    }
    all.add(Arithmetic.ones(width));
    all.add(Arithmetic.ones(width).shiftRight(1));
    return all;
  }
}
