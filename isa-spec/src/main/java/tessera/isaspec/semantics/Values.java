package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What an expression is worth. Slow and obvious on purpose.
///
/// Whole numbers, bits, floats and booleans are `BigInteger`s (a float by its bits, true as 1),
/// exact numbers are [ExactNumber], arrays and tuples `Object[]`. A subclass reads state.
class Values {

  /// The fields of the word at hand.
  interface Fields {
    BigInteger field(String name);
  }

  private final Fields fields;
  final Rounder rounder = new Rounder();
  Object[] frame = new Object[16];
  int rounding;

  /// Terms of folds that may be evaluated; a bound only where the checker evaluates.
  long fuel = Long.MAX_VALUE;

  Values(Fields fields) {
    this.fields = fields;
  }

  /// {@return the value of a field}
  BigInteger field(Expr.FieldValue field) {
    return fields.field(field.field());
  }

  /// State that only a subclass has.
  Object state(Expr expr) {
    throw new IllegalArgumentException("this reads state: " + expr);
  }

  /// Runs the statements of an inlined body.
  void run(Stmt statement) {
    throw new IllegalArgumentException("statements outside an instruction: " + statement);
  }

  final boolean truth(Expr expr) {
    return number(expr).signum() != 0;
  }

  final BigInteger number(Expr expr) {
    return (BigInteger) value(expr);
  }

  final int small(Expr expr) {
    return number(expr).intValueExact();
  }

  private static BigInteger bool(boolean value) {
    return value ? BigInteger.ONE : BigInteger.ZERO;
  }

  final void set(Local local, Object value) {
    if (local.slot() >= frame.length) {
      frame = Arrays.copyOf(frame, Math.max(local.slot() + 1, 2 * frame.length));
    }
    frame[local.slot()] = value;
  }

  /// {@return what the expression is worth}
  final Object value(Expr expr) {
    return switch (expr) {
      case Expr.Literal(_, var value) -> value;
      case Expr.LocalValue(var local) -> frame[local.slot()];
      case Expr.FieldValue field -> field(field);
      case Expr.Unary u -> unary(u);
      case Expr.Binary b -> binary(b);
      case Expr.Compare c -> bool(compare(c));
      case Expr.And(var left, var right) -> bool(truth(left) && truth(right));
      case Expr.Or(var left, var right) -> bool(truth(left) || truth(right));
      case Expr.Select(var condition, var yes, var no, _) ->
          truth(condition) ? value(yes) : value(no);
      case Expr.Slice(var of, int hi, int lo) ->
          bits(of).shiftRight(lo).and(Arithmetic.ones(hi - lo + 1));
      case Expr.BitAt(var of, var index) -> bool(bitAt(bits(of), number(index)));
      case Expr.Concat(var parts, _) -> concat(parts);
      case Expr.Resize(var how, var of, var type) -> resize(how, of, type);
      case Expr.Reread(var of, var type) -> reread(of, type);
      case Expr.ToInt(var of, _) -> value(of);
      case Expr.Wrap(var of, var type) -> Arithmetic.wrap(whole(of), type);
      case Expr.MakeArray(var elements, _) -> elements.stream().map(this::value).toArray();
      case Expr.ArrayAt(var array, var index, _) -> element((Object[]) value(array), index);
      case Expr.MakeTuple(var elements, _) -> elements.stream().map(this::value).toArray();
      case Expr.TupleAt(var tuple, int index, _) -> ((Object[]) value(tuple))[index];
      case Expr.ToExact(var of) -> exactOf(of);
      case Expr.Round r -> round(r);
      case Expr.RealCall r ->
          throw new IllegalArgumentException("'" + r.function().name() + "' outside round");
      case Expr.Saturate(var of, var type) -> saturate(value(of), (Type.Bits) type);
      case Expr.RoundOff r -> roundOff(r);
      case Expr.Mute(var flag, var of) -> mute(flag, of);
      case Expr.TestFloat(var test, var of) -> bool(test(test, of));
      case Expr.ExactCall(var function, var of, _) -> exactCall(function, of);
      case Expr.Fold fold -> fold(fold);
      case Expr.SumTerms(var terms, _) -> sum((Object[]) frame[terms.slot()]);
      case Expr.First first -> first(first);
      case Expr.Inline(var statements, var result) -> {
        statements.forEach(this::run);
        yield value(result);
      }
      case Expr.SignedSpecial(var signs, boolean infinity) -> special(signs, infinity);
      case Expr.ReadRegister _,
          Expr.ReadElement _,
          Expr.ReadView _,
          Expr.ReadCsr _,
          Expr.ReadCsrField _,
          Expr.ReadCsrNumber _,
          Expr.CsrAllows _,
          Expr.Pc _,
          Expr.NextPc _,
          Expr.FetchedWord _,
          Expr.Input _,
          Expr.Observed _,
          Expr.Load _,
          Expr.Faults _,
          Expr.Reserve _,
          Expr.Conditional _,
          Expr.Amo _,
          Expr.Reserved _ ->
          state(expr);
    };
  }

