package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Mode;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Term;

/// Gives terms their meaning: resolves names, inlines functions, checks types, folds constants.
///
/// One binder serves one body: it numbers the body's locals. Static checking is by doing: a body is
/// bound once for each binding of what its types need, and an error says for which.
final class Binder {
  /// Terms that a term may be nested in, inlined functions included: whoever works on the bound
  /// tree recurses.
  private static final int DEEPEST = 300;

  /// Bits of a scalar (language.md 4).
  static final int WIDEST = 128;

  private static final int LONGEST_ARRAY = 4096;
  private static final int MOST_PARTS = 1 << 16;
  final Definitions defs;
  final Names names;
  final Map<String, BigInteger> statics;
  final Conversions convert = new Conversions(this);
  final Operators operators = new Operators(this);
  final Elements elements = new Elements(this);
  final Calls calls = new Calls(this);
  final Builtins builtins = new Builtins(this);
  final Folds folds = new Folds(this);
  final Functions functions = new Functions(this);
  final Reals reals = new Reals(this);
  final Accesses accesses = new Accesses(this);
  final MemoryCalls memory = new MemoryCalls(this);
  final Windows windows = new Windows(this);
  final Bodies bodies = new Bodies(this);
  final Returns returns = new Returns(this);
  final Patterns patterns = new Patterns(this);
  final Targets targets = new Targets(this);
  final Loops loops = new Loops(this);

  /// The functions that are being written out, innermost first.
  final Deque<Value.Func> inlining = new ArrayDeque<>();

  /// The names of the instruction at hand that are being defined.
  final Set<String> open = new HashSet<>();

  /// Whether statements may write state here.
  boolean effects;

  /// Whether there is an `env`, and whether it says how to round.
  boolean hasEnvironment;

  boolean hasRounding;

  /// The rounding mode of the `env` at hand.
  @Nullable Expr rounding;

  /// Whether a mode has no value yet: what needs one waits for the instruction that uses it.
  boolean waits;

  /// Whether a window may stand for a view: in the declaration of a loop.
  boolean showsWindows;

  Facts facts = Facts.NONE;

  /// For the value of a `carry` in a step, what the next step will see.
  final Map<Local, Local> carried = new HashMap<>();

  private final Map<String, Value> modeValues = new HashMap<>();
  final Set<Local> variables = new HashSet<>();
  private int slots;
  private int depth;

  private Binder(Definitions defs, Names names, Map<String, BigInteger> statics) {
    this.defs = defs;
    this.names = names;
    this.statics = statics;
  }

  /// {@return a binder for what stands outside instructions}
  static Binder global(Definitions defs) {
    return new Binder(defs, Names.NONE, Map.of());
  }

  /// {@return a binder for the arguments of forms and the rows of families, which may use modes}
  static Binder waiting(Definitions defs) {
    Binder binder = global(defs);
    binder.waits = true;
    return binder;
  }

  /// {@return a binder for an instruction, with these fields and modes as constants}
  static Binder of(Definitions defs, Names names, Map<String, BigInteger> statics) {
    return new Binder(defs, names, statics);
  }

  Local local(String name, Type type) {
    return new Local(slots++, name, type);
  }

  int frame() {
    return slots;
  }

  // Names

  Value name(String name, Scope scope, Span span) {
    Value value = lookup(name, scope);
    if (value instanceof Value.Broken) {
      throw SpecError.reported();
    }
    if (value != null) {
      return value;
    }
    Diagnostic unknown =
        Diagnostic.error("unknown-name", span, "nothing here is called '" + name + "'");
    String near = Suggestion.nearest(name, known(scope));
    throw new SpecError(near == null ? unknown : unknown.help("did you mean '" + near + "'?"));
  }

  @Nullable Value lookup(String name, Scope scope) {
    Value value = scope.get(name);
    if (value == null && !scope.isClosed()) {
      value = names.get(name);
    }
    return value != null ? value : defs.get(name, this);
  }

