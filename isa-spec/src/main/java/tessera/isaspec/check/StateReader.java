package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Mode;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
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
  private static final int MOST_REGISTERS = 4096;
  private static final long MOST_BITS = 1L << 32;

  /// The platform's lines that a field can show.
  private static final Set<String> INPUTS =
      Set.of("hart", "mtime", "external", "timer", "software");

  private record In<T>(T item, Scope scope) {}

  private final Definitions defs;
  private final Findings findings;
  private final Handlers handlers;
  private final Binder binder;
  private final List<In<Item.StateItem.Reg>> registers = new ArrayList<>();
  private final List<In<Item.StateItem.CsrOf>> csrs = new ArrayList<>();
  private final List<In<Item.StateItem.ModeOf>> modes = new ArrayList<>();
  private final List<In<Item.StateItem.GiveField>> given = new ArrayList<>();
  private final Map<Csr, In<Item.StateItem.CsrOf>> texts = new LinkedHashMap<>();

  StateReader(Definitions defs, Findings findings, Handlers handlers) {
    this.handlers = handlers;
    this.defs = defs;
    this.findings = findings;
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
      case Item.StateItem.MemoryOf m -> memory(m, scope);
      case Item.StateItem.GiveField g -> given.add(new In<>(g, scope));
      case Item.StateItem.StateFamily f ->
          findings.attempt(() ->
              Families.rows(f.columns(), scope, binder, f.span())
                  .forEach(row -> f.items().forEach(i -> collect(i, row))));
    }
  }

  private void memory(Item.StateItem.MemoryOf m, Scope scope) {
    if (defs.claim("value", m.name(), m.span())) {
      defs.memories.add(m.name());
    }
    m.ons().forEach(on -> handlers.collect(on, scope, true));
  }

  /// Defines all that was collected.
  void define() {
    registers.forEach(r -> declare(r.item().name(), () -> register(r)));
    csrs.forEach(c -> findings.attempt(() -> csr(c)));
    modes.forEach(m -> declare(m.item().name(), () -> mode(m)));
    texts.forEach((csr, in) -> fields(csr, in));
    given.forEach(g -> findings.attempt(() -> give(g)));
    texts.forEach((csr, in) -> findings.attempt(() -> rules(csr, in)));
    registers.forEach(r -> findings.attempt(() -> dirty(r)));
    new CsrCycles(findings).check(defs.csrs.values());
    texts.keySet().forEach(csr -> findings.attempt(() -> Stability.check(csr)));
  }

  /// Declares a name; where that fails it is known as broken.
  private void declare(String name, Runnable step) {
    if (!findings.attempt(step)) {
      defs.breakName(name);
    }
  }

  // Register files

  private void register(In<Item.StateItem.Reg> in) {
    Item.StateItem.Reg item = in.item();
    if (item.name().equals("pc")) {
      return; // every hart has one; it is named by `pc` and written by `jump`
    }
    int width = registerWidth(item, in.scope());
    int count = item.count() == null ? 1 : binder.whole(item.count(), in.scope());
    if (count < 1 || count > MOST_REGISTERS || (long) count * width > MOST_BITS) {
      throw new SpecError(
          "too-large",
          item.span(),
          "a register file has 1 to " + MOST_REGISTERS + " registers and at most 2^32 bits");
    }
    Integer zero = null;
    BigInteger reset = BigInteger.ZERO;
    List<List<String>> names = List.of();
    for (Item.Trait trait : item.traits()) {
      switch (trait) {
        case Item.Trait.Zero(int register) -> zero = register;
        case Item.Trait.Reset(var value) -> reset = reset(value, width, in.scope());
        case Item.Trait.Names(var texts) ->
            names = texts.stream().map(t -> List.of(t.split(" "))).toList();
        case Item.Trait.Dirty _, Item.Trait.Shared _ -> {}
        case Item.Trait.Needs _, Item.Trait.ReadOnly _ ->
            throw new SpecError("type", item.span(), "`needs` and `ro` are for CSRs");
      }
    }
    if (zero != null && zero >= count || names.size() > count) {
      throw new SpecError(
          "index-range", item.span(), "this file has no register beyond " + (count - 1));
    }
    if (defs.claim("value", item.name(), item.span())) {
      RegisterFile file =
          new RegisterFile(
              item.name(), defs.files.size(), count, width, zero, reset, names, item.span());
      defs.files.put(item.name(), file);
    }
  }

  /// Registers may be wider than a scalar.
  private int registerWidth(Item.StateItem.Reg item, Scope scope) {
    boolean bits =
        item.type() instanceof Term.Generic(Term.Name(var base, _), _, _) && base.equals("bits");
    if (!bits) {
      if (binder.type(item.type(), scope) instanceof Type.Bits(_, int width)) {
        return width;
      }
      throw new SpecError("type", item.span(), "a register holds bits");
    }
    Value.Num width = binder.constant(((Term.Generic) item.type()).argument(), scope);
    if (!width.whole() || width.numerator().signum() <= 0 || width.numerator().bitLength() > 30) {
      throw new SpecError("too-large", item.span(), "a register has 1 to 2^30 bits, got " + width);
    }
    return width.numerator().intValue();
  }

  private BigInteger reset(Term term, int width, Scope scope) {
    Value.Num n = binder.constant(term, scope);
    if (!n.whole() || !Arithmetic.fits(n.numerator(), Type.bits(width))) {
      throw new SpecError("literal-fit", term.span(), n + " does not fit " + width + " bits");
    }
    return n.numerator().and(Arithmetic.ones(width));
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
          LValue target = binder.targets.field(d.target(), scope);
          Value value = binder.bind(d.value(), scope, target.type());
          Expr typed = binder.convert.coerce(value, target.type(), d.span());
          all.add(new RegisterFile.Dirty(register, target, typed));
        }
      }
    }
    return all;
  }

  // CSRs

  private void csr(In<Item.StateItem.CsrOf> in) {
    Item.StateItem.CsrOf item = in.item();
    String name = binder.fill(item.name(), in.scope());
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
      throw new SpecError("syntax", item.span(), "'" + name + "' is no name of a CSR");
    }
    declare(name, () -> csr(name, in));
  }

  private void csr(String name, In<Item.StateItem.CsrOf> in) {
    Item.StateItem.CsrOf item = in.item();
    int number = binder.whole(item.number(), in.scope());
    if (number < 0 || number > 0xfff) {
      throw new SpecError(
          "literal-fit",
          item.span(),
          "a CSR's number has 12 bits, got 0x" + Integer.toHexString(number));
    }
    for (Csr other : defs.csrs.values()) {
      if (other.number() == number || other.name().equals(name)) {
        throw clash(name, number, other, item.span());
      }
    }
    List<CsrField> fields = fields(item);
    boolean readOnly = item.traits().stream().anyMatch(Item.Trait.ReadOnly.class::isInstance);
    boolean shared = item.traits().stream().anyMatch(Item.Trait.Shared.class::isInstance);
    if (defs.claim("value", name, item.span())) {
      Csr csr = new Csr(name, number, defs.csrs.size(), readOnly, shared, item.span());
      defs.csrs.put(name, csr);
      texts.put(csr, in);
      csr.define(fields, null, List.of());
    }
  }

  private static SpecError clash(String name, int number, Csr other, Span at) {
    String message =
        other.name().equals(name)
            ? "there are two CSRs '" + name + "'"
            : "'" + name + "' and '" + other + "' both are CSR 0x" + Integer.toHexString(number);
    return new SpecError(
        Diagnostic.error("csr-clash", at, message)
            .note(other.span(), "the other one is here")
            .help("give it another name and number, or show the other one with ="));
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
      boolean twice = fields.stream().anyMatch(o -> o.name().equals(f.name()));
      if ((seen & field.mask()) != 0 || twice) {
        throw new SpecError(
            "csr-bits",
            f.span(),
            "the field '" + f.name() + (twice ? "' stands twice" : "' overlaps another one"));
      }
      seen |= field.mask();
      fields.add(field);
    }
    if (seen != -1L && !item.rest() && item.shows() == null) {
      int bit = 63 - Long.numberOfLeadingZeros(~seen);
      throw new SpecError(
          "csr-bits",
          item.span(),
          "bit " + bit + " of this CSR belongs to no field",
          "name it, or write rest 0;");
    }
    return fields;
  }

  private void fields(Csr csr, In<Item.StateItem.CsrOf> in) {
    for (int i = 0; i < csr.fields().size(); i++) {
      Item.CsrFieldOf f = in.item().fields().get(i);
      CsrField field = csr.fields().get(i);
      findings.attempt(() -> field.rule(rule(f, csr, field, in.scope())));
    }
  }

  private void rules(Csr csr, In<Item.StateItem.CsrOf> in) {
    Item.StateItem.CsrOf item = in.item();
    item.ons().forEach(on -> handlers.collect(on, in.scope(), csr));
    Expr needs = null;
    for (Item.Trait trait : item.traits()) {
      switch (trait) {
        case Item.Trait.Needs(var condition) -> needs = binder.condition(condition, in.scope());
        case Item.Trait.Reset(var value) -> csr.reset(reset(value, 64, in.scope()).longValue());
        case Item.Trait.Dirty _, Item.Trait.Shared _, Item.Trait.ReadOnly _ -> {}
        case Item.Trait.Zero _, Item.Trait.Names _ ->
            throw new SpecError("type", item.span(), "`zero` and `names` are for registers");
      }
    }
    if (item.shows() != null) {
      show(csr, item.shows(), in.scope(), needs);
      return;
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

  private CsrField.Rule rule(Item.CsrFieldOf f, Csr csr, CsrField field, Scope scope) {
    boolean readOnly = f.traits().stream().anyMatch(Item.Trait.ReadOnly.class::isInstance);
    int rules =
        (f.computed() == null ? 0 : 1)
            + (f.input() == null ? 0 : 1)
            + (f.counts() == null ? 0 : 1)
            + (f.warl() == null ? 0 : 1)
            + (readOnly ? 1 : 0);
    if (rules > 1) {
      throw new SpecError(
          "csr-bits", f.span(), "the field '" + f.name() + "' has more than one rule");
    }
    for (Item.Trait trait : f.traits()) {
      switch (trait) {
        case Item.Trait.Reset(var value) -> {
          BigInteger reset = reset(value, field.width(), scope);
          csr.reset(field.insert(csr.reset(), reset.longValue()));
        }
        case Item.Trait.ReadOnly _ -> {}
        case Item.Trait.Zero _,
            Item.Trait.Names _,
            Item.Trait.Needs _,
            Item.Trait.Shared _,
            Item.Trait.Dirty _ ->
            throw new SpecError("type", f.span(), "a field takes `ro` and `reset` only");
      }
    }
    Type type = Type.uint(field.width());
    if (f.computed() != null) {
      return new CsrField.Rule.Computed(value(f.computed(), type, ownFields(csr, scope), f.span()));
    }
    if (f.input() != null) {
      return input(f.input(), f.span());
    }
    if (f.counts() != null) {
      return counts(f, f.counts(), scope);
    }
    return readOnly ? new CsrField.Rule.Fixed() : stored(f, csr, type, scope);
  }

  private static CsrField.Rule input(String line, Span span) {
    if (!INPUTS.contains(line)) {
      Diagnostic d =
          Diagnostic.error("unknown-name", span, "the platform has no line '" + line + "'");
      String near = Suggestion.nearest(line, INPUTS);
      throw new SpecError(
          d.help(
              near != null
                  ? "did you mean '" + near + "'?"
                  : "hart, mtime, external, timer, software"));
    }
    return new CsrField.Rule.Line(line);
  }

  private CsrField.Rule stored(Item.CsrFieldOf f, Csr csr, Type type, Scope scope) {
    Local old = binder.local("old", type);
    Local fresh = binder.local("new", type);
    if (f.warl() == null) {
      return new CsrField.Rule.Stored(old, fresh, null);
    }
    Scope inner =
        ownFields(csr, scope)
            .put("old", new Value.Dyn(new Expr.LocalValue(old)))
            .put("new", new Value.Dyn(new Expr.LocalValue(fresh)));
    return new CsrField.Rule.Stored(old, fresh, value(f.warl(), type, inner, f.span()));
  }

  /// Inside a CSR its fields are known by their names alone.
  private static Scope ownFields(Csr csr, Scope scope) {
    Scope inner = scope.inner();
    csr.fields().forEach(f -> inner.put(f.name(), new Value.FieldOf(csr, f)));
    return inner;
  }

  private Expr value(Term term, Type type, Scope scope, Span span) {
    return binder.convert.coerce(binder.bind(term, scope, type), type, span);
  }

  private CsrField.Rule counts(Item.CsrFieldOf f, Term counted, Scope scope) {
    Expr runs = f.runs() == null ? null : binder.condition(f.runs(), scope);
    if (counted instanceof Term.Name(var event, _)
        && (event.equals("cycles") || event.equals("retired"))) {
      return new CsrField.Rule.Counts(event, null, runs);
    }
    if (counted instanceof Term.Call(Term.Name(var event, _), var args, _)
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
    Type type = Type.uint(field.width());
    field.rule(new CsrField.Rule.Computed(value(item.value(), type, in.scope(), item.span())));
  }

  // Modes

  private void mode(In<Item.StateItem.ModeOf> in) {
    Item.StateItem.ModeOf item = in.item();
    List<Value.Num> given = new ArrayList<>();
    int scale = 1;
    for (Value v : binder.values(item.range(), in.scope(), item.span())) {
      if (!(v instanceof Value.Num n)) {
        throw new SpecError("type", item.span(), "a mode's values are numbers");
      }
      if (n.numerator().bitLength() > 24 || n.denominator().bitLength() > 6) {
        throw new SpecError("literal-fit", item.span(), n + " is too large for a mode");
      }
      given.add(n);
      scale = Math.max(scale, n.denominator().intValue());
    }
    if (given.isEmpty()) {
      throw new SpecError("type", item.span(), "the mode '" + item.name() + "' has no value");
    }
    List<Long> values = new ArrayList<>();
    for (Value.Num n : given) {
      if (scale % n.denominator().intValue() != 0) {
        throw new SpecError("type", item.span(), "a mode's fractions share one denominator");
      }
      values.add(n.numerator().longValue() * (scale / n.denominator().intValue()));
    }
    Expr value = Definitions.scaled(item.value(), scale, binder, in.scope());
    Expr valid = item.condition() == null ? null : binder.condition(item.condition(), in.scope());
    if (defs.claim("value", item.name(), item.span())) {
      defs.modeTexts.put(
          item.name(), new Definitions.ModeText(item.value(), in.scope(), values, scale));
      defs.modes.put(item.name(), new Mode(item.name(), value, values, scale, valid, item.span()));
    }
  }
}