  private static boolean bitAt(BigInteger of, BigInteger index) {
    return index.signum() >= 0 && index.bitLength() < 31 && of.testBit(index.intValue());
  }

  private Object element(Object[] array, Expr index) {
    BigInteger i = number(index);
    if (i.signum() < 0 || i.compareTo(BigInteger.valueOf(array.length)) >= 0) {
      throw new TextFault("index-range", "index " + i + " lies outside 0 .. " + array.length);
    }
    return array[i.intValue()];
  }

  /// {@return the bits of a value, unsigned}
  final BigInteger bits(Expr expr) {
    int width =
        switch (expr.type()) {
          case Type.Bits(_, int w) -> w;
          case Type.Floating(var format) -> format.width();
          case Type.Bool _ -> 1;
          case Type.Int _, Type.Exact _, Type.Array _, Type.Tuple _ ->
              throw new IllegalArgumentException("no bits: " + expr.type());
        };
    return number(expr).and(Arithmetic.ones(width));
  }

  private Object unary(Expr.Unary u) {
    Object of = value(u.of());
    return switch (u.op()) {
      case NOT -> bool(((BigInteger) of).signum() == 0);
      case NEGATE ->
          of instanceof ExactNumber exact
              ? exact.negate()
              : Arithmetic.wrap(((BigInteger) of).negate(), u.type());
      case COMPLEMENT -> Arithmetic.wrap(((BigInteger) of).not(), u.type());
    };
  }

  private Object binary(Expr.Binary b) {
    if (b.type() instanceof Type.Exact) {
      ExactNumber left = exact(b.left());
      ExactNumber right = exact(b.right());
      return switch (b.op()) {
        case ADD -> left.add(right);
        case SUB -> left.add(right.negate());
        case MUL -> left.multiply(right);
        default -> throw new IllegalArgumentException("exact " + b.op());
      };
    }
    return Arithmetic.binary(b.op(), number(b.left()), number(b.right()), b.type());
  }

  private boolean compare(Expr.Compare c) {
    if (c.left().type() instanceof Type.Exact) {
      ExactNumber left = exact(c.left());
      ExactNumber right = exact(c.right());
      boolean unordered =
          left.kind() == ExactNumber.Kind.NAN || right.kind() == ExactNumber.Kind.NAN;
      return unordered
          ? c.op() == Expr.CompareOp.NE
          : Arithmetic.compare(c.op(), left.compare(right));
    }
    return Arithmetic.compare(c.op(), number(c.left()).compareTo(number(c.right())));
  }

  private BigInteger concat(List<Expr> parts) {
    BigInteger all = BigInteger.ZERO;
    for (Expr part : parts) {
      all = all.shiftLeft(((Type.Bits) part.type()).width()).or(bits(part));
    }
    return all;
  }

  private BigInteger resize(Expr.Extend how, Expr of, Type type) {
    int from = ((Type.Bits) of.type()).width();
    Type.Reading reading = how == Expr.Extend.SEXT ? Type.Reading.SINT : Type.Reading.UINT;
    return Arithmetic.wrap(Arithmetic.wrap(number(of), new Type.Bits(reading, from)), type);
  }

  private BigInteger reread(Expr of, Type type) {
    return Arithmetic.wrap(bits(of), type);
  }