  private List<String> known(Scope scope) {
    List<String> all = new ArrayList<>(scope.all().keySet());
    all.addAll(defs.functions.keySet());
    all.addAll(defs.parameterValues.keySet());
    all.addAll(defs.csrs.keySet());
    all.addAll(defs.files.keySet());
    all.addAll(defs.modes.keySet());
    all.addAll(defs.consts.keySet());
    all.addAll(Definitions.BUILTINS);
    return all;
  }

  Value mode(Mode mode) {
    Value known = modeValues.get(mode.name());
    if (known == null) {
      known = modeValue(mode);
      modeValues.put(mode.name(), known);
    }
    return known;
  }

  private Value modeValue(Mode mode) {
    BigInteger fixed = statics.get(mode.name());
    if (fixed != null) {
      return mode.scale() == 1
          ? Value.Num.of(fixed)
          : Value.Num.ratio(fixed, BigInteger.valueOf(mode.scale()));
    }
    if (waits || mode.scale() > 1) {
      throw new Unbound(mode.name());
    }
    return new Value.Dyn(Objects.requireNonNull(defs.modeTexts.get(mode.name())).bind(this));
  }

  /// {@return the modes that were mentioned, with what they are worth}
  Map<String, Value> modes() {
    return modeValues;
  }

  // Terms

  /// {@return what a term is worth; `expected` is the type its place wants, if that is known}
  Value bind(Term term, Scope scope, @Nullable Type expected) {
    if (depth >= DEEPEST) {
      throw new SpecError(
          "nesting",
          term.span(),
          "terms are nested more than " + DEEPEST + " deep, functions written out",
          "name a part of it with `let`");
    }
    defs.work.spend(term.span());
    depth++;
    try {
      return bound(term, scope, expected);
    } finally {
      depth--;
    }
  }

  private Value bound(Term term, Scope scope, @Nullable Type expected) {
    return switch (term) {
      case Term.Num(var value, _, _) -> Value.Num.of(value);
      case Term.Fraction(var n, var d, _) -> Value.Num.ratio(n, d);
      case Term.Str(var text, _) -> new Value.Text(text);
      case Term.Truth(var value, _) -> new Value.Truth(value);
      case Term.Name n -> bindName(n, scope, expected);
      case Term.HoledName(var holed, var span) ->
          bindName(new Term.Name(fill(holed, scope), span), scope, expected);
      case Term.Member m -> elements.member(m, scope);
      case Term.Call c -> calls.call(c, scope, expected);
      case Term.Generic g -> generic(g, scope);
      case Term.At at -> elements.at(at, scope);
      case Term.Bits b -> elements.slice(b, scope);
      case Term.As as -> convert.as(as, scope);
      case Term.Unary u -> operators.unary(u, scope, expected);
      case Term.Binary b -> operators.binary(b, scope, expected);
      case Term.Within w -> operators.within(w, scope);
      case Term.Choice c -> choice(c, scope, expected);
      case Term.Match m -> match(m, scope, expected);
      case Term.Tuple(var elements, _) -> several(elements, scope, expected, term.span());
      case Term.Array a -> array(a, scope, expected);
      case Term.ArrayOver a -> arrayOver(a, scope, expected);
      case Term.Lambda l -> functions.lambda(l, scope);
    };
  }

  private Value bindName(Term.Name n, Scope scope, @Nullable Type expected) {
    switch (n.name()) {
      case "pc" -> {
        return new Value.Dyn(new Expr.Pc());
      }
      case "next" -> {
        return new Value.Dyn(new Expr.NextPc());
      }
      case "word" -> {
        return new Value.Dyn(new Expr.FetchedWord());
      }
      default -> {}
    }
    Value value = name(n.name(), scope, n.span());
    if (value instanceof Value.Builtin(var builtin)
        && (builtin.equals("ones") || builtin.equals("zeros"))) {
      return filled(builtin, expected, n.span());
    }
    return value instanceof Value.Later(var term, var at) ? bind(term, at, expected) : value;
  }

