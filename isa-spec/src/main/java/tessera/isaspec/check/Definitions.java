package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.Mode;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Term;

/// What stands at the top of all files, by name: everything that is visible always, and the state
/// of the active extensions.
final class Definitions {
  /// The functions that the tool knows.
  static final Set<String> BUILTINS =
      words(
          "width storage index wrap widen zext sext trunc ones zeros wmul split join ceil min max"
              + " round saturate roundoff flag mute exact floor sign pow2 exponent fold fold_any"
              + " sum count any all xor first extent registers apart has");

  /// Other words that have one meaning everywhere, so that no definition may take them.
  private static final Set<String> WORDS =
      words(
          "pc next word csr interrupt load store amo reserve fetch bits uint sint bool int nat"
              + " i4 i8 i16 i32 u4 u8 u16 u32 integral _");

  private static Set<String> words(String text) {
    return Set.of(text.split(" "));
  }

  final Set<String> active = new LinkedHashSet<>();
  final Map<String, Item.Function> functions = new HashMap<>();
  final Map<String, Item.Real> reals = new HashMap<>();
  final Map<String, Item.Rule> rules = new HashMap<>();
  final Map<String, Item.Window> windows = new HashMap<>();
  final Map<String, Item.Env> envs = new HashMap<>();
  final Map<String, Item.Loop> loops = new HashMap<>();
  final Map<String, Item.Access> accesses = new HashMap<>();
  final Map<String, Item.Form> forms = new HashMap<>();
  final Map<String, Item.Format> formats = new HashMap<>();
  final Map<String, Item.Operand> operands = new HashMap<>();
  final Map<String, List<Item.ListOf>> lists = new LinkedHashMap<>();
  final Map<String, Item.Table> tables = new HashMap<>();
  final Map<String, Item.TypeName> typeNames = new HashMap<>();
  final Map<String, Item.FloatType> floatItems = new HashMap<>();
  final Map<String, Item.Const> consts = new HashMap<>();
  final Map<String, Item.Param> params = new LinkedHashMap<>();
  final Map<String, Item.Trap> traps = new LinkedHashMap<>();

  final Map<String, Value> parameterValues = new LinkedHashMap<>();
  final Map<String, Machine.Unit> units = new LinkedHashMap<>();
  final Map<String, RegisterFile> files = new LinkedHashMap<>();
  final Map<String, Csr> csrs = new LinkedHashMap<>();
  final Map<String, Mode> modes = new LinkedHashMap<>();
  final Map<String, ModeText> modeTexts = new HashMap<>();
  final Set<String> memories = new LinkedHashSet<>();
  final Diagnostics diagnostics;
  final Work work = new Work();
  Isa.Choices choices = Isa.Choices.DEFAULT;

  /// Names whose definition was found to be wrong.
  private final Set<String> broken = new HashSet<>();

  private static final List<String> FLOAT_PARTS =
      List.of("exponent", "fraction", "sign", "infinity", "zero", "nan", "storage", "stored");

  private final Map<String, Span> places = new HashMap<>();
  private final Map<String, FloatFormat> floats = new HashMap<>();
  private final Map<String, Value> computed = new HashMap<>();
  private final Set<String> computing = new LinkedHashSet<>();

  /// A mode as written. Each body binds it anew, since the names inside it have places in the
  /// body's frame.
  record ModeText(Term value, Scope scope, List<Long> values, int scale) {

    /// {@return the mode's value; its own set bounds it, since where the value is outside, `legal`
    /// excludes the instruction}
    Expr bind(Binder binder) {
      Expr value = scaled(this.value, scale, binder, scope);
      long least = values.stream().mapToLong(Long::longValue).min().orElse(0);
      long most = values.stream().mapToLong(Long::longValue).max().orElse(0);
      return narrowed(value, Type.Int.of(least, most));
    }

    private static Expr narrowed(Expr value, Type.Int type) {
      return switch (value) {
        case Expr.Binary(var op, var left, var right, _) -> new Expr.Binary(op, left, right, type);
        case Expr.ToInt(var of, _) -> new Expr.ToInt(of, type);
        case Expr.Select(var condition, var yes, var no, _) ->
            new Expr.Select(condition, yes, no, type);
        case Expr.Inline(var statements, var result) ->
            new Expr.Inline(statements, narrowed(result, type));
        default -> {
          Expr above = new Expr.Binary(Expr.BinaryOp.MAX, value, Make.number(type.min()), type);
          yield new Expr.Binary(Expr.BinaryOp.MIN, above, Make.number(type.max()), type);
        }
      };
    }
  }