  /// {@return a whole number, also of an exact one}
  private BigInteger whole(Expr of) {
    Object value = value(of);
    if (value instanceof ExactNumber exact) {
      if (!exact.isWhole()) {
        throw new TextFault("exact-escape", "wrap wants a whole number, this has a fraction");
      }
      return exact.isZero() ? BigInteger.ZERO : exact.floor();
    }
    return (BigInteger) value;
  }

  private BigInteger saturate(Object of, Type.Bits type) {
    return of instanceof ExactNumber exact
        ? rounder.saturate(exact, type)
        : rounder.saturate((BigInteger) of, type);
  }

  /// Fixed-point rounding, as the vector manual's table of `vxrm` states it.
  private BigInteger roundOff(Expr.RoundOff r) {
    BigInteger value = number(r.of());
    int amount = small(r.amount());
    BigInteger floor = value.shiftRight(amount);
    BigInteger twice = value.subtract(floor.shiftLeft(amount)).shiftLeft(1);
    int half = twice.compareTo(BigInteger.ONE.shiftLeft(amount));
    boolean up =
        switch (small(r.mode())) {
          case 0 -> half >= 0;
          case 1 -> half > 0 || half == 0 && floor.testBit(0);
          case 2 -> false;
          default -> twice.signum() != 0 && !floor.testBit(0);
        };
    return Arithmetic.wrap(up ? floor.add(BigInteger.ONE) : floor, r.type());
  }

  // Floats

  final ExactNumber exact(Expr expr) {
    return (ExactNumber) value(expr);
  }

  private ExactNumber exactOf(Expr of) {
    Object value = value(of);
    if (value instanceof ExactNumber exact) {
      return exact;
    }
    if (of.type() instanceof Type.Floating(var format)) {
      return read(format, (BigInteger) value);
    }
    return ExactNumber.of((BigInteger) value);
  }

  /// A format that lies in a wider one is read through one rounding to nearest even (tf32).
  private static ExactNumber read(FloatFormat format, BigInteger bits) {
    FloatFormat stored = format.stored();
    if (stored == null) {
      return ExactNumber.of(format, bits);
    }
    ExactNumber wide = ExactNumber.of(stored, bits);
    return wide.kind() == ExactNumber.Kind.NAN
        ? wide
        : ExactNumber.of(format, new Rounder().toFloat(wide, format, Rounding.RNE));
  }

  private Object round(Expr.Round r) {
    Rounding mode = r.mode() != null ? r.mode() : Rounding.of(rounding);
    ExactNumber value = r.of() instanceof Expr.RealCall call ? real(call, r.type()) : exact(r.of());
    return switch (r.type()) {
      case Type.Floating(var format) -> rounder.toFloat(value, format, mode);
      case Type.Exact _ -> integral(value, mode);
      case Type.Bits bits -> rounder.toWhole(value, bits, mode);
      case Type.Int _, Type.Bool _, Type.Array _, Type.Tuple _ ->
          throw new IllegalArgumentException("round to " + r.type());
    };
  }

  private ExactNumber integral(ExactNumber value, Rounding mode) {
    return rounder.toIntegral(value, mode);
  }

  /// A number that rounds as f(x) does: NaN operands first, then the special cases, then a search
  /// with the declared comparison.
  private ExactNumber real(Expr.RealCall call, Type type) {
    Expr.RealFunction f = call.function();
    boolean invalid = false;
    boolean nan = false;
    ExactNumber[] arguments = new ExactNumber[f.parameters().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = exact(call.arguments().get(i));
      nan |= arguments[i].kind() == ExactNumber.Kind.NAN;
      invalid |= arguments[i].invalid();
    }
    if (nan) {
      return ExactNumber.nan(invalid);
    }
    for (int i = 0; i < arguments.length; i++) {
      set(f.parameters().get(i), arguments[i]);
    }
    for (Expr.Special special : f.special()) {
      if (truth(special.condition())) {
        return special.value() == null ? ExactNumber.nan(true) : exact(special.value());
      }
    }
    int precision = type instanceof Type.Floating(var format) ? format.fraction() + 1 : 128;
    return Rounder.search(
        t -> {
          set(f.target(), t);
          return small(f.compare());
        },
        precision);
  }