  Value filled(String name, @Nullable Type expected, Span span) {
    if (!(expected instanceof Type.Bits bits)) {
      throw new NeedsContext(span, name);
    }
    return new Value.Dyn(filledBits(name, bits));
  }

  static Expr filledBits(String name, Type.Bits type) {
    BigInteger value = name.equals("ones") ? Arithmetic.ones(type.width()) : BigInteger.ZERO;
    return Make.literal(type, value);
  }

  /// {@return a name or text with its holes filled}
  String fill(Holed holed, Scope scope) {
    StringBuilder out = new StringBuilder();
    for (Holed.Piece piece : holed.pieces()) {
      switch (piece) {
        case Holed.Piece.Chars(var text) -> out.append(text);
        case Holed.Piece.Hole(_, var term) ->
            out.append(shown(bind(term, scope, null), term.span()));
      }
    }
    return out.toString();
  }

  String shown(Value value, Span span) {
    return switch (value) {
      case Value.Text(var text) -> text;
      case Value.Num num -> num.toString();
      case Value.Truth(var truth) -> Boolean.toString(truth);
      case Value.TypeOf(var type) -> type.toString();
      case Value.OpenType(var reading) -> reading.word();
      case Value.FileOf(var file) -> file.name();
      case Value.Dyn(Expr.Literal(_, var literal)) -> literal.toString();
      default ->
          throw new SpecError("stage", span, "expected a text, a number or a type in this hole");
    };
  }

  private Value generic(Term.Generic g, Scope scope) {
    if (g.base() instanceof Term.Name(var name, _) && name.equals("float")) {
      return new Value.TypeOf(floatOf(g, scope));
    }
    Value base = bind(g.base(), scope, null);
    if (base instanceof Value.OpenType(var reading)) {
      return new Value.TypeOf(new Type.Bits(reading, width(g.argument(), scope)));
    }
    if (base instanceof Value.AccessOf(var access)) {
      return new Value.TypedAccess(access, bind(g.argument(), scope, null));
    }
    throw new SpecError("type", g.span(), "this takes no type argument here");
  }

  private Type floatOf(Term.Generic g, Scope scope) {
    int width = width(g.argument(), scope);
    FloatFormat format = defs.floatFormat("f" + width);
    if (format == null) {
      throw new SpecError("type", g.span(), "this ISA has no float<" + width + ">");
    }
    return new Type.Floating(format);
  }

  int width(Term term, Scope scope) {
    int width = whole(term, scope);
    if (width < 1 || width > WIDEST) {
      throw new SpecError(
          "width", term.span(), "a scalar has 1 to " + WIDEST + " bits, got " + width);
    }
    return width;
  }

  /// {@return the type that a term names}
  Type type(Term term, Scope scope) {
    return switch (term) {
      case Term.At(var of, var lengths, var span) -> {
        int length = whole(lengths.getFirst(), scope);
        if (lengths.size() != 1 || length < 1 || length > LONGEST_ARRAY) {
          throw new SpecError(
              "width", span, "an array has 1 to " + LONGEST_ARRAY + " elements, got " + length);
        }
        yield new Type.Array(type(of, scope), length);
      }
      case Term.Tuple(var elements, _) ->
          new Type.Tuple(elements.stream().map(t -> type(t, scope)).toList());
      case Term.Name(var name, _) when name.equals("nat") ->
          new Type.Int(BigInteger.ZERO, BigInteger.ONE.shiftLeft(64));
      case Term.Name(var name, _) when name.equals("int") ->
          new Type.Int(BigInteger.ONE.shiftLeft(64).negate(), BigInteger.ONE.shiftLeft(64));
      default -> {
        Value value = bind(term, scope, null);
        if (value instanceof Value.TypeOf(var type)) {
          yield type;
        }
        throw new SpecError("type", term.span(), "expected a type");
      }
    };
  }

  // Elements