  /// {@return `scale` times what a term is worth; a fraction is written `a / n`}
  static Expr scaled(Term term, int scale, Binder binder, Scope scope) {
    if (scale == 1) {
      return binder.number(term, scope);
    }
    int divisor = 1;
    Term whole = term;
    if (term instanceof Term.Binary(var op, var a, var n, _) && op == Term.Infix.DIV) {
      divisor = binder.whole(n, scope);
      whole = a;
    }
    if (divisor < 1 || scale % divisor != 0) {
      throw new SpecError(
          "type", term.span(), "the mode's fractions are not multiples of 1/" + divisor);
    }
    Value of = new Value.Dyn(binder.number(whole, scope));
    Value factor = Value.Num.of(scale / divisor);
    return scale == divisor
        ? binder.convert.asInt(of, term.span())
        : binder.convert.asInt(
            binder.operators.arithmetic(Expr.BinaryOp.MUL, of, factor, term.span()), term.span());
  }

  Definitions(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /// Adds an item that is visible always; `activeFile` says whether its extension is active.
  void add(Item item, boolean activeFile) {
    switch (item) {
      case Item.Function f -> put(functions, "value", f.name(), f);
      case Item.Real r -> put(reals, "value", r.name(), r);
      case Item.Rule r -> put(rules, "value", r.name(), r);
      case Item.Window x -> put(windows, "window", x.name(), x);
      case Item.Env e -> put(envs, "env", e.name(), e);
      case Item.Loop l -> put(loops, "loop", l.name(), l);
      case Item.Access a -> put(accesses, "value", a.name(), a);
      case Item.Form f -> put(forms, "form", f.name(), f);
      case Item.Format f -> put(formats, "format", f.name(), f);
      case Item.Operand o -> put(operands, "operand", o.name(), o);
      case Item.Table t -> put(tables, "value", t.name(), t);
      case Item.TypeName t -> put(typeNames, "value", t.name(), t);
      case Item.FloatType f -> put(floatItems, "value", f.name(), f);
      case Item.Const c -> put(consts, "value", c.name(), c);
      case Item.Param p -> put(params, "value", p.name(), p);
      case Item.ListOf l -> {
        List<Item.ListOf> rows = lists.computeIfAbsent(l.name(), _ -> new ArrayList<>());
        if (activeFile) {
          rows.add(l);
        }
      }
      case Item.Trap t -> {
        if (activeFile) {
          put(traps, "trap", t.name(), t);
        }
      }
      case Item.Extension _,
          Item.State _,
          Item.Insn _,
          Item.Family _,
          Item.Alias _,
          Item.On _,
          Item.Agent _,
          Item.Machine _,
          Item.Record _ -> {}
    }
  }

  private <T extends Item> void put(Map<String, T> map, String space, String name, T item) {
    if (claim(space, name, item.span())) {
      map.put(name, item);
    }
  }

  /// Takes a name for a definition.
  ///
  /// @param space what kinds of definition share: `value` for all that expressions can name
  /// @return whether it was free; else a finding is added
  boolean claim(String space, String name, Span at) {
    if (space.equals("value") && (BUILTINS.contains(name) || WORDS.contains(name))) {
      diagnostics.add(
          Diagnostic.error("name-twice", at, "'" + name + "' is a word of the language")
              .help("give it another name"));
      return false;
    }
    Span earlier = places.putIfAbsent(space + " " + name, at);
    if (earlier != null) {
      diagnostics.add(
          Diagnostic.error("name-twice", at, "'" + name + "' is defined twice")
              .note(earlier, "first defined here")
              .help("give one of them another name"));
      return false;
    }
    return true;
  }

  /// Marks a name whose definition is wrong: its uses are no findings of their own.
  void breakName(String name) {
    broken.add(name);
  }

  /// {@return whether the definition of a name is known to be wrong}
  boolean isBroken(String name) {
    return broken.contains(name);
  }

  /// {@return what a global name is worth, or null}
  @Nullable Value get(String name, Binder binder) {
    // What a mode is worth differs from one binding to the next.
    Mode mode = modes.get(name);
    if (mode != null && !parameterValues.containsKey(name)) {
      return binder.mode(mode);
    }
    Value known = computed.get(name);
    if (known != null) {
      return known;
    }
    Value found = broken.contains(name) ? new Value.Broken() : find(name, binder);
    boolean constant =
        consts.containsKey(name) || lists.containsKey(name) || tables.containsKey(name);
    if (found != null && constant) {
      computed.put(name, found);
    }
    return found;
  }

  private @Nullable Value find(String name, Binder binder) {
    Value parameter = parameterValues.get(name);
    if (parameter != null) {
      return parameter;
    }
    if (consts.containsKey(name)) {
      Item.Const c = consts.get(name);
      return once(name, c.span(), () -> Binder.global(this).constant(c.value(), Scope.closed()));
    }
    if (lists.containsKey(name)) {
      return list(name);
    }
    if (tables.containsKey(name)) {
      Item.Table table = tables.get(name);
      return once(name, table.span(), () -> table(table));
    }
    Value state = state(name, binder);
    if (state != null) {
      return state;
    }
    Value function = function(name);
    return function != null ? function : word(name, binder);
  }

  private <T> T once(String name, Span span, Supplier<T> value) {
    if (!computing.add(name)) {
      throw new SpecError("recursion", span, "'" + name + "' is defined by itself");
    }
    try {
      return value.get();
    } finally {
      computing.remove(name);
    }
  }

  private Value list(String name) {
    List<Value> rows = new ArrayList<>();
    for (Item.ListOf list : lists.getOrDefault(name, List.of())) {
      Value value =
          once(
              name,
              list.span(),
              () -> Binder.global(this).bind(list.value(), Scope.closed(), null));
      List<Value> elements = Conversions.parts(value);
      if (elements == null) {
        throw new SpecError("type", list.span(), "expected a list, got " + Conversions.what(value));
      }
      rows.addAll(elements);
    }
    return new Value.ListOf(rows);
  }

  /// A constant array of typed values.
  private Value table(Item.Table table) {
    Binder binder = Binder.global(this);
    Type element = binder.type(table.type(), Scope.closed());
    int length = binder.whole(table.length(), Scope.closed());
    Value value =
        binder.bind(table.value(), Scope.closed(), new Type.Array(element, Math.max(1, length)));
    List<Value> parts = Conversions.parts(value);
    if (parts == null || parts.size() != length) {
      throw new SpecError(
          "type",
          table.span(),
          "the table '"
              + table.name()
              + "' has "
              + (parts == null ? 0 : parts.size())
              + " elements, not "
              + length);
    }
    List<Value> typed = new ArrayList<>();
    for (Value part : parts) {
      typed.add(new Value.Dyn(binder.convert.coerce(part, element, table.span())));
    }
    return new Value.ListOf(typed);
  }

  private @Nullable Value state(String name, Binder binder) {
    if (modes.containsKey(name)) {
      return binder.mode(modes.get(name));
    }
    if (files.containsKey(name)) {
      return new Value.FileOf(files.get(name));
    }
    if (csrs.containsKey(name)) {
      return new Value.CsrOf(csrs.get(name));
    }
    if (accesses.containsKey(name)) {
      return new Value.AccessOf(accesses.get(name));
    }
    if (memories.contains(name)) {
      return new Value.MemoryOf(name);
    }
    return units.containsKey(name) ? new Value.UnitOf(units.get(name)) : null;
  }

  private @Nullable Value function(String name) {
    if (functions.containsKey(name)) {
      return Functions.of(functions.get(name), Scope.closed());
    }
    if (rules.containsKey(name)) {
      Item.Rule r = rules.get(name);
      return new Value.Func(
          Item.FunctionKind.FN,
          r.name(),
          List.of(),
          r.parameters(),
          null,
          r.condition(),
          List.of(),
          Scope.closed(),
          r.span());
    }
    if (reals.containsKey(name)) {
      return new Value.RealOf(reals.get(name));
    }
    if (forms.containsKey(name)) {
      return new Value.FormOf(forms.get(name), Scope.top());
    }
    return formats.containsKey(name) ? new Value.FormatOf(formats.get(name)) : null;
  }

  private @Nullable Value word(String name, Binder binder) {
    Type type = type(name, binder);
    if (type != null) {
      return new Value.TypeOf(type);
    }
    return switch (name) {
      case "bits" -> new Value.OpenType(Type.Reading.BITS);
      case "uint" -> new Value.OpenType(Type.Reading.UINT);
      case "sint" -> new Value.OpenType(Type.Reading.SINT);
      case "csr" -> new Value.CsrFile();
      case "load", "store", "amo", "reserve", "fetch" ->
          Value.Num.of(AccessKind.valueOf(name.toUpperCase(java.util.Locale.ROOT)).ordinal());
      default -> BUILTINS.contains(name) ? new Value.Builtin(name) : null;
    };
  }

  /// {@return the type of that name, or null}
  @Nullable Type type(String name, Binder binder) {
    if (typeNames.containsKey(name)) {
      Item.TypeName item = typeNames.get(name);
      return once(name, item.span(), () -> binder.type(item.type(), Scope.closed()));
    }
    FloatFormat format = floatFormat(name);
    if (format != null) {
      return new Type.Floating(format);
    }
    return switch (name) {
      case "bool" -> Type.BOOL;
      case "exact" -> Type.EXACT;
      case "i4" -> Type.sint(4);
      case "i8" -> Type.sint(8);
      case "i16" -> Type.sint(16);
      case "i32" -> Type.sint(32);
      case "u4" -> Type.uint(4);
      case "u8" -> Type.uint(8);
      case "u16" -> Type.uint(16);
      case "u32" -> Type.uint(32);
      default -> null;
    };
  }

  /// {@return the float format of that name, or null}
  @Nullable FloatFormat floatFormat(String name) {
    Item.FloatType item = floatItems.get(name);
    if (item == null) {
      return null;
    }
    FloatFormat known = floats.get(name);
    if (known == null) {
      known = format(item);
      floats.put(name, known);
    }
    return known;
  }

  private FloatFormat format(Item.FloatType item) {
    Map<String, Item.FloatPart> parts = new HashMap<>();
    for (Item.FloatPart part : item.parts()) {
      if (!FLOAT_PARTS.contains(part.key())) {
        throw new SpecError(
            "unknown-name",
            part.span(),
            "a float has no '" + part.key() + "'",
            "its parts are " + String.join(", ", FLOAT_PARTS));
      }
      parts.put(part.key(), part);
    }
    int exponent = size(parts.get("exponent"), item, 1, 15);
    int fraction = size(parts.get("fraction"), item, 0, 112);
    boolean signed = !none(parts, "sign");
    int width = (signed ? 1 : 0) + exponent + fraction;
    Item.FloatPart nan = parts.get("nan");
    BigInteger oneNan = nan == null || none(parts, "nan") ? null : number(nan);
    boolean noFraction = fraction == 0 && oneNan == null && !none(parts, "nan");
    if (width > 128 || noFraction || oneNan != null && oneNan.bitLength() > exponent + fraction) {
      throw new SpecError(
          "width",
          item.span(),
          "these widths make no format",
          "at most 128 bits; a NaN needs a fraction, or a code of exponent and fraction bits");
    }
    FloatFormat stored = stored(parts.get("stored"), item.name());
    int occupied = stored != null ? stored.storage() : width;
    if (parts.containsKey("storage")) {
      occupied = size(parts.get("storage"), item, width, 128);
    }
    return new FloatFormat(
        item.name(),
        exponent,
        fraction,
        signed,
        !none(parts, "infinity"),
        !none(parts, "zero"),
        oneNan,
        !none(parts, "nan"),
        occupied,
        stored);
  }

  private @Nullable FloatFormat stored(Item.@Nullable FloatPart part, String name) {
    if (part == null) {
      return null;
    }
    FloatFormat stored = once(name, part.span(), () -> floatFormat(part.value()));
    if (stored == null) {
      throw new SpecError(
          "unknown-name", part.span(), "there is no float format '" + part.value() + "'");
    }
    return stored;
  }

  private static boolean none(Map<String, Item.FloatPart> parts, String key) {
    Item.FloatPart part = parts.get(key);
    return part != null && part.value().equals("none");
  }

  private static int size(Item.@Nullable FloatPart part, Item.FloatType item, int least, int most) {
    BigInteger n = part == null ? BigInteger.valueOf(-1) : number(part);
    if (n.compareTo(BigInteger.valueOf(least)) < 0 || n.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new SpecError(
          "width",
          part == null ? item.span() : part.span(),
          "a float needs an exponent of 1 to 15 bits, a fraction of 0 to 112, and room for both");
    }
    return n.intValue();
  }

  private static BigInteger number(Item.FloatPart part) {
    String text = part.value().replace("_", "");
    try {
      return text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    } catch (NumberFormatException _) {
      throw new SpecError("syntax", part.span(), "expected a number, got " + part.value());
    }
  }
}
