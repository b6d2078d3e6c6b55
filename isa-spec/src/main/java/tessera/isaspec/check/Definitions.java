package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.Machine;
import tessera.isaspec.Mode;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Item;

/// What stands at the top of all files, by name: everything that is visible always, and the state
/// of the active extensions.
final class Definitions {
  static final Set<String> BUILTINS =
      Set.of(
          "width",
          "storage",
          "index",
          "wrap",
          "widen",
          "zext",
          "sext",
          "trunc",
          "ones",
          "zeros",
          "wmul",
          "split",
          "join",
          "ceil",
          "min",
          "max",
          "round",
          "saturate",
          "roundoff",
          "flag",
          "mute",
          "exact",
          "floor",
          "sign",
          "pow2",
          "exponent",
          "signed",
          "invalid",
          "infinity",
          "fold",
          "fold_any",
          "sum",
          "count",
          "any",
          "all",
          "xor",
          "first",
          "extent",
          "last",
          "registers",
          "apart",
          "every",
          "has");

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
  final Set<String> memories = new LinkedHashSet<>();
  final Diagnostics diagnostics;

  private final Map<String, Span> places = new HashMap<>();
  private final Map<String, FloatFormat> floats = new HashMap<>();
  private final Map<String, Value> computed = new HashMap<>();
  private final Set<String> computing = new LinkedHashSet<>();

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
    Span earlier = places.putIfAbsent(space + " " + name, item.span());
    if (earlier != null) {
      diagnostics.add(
          Diagnostic.error("name-twice", item.span(), "'" + name + "' is defined twice")
              .note(earlier, "first defined here")
              .help("give one of them another name"));
      return;
    }
    map.put(name, item);
  }

  /// {@return what a global name is worth, or null}
  @Nullable Value get(String name, Binder binder) {
    // What a mode is worth differs from one binding to the next
    Mode mode = modes.get(name);
    if (mode != null && !parameterValues.containsKey(name)) {
      return binder.mode(mode);
    }
    Value known = computed.get(name);
    if (known == null) {
      known = find(name, binder);
      if (known != null && !(known instanceof Value.Dyn)) {
        computed.put(name, known);
      }
    }
    return known;
  }

  private @Nullable Value find(String name, Binder binder) {
    if (parameterValues.containsKey(name)) {
      return parameterValues.get(name);
    }
    if (consts.containsKey(name)) {
      Item.Const c = consts.get(name);
      return once(name, c.span(), () -> binder.constant(c.value(), Scope.top()));
    }
    if (lists.containsKey(name)) {
      return list(name, binder);
    }
    if (tables.containsKey(name)) {
      return table(tables.get(name), binder);
    }
    Value state = state(name, binder);
    if (state != null) {
      return state;
    }
    Value function = function(name);
    return function != null ? function : word(name, binder);
  }

  private Value once(String name, Span span, java.util.function.Supplier<Value> value) {
    if (!computing.add(name)) {
      throw new SpecError("recursion", span, "'" + name + "' is defined by itself");
    }
    try {
      return value.get();
    } finally {
      computing.remove(name);
    }
  }

  private static Value table(Item.Table table, Binder binder) {
    Type type = binder.type(table.type(), Scope.closed());
    int length = binder.whole(table.length(), Scope.closed());
    List<Value> elements = new ArrayList<>();
    if (binder.bind(table.value(), Scope.closed(), null) instanceof Value.ListOf(var values)) {
      values.forEach(v -> elements.add(new Value.Dyn(binder.coerce(v, type, table.span()))));
    }
    if (elements.size() != length) {
      throw new SpecError(
          "type",
          table.span(),
          "'" + table.name() + "' has " + elements.size() + " elements, not " + length);
    }
    return new Value.Several(elements);
  }

  private Value list(String name, Binder binder) {
    List<Value> rows = new ArrayList<>();
    for (Item.ListOf list : lists.getOrDefault(name, List.of())) {
      if (binder.bind(list.value(), Scope.closed(), null) instanceof Value.ListOf(var elements)) {
        rows.addAll(elements);
      }
    }
    return new Value.ListOf(rows);
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
      Item.Function f = functions.get(name);
      return new Value.Func(
          f.kind(),
          f.name(),
          f.typeParameters(),
          f.parameters(),
          f.result(),
          f.value(),
          f.body(),
          Scope.closed(),
          f.span());
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
    return forms.containsKey(name) ? new Value.FormOf(forms.get(name), Scope.top()) : null;
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
      return binder.type(typeNames.get(name).type(), Scope.closed());
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
    int exponent = 0;
    int fraction = -1;
    boolean signed = true;
    boolean infinity = true;
    boolean zero = true;
    BigInteger nan = null;
    boolean hasNan = true;
    int storage = 0;
    FloatFormat stored = null;
    for (Item.FloatPart part : item.parts()) {
      boolean none = part.value().equals("none");
      switch (part.key()) {
        case "exponent" -> exponent = number(part).intValue();
        case "fraction" -> fraction = number(part).intValue();
        case "sign" -> signed = !none;
        case "infinity" -> infinity = !none;
        case "zero" -> zero = !none;
        case "nan" -> {
          hasNan = !none;
          nan = none ? null : number(part);
        }
        case "storage" -> storage = number(part).intValue();
        case "stored" -> stored = floatFormat(part.value());
        default ->
            throw new SpecError(
                "unknown-name",
                part.span(),
                "a float has no '" + part.key() + "'",
                "its parts are exponent, fraction, sign, infinity, zero, nan, storage, stored");
      }
    }
    if (exponent < 1 || exponent > 15 || fraction < 0 || fraction > 112) {
      throw new SpecError(
          "width",
          item.span(),
          "a float needs an exponent of 1 to 15 bits and a fraction of 0 to 112");
    }
    int width = (signed ? 1 : 0) + exponent + fraction;
    int occupied = stored != null ? stored.storage() : storage > 0 ? storage : width;
    return new FloatFormat(
        item.name(), exponent, fraction, signed, infinity, zero, nan, hasNan, occupied, stored);
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