  /// {@return a condition that is known now}
  boolean decided(Term term, Scope scope) {
    Expr condition = condition(term, scope);
    if (Make.isTrue(condition) || Make.isFalse(condition)) {
      return Make.isTrue(condition);
    }
    throw new SpecError("stage", term.span(), "this must be known before the program runs");
  }

  /// {@return a constant whole number}
  int whole(Term term, Scope scope) {
    Value.Num n = constant(term, scope);
    if (!n.whole() || n.numerator().bitLength() > 30) {
      throw new SpecError("stage", term.span(), "expected a whole number below 2^30, got " + n);
    }
    return n.numerator().intValue();
  }

  /// {@return what a term is worth, or null where only its place could say how wide it is}
  @Nullable Value tryBind(Term term, Scope scope) {
    int before = slots;
    Facts known = facts;
    try {
      return bind(term, scope, null);
    } catch (NeedsContext _) {
      slots = before;
      facts = known;
      return null;
    }
  }

  /// {@return what `step` gives where a condition is known to hold}
  <T> T assuming(Expr condition, Supplier<T> step) {
    return with(facts.and(condition), condition, step);
  }

  /// {@return what `step` gives where a condition is known not to hold}
  <T> T assumingNot(Expr condition, Supplier<T> step) {
    return with(facts.andNot(condition), condition, step);
  }

  private <T> T with(Facts more, Expr condition, Supplier<T> step) {
    Facts before = facts;
    facts = mentionsVariable(condition) ? before : more;
    try {
      return step.get();
    } finally {
      facts = before;
    }
  }

  /// {@return what `step` gives where an index is below `to`}
  <T> T assumingBelow(Local index, Expr to, Supplier<T> step) {
    return with(facts.below(index, to), to, step);
  }

  /// Runs a step where conditions are known to hold.
  void assumingAll(List<Bound.Condition> conditions, Runnable step) {
    Facts before = facts;
    conditions.forEach(c -> assume(c.holds()));
    try {
      step.run();
    } finally {
      facts = before;
    }
  }

  /// Takes a condition as known from here on.
  void assume(Expr condition) {
    if (!mentionsVariable(condition)) {
      facts = facts.and(condition);
    }
  }

  boolean mentionsVariable(Expr expr) {
    boolean[] found = {false};
    if (!variables.isEmpty()) {
      Walk.expr(
          expr, e -> found[0] |= e instanceof Expr.LocalValue(var l) && variables.contains(l));
    }
    return found[0];
  }

  /// {@return whether a value may be computed wherever it is used}
  boolean isCheap(Expr expr) {
    return switch (expr) {
      case Expr.LocalValue(var local) -> !variables.contains(local);
      case Expr.Literal _, Expr.FieldValue _, Expr.Pc _, Expr.NextPc _ -> true;
      case Expr.ToInt(var of, _) -> isCheap(of);
      case Expr.Wrap(var of, _) -> isCheap(of);
      case Expr.Reread(var of, _) -> isCheap(of);
      default -> false;
    };
  }

  // Choices

  private Value choice(Term.Choice c, Scope scope, @Nullable Type expected) {
    Expr condition = condition(c.condition(), scope);
    if (Make.isTrue(condition)) {
      return bind(c.yes(), scope, expected);
    }
    if (Make.isFalse(condition)) {
      return bind(c.no(), scope, expected);
    }
    Value yes = assuming(condition, () -> arm(c.yes(), scope, expected));
    Value no = assumingNot(condition, () -> arm(c.no(), scope, expected));
    if (yes == null) {
      Type other = no == null ? null : neighbour(no, c.no().span());
      yes = assuming(condition, () -> bind(c.yes(), scope, other));
    }
    if (no == null) {
      Type other = neighbour(yes, c.yes().span());
      no = assumingNot(condition, () -> bind(c.no(), scope, other));
    }
    return select(condition, yes, no, expected, c.span());
  }

  private @Nullable Value arm(Term term, Scope scope, @Nullable Type expected) {
    return expected == null ? tryBind(term, scope) : bind(term, scope, expected);
  }

