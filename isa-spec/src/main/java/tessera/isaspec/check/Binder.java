package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Machine;
import tessera.isaspec.Mode;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.ExactNumber;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Rounder;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.semantics.View;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Term;

/// Gives terms their meaning: resolves names, inlines functions, checks types, folds constants.
///
/// One binder serves one body: it numbers the body's locals. Static checking is by doing: a body is
/// bound once for each binding of what its types need, and an error says for which.
final class Binder {
  final Definitions defs;
  final Names names;
  final Map<String, BigInteger> statics;
  final Calls calls = new Calls(this);
  final Bodies bodies = new Bodies(this);
  final Deque<Object> inlining = new ArrayDeque<>();
  boolean hasEnvironment;
  private final Map<String, Value> modeValues = new HashMap<>();
  private int slots;

  private Binder(Definitions defs, Names names, Map<String, BigInteger> statics) {
    this.defs = defs;
    this.names = names;
    this.statics = statics;
  }

  /// {@return a binder for what stands outside instructions}
  static Binder global(Definitions defs) {
    return new Binder(defs, Names.NONE, Map.of());
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
    return modeValues.computeIfAbsent(mode.name(), _ -> modeValue(mode));
  }

  private Value modeValue(Mode mode) {
    BigInteger fixed = statics.get(mode.name());
    if (fixed != null) {
      return Value.Num.of(fixed);
    }
    return new Value.Dyn(mode.value());
  }

  // Terms

