package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tessera.isaspec.CsrField;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.LValue;
import tessera.isaspec.semantics.Local;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.text.Term;

/// Binds what assignments write.
final class Targets {
  private final Binder binder;

  Targets(Binder binder) {
    this.binder = binder;
  }

  /// What the left side of an assignment is.
  ///
  /// @param target what is written
  /// @param type the type of the assigned value
  /// @param whole makes of it what the target gets: a slice of a `var` keeps the other bits
  record Place(LValue target, Type type, UnaryOperator<Expr> whole) {
    static Place of(LValue target) {
      return new Place(target, target.type(), UnaryOperator.identity());
    }
  }

  /// {@return what a term means as a whole target: where a flag goes, what a loop restarts from}
  LValue target(Term term, Scope scope) {
    Place place = place(term, scope);
    if (!place.type().equals(place.target().type())) {
      throw new SpecError("type", term.span(), "a part of a value can not stand here");
    }
    return place.target();
  }

  /// {@return a field of a CSR, or a bit of one}
  LValue field(Term term, Scope scope) {
    LValue target = target(term, scope);
    if (target instanceof LValue.Field || target instanceof LValue.FieldBit) {
      return target;
    }
    throw new SpecError(
        "type", term.span(), "expected a field of a CSR, or a bit of one", "as in fcsr.fflags[4]");
  }

  Place place(Term term, Scope scope) {
    return switch (term) {
      case Term.At at -> element(at, scope);
      case Term.Bits b -> slice(b, scope);
      case Term.Call(Term.Member(var of, var bit, _), var args, var span)
          when bit.equals("bit")
              && args.size() == 1
              && args.getFirst() instanceof Term.Arg.Plain(var index)
              && binder.bind(of, scope, null) instanceof Value.FieldOf field ->
          bit(field, index, scope, span);
      default -> whole(binder.bind(term, scope, null), term.span());
    };
  }

  private Place whole(Value value, Span span) {
    return switch (value) {
      case Value.FileOf(var file) when file.count() == 1 ->
          Place.of(new LValue.Register(file, zero(), Type.bits(file.width())));
      case Value.CsrOf(var csr) -> Place.of(new LValue.WholeCsr(csr, Type.bits(64)));
      case Value.FieldOf(var csr, var field) -> {
        writable(field, span);
        yield Place.of(new LValue.Field(csr, field, Type.uint(field.width())));
      }
      case Value.Dyn(Expr.LocalValue(var local)) ->
          Place.of(new LValue.Variable(binder.carried.getOrDefault(local, local)));
      default -> throw notAssignable(value, span);
    };
  }

  private static Expr zero() {
    return Make.number(BigInteger.ZERO);
  }

  // Elements

  private Place element(Term.At at, Scope scope) {
    Value of = binder.bind(at.of(), scope, null);
    return switch (of) {
      case Value.FileOf(var file) -> {
        Expr index = binder.elements.index(single(at), scope, file.count(), at.span());
        yield Place.of(new LValue.Register(file, index, Type.bits(file.width())));
      }
      case Value.CsrFile _ ->
          Place.of(
              new LValue.CsrNumber(binder.elements.csrNumber(single(at), scope), Type.bits(64)));
      case Value.ViewOf(var view, _) -> {
        List<Expr> indices = binder.elements.indices(view, at.indices(), scope, at.span());
        binder.loops.checkWritten(view, indices, at.span());
        yield Place.of(new LValue.Element(view, indices, view.element()));
      }
      case Value.FieldOf field -> bit(field, single(at), scope, at.span());
      case Value.Dyn(Expr.LocalValue(var local))
          when local.type() instanceof Type.Array(var element, int length) ->
          arrayElement(local, element, length, single(at), scope, at.span());
      default -> throw notAssignable(of, at.span());
    };
  }

  private static Term single(Term.At at) {
    if (at.indices().size() != 1) {
      throw new SpecError("syntax", at.span(), "expected one index, got " + at.indices().size());
    }
    return at.indices().getFirst();
  }

  private Place bit(Value.FieldOf of, Term index, Scope scope, Span span) {
    writable(of.field(), span);
    Expr bit = binder.elements.index(index, scope, of.field().width(), span);
    return Place.of(new LValue.FieldBit(of.csr(), of.field(), bit));
  }

  /// An array in a `var` is replaced by one that differs in this element.
  private Place arrayElement(
      Local local, Type element, int length, Term term, Scope scope, Span span) {
    Expr index = binder.elements.index(term, scope, length, span);
    Expr old = new Expr.LocalValue(local);
    UnaryOperator<Expr> whole =
        value -> {
          List<Expr> all = new ArrayList<>();
          for (int i = 0; i < length; i++) {
            Expr k = Make.number(BigInteger.valueOf(i));
            Expr kept = new Expr.ArrayAt(old, k, element);
            Expr here = Make.compare(Expr.CompareOp.EQ, index, k);
            all.add(
                Make.isTrue(here)
                    ? value
                    : Make.isFalse(here) ? kept : new Expr.Select(here, value, kept, element));
          }
          return new Expr.MakeArray(all, local.type());
        };
    return new Place(new LValue.Variable(local), element, whole);
  }

  // Slices

  private Place slice(Term.Bits b, Scope scope) {
    int hi = binder.whole(b.hi(), scope);
    int lo = binder.whole(b.lo(), scope);
    Place of = place(b.of(), scope);
    if (!(of.type() instanceof Type.Bits(_, int width)) || lo < 0 || hi < lo || hi >= width) {
      throw new SpecError(
          "width", b.span(), "bits " + hi + ":" + lo + " do not exist in " + of.type());
    }
    if (of.target() instanceof LValue.Register(var file, var index, _)) {
      return Place.of(new LValue.RegisterSlice(file, index, hi, lo));
    }
    Type.Bits type = (Type.Bits) of.type();
    Expr old = binder.convert.dyn(binder.bind(b.of(), scope, null), b.span());
    UnaryOperator<Expr> whole =
        value -> {
          List<Expr> parts = new ArrayList<>();
          if (hi < width - 1) {
            parts.add(Make.slice(old, width - 1, hi + 1));
          }
          parts.add(value);
          if (lo > 0) {
            parts.add(Make.slice(old, lo - 1, 0));
          }
          return of.whole().apply(Make.reread(Operators.concat(parts, b.span()), type));
        };
    return new Place(of.target(), Type.bits(hi - lo + 1), whole);
  }

  private static void writable(CsrField field, Span span) {
    boolean fixed =
        switch (field.rule()) {
          case CsrField.Rule.Computed _, CsrField.Rule.Line _, CsrField.Rule.Fixed _ -> true;
          case CsrField.Rule.Stored _, CsrField.Rule.Counts _ -> false;
        };
    if (fixed) {
      throw new SpecError(
          "csr-bits", span, "the field '" + field.name() + "' is read-only and can not be written");
    }
  }

  private static SpecError notAssignable(Value of, Span span) {
    return new SpecError(
        "type",
        span,
        Conversions.what(of) + " can not be assigned to",
        "assign to a register, a CSR, a field, a view's element or a `var`");
  }
}