  /// {@return the type that a value lends to what stands beside it; a bare number lends none}
  private @Nullable Type neighbour(Value value, Span span) {
    return value instanceof Value.Num ? null : operators.typeOf(value, span);
  }

  /// {@return one of two values, by a condition that is not known now}
  Value select(Expr condition, Value yes, Value no, @Nullable Type expected, Span span) {
    List<Value> a = Conversions.parts(yes);
    List<Value> b = Conversions.parts(no);
    if (a != null && b != null && a.size() == b.size()) {
      List<Stmt> lets = new ArrayList<>();
      Expr once = builtins.shared("condition", condition, lets);
      List<Value> parts = new ArrayList<>();
      for (int i = 0; i < a.size(); i++) {
        parts.add(select(once, a.get(i), b.get(i), null, span));
      }
      return Conversions.after(lets, new Value.Several(parts));
    }
    Type type = selected(yes, no, expected, span);
    Expr first = convert.coerce(yes, type, span);
    return new Value.Dyn(new Expr.Select(condition, first, convert.coerce(no, type, span), type));
  }

  private Type selected(Value yes, Value no, @Nullable Type expected, Span span) {
    if (yes instanceof Value.Truth || no instanceof Value.Truth) {
      return Type.BOOL;
    }
    if (yes instanceof Value.Num x && no instanceof Value.Num y) {
      if (expected instanceof Type.Bits
          || expected instanceof Type.Floating
          || expected instanceof Type.Exact) {
        return expected;
      }
      return new Type.Int(x.numerator().min(y.numerator()), x.numerator().max(y.numerator()));
    }
    return operators.common(yes, no, span);
  }

  private Value match(Term.Match m, Scope scope, @Nullable Type expected) {
    if (m.arms().size() > DEEPEST) {
      throw new SpecError(
          "nesting", m.span(), "a match has at most " + DEEPEST + " arms, use a `table`");
    }
    List<Stmt> lets = new ArrayList<>();
    Value of = patterns.named("match", bind(m.of(), scope, null), lets);
    return Conversions.after(lets, arms(of, m.arms(), 0, scope, expected, m.span()));
  }

  private Value arms(
      Value of, List<Term.Arm> arms, int n, Scope scope, @Nullable Type expected, Span span) {
    if (n == arms.size()) {
      throw new SpecError("type", span, "this match does not cover every value", "add `_ => …`");
    }
    Term.Arm arm = arms.get(n);
    Scope inner = scope.inner();
    Expr test = patterns.matches(arm.pattern(), of, inner, span);
    if (Make.isFalse(test)) {
      return arms(of, arms, n + 1, scope, expected, span);
    }
    boolean last = n == arms.size() - 1 && patterns.covers(of, arms, span);
    if (last || Make.isTrue(test)) {
      return bind(arm.value(), inner, expected);
    }
    Value yes = assuming(test, () -> bind(arm.value(), inner, expected));
    Value no = assumingNot(test, () -> arms(of, arms, n + 1, scope, expected, span));
    return select(test, yes, no, expected, span);
  }

  // Several values

