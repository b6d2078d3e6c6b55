package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Machine;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Arithmetic;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;
import tessera.isaspec.text.Term;

/// Binds members and elements: of register files, CSRs, views, arrays, bits, types.
final class Elements {
  private final Binder binder;

  Elements(Binder binder) {
    this.binder = binder;
  }

  // Members

  Value member(Term.Member m, Scope scope) {
    return member(binder.bind(m.of(), scope, null), m);
  }

  private Value member(Value of, Term.Member m) {
    return switch (of) {
      case Value.CsrOf(var csr) -> field(csr, m);
      case Value.UnitOf(var unit) -> unitKey(unit, m);
      case Value.TypeOf(Type.Floating(var format)) -> floatMember(format, m);
      case Value.TypeOf(Type.Bits bits) -> bitsMember(bits, m);
      case Value.TypeOf(var type) ->
          throw unknown(m, type + " has no '" + m.name() + "'", List.of());
      case Value.ViewOf view -> binder.windows.viewMember(view, m);
      case Value.After(var statements, var inner) ->
          Conversions.after(statements, member(inner, m));
      default -> test(of, m);
    };
  }

  private static Value field(Csr csr, Term.Member m) {
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
    if (near != null) {
      return new SpecError(d.help("did you mean '" + near + "'?"));
    }
    return new SpecError(known.isEmpty() ? d : d.help("it has " + String.join(", ", known)));
  }

  private static Value unitKey(Machine.Unit unit, Term.Member m) {
    Long value = unit.keys().get(m.name());
    if (value == null) {
      String message = "unit '" + unit.name() + "' has no key '" + m.name() + "'";
      throw unknown(m, message, List.copyOf(unit.keys().keySet()));
    }
    return Value.Num.of(value);
  }