  private ExactNumber special(List<Expr> signs, boolean infinity) {
    boolean negative = false;
    for (Expr sign : signs) {
      ExactNumber number = exact(sign);
      negative ^= number.negative();
    }
    return infinity ? ExactNumber.infinity(negative) : ExactNumber.zero(negative);
  }

  private Object mute(Flag flag, Expr of) {
    boolean before = rounder.flags().contains(flag);
    Object value = value(of);
    if (!before) {
      rounder.flags().remove(flag);
    }
    return value;
  }

  private boolean test(Expr.FloatTest test, Expr of) {
    if (of.type() instanceof Type.Floating(var format)) {
      return testFloat(test, format, bits(of));
    }
    ExactNumber n = exact(of);
    return switch (test) {
      case NAN -> n.kind() == ExactNumber.Kind.NAN;
      case SNAN -> n.kind() == ExactNumber.Kind.NAN && n.invalid();
      case INFINITE -> n.kind() == ExactNumber.Kind.INFINITE;
      case FINITE -> n.isFinite();
      case NEGATIVE -> n.negative();
      case SUBNORMAL -> false;
    };
  }

  private static boolean testFloat(Expr.FloatTest test, FloatFormat format, BigInteger bits) {
    boolean nan = ExactNumber.isNan(format, bits);
    BigInteger magnitude = bits.and(Arithmetic.ones(format.exponent() + format.fraction()));
    boolean infinite = format.hasInfinity() && magnitude.equals(format.infinity());
    return switch (test) {
      case NAN -> nan;
      case SNAN -> nan && format.ieee() && !bits.testBit(format.fraction() - 1);
      case INFINITE -> infinite;
      case FINITE -> !nan && !infinite;
      case NEGATIVE -> format.signed() && bits.testBit(format.exponent() + format.fraction());
      case SUBNORMAL -> magnitude.signum() != 0 && magnitude.bitLength() <= format.fraction();
    };
  }

  private Object exactCall(Expr.ExactFunction function, Expr of) {
    return switch (function) {
      case FLOOR -> {
        ExactNumber n = exact(of);
        yield n.kind() == ExactNumber.Kind.FINITE ? ExactNumber.of(n.floor()) : n;
      }
      case SIGN -> BigInteger.valueOf(exact(of).sign());
      case POW2 -> ExactNumber.of(BigInteger.ONE, small(of));
      case EXPONENT -> {
        ExactNumber n = exact(of);
        yield BigInteger.valueOf(n.kind() == ExactNumber.Kind.FINITE ? n.leading() : 0);
      }
    };
  }

  // Folds

  private Object fold(Expr.Fold f) {
    Object accumulator = value(f.start());
    long from = number(f.from()).longValueExact();
    long to = number(f.to()).longValueExact();
    for (long k = from; k < to; k += f.by()) {
      List<Object> group = new ArrayList<>();
      for (long j = k; j < Math.min(k + f.by(), to); j++) {
        burn();
        set(f.index(), BigInteger.valueOf(j));
        if (f.condition() == null || truth(f.condition())) {
          group.add(value(f.term()));
        }
      }
      if (!group.isEmpty()) {
        set(f.accumulator(), accumulator);
        set(f.terms(), f.grouped() ? group.toArray() : group.getFirst());
        counted(f, group.size());
        accumulator = value(f.step());
      }
    }
    return accumulator;
  }

  /// Hears of the terms that a step of a fold takes.
  void counted(Expr.Fold fold, int terms) {}

  final void burn() {
    if (--fuel < 0) {
      throw new TextFault(
          "unbounded-loop", "this runs too many steps to be decided by the checker");
    }
  }

  private static ExactNumber sum(Object[] terms) {
    ExactNumber sum = (ExactNumber) terms[0];
    for (int i = 1; i < terms.length; i++) {
      sum = sum.add((ExactNumber) terms[i]);
    }
    return sum;
  }

  private BigInteger first(Expr.First f) {
    long to = number(f.to()).longValueExact();
    for (long k = number(f.from()).longValueExact(); k < to; k++) {
      burn();
      set(f.index(), BigInteger.valueOf(k));
      if (truth(f.condition())) {
        return BigInteger.valueOf(k);
      }
    }
    return BigInteger.ONE.negate();
  }
}