  private Value several(List<Term> elements, Scope scope, @Nullable Type expected, Span span) {
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Type want =
          expected instanceof Type.Tuple(var types) && i < types.size() ? types.get(i) : null;
      parts.add(part(elements.get(i), scope, want));
    }
    return group(parts, span);
  }

  private Value group(List<Value> parts, Span span) {
    if (leaves(parts, MOST_PARTS) < 0) {
      throw new SpecError("too-large", span, "more than " + MOST_PARTS + " values in one");
    }
    return staticList(parts) ? new Value.ListOf(parts) : new Value.Several(parts);
  }

  /// {@return `left` less the single values in all of these; negative as soon as it is used up}
  private static int leaves(List<Value> parts, int left) {
    for (Value part : parts) {
      left =
          switch (part) {
            case Value.ListOf(var inner) -> leaves(inner, left - 1);
            case Value.Several(var inner) -> leaves(inner, left - 1);
            default -> left - 1;
          };
      if (left < 0) {
        break;
      }
    }
    return left;
  }

  private static boolean staticList(List<Value> parts) {
    return parts.stream().noneMatch(p -> p instanceof Value.Dyn || p instanceof Value.Several);
  }

  private Value array(Term.Array a, Scope scope, @Nullable Type expected) {
    Type want = expected instanceof Type.Array(var element, _) ? element : null;
    List<Value> parts = a.elements().stream().map(t -> part(t, scope, want)).toList();
    return group(parts, a.span());
  }

  /// A cell that needs a mode waits.
  private Value part(Term term, Scope scope, @Nullable Type want) {
    return waits ? argument(term, scope) : bind(term, scope, want);
  }

  /// {@return what a term is worth, or the term where that depends on a mode}
  Value argument(Term term, Scope scope) {
    try {
      return bind(term, scope, null);
    } catch (Unbound _) {
      return new Value.Later(term, scope);
    }
  }

  private Value arrayOver(Term.ArrayOver a, Scope scope, @Nullable Type expected) {
    Type want = expected instanceof Type.Array(var element, _) ? element : null;
    List<Value> parts = new ArrayList<>();
    for (Value i : values(a.range(), scope, a.span())) {
      parts.add(bind(a.element(), scope.inner().put(a.index(), i), want));
    }
    return group(parts, a.span());
  }

  /// {@return the values of a range that is known now}
  List<Value> values(Term.Range range, Scope scope, Span span) {
    return switch (range) {
      case Term.Range.SetOf(var terms) -> terms.stream().map(t -> bind(t, scope, null)).toList();
      case Term.Range.FromTo(var from, var to) -> {
        int first = whole(from, scope);
        int end = whole(to, scope);
        if ((long) end - first > LONGEST_ARRAY) {
          throw new SpecError(
              "too-large", span, "more than " + LONGEST_ARRAY + " values where all are listed");
        }
        List<Value> all = new ArrayList<>();
        for (int i = first; i < end; i++) {
          all.add(Value.Num.of(i));
        }
        yield all;
      }
      case Term.Range.Named(var path, var at) -> {
        Value value = name(path, scope, at);
        if (value instanceof Value.ListOf(var elements)) {
          yield elements;
        }
        throw new SpecError("type", at, "'" + path + "' is no list");
      }
    };
  }

  // What a term is worth

  /// {@return a condition}
  Expr condition(Term term, Scope scope) {
    return convert.coerce(bind(term, scope, Type.BOOL), Type.BOOL, term.span());
  }

  /// {@return a run-time whole number}
  Expr number(Term term, Scope scope) {
    return convert.asInt(bind(term, scope, null), term.span());
  }

  /// {@return a number that is known now}
  ///
  /// @throws Unbound when it depends on a field or mode that binding can still fix
  Value.Num constant(Term term, Scope scope) {
    Value value = bind(term, scope, null);
    if (value instanceof Value.Num n) {
      return n;
    }
    Expr expr = convert.dyn(value, term.span());
    if (expr instanceof Expr.Literal(var type, var n) && !(type instanceof Type.Floating)) {
      return Value.Num.of(n);
    }
    unbound(expr);
    throw new SpecError(
        "stage",
        term.span(),
        "this must be known before the program runs, but it is a run-time value of type "
            + expr.type());
  }

  @SuppressWarnings("ReferenceEquality") // a mode is found by its very expression
  private void unbound(Expr expr) {
    if (names == Names.NONE) {
      return; // outside instructions nothing is bound later
    }
    Walk.expr(
        expr,
        e -> {
          if (e instanceof Expr.FieldValue(var field, _)) {
            throw new Unbound(field);
          }
          modeValues.forEach((mode, value) -> {
            if (value instanceof Value.Dyn(var of) && of == e) {
              throw new Unbound(mode);
            }
          });
        });
  }
}