  private static Value floatMember(FloatFormat format, Term.Member m) {
    Type type = new Type.Floating(format);
    boolean has =
        switch (m.name()) {
          case "nan" -> format.hasNan();
          case "infinity" -> format.hasInfinity();
          case "zero" -> format.hasZero();
          default -> true;
        };
    if (!has) {
      throw new SpecError("type", m.span(), "the format " + format.name() + " has no " + m.name());
    }
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

  private static Value bitsMember(Type.Bits type, Term.Member m) {
    boolean sint = type.reading() == Type.Reading.SINT;
    return switch (m.name()) {
      case "zero" -> new Value.Dyn(Make.literal(type, BigInteger.ZERO));
      case "largest" ->
          new Value.Dyn(
              Make.literal(type, Arithmetic.ones(sint ? type.width() - 1 : type.width())));
      default -> throw unknown(m, type + " has no '" + m.name() + "'", List.of("zero", "largest"));
    };
  }

  private Value test(Value of, Term.Member m) {
    Expr.FloatTest test = null;
    for (Expr.FloatTest t : Expr.FloatTest.values()) {
      if (t.name().toLowerCase(Locale.ROOT).equals(m.name())) {
        test = t;
      }
    }
    if (test == null) {
      throw unknown(m, Conversions.what(of) + " has no '" + m.name() + "'", List.of());
    }
    Expr expr = binder.convert.dyn(of, m.span());
    if (!(expr.type() instanceof Type.Floating || expr.type() instanceof Type.Exact)) {
      throw new SpecError(
          "type", m.span(), "only a float has '." + m.name() + "', this is " + expr.type());
    }
    return new Value.Dyn(new Expr.TestFloat(test, expr));
  }

  // Elements

  Value at(Term.At at, Scope scope) {
    return at(binder.bind(at.of(), scope, null), at, scope);
  }

  private Value at(Value of, Term.At at, Scope scope) {
    List<Term> indices = at.indices();
    return switch (of) {
      case Value.FileOf(var file) -> register(file, single(at), scope, at.span());
      case Value.CsrFile _ ->
          new Value.Dyn(new Expr.ReadCsrNumber(csrNumber(single(at), scope), Type.bits(64)));
      case Value.AccessOf(var access) ->
          binder.accesses.get(access, null, indices, scope, at.span());
      case Value.TypedAccess(var access, var argument) ->
          binder.accesses.get(access, argument, indices, scope, at.span());
      case Value.ViewOf(var view, _) ->
          new Value.Dyn(
              new Expr.ReadView(
                  view, indices(view, indices, scope, at.span()), null, view.element()));
      case Value.EveryOf(var element) -> new Value.Dyn(element);
      case Value.ListOf(var elements) -> element(elements, single(at), scope, at.span());
      case Value.Several(var parts) -> element(parts, single(at), scope, at.span());
      case Value.TypeOf _, Value.OpenType _ -> new Value.TypeOf(binder.type(at, scope));
      case Value.After(var statements, var inner) ->
          Conversions.after(statements, at(inner, at, scope));
      default -> bitOrElement(binder.convert.dyn(of, at.span()), single(at), scope, at.span());
    };
  }

  private static Term single(Term.At at) {
    if (at.indices().size() != 1) {
      throw new SpecError("syntax", at.span(), "expected one index, got " + at.indices().size());
    }
    return at.indices().getFirst();
  }

  /// {@return a CSR's number: of 12 bits}
  Expr csrNumber(Term term, Scope scope) {
    return index(term, scope, 1 << 12, term.span());
  }

  private Value register(RegisterFile file, Term term, Scope scope, Span span) {
    Expr index = index(term, scope, file.count(), span);
    Type type = Type.bits(file.width());
    boolean zero =
        index instanceof Expr.Literal(_, var i)
            && file.zero() != null
            && i.equals(BigInteger.valueOf(file.zero()));
    return new Value.Dyn(
        zero ? Make.literal(type, BigInteger.ZERO) : new Expr.ReadRegister(file, index, type));
  }

  private Value element(List<Value> parts, Term term, Scope scope, Span span) {
    Expr index = index(term, scope, parts.size(), span);
    if (index instanceof Expr.Literal(_, var k)) {
      return parts.get(k.intValue());
    }
    List<Expr> elements = parts.stream().map(p -> binder.convert.dyn(p, span)).toList();
    Type common = elements.getFirst().type();
    for (Expr e : elements) {
      common = Operators.join(common, e.type(), span);
    }
    List<Expr> same = new ArrayList<>();
    for (Value part : parts) {
      same.add(binder.convert.coerce(part, common, span));
    }
    Expr array = new Expr.MakeArray(same, new Type.Array(common, same.size()));
    return new Value.Dyn(new Expr.ArrayAt(array, index, common));
  }

  private Value bitOrElement(Expr of, Term term, Scope scope, Span span) {
    return switch (of.type()) {
      case Type.Array(var element, int length) ->
          new Value.Dyn(new Expr.ArrayAt(of, index(term, scope, length, span), element));
      case Type.Bits(_, int width) -> {
        Expr index = binder.number(term, scope);
        if (index instanceof Expr.Literal(_, var k)) {
          int bit = inside(k, width) ? k.intValue() : -1;
          yield sliced(of, bit, bit, width, span);
        }
        Expr one = Make.literal(Type.bits(1), BigInteger.ONE);
        Expr zero = Make.literal(Type.bits(1), BigInteger.ZERO);
        yield new Value.Dyn(
            new Expr.Select(new Expr.BitAt(of, notNegative(index, span)), one, zero, Type.bits(1)));
      }
      default ->
          throw new SpecError("type", span, "a value of type " + of.type() + " has no elements");
    };
  }

  private static boolean inside(BigInteger index, int count) {
    return index.signum() >= 0 && index.compareTo(BigInteger.valueOf(count)) < 0;
  }

  /// {@return an index that is known not to be negative}
  Expr notNegative(Expr index, Span span) {
    if (!binder.facts.knowsNotNegative(index)) {
      throw new SpecError("index-range", span, "the index may be negative");
    }
    return index;
  }

  /// {@return an index of 0 to before `count`, as a whole number}
  Expr index(Term term, Scope scope, int count, Span span) {
    Expr index = binder.number(term, scope);
    if (index instanceof Expr.Literal(_, var k) && !inside(k, count)) {
      throw new SpecError("index-range", span, "index " + k + " lies outside 0 .. " + count);
    }
    Expr end = Make.number(BigInteger.valueOf(count));
    if (!binder.facts.knowsNotNegative(index) || !binder.facts.knowsBelow(index, end)) {
      throw new SpecError(
          "index-range",
          span,
          "the index `"
              + term.span().text()
              + "`, in "
              + index.type()
              + ", may leave 0 .. "
              + count,
          "keep it inside with a `legal` or an `if`");
    }
    return index;
  }

  /// {@return the indices of an element of a view, which are known to lie inside}
  List<Expr> indices(View view, List<Term> terms, Scope scope, Span span) {
    if (terms.size() != view.indices().size()) {
      throw new SpecError(
          "syntax",
          span,
          "'" + view.name() + "' has " + view.indices().size() + " indices, got " + terms.size());
    }
    List<Expr> indices = new ArrayList<>();
    for (int n = 0; n < terms.size(); n++) {
      binder.loops.checkRead(view, terms.get(n), scope, span);
      Expr index = binder.number(terms.get(n), scope);
      Expr extent = view.extents().get(n);
      if (!binder.facts.knowsNotNegative(index) || !binder.facts.knowsBelow(index, extent)) {
        throw outside(view, terms.get(n), index, extent, span);
      }
      indices.add(index);
    }
    return indices;
  }

  private static SpecError outside(View view, Term term, Expr index, Expr extent, Span span) {
    String most = extent instanceof Expr.Literal(_, var n) ? n.toString() : "its extent";
    return new SpecError(
        "index-range",
        span,
        "'"
            + view.name()
            + "' may be asked for an element outside 0 .. "
            + most
            + ": `"
            + term.span().text()
            + "` is in "
            + index.type(),
        "keep it inside with a `legal` or an `if`, or read " + view.name() + ".at(…, default)");
  }

  // Slices

  Value slice(Term.Bits b, Scope scope) {
    Expr of = binder.convert.dyn(binder.bind(b.of(), scope, null), b.span());
    if (!(of.type() instanceof Type.Bits(_, int width))) {
      throw new SpecError(
          "type", b.span(), "only bits have slices, this is " + of.type(), "write bits(…)[h:l]");
    }
    int hi = binder.whole(b.hi(), scope);
    int lo = binder.whole(b.lo(), scope);
    return sliced(of, hi, lo, width, b.span());
  }

  private static Value sliced(Expr of, int hi, int lo, int width, Span span) {
    if (lo < 0 || hi < lo || hi >= width) {
      throw new SpecError("width", span, "bits " + hi + ":" + lo + " do not exist in " + of.type());
    }
    return new Value.Dyn(Make.reread(Make.slice(of, hi, lo), Type.bits(hi - lo + 1)));
  }
}