  /// {@return what a term is worth; `expected` is the type its place wants, if that is known}
  Value bind(Term term, Scope scope, @Nullable Type expected) {
    return switch (term) {
      case Term.Num(var value, _, _) -> Value.Num.of(value);
      case Term.Fraction(var n, var d, _) -> Value.Num.ratio(n, d);
      case Term.Str(var text, _) -> new Value.Text(text);
      case Term.Truth(var value, _) -> new Value.Truth(value);
      case Term.Name n -> bindName(n, scope, expected);
      case Term.HoledName(var holed, var span) ->
          bindName(new Term.Name(fill(holed, scope), span), scope, expected);
      case Term.Member m -> member(m, scope);
      case Term.Call c -> calls.call(c, scope, expected);
      case Term.Generic g -> generic(g, scope);
      case Term.At at -> at(at, scope);
      case Term.Bits b -> slice(b, scope);
      case Term.As as -> as(as, scope);
      case Term.Unary u -> unary(u, scope, expected);
      case Term.Binary b -> binary(b, scope, expected);
      case Term.Within w -> within(w, scope);
      case Term.Choice c -> choice(c, scope, expected);
      case Term.Match m -> match(m, scope, expected);
      case Term.Tuple(var elements, _) -> several(elements, scope, expected);
      case Term.Array a -> array(a, scope, expected);
      case Term.ArrayOver a -> arrayOver(a, scope, expected);
      case Term.Lambda l -> calls.lambda(l, scope);
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
    BigInteger value = name.equals("ones") ? Arithmetic.ones(bits.width()) : BigInteger.ZERO;
    return new Value.Dyn(Make.literal(bits, value));
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

  private int width(Term term, Scope scope) {
    Value.Num n = constant(term, scope);
    if (!n.whole() || n.numerator().signum() <= 0 || n.numerator().bitLength() > 30) {
      throw new SpecError("width", term.span(), "a width is a whole number above 0, got " + n);
    }
    return n.numerator().intValue();
  }

  /// {@return the type that a term names}
  Type type(Term term, Scope scope) {
    return switch (term) {
      case Term.At(var of, var lengths, var span) -> {
        Value.Num length = constant(lengths.getFirst(), scope);
        if (!length.whole() || length.numerator().bitLength() > 16) {
          throw new SpecError("width", span, "an array's length is a whole number, got " + length);
        }
        yield new Type.Array(type(of, scope), length.numerator().intValue());
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

  private Value member(Term.Member m, Scope scope) {
    Value of = bind(m.of(), scope, null);
    Value value =
        switch (of) {
          case Value.CsrOf(var csr) -> field(csr, m);
          case Value.UnitOf(var unit) -> unitKey(unit, m);
          case Value.TypeOf(var type) -> typeMember(type, m);
          case Value.ViewOf view -> calls.viewMember(view, m);
          default -> test(of, m);
        };
    return value;
  }

  private Value field(Csr csr, Term.Member m) {
    CsrField field = csr.field(m.name());
    if (field == null) {
      List<String> fields = csr.fields().stream().map(CsrField::name).toList();
      throw unknown(m, "'" + csr.name() + "' has no field '" + m.name() + "'", fields);
    }
    return new Value.FieldOf(csr, field);
  }

  private static SpecError unknown(Term.Member m, String message, List<String> known) {
    Diagnostic d = Diagnostic.error("unknown-name", m.span(), message);
    String near = Suggestion.nearest(m.name(), known);
    return new SpecError(
        d.help(
            near != null ? "did you mean '" + near + "'?" : "it has " + String.join(", ", known)));
  }

  private static Value unitKey(Machine.Unit unit, Term.Member m) {
    Long value = unit.keys().get(m.name());
    if (value == null) {
      throw unknown(
          m,
          "unit '" + unit.name() + "' has no key '" + m.name() + "'",
          List.copyOf(unit.keys().keySet()));
    }
    return Value.Num.of(value);
  }

  private static Value typeMember(Type type, Term.Member m) {
    if (type instanceof Type.Floating(var format)) {
      return switch (m.name()) {
        case "nan" -> new Value.Dyn(new Expr.Literal(type, format.canonicalNan()));
        case "zero" -> new Value.Dyn(new Expr.Literal(type, BigInteger.ZERO));
        case "infinity" -> new Value.Dyn(new Expr.Literal(type, format.infinity()));
        case "largest" -> new Value.Dyn(new Expr.Literal(type, format.largest()));
        case "exponent" -> Value.Num.of(format.exponent());
        case "fraction" -> Value.Num.of(format.fraction());
        default ->
            throw unknown(
                m,
                type + " has no '" + m.name() + "'",
                List.of("nan", "zero", "infinity", "largest", "exponent", "fraction"));
      };
    }
    if (type instanceof Type.Bits bits && m.name().equals("zero")) {
      return new Value.Dyn(Make.literal(bits, BigInteger.ZERO));
    }
    if (type instanceof Type.Bits bits && m.name().equals("largest")) {
      boolean sint = bits.reading() == Type.Reading.SINT;
      return new Value.Dyn(
          Make.literal(bits, Arithmetic.ones(sint ? bits.width() - 1 : bits.width())));
    }
    throw new SpecError("unknown-name", m.span(), type + " has no '" + m.name() + "'");
  }

  private Value test(Value of, Term.Member m) {
    Expr.FloatTest test =
        switch (m.name()) {
          case "nan" -> Expr.FloatTest.NAN;
          case "snan" -> Expr.FloatTest.SNAN;
          case "infinite" -> Expr.FloatTest.INFINITE;
          case "finite" -> Expr.FloatTest.FINITE;
          case "negative" -> Expr.FloatTest.NEGATIVE;
          case "subnormal" -> Expr.FloatTest.SUBNORMAL;
          default ->
              throw new SpecError("unknown-name", m.span(), "this has no '" + m.name() + "'");
        };
    Expr expr = dyn(of, m.span());
    if (!(expr.type() instanceof Type.Floating || expr.type() instanceof Type.Exact)) {
      throw new SpecError(
          "type", m.span(), "only a float has '." + m.name() + "', this is " + expr.type());
    }
    return new Value.Dyn(new Expr.TestFloat(test, expr));
  }

  // Elements

  private Value at(Term.At at, Scope scope) {
    Value of = bind(at.of(), scope, null);
    List<Term> indices = at.indices();
    return switch (of) {
      case Value.FileOf(var file) -> {
        Expr index = index(single(at), scope, file.count() - 1, at.span());
        boolean zero =
            index instanceof Expr.Literal(_, var i)
                && file.zero() != null
                && i.intValue() == file.zero();
        Type type = Type.bits(file.width());
        yield new Value.Dyn(
            zero ? Make.literal(type, BigInteger.ZERO) : new Expr.ReadRegister(file, index, type));
      }
      case Value.CsrFile _ ->
          new Value.Dyn(new Expr.ReadCsrNumber(number(single(at), scope), Type.bits(64)));
      case Value.AccessOf(var access) -> calls.get(access, null, indices, scope, at.span());
      case Value.TypedAccess(var access, var argument) ->
          calls.get(access, argument, indices, scope, at.span());
      case Value.ViewOf(var view, _) -> new Value.Dyn(read(view, indices, scope, at.span()));
      case Value.EveryOf(var element) -> new Value.Dyn(element);
      case Value.ListOf(var elements) -> element(elements, single(at), scope, at.span());
      case Value.Several(var parts) -> element(parts, single(at), scope, at.span());
      case Value.TypeOf(var type) -> {
        Value.Num n = constant(single(at), scope);
        yield new Value.TypeOf(new Type.Array(type, n.numerator().intValueExact()));
      }
      default -> bitOrElement(of, single(at), scope, at.span());
    };
  }

  private static Term single(Term.At at) {
    if (at.indices().size() != 1) {
      throw new SpecError("syntax", at.span(), "expected one index, got " + at.indices().size());
    }
    return at.indices().getFirst();
  }

  private Value element(List<Value> parts, Term index, Scope scope, Span span) {
    Value i = bind(index, scope, null);
    if (i instanceof Value.Num n && n.whole()) {
      int k = n.numerator().bitLength() < 31 ? n.numerator().intValue() : -1;
      if (k < 0 || k >= parts.size()) {
        throw new SpecError(
            "index-range", span, "index " + n + " lies outside 0 .. " + parts.size());
      }
      return parts.get(k);
    }
    Expr number = asInt(i, index.span());
    if (number instanceof Expr.Literal(_, var literal)) {
      return element(parts, new Term.Num(literal, 0, index.span()), scope, span);
    }
    Type.Int range = (Type.Int) number.type();
    List<Expr> elements = new ArrayList<>();
    Type type = null;
    for (Value part : parts) {
      Expr e = dyn(part, span);
      type = type == null ? e.type() : join(type, e.type(), span);
      elements.add(e);
    }
    if (type == null
        || range.min().signum() < 0
        || range.max().compareTo(BigInteger.valueOf(parts.size())) >= 0
            && !coveredByLegal(number)) {
      throw new SpecError(
          "index-range", span, "the index " + range + " may leave 0 .. " + parts.size());
    }
    Type common = type;
    List<Expr> same = elements.stream().map(e -> coerce(new Value.Dyn(e), common, span)).toList();
    return new Value.Dyn(
        new Expr.ArrayAt(
            new Expr.MakeArray(same, new Type.Array(common, same.size())), number, common));
  }

  /// An index that is a field may be kept inside by a `legal` conjunct on that field.
  private static boolean coveredByLegal(Expr number) {
    return number instanceof Expr.ToInt(Expr.FieldValue _, _);
  }

  private Value bitOrElement(Value of, Term index, Scope scope, Span span) {
    Expr expr = dyn(of, span);
    if (expr.type() instanceof Type.Array(var element, var length)) {
      Expr i = index(index, scope, length - 1, span);
      return new Value.Dyn(new Expr.ArrayAt(expr, i, element));
    }
    if (!(expr.type() instanceof Type.Bits(_, int width))) {
      throw new SpecError("type", span, "a value of type " + expr.type() + " has no elements");
    }
    Value i = bind(index, scope, null);
    Expr n = asInt(i, span);
    if (n instanceof Expr.Literal(_, var k)) {
      return sliced(expr, k.intValue(), k.intValue(), width, span);
    }
    return new Value.Dyn(
        new Expr.Select(
            new Expr.BitAt(expr, n),
            Make.literal(Type.bits(1), BigInteger.ONE),
            Make.literal(Type.bits(1), BigInteger.ZERO),
            Type.bits(1)));
  }

  Expr read(View view, List<Term> indices, Scope scope, Span span) {
    return new Expr.ReadView(view, indices(view, indices, scope, span), null, view.element());
  }

  List<Expr> indices(View view, List<Term> indices, Scope scope, Span span) {
    if (indices.size() != view.indices().size()) {
      throw new SpecError(
          "syntax",
          span,
          "'" + view.name() + "' has " + view.indices().size() + " indices, got " + indices.size());
    }
    List<Expr> result = new ArrayList<>();
    for (int n = 0; n < indices.size(); n++) {
      Expr index = number(indices.get(n), scope);
      Type.Int range = (Type.Int) index.type();
      boolean outside =
          range.max().signum() < 0
              || view.extents().get(n) instanceof Expr.Literal(_, var extent)
                  && range.min().compareTo(extent) >= 0;
      if (outside) {
        throw new SpecError(
            "index-range", span, "'" + view.name() + "' has no element at " + range);
      }
      result.add(index);
    }
    return result;
  }

  /// {@return an index of 0 to `most`, as a whole number}
  Expr index(Term term, Scope scope, int most, Span span) {
    Expr index = number(term, scope);
    if (index instanceof Expr.Literal(_, var value)
        && (value.signum() < 0 || value.compareTo(BigInteger.valueOf(most)) > 0)) {
      throw new SpecError(
          "index-range", span, "index " + value + " lies outside 0 .. " + (most + 1));
    }
    return index;
  }

  private Value slice(Term.Bits b, Scope scope) {
    Expr of = dyn(bind(b.of(), scope, null), b.span());
    if (!(of.type() instanceof Type.Bits(_, int width))) {
      throw new SpecError("type", b.span(), "only bits have slices, this is " + of.type());
    }
    int hi = whole(b.hi(), scope);
    int lo = whole(b.lo(), scope);
    return sliced(of, hi, lo, width, b.span());
  }

  private static Value sliced(Expr of, int hi, int lo, int width, Span span) {
    if (lo < 0 || hi < lo || hi >= width) {
      throw new SpecError("width", span, "bits " + hi + ":" + lo + " do not exist in " + of.type());
    }
    return new Value.Dyn(Make.reread(Make.slice(of, hi, lo), Type.bits(hi - lo + 1)));
  }

  /// {@return a constant whole number}
  int whole(Term term, Scope scope) {
    Value.Num n = constant(term, scope);
    if (!n.whole() || n.numerator().bitLength() > 30) {
      throw new SpecError("stage", term.span(), "expected a small whole number, got " + n);
    }
    return n.numerator().intValue();
  }

  private Value as(Term.As as, Scope scope) {
    Value target = name(as.type(), scope, as.span());
    Expr of = dyn(bind(as.of(), scope, null), as.span());
    return new Value.Dyn(rereadAs(of, target, as.span()));
  }

  /// {@return the same bits as another type}
  Expr rereadAs(Expr of, Value target, Span span) {
    int width = bitsOf(of.type(), span);
    Type type =
        switch (target) {
          case Value.OpenType(var reading) -> new Type.Bits(reading, width);
          case Value.TypeOf(var full) -> full;
          default -> throw new SpecError("type", span, "expected a type");
        };
    if (bitsOf(type, span) != width) {
      throw new SpecError(
          "width", span, of.type() + " can not be reread as " + type + ": the widths differ");
    }
    return Make.reread(of, type);
  }

  static int bitsOf(Type type, Span span) {
    return switch (type) {
      case Type.Bits(_, int width) -> width;
      case Type.Floating(var format) -> format.width();
      case Type.Bool _ -> 1;
      case Type.Array(var element, int n) -> n * bitsOf(element, span);
      case Type.Int _, Type.Exact _, Type.Tuple _ ->
          throw new SpecError("type", span, "a value of type " + type + " has no width");
    };
  }

  // Operators

  private Value unary(Term.Unary u, Scope scope, @Nullable Type expected) {
    if (u.op() == Term.Prefix.NOT) {
      return fromBool(Make.not(condition(u.of(), scope)));
    }
    Value of = bind(u.of(), scope, expected);
    if (of instanceof Value.Num n) {
      return u.op() == Term.Prefix.MINUS
          ? new Value.Num(n.numerator().negate(), n.denominator(), n.ratio())
          : Value.Num.of(n.numerator().not());
    }
    Expr expr = dyn(of, u.span());
    Expr.UnaryOp op = u.op() == Term.Prefix.MINUS ? Expr.UnaryOp.NEGATE : Expr.UnaryOp.COMPLEMENT;
    return switch (expr.type()) {
      case Type.Bits bits -> new Value.Dyn(Make.unary(op, expr, bits));
      case Type.Int(var min, var max) when op == Expr.UnaryOp.NEGATE ->
          new Value.Dyn(Make.unary(op, expr, new Type.Int(max.negate(), min.negate())));
      case Type.Floating _, Type.Exact _ when op == Expr.UnaryOp.NEGATE ->
          new Value.Dyn(new Expr.Unary(op, exact(of, u.span()), Type.EXACT));
      default -> throw new SpecError("type", u.span(), "this operator does not fit " + expr.type());
    };
  }

  private Value binary(Term.Binary b, Scope scope, @Nullable Type expected) {
    return switch (b.op()) {
      case BOTH -> {
        Expr left = condition(b.left(), scope);
        yield Make.isFalse(left)
            ? new Value.Truth(false)
            : fromBool(Make.and(left, condition(b.right(), scope)));
      }
      case EITHER -> {
        Expr left = condition(b.left(), scope);
        yield Make.isTrue(left)
            ? new Value.Truth(true)
            : fromBool(Make.or(left, condition(b.right(), scope)));
      }
      case CONCAT -> concat(b, scope, expected);
      case EQ, NE, LT, LE, GT, GE -> comparison(b, scope);
      case SHL, SHR -> shift(b, scope, expected);
      case ADD, SUB, MUL, DIV, REM, AND, OR, XOR -> arithmetic(b, scope, expected);
    };
  }

  private record Sides(Value left, Value right) {}

  /// Binds both sides; one without a width of its own takes the other's type.
  private Sides sides(Term.Binary b, Scope scope, @Nullable Type expected) {
    Value left = tryBind(b.left(), scope);
    Value right = tryBind(b.right(), scope);
    if (left == null && right == null) {
      if (expected == null) {
        bind(b.left(), scope, null);
      }
      return new Sides(bind(b.left(), scope, expected), bind(b.right(), scope, expected));
    }
    if (left == null) {
      Value known = java.util.Objects.requireNonNull(right);
      return new Sides(bind(b.left(), scope, neighbour(known, expected, b.right())), known);
    }
    return right != null
        ? new Sides(left, right)
        : new Sides(left, bind(b.right(), scope, neighbour(left, expected, b.left())));
  }

  private @Nullable Type neighbour(Value value, @Nullable Type expected, Term term) {
    return value instanceof Value.Num ? expected : typeOf(value, term.span());
  }

  private Type typeOf(Value value, Span span) {
    return dyn(value, span).type();
  }

  @Nullable Value tryBind(Term term, Scope scope) {
    int before = slots;
    try {
      return bind(term, scope, null);
    } catch (NeedsContext _) {
      slots = before;
      return null;
    }
  }

  private static Expr.BinaryOp op(Term.Infix op) {
    return switch (op) {
      case ADD -> Expr.BinaryOp.ADD;
      case SUB -> Expr.BinaryOp.SUB;
      case MUL -> Expr.BinaryOp.MUL;
      case DIV -> Expr.BinaryOp.DIV;
      case REM -> Expr.BinaryOp.REM;
      case SHL -> Expr.BinaryOp.SHL;
      case SHR -> Expr.BinaryOp.SHR;
      case AND -> Expr.BinaryOp.AND;
      case OR -> Expr.BinaryOp.OR;
      case XOR -> Expr.BinaryOp.XOR;
      case CONCAT, EQ, NE, LT, LE, GT, GE, BOTH, EITHER -> throw new AssertionError(op);
    };
  }

  private Value arithmetic(Term.Binary b, Scope scope, @Nullable Type expected) {
    Sides sides = sides(b, scope, expected);
    Value l = sides.left();
    Value r = sides.right();
    if (l instanceof Value.Num x && r instanceof Value.Num y) {
      return numbers(b, x, y);
    }
    if (l instanceof Value.Truth || r instanceof Value.Truth || isBool(l) || isBool(r)) {
      return logical(b, l, r);
    }
    return arithmetic(op(b.op()), l, r, b.span());
  }

  private static boolean isBool(Value value) {
    return value instanceof Value.Dyn(var expr) && expr.type() instanceof Type.Bool;
  }

  private Value logical(Term.Binary b, Value l, Value r) {
    Expr left = coerce(l, Type.BOOL, b.span());
    Expr right = coerce(r, Type.BOOL, b.span());
    return switch (b.op()) {
      case AND -> fromBool(Make.and(left, right));
      case OR -> fromBool(Make.or(left, right));
      case XOR -> fromBool(Make.compare(Expr.CompareOp.NE, left, right));
      default -> throw new SpecError("type", b.span(), "this operator does not fit bool");
    };
  }

  Value arithmetic(Expr.BinaryOp op, Value l, Value r, Span span) {
    if (isReal(l) || isReal(r)) {
      if (op != Expr.BinaryOp.ADD && op != Expr.BinaryOp.SUB && op != Expr.BinaryOp.MUL) {
        throw new SpecError(
            "type",
            span,
            "exact numbers have + - * only",
            "a quotient is round<F>(quotient(a, b))");
      }
      return new Value.Dyn(new Expr.Binary(op, exact(l, span), exact(r, span), Type.EXACT));
    }
    Type type = common(l, r, span);
    boolean mask = op == Expr.BinaryOp.AND || op == Expr.BinaryOp.OR || op == Expr.BinaryOp.XOR;
    if (mask
        && type instanceof Type.Bits(_, int width)
        && (l instanceof Value.Num || r instanceof Value.Num)) {
      // A mask is bits, whatever it stands beside: `n & ~31` on a uint.
      Value left =
          l instanceof Value.Num
              ? new Value.Dyn(Make.reread(coerce(l, Type.bits(width), span), type))
              : l;
      Value right =
          r instanceof Value.Num
              ? new Value.Dyn(Make.reread(coerce(r, Type.bits(width), span), type))
              : r;
      return new Value.Dyn(
          Make.binary(op, coerce(left, type, span), coerce(right, type, span), type));
    }
    if (type instanceof Type.Int) {
      return wholeNumbers(op, asInt(l, span), asInt(r, span), span);
    }
    if ((op == Expr.BinaryOp.DIV || op == Expr.BinaryOp.REM) && isPlain(type)) {
      throw new SpecError(
          "type", span, "bits have no division", "write uint(…) or sint(…) on both sides");
    }
    return new Value.Dyn(Make.binary(op, coerce(l, type, span), coerce(r, type, span), type));
  }

  private static Value wholeNumbers(Expr.BinaryOp op, Expr l, Expr r, Span span) {
    Type.Int left = (Type.Int) l.type();
    Type.Int right = (Type.Int) r.type();
    if ((op == Expr.BinaryOp.DIV || op == Expr.BinaryOp.REM) && right.min().signum() <= 0) {
      throw new SpecError("index-range", span, "the divisor " + right + " may be 0 or negative");
    }
    return new Value.Dyn(Make.binary(op, l, r, Make.interval(op, left, right)));
  }

  /// {@return the type in which two values meet}
  private Type common(Value l, Value r, Span span) {
    if (l instanceof Value.Num || r instanceof Value.Num) {
      Value.Num number = (Value.Num) (l instanceof Value.Num ? l : r);
      Type other = dyn(l instanceof Value.Num ? r : l, span).type();
      boolean whole = other instanceof Type.Int && number.whole();
      return whole
          ? Make.union((Type.Int) other, new Type.Int(number.numerator(), number.numerator()))
          : other;
    }
    return join(dyn(l, span).type(), dyn(r, span).type(), span);
  }

  Type join(Type a, Type b, Span span) {
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof Type.Int x && b instanceof Type.Int y) {
      return Make.union(x, y);
    }
    if (a instanceof Type.Int) {
      return b;
    }
    if (b instanceof Type.Int) {
      return a;
    }
    if (a instanceof Type.Bits x && b instanceof Type.Bits y && x.width() == y.width()) {
      if (x.reading() == Type.Reading.BITS) {
        return y;
      }
      if (y.reading() == Type.Reading.BITS) {
        return x;
      }
    }
    if (a instanceof Type.Exact && b instanceof Type.Floating
        || b instanceof Type.Exact && a instanceof Type.Floating) {
      return Type.EXACT;
    }
    throw new SpecError("width", span, "left side is " + a + ", right side is " + b + with());
  }

  /// {@return `(with SEW = 16)`, or nothing where no static matters}
  String with() {
    if (statics.isEmpty()) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    statics.forEach((name, value) -> parts.add(name + " = " + value));
    return " (with " + String.join(", ", parts.stream().sorted().toList()) + ")";
  }

  private static boolean isPlain(Type type) {
    return type instanceof Type.Bits bits && bits.reading() == Type.Reading.BITS;
  }

  private static boolean isReal(Value value) {
    return value instanceof Value.Dyn(var expr)
        && (expr.type() instanceof Type.Floating || expr.type() instanceof Type.Exact);
  }

  private Value numbers(Term.Binary b, Value.Num x, Value.Num y) {
    boolean ratio = x.ratio() || y.ratio();
    BigInteger n = x.numerator();
    BigInteger m = y.numerator();
    boolean zero = m.signum() == 0 && (b.op() == Term.Infix.DIV || b.op() == Term.Infix.REM);
    if (zero) {
      throw new SpecError("index-range", b.span(), "division by 0");
    }
    boolean literals = b.left() instanceof Term.Num && b.right() instanceof Term.Num;
    if (ratio || b.op() == Term.Infix.DIV && literals) {
      return ratios(b, x, y);
    }
    Type wide = new Type.Int(n, m);
    return Value.Num.of(Arithmetic.binary(op(b.op()), n, m, wide));
  }

  private static Value ratios(Term.Binary b, Value.Num x, Value.Num y) {
    BigInteger xd = x.denominator();
    BigInteger yd = y.denominator();
    BigInteger left = x.numerator().multiply(yd);
    BigInteger right = y.numerator().multiply(xd);
    return switch (b.op()) {
      case ADD -> Value.Num.ratio(left.add(right), xd.multiply(yd));
      case SUB -> Value.Num.ratio(left.subtract(right), xd.multiply(yd));
      case MUL -> Value.Num.ratio(x.numerator().multiply(y.numerator()), xd.multiply(yd));
      case DIV -> Value.Num.ratio(left, right);
      default -> throw new SpecError("type", b.span(), "ratios have + - * / only");
    };
  }

  private Value shift(Term.Binary b, Scope scope, @Nullable Type expected) {
    Expr.BinaryOp op = op(b.op());
    Value left = bind(b.left(), scope, expected);
    Value right = bind(b.right(), scope, null);
    if (left instanceof Value.Num x && right instanceof Value.Num y) {
      return Value.Num.of(Arithmetic.binary(op, x.numerator(), y.numerator(), Type.Int.of(0)));
    }
    Expr amount = asInt(right, b.right().span());
    Expr of = dyn(left, b.span());
    if (of.type() instanceof Type.Bits) {
      return new Value.Dyn(shifted(op, of, amount));
    }
    if (((Type.Int) amount.type()).min().signum() < 0) {
      throw new SpecError("index-range", b.span(), "the shift amount may be negative");
    }
    Expr number = asInt(left, b.left().span());
    return new Value.Dyn(
        Make.binary(
            op,
            number,
            amount,
            Make.interval(op, (Type.Int) number.type(), (Type.Int) amount.type())));
  }

  private static Expr shifted(Expr.BinaryOp op, Expr of, Expr amount) {
    if (of instanceof Expr.Literal(_, var value) && amount instanceof Expr.Literal(_, var n)) {
      return Make.literal(of.type(), Arithmetic.binary(op, value, n, of.type()));
    }
    return new Expr.Binary(op, of, amount, of.type());
  }

  private Value concat(Term.Binary b, Scope scope, @Nullable Type expected) {
    Expr left = part(b.left(), scope);
    Expr right = part(b.right(), scope);
    if (left == null || right == null) {
      Expr known = left == null ? right : left;
      Term fill = left == null ? b.left() : b.right();
      if (known == null || !(expected instanceof Type.Bits(_, int all))) {
        throw new NeedsContext(fill.span(), fill.span().text());
      }
      int width = all - bitsOf(known.type(), b.span());
      if (width <= 0) {
        return new Value.Dyn(known);
      }
      Expr filled = dyn(filled(fill.span().text(), Type.bits(width), fill.span()), fill.span());
      return new Value.Dyn(
          concat(left == null ? List.of(filled, known) : List.of(known, filled), b.span()));
    }
    return new Value.Dyn(concat(List.of(left, right), b.span()));
  }

  /// {@return one side of `++`, or null for a fill, which takes what the place leaves}
  private @Nullable Expr part(Term side, Scope scope) {
    if (side instanceof Term.Num(var value, int width, var span)) {
      if (width == 0) {
        throw new SpecError(
            "width", span, "a decimal has no width in `++`", "write its bits: 0b… or 0x…");
      }
      return Make.literal(Type.bits(width), value);
    }
    if (side instanceof Term.Name(var n, _) && (n.equals("ones") || n.equals("zeros"))) {
      return null;
    }
    return dyn(bind(side, scope, null), side.span());
  }

  static Expr concat(List<Expr> parts, Span span) {
    int width = parts.stream().mapToInt(p -> bitsOf(p.type(), span)).sum();
    List<Expr> same =
        parts.stream().map(p -> Make.reread(p, Type.bits(bitsOf(p.type(), span)))).toList();
    if (same.stream().allMatch(Expr.Literal.class::isInstance)) {
      BigInteger value = BigInteger.ZERO;
      for (Expr part : same) {
        value = value.shiftLeft(bitsOf(part.type(), span)).or(((Expr.Literal) part).value());
      }
      return Make.literal(Type.bits(width), value);
    }
    return new Expr.Concat(same, Type.bits(width));
  }

  private static Expr.CompareOp compareOp(Term.Infix op) {
    return Expr.CompareOp.valueOf(op.name());
  }

  private Value comparison(Term.Binary b, Scope scope) {
    Sides sides = sides(b, scope, null);
    Value l = sides.left();
    Value r = sides.right();
    Expr.CompareOp op = compareOp(b.op());
    if (l instanceof Value.Text(var x) && r instanceof Value.Text(var y)) {
      return new Value.Truth(Arithmetic.compare(op, x.compareTo(y)));
    }
    if (l instanceof Value.Num x && r instanceof Value.Num y) {
      BigInteger left = x.numerator().multiply(y.denominator());
      return new Value.Truth(
          Arithmetic.compare(op, left.compareTo(y.numerator().multiply(x.denominator()))));
    }
    if (l instanceof Value.TypeOf(var x) && r instanceof Value.TypeOf(var y)) {
      return new Value.Truth(x.equals(y) == (op == Expr.CompareOp.EQ));
    }
    return fromBool(comparison(op, l, r, b.span()));
  }

  Expr comparison(Expr.CompareOp op, Value l, Value r, Span span) {
    if (isReal(l) || isReal(r)) {
      return new Expr.Compare(op, exact(l, span), exact(r, span));
    }
    boolean ordered = op != Expr.CompareOp.EQ && op != Expr.CompareOp.NE;
    Expr left = l instanceof Value.Num ? null : dyn(l, span);
    Expr right = r instanceof Value.Num ? null : dyn(r, span);
    boolean leftInt = left == null || left.type() instanceof Type.Int;
    boolean rightInt = right == null || right.type() instanceof Type.Int;
    if (leftInt && rightInt
        || left != null && right != null && leftInt != rightInt && !mixedBool(left, right)) {
      // A number beside bits is compared as a number: that is right whatever the width.
      return Make.compare(op, asInt(l, span), asInt(r, span));
    }
    Type type = common(l, r, span);
    if (ordered && isPlain(type)) {
      throw new SpecError(
          "type", span, "bits have no order", "write uint(…) or sint(…) on both sides");
    }
    return Make.compare(op, coerce(l, type, span), coerce(r, type, span));
  }

  private static boolean mixedBool(Expr a, Expr b) {
    return a.type() instanceof Type.Bool || b.type() instanceof Type.Bool;
  }

  private Value within(Term.Within w, Scope scope) {
    Value of = bind(w.of(), scope, null);
    return switch (w.range()) {
      case Term.Range.SetOf(var values) -> {
        Expr any = Make.bool(false);
        for (Term value : values) {
          any = Make.or(any, equal(of, bind(value, scope, null), w.span()));
        }
        yield fromBool(any);
      }
      case Term.Range.FromTo(var from, var to) -> {
        Expr low = truth(compareValues(Expr.CompareOp.GE, of, bind(from, scope, null), w.span()));
        Expr high = truth(compareValues(Expr.CompareOp.LT, of, bind(to, scope, null), w.span()));
        yield fromBool(Make.and(low, high));
      }
      case Term.Range.Named(var path, var span) ->
          throw new SpecError("type", span, "'" + path + "' is no set");
    };
  }

  private Value compareValues(Expr.CompareOp op, Value a, Value b, Span span) {
    if (a instanceof Value.Num x && b instanceof Value.Num y) {
      return new Value.Truth(
          Arithmetic.compare(
              op,
              x.numerator()
                  .multiply(y.denominator())
                  .compareTo(y.numerator().multiply(x.denominator()))));
    }
    return fromBool(comparison(op, a, b, span));
  }

  private Expr truth(Value value) {
    return coerce(value, Type.BOOL, null);
  }

  Expr equal(Value a, Value b, Span span) {
    if (a instanceof Value.Text(var x) && b instanceof Value.Text(var y)) {
      return Make.bool(x.equals(y));
    }
    return truth(compareValues(Expr.CompareOp.EQ, a, b, span));
  }

  private Value choice(Term.Choice c, Scope scope, @Nullable Type expected) {
    Expr condition = condition(c.condition(), scope);
    if (Make.isTrue(condition)) {
      return bind(c.yes(), scope, expected);
    }
    if (Make.isFalse(condition)) {
      return bind(c.no(), scope, expected);
    }
    Value yes = expected == null ? tryBind(c.yes(), scope) : bind(c.yes(), scope, expected);
    Value no = expected == null ? tryBind(c.no(), scope) : bind(c.no(), scope, expected);
    if (yes == null && no == null) {
      yes = bind(c.yes(), scope, null);
    }
    if (yes == null) {
      yes =
          bind(
              c.yes(),
              scope,
              no instanceof Value.Num
                  ? null
                  : typeOf(java.util.Objects.requireNonNull(no), c.no().span()));
    }
    if (no == null) {
      no = bind(c.no(), scope, yes instanceof Value.Num ? null : typeOf(yes, c.yes().span()));
    }
    return select(condition, yes, no, expected, c.span());
  }

  Value select(Expr condition, Value yes, Value no, @Nullable Type expected, Span span) {
    if (yes instanceof Value.ListOf(var a) && no instanceof Value.ListOf(var b)) {
      return select(condition, new Value.Several(a), new Value.Several(b), expected, span);
    }
    if (yes instanceof Value.Several(var a)
        && no instanceof Value.Several(var b)
        && a.size() == b.size()) {
      List<Value> parts = new ArrayList<>();
      for (int i = 0; i < a.size(); i++) {
        parts.add(select(condition, a.get(i), b.get(i), null, span));
      }
      return new Value.Several(parts);
    }
    if (yes instanceof Value.Truth || no instanceof Value.Truth) {
      Expr y = coerce(yes, Type.BOOL, span);
      Expr n = coerce(no, Type.BOOL, span);
      return new Value.Dyn(new Expr.Select(condition, y, n, Type.BOOL));
    }
    Type type;
    if (yes instanceof Value.Num x && no instanceof Value.Num y) {
      type = new Type.Int(x.numerator().min(y.numerator()), x.numerator().max(y.numerator()));
      if (expected instanceof Type.Bits) {
        type = expected;
      }
    } else {
      type = common(yes, no, span);
    }
    return new Value.Dyn(
        new Expr.Select(condition, coerce(yes, type, span), coerce(no, type, span), type));
  }

  private Value match(Term.Match m, Scope scope, @Nullable Type expected) {
    Value of = bind(m.of(), scope, null);
    return arms(of, m.arms(), 0, scope, expected, m.span());
  }

  private Value arms(
      Value of, List<Term.Arm> arms, int n, Scope scope, @Nullable Type expected, Span span) {
    if (n == arms.size()) {
      throw new SpecError("type", span, "this match does not cover every value", "add `_ => …`");
    }
    Term.Arm arm = arms.get(n);
    Scope inner = scope.inner();
    Expr test = bodies.matches(arm.pattern(), of, inner, span);
    boolean last = n == arms.size() - 1;
    if (Make.isTrue(test)) {
      return bind(arm.value(), inner, expected);
    }
    if (Make.isFalse(test)) {
      return arms(of, arms, n + 1, scope, expected, span);
    }
    Value yes = bind(arm.value(), inner, expected);
    if (last && coversRest(of, arms, span)) {
      return yes;
    }
    Value no = arms(of, arms, n + 1, scope, expected, span);
    return select(test, yes, no, expected, span);
  }

  /// A match over all values of few bits needs no `_`.
  private boolean coversRest(Value of, List<Term.Arm> arms, Span span) {
    Expr expr = dyn(of, span);
    return expr.type() instanceof Type.Bits(_, int width)
        && width < 16
        && arms.size() == 1 << width;
  }

  private Value several(List<Term> elements, Scope scope, @Nullable Type expected) {
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Type want =
          expected instanceof Type.Tuple(var types) && i < types.size() ? types.get(i) : null;
      parts.add(bind(elements.get(i), scope, want));
    }
    return staticList(parts) ? new Value.ListOf(parts) : new Value.Several(parts);
  }

  private static boolean staticList(List<Value> parts) {
    return parts.stream().noneMatch(p -> p instanceof Value.Dyn || p instanceof Value.Several);
  }

  private Value array(Term.Array a, Scope scope, @Nullable Type expected) {
    Type want = expected instanceof Type.Array(var element, _) ? element : null;
    List<Value> parts = a.elements().stream().map(t -> bind(t, scope, want)).toList();
    return staticList(parts) ? new Value.ListOf(parts) : new Value.Several(parts);
  }

  private Value arrayOver(Term.ArrayOver a, Scope scope, @Nullable Type expected) {
    Type want = expected instanceof Type.Array(var element, _) ? element : null;
    List<Value> parts = new ArrayList<>();
    for (Value i : values(a.range(), scope, a.span())) {
      parts.add(bind(a.element(), scope.inner().put(a.index(), i), want));
    }
    return staticList(parts) ? new Value.ListOf(parts) : new Value.Several(parts);
  }

  /// {@return the values of a range that is known now}
  List<Value> values(Term.Range range, Scope scope, Span span) {
    return switch (range) {
      case Term.Range.SetOf(var terms) -> terms.stream().map(t -> bind(t, scope, null)).toList();
      case Term.Range.FromTo(var from, var to) -> {
        int first = whole(from, scope);
        int end = whole(to, scope);
        if (end - first > 1 << 16) {
          throw new SpecError("unbounded-loop", span, "more than 65,536 values");
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

  // What a value is

  static Value fromBool(Expr expr) {
    return Make.isTrue(expr)
        ? new Value.Truth(true)
        : Make.isFalse(expr) ? new Value.Truth(false) : new Value.Dyn(expr);
  }

  /// {@return a condition}
  Expr condition(Term term, Scope scope) {
    return coerce(bind(term, scope, Type.BOOL), Type.BOOL, term.span());
  }

  /// {@return a run-time whole number}
  Expr number(Term term, Scope scope) {
    return asInt(bind(term, scope, null), term.span());
  }

  /// {@return a number that is known now}
  ///
  /// @throws Unbound when it depends on a field or mode that binding can still fix
  Value.Num constant(Term term, Scope scope) {
    Value value = bind(term, scope, null);
    if (value instanceof Value.Num n) {
      return n;
    }
    if (value instanceof Value.Truth(var truth)) {
      return Value.Num.of(truth ? 1 : 0);
    }
    Expr expr = dyn(value, term.span());
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
    Walk.expr(
        expr,
        e -> {
          if (e instanceof Expr.FieldValue(var field, _)) {
            throw new Unbound(field);
          }
          for (Mode mode : defs.modes.values()) {
            if (mode.value() == e) {
              throw new Unbound(mode.name());
            }
          }
        });
  }

  /// {@return a value as a run-time expression; a bare number is an `Int`}
  Expr dyn(Value value, @Nullable Span span) {
    return switch (value) {
      case Value.Dyn(var expr) -> expr;
      case Value.Num n when n.whole() -> Make.number(n.numerator());
      case Value.Truth(var truth) -> Make.bool(truth);
      case Value.CsrOf(var csr) -> new Expr.ReadCsr(csr, Type.bits(64));
      case Value.FieldOf(var csr, var field) ->
          new Expr.ReadCsrField(csr, field, Type.uint(field.width()));
      case Value.FileOf(var file) when file.count() == 1 ->
          new Expr.ReadRegister(file, Make.number(BigInteger.ZERO), Type.bits(file.width()));
      case Value.Several(var parts) -> {
        List<Expr> exprs = parts.stream().map(p -> dyn(p, span)).toList();
        Type element = exprs.getFirst().type();
        boolean same = exprs.stream().allMatch(e -> e.type().equals(element));
        yield same
            ? new Expr.MakeArray(exprs, new Type.Array(element, exprs.size()))
            : new Expr.MakeTuple(exprs, new Type.Tuple(exprs.stream().map(Expr::type).toList()));
      }
      case Value.ListOf(var parts) when !parts.isEmpty() -> dyn(new Value.Several(parts), span);
      case Value.After(var statements, var inner) -> Make.inline(statements, dyn(inner, span));
      default -> throw new SpecError("type", at(span), "expected a value, got " + what(value));
    };
  }

  private static Span at(@Nullable Span span) {
    return span != null ? span : new Span(new tessera.isaspec.diagnostic.Source("", ""), 0, 0);
  }

  static String what(Value value) {
    return switch (value) {
      case Value.Num n -> "the number " + n;
      case Value.Text t -> "the text \"" + t.text() + "\"";
      case Value.Truth t -> t.value() ? "true" : "false";
      case Value.TypeOf t -> "the type " + t.type();
      case Value.OpenType t -> "the type " + t.reading().word();
      case Value.ListOf _ -> "a list";
      case Value.Func f -> "the function " + f.name();
      case Value.Builtin b -> "the function " + b.name();
      case Value.RealOf r -> "the real function " + r.real().name();
      case Value.FormOf f -> "the form " + f.form().name();
      case Value.Dyn d -> "a value of type " + d.type();
      case Value.Several _ -> "several values";
      case Value.ViewOf v -> "the view " + v.view().name();
      case Value.EveryOf _ -> "a view";
      case Value.FileOf f -> "the register file " + f.file();
      case Value.CsrOf c -> "the CSR " + c.csr();
      case Value.FieldOf f -> "the field " + f.csr() + "." + f.field().name();
      case Value.CsrFile _ -> "the CSR file";
      case Value.MemoryOf m -> "the memory " + m.name();
      case Value.UnitOf u -> "the unit " + u.unit().name();
      case Value.AccessOf a -> "the access " + a.access().name();
      case Value.TypedAccess a -> "the access " + a.access().name();
      case Value.After a -> what(a.value());
      case Value.Later l -> "`" + l.term().span().text() + "`";
    };
  }

  /// {@return a value as a whole number; bits by their own reading}
  Expr asInt(Value value, Span span) {
    Expr expr = dyn(value, span);
    return switch (expr.type()) {
      case Type.Int _ -> expr;
      case Type.Bits _ -> Make.toInt(expr);
      case Type.Bool _ ->
          new Expr.Select(
              expr, Make.number(BigInteger.ONE), Make.number(BigInteger.ZERO), Type.Int.of(0, 1));
      case Type.Floating _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new SpecError("type", span, "expected a whole number, got " + expr.type());
    };
  }

  /// {@return a value as an exact number}
  Expr exact(Value value, Span span) {
    if (value instanceof Value.Num n) {
      return exactLiteral(n, span);
    }
    Expr expr = dyn(value, span);
    return switch (expr.type()) {
      case Type.Exact _ -> expr;
      case Type.Floating _, Type.Int _ -> new Expr.ToExact(expr);
      case Type.Bits(var reading, _) when reading != Type.Reading.BITS -> new Expr.ToExact(expr);
      default -> throw new SpecError("type", span, "expected a number, got " + expr.type());
    };
  }

  private static Expr exactLiteral(Value.Num n, Span span) {
    int twos = n.denominator().getLowestSetBit();
    if (!n.denominator().equals(BigInteger.ONE.shiftLeft(twos))) {
      throw new SpecError("literal-fit", span, n + " is no binary fraction");
    }
    Expr whole = new Expr.ToExact(Make.number(n.numerator()));
    if (twos == 0) {
      return whole;
    }
    Expr scale =
        new Expr.ExactCall(
            Expr.ExactFunction.POW2, Make.number(BigInteger.valueOf(-twos)), Type.EXACT);
    return new Expr.Binary(Expr.BinaryOp.MUL, whole, scale, Type.EXACT);
  }

  /// {@return `value` as `type`, if it may become that without words: a fitting number, bits and
  /// uint or sint of one width, a float as exact}
  Expr coerce(Value value, Type type, @Nullable Span span) {
    if (value instanceof Value.After(var statements, var inner)) {
      return Make.inline(statements, coerce(inner, type, span));
    }
    if (type instanceof Type.Exact) {
      return exact(value, at(span));
    }
    if (value instanceof Value.Num n) {
      return literal(n, type, at(span));
    }
    List<Value> parts = parts(value);
    if (type instanceof Type.Array(var element, int n) && parts != null && parts.size() == n) {
      return new Expr.MakeArray(parts.stream().map(p -> coerce(p, element, span)).toList(), type);
    }
    if (type instanceof Type.Tuple(var types) && parts != null && parts.size() == types.size()) {
      List<Expr> exprs = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        exprs.add(coerce(parts.get(i), types.get(i), span));
      }
      return new Expr.MakeTuple(exprs, type);
    }
    Expr expr = dyn(value, span);
    if (expr.type().equals(type)) {
      return expr;
    }
    return coerced(expr, type, at(span));
  }

  private static @Nullable List<Value> parts(Value value) {
    return switch (value) {
      case Value.Several(var parts) -> parts;
      case Value.ListOf(var parts) -> parts;
      default -> null;
    };
  }

  private Expr coerced(Expr expr, Type type, Span span) {
    if (expr.type() instanceof Type.Bits from && type instanceof Type.Bits to) {
      boolean free = from.reading() == Type.Reading.BITS || to.reading() == Type.Reading.BITS;
      if (from.width() == to.width() && free) {
        return Make.reread(expr, to);
      }
      throw new SpecError(
          "width",
          span,
          "expected " + to + ", got " + from + with(),
          from.width() > to.width() ? "write trunc(…) or wrap(…)" : "write zext(…) or sext(…)");
    }
    if (expr.type() instanceof Type.Int(var min, var max)) {
      if (type instanceof Type.Int) {
        return expr; // the value's own interval is kept; it says more than `nat` does
      }
      if (type instanceof Type.Bits to && Arithmetic.fits(min, to) && Arithmetic.fits(max, to)) {
        return Make.wrap(expr, to);
      }
      if (type instanceof Type.Bits) {
        throw new SpecError(
            "literal-fit",
            span,
            "a number in " + expr.type() + " does not fit " + type + with(),
            "write wrap(…)");
      }
    }
    if (expr.type() instanceof Type.Bits && type instanceof Type.Int) {
      return Make.toInt(expr);
    }
    if (expr.type() instanceof Type.Exact && type instanceof Type.Floating) {
      throw new SpecError(
          "exact-escape",
          span,
          "this number is exact and cannot be stored in " + type,
          "write round<" + type + ">(…)");
    }
    if (expr.type() instanceof Type.Exact && type instanceof Type.Bits) {
      throw new SpecError(
          "exact-escape",
          span,
          "this number is exact and cannot be stored in " + type,
          "write wrap(…), or round<" + type + ">(…)");
    }
    if (expr.type() instanceof Type.Bits(_, int width) && width == 1 && type instanceof Type.Bool) {
      throw new SpecError("type", span, "expected bool, got " + expr.type(), "write … == 1");
    }
    if (expr.type() instanceof Type.Bool && type instanceof Type.Bits) {
      throw new SpecError("type", span, "expected " + type + ", got bool", "write … ? 1 : 0");
    }
    throw new SpecError("type", span, "expected " + type + ", got " + expr.type() + with());
  }

  private static Expr literal(Value.Num n, Type type, Span span) {
    if (type instanceof Type.Floating(var format)) {
      Rounder rounder = new Rounder();
      BigInteger bits = rounder.toFloat(dyadic(n, span), format, Rounding.RNE);
      if (!rounder.flags().isEmpty()) {
        throw new SpecError("literal-fit", span, n + " is no value of " + type);
      }
      return new Expr.Literal(type, bits);
    }
    if (!n.whole() || !Arithmetic.fits(n.numerator(), type)) {
      throw new SpecError("literal-fit", span, n + " does not fit " + type);
    }
    return type instanceof Type.Int
        ? Make.number(n.numerator())
        : Make.literal(type, n.numerator());
  }

  private static ExactNumber dyadic(Value.Num n, Span span) {
    int twos = n.denominator().getLowestSetBit();
    if (!n.denominator().equals(BigInteger.ONE.shiftLeft(twos))) {
      throw new SpecError("literal-fit", span, n + " is no binary fraction");
    }
    return ExactNumber.of(n.numerator(), -twos);
  }

  /// {@return statements, then a value, as one value}
  static Value after(List<Stmt> statements, Value value) {
    return statements.isEmpty() ? value : new Value.After(List.copyOf(statements), value);
  }

  /// {@return the file whose single register this is; for an assignment}
  static @Nullable RegisterFile single(Value value) {
    return value instanceof Value.FileOf(var file) && file.count() == 1 ? file : null;
  }
}
