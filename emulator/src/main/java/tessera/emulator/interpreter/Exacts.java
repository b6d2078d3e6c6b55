package tessera.emulator.interpreter;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.kernel.Kernel;
import tessera.isaspec.semantics.ExactNumber;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.BinaryOp;
import tessera.isaspec.semantics.Expr.CompareOp;
import tessera.isaspec.semantics.Expr.Literal;
import tessera.isaspec.semantics.Expr.ToExact;
import tessera.isaspec.semantics.Expr.Unary;
import tessera.isaspec.semantics.Expr.UnaryOp;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Rounder;
import tessera.isaspec.semantics.Rounding;
import tessera.isaspec.semantics.Type;

/// Compiles what concerns exact numbers: a rounding of one operation on floats becomes that
/// operation, everything else is computed exactly and rounded.
final class Exacts {
  private static final int SATURATED = Kernel.bit(Flag.SAT);

  private final Closures closures;

  Exacts(Closures closures) {
    this.closures = closures;
  }

  /// A float operand with the sign that it enters with.
  private record Operand(Expr of, FloatFormat format, boolean negated) {}

  // ------------------------------------------------------------------ rounding

  /// {@return a float or a whole number of an exact one}
  Value round(Expr of, Rounding mode, Type type) {
    return switch (type) {
      case Type.Floating(var format) -> toFloat(of, format, mode);
      case Type.Bits bits -> toWhole(of, bits, mode);
      case Type.Int _, Type.Bool _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new NotCompiled(type);
    };
  }

  private Value toFloat(Expr of, FloatFormat format, Rounding mode) {
    if (format.width() > 64) {
      throw new NotCompiled(format);
    }
    Value fast = operation(of, format, mode);
    if (fast != null) {
      return fast;
    }
    Thing<ExactNumber> exact = exact(of);
    return f -> Floats.round(f, exact.get(f), format, mode);
  }

  private @Nullable Value operation(Expr of, FloatFormat format, Rounding mode) {
    Operand single = operand(of);
    if (single != null) {
      Value a = operandValue(single);
      Floats.Op1 convert = Floats.convert(single.format(), format, mode);
      return f -> convert.apply(f, a.get(f));
    }
    return switch (of) {
      case ToExact(var whole) when isWhole(whole.type()) -> fromWhole(whole, format, mode);
      case Expr.Binary(var op, var left, var right, _) -> binary(op, left, right, format, mode);
      case Expr.RealCall(var function, var arguments) -> real(function, arguments, format, mode);
      default -> null;
    };
  }

  private @Nullable Value fromWhole(Expr whole, FloatFormat format, Rounding mode) {
    if (!Closures.isLong(whole.type())) {
      return null;
    }
    Value a = closures.number(whole);
    boolean unsigned = !Closures.isSigned(whole.type());
    Floats.Op1 convert = Floats.fromWhole(unsigned, format, mode);
    return f -> convert.apply(f, a.get(f));
  }

  private static boolean isWhole(Type type) {
    return type instanceof Type.Bits || type instanceof Type.Int;
  }

  private @Nullable Value binary(
      BinaryOp op, Expr left, Expr right, FloatFormat format, Rounding mode) {
    Operand a = operand(left, format);
    if (op == BinaryOp.MUL) {
      return apply(Floats.multiply(format, mode), a, operand(right, format));
    }
    if (op != BinaryOp.ADD && op != BinaryOp.SUB) {
      return null;
    }
    Expr second = op == BinaryOp.SUB ? negated(right) : right;
    Operand b = operand(second, format);
    if (a != null && b != null) {
      return apply(Floats.add(format, mode), a, b);
    }
    return a == null ? fused(left, b, format, mode) : fused(second, a, format, mode);
  }

  private static Expr negated(Expr expr) {
    return new Unary(UnaryOp.NEGATE, expr, Type.EXACT);
  }

  private @Nullable Value fused(
      Expr product, @Nullable Operand addend, FloatFormat format, Rounding mode) {
    boolean negative = false;
    Expr inner = product;
    while (inner instanceof Unary(var op, var of, _) && op == UnaryOp.NEGATE) {
      negative = !negative;
      inner = of;
    }
    if (!(inner instanceof Expr.Binary(var op, var left, var right, _) && op == BinaryOp.MUL)) {
      return null;
    }
    Operand a = operand(negative ? negated(left) : left, format);
    Operand b = operand(right, format);
    if (a == null || b == null || addend == null) {
      return null;
    }
    Floats.Op3 fma = Floats.fma(format, mode);
    Value x = operandValue(a);
    Value y = operandValue(b);
    Value z = operandValue(addend);
    return f -> fma.apply(f, x.get(f), y.get(f), z.get(f));
  }

  private @Nullable Value real(
      Expr.RealFunction function, List<Expr> arguments, FloatFormat format, Rounding mode) {
    Operand a = operand(arguments.getFirst(), format);
    if (closures.context().reals().isQuotient(function, format) && arguments.size() == 2) {
      return apply(Floats.divide(format, mode), a, operand(arguments.getLast(), format));
    }
    if (a != null && closures.context().reals().isRoot(function, format) && arguments.size() == 1) {
      Value x = operandValue(a);
      Floats.Op1 root = Floats.root(format, mode);
      return f -> root.apply(f, x.get(f));
    }
    return null;
  }

  private @Nullable Value apply(Floats.Op2 op, @Nullable Operand a, @Nullable Operand b) {
    if (a == null || b == null) {
      return null;
    }
    Value x = operandValue(a);
    Value y = operandValue(b);
    return f -> op.apply(f, x.get(f), y.get(f));
  }

  /// {@return a float of just this format, or null}
  private static @Nullable Operand operand(Expr expr, FloatFormat format) {
    Operand found = operand(expr);
    return found != null && found.format().equals(format) && format.stored() == null ? found : null;
  }

  private static @Nullable Operand operand(Expr expr) {
    if (expr instanceof ToExact(var of)) {
      FloatFormat format = Closures.format(of.type());
      return format == null ? null : new Operand(of, format, false);
    }
    if (expr instanceof Unary(var op, var of, _) && op == UnaryOp.NEGATE) {
      Operand inner = operand(of);
      return inner == null || !inner.format().signed()
          ? null
          : new Operand(inner.of(), inner.format(), !inner.negated());
    }
    return null;
  }

  private Value operandValue(Operand operand) {
    Value v = closures.value(operand.of());
    long sign = 1L << operand.format().width() - 1;
    return operand.negated() ? f -> v.get(f) ^ sign : v;
  }

  private Value toWhole(Expr of, Type.Bits type, Rounding mode) {
    if (type.width() > 64) {
      throw new NotCompiled(type);
    }
    Operand single = operand(of);
    if (single != null && single.format().stored() == null) {
      Value a = operandValue(single);
      Floats.Op1 convert = Floats.toWhole(single.format(), type, mode);
      return f -> convert.apply(f, a.get(f));
    }
    Thing<ExactNumber> exact = exact(of);
    return f -> Floats.toWhole(f, exact.get(f), type, mode);
  }

  /// {@return a whole number clamped into a type}
  Value saturate(Expr of, Type type) {
    if (!(type instanceof Type.Bits bits && bits.width() <= 64)) {
      throw new NotCompiled(type);
    }
    long mask = Closures.ones(bits.width());
    if (of.type() instanceof Type.Exact) {
      Whole whole = whole(of);
      if (whole != null) {
        return saturate(whole.value(), bits);
      }
      Thing<ExactNumber> exact = exact(of);
      return f -> {
        ExactNumber value = exact.get(f);
        Rounder rounder = new Rounder();
        long result = rounder.saturate(value, bits).longValue();
        Floats.raise(f, rounder);
        return result & mask;
      };
    }
    if (Closures.isLong(of.type()) && (Closures.isSigned(of.type()) || width(of.type()) < 64)) {
      return saturate(closures.number(of), bits);
    }
    Thing<BigInteger> big = closures.big(of);
    return f -> {
      Rounder rounder = new Rounder();
      long result = rounder.saturate(big.get(f), bits).longValue();
      Floats.raise(f, rounder);
      return result & mask;
    };
  }

  private static int width(Type type) {
    return Constant.width(type);
  }

  private static Value saturate(Value number, Type.Bits type) {
    boolean signed = type.reading() == Type.Reading.SINT;
    if (type.width() >= 64) {
      throw new NotCompiled(type);
    }
    long greatest = Closures.ones(signed ? type.width() - 1 : type.width());
    long least = signed ? -greatest - 1 : 0;
    long mask = Closures.ones(type.width());
    return f -> {
      long value = number.get(f);
      if (value > greatest || value < least) {
        f.flags |= SATURATED;
        return (value > 0 ? greatest : least) & mask;
      }
      return value & mask;
    };
  }

  // ------------------------------------------------------------------ whole numbers

  /// An exact number that is always whole, with at most `bits` bits beside its sign.
  private record Whole(Value value, int bits) {}

  /// {@return the number in ordinary arithmetic, or null where it may not be whole or not fit}
  private @Nullable Whole whole(Expr expr) {
    Whole found =
        switch (expr) {
          case ToExact(var of) -> wholeOf(of);
          case Unary(var op, var of, _) when op == UnaryOp.NEGATE -> {
            Whole a = whole(of);
            yield a == null ? null : new Whole(f -> -a.value.get(f), a.bits);
          }
          case Expr.Binary(var op, var left, var right, _) -> {
            Whole a = whole(left);
            Whole b = a == null ? null : whole(right);
            yield a == null || b == null ? null : combine(op, a, b);
          }
          case Expr.Select(var condition, var yes, var no, _) -> {
            Whole y = whole(yes);
            Whole n = y == null ? null : whole(no);
            if (y == null || n == null) {
              yield null;
            }
            Value c = closures.value(condition);
            yield new Whole(
                f -> c.get(f) != 0 ? y.value.get(f) : n.value.get(f), Math.max(y.bits, n.bits));
          }
          case Expr.SumTerms(var terms, _) -> wholeSums.get(terms.slot());
          default -> null;
        };
    return found == null || found.bits > 62 ? null : found;
  }

  private @Nullable Whole wholeOf(Expr of) {
    return switch (of.type()) {
      case Type.Bits(_, int width) when width <= 62 -> new Whole(closures.number(of), width);
      case Type.Int(var min, var max) when min.bitLength() <= 62 && max.bitLength() <= 62 ->
          new Whole(closures.number(of), Math.max(min.bitLength(), max.bitLength()));
      default -> null;
    };
  }

  private static @Nullable Whole combine(BinaryOp op, Whole a, Whole b) {
    return switch (op) {
      case ADD -> new Whole(f -> a.value.get(f) + b.value.get(f), Math.max(a.bits, b.bits) + 1);
      case SUB -> new Whole(f -> a.value.get(f) - b.value.get(f), Math.max(a.bits, b.bits) + 1);
      case MUL -> new Whole(f -> a.value.get(f) * b.value.get(f), a.bits + b.bits);
      default -> null;
    };
  }

  /// {@return a fold over groups of exact terms}
  Value fold(Expr.Fold fold) {
    int terms = closures.slot(fold.terms());
    if (!Closures.isLong(fold.accumulator().type()) || terms >= Frame.THINGS) {
      throw new NotCompiled(fold);
    }
    Whole term = whole(fold.term());
    int by = fold.by();
    int sumBits = term == null ? 63 : term.bits + 32 - Integer.numberOfLeadingZeros(by);
    if (term != null && sumBits <= 62 && !mentionsWhole(fold)) {
      wholeSums.put(fold.terms().slot(), new Whole(f -> f.slots[terms], sumBits));
    }
    boolean whole = wholeSums.containsKey(fold.terms().slot());
    int accumulator = closures.slot(fold.accumulator());
    int index = closures.slot(fold.index());
    Value start = closures.value(fold.start());
    Value from = closures.value(fold.from());
    Value to = closures.value(fold.to());
    Value condition = fold.condition() == null ? _ -> 1 : closures.value(fold.condition());
    Value step = closures.value(fold.step());
    Group group =
        whole && term != null
            ? wholeGroup(index, terms, condition, term.value)
            : exactGroup(index, terms, condition, exact(fold.term()));
    return f -> {
      long end = to.get(f);
      long result = start.get(f);
      for (long k = from.get(f); k < end; k += by) {
        if (group.take(f, k, Math.min(k + by, end))) {
          f.slots[accumulator] = result;
          result = step.get(f);
        }
      }
      return result;
    };
  }

  /// Whether a step looks at its terms in another way than as a sum.
  private static boolean mentionsWhole(Expr.Fold fold) {
    return Effect.mentions(fold.step(), local -> local.slot() == fold.terms().slot());
  }

  private final Map<Integer, Whole> wholeSums = new HashMap<>();

  /// Takes the terms of a group; false: there are none.
  private interface Group {
    boolean take(Frame f, long from, long to);
  }

  private static Group wholeGroup(int index, int terms, Value condition, Value term) {
    return (f, from, to) -> {
      long sum = 0;
      boolean any = false;
      for (long k = from; k < to; k++) {
        f.slots[index] = k;
        if (condition.get(f) != 0) {
          sum += term.get(f);
          any = true;
        }
      }
      f.slots[terms] = sum;
      return any;
    };
  }

  private static Group exactGroup(int index, int terms, Value condition, Thing<ExactNumber> term) {
    return (f, from, to) -> {
      ExactNumber sum = null;
      for (long k = from; k < to; k++) {
        f.slots[index] = k;
        if (condition.get(f) != 0) {
          ExactNumber next = term.get(f);
          sum = sum == null ? next : sum.add(next);
        }
      }
      if (sum == null) {
        return false;
      }
      f.things[terms] = sum;
      return true;
    };
  }

  /// {@return the low bits of a whole exact number}
  Value wrap(Expr of, long mask) {
    Whole whole = whole(of);
    if (whole != null) {
      Value v = whole.value();
      return f -> v.get(f) & mask;
    }
    Thing<ExactNumber> exact = exact(of);
    return f -> {
      ExactNumber number = exact.get(f);
      if (!number.isWhole()) {
        throw new IllegalStateException("not a whole number: " + number);
      }
      return number.isZero() ? 0 : number.floor().longValue() & mask;
    };
  }

  // ------------------------------------------------------------------ questions

  Value compare(CompareOp op, Expr left, Expr right) {
    Operand a = operand(left);
    Operand b = operand(right);
    if (a != null && (b != null || isZero(right))) {
      Value x = operandValue(a);
      Value y = b == null ? _ -> 0 : operandValue(b);
      FloatFormat other = b == null ? a.format() : b.format();
      if (Floats.isSingle(a.format()) && Floats.isSingle(other)) {
        return compareDoubles(
            op,
            f -> Float.intBitsToFloat((int) x.get(f)),
            f -> Float.intBitsToFloat((int) y.get(f)));
      }
      if (Floats.isDouble(a.format()) && Floats.isDouble(other)) {
        return compareDoubles(
            op, f -> Double.longBitsToDouble(x.get(f)), f -> Double.longBitsToDouble(y.get(f)));
      }
    }
    Thing<ExactNumber> x = exact(left);
    Thing<ExactNumber> y = exact(right);
    return f -> compare(op, x.get(f), y.get(f)) ? 1 : 0;
  }

  private static boolean isZero(Expr expr) {
    return expr instanceof ToExact(Literal(var type, var value))
        && !(type instanceof Type.Floating)
        && value.signum() == 0;
  }

  private interface Number {
    double get(Frame f);
  }

  private static Value compareDoubles(CompareOp op, Number a, Number b) {
    return switch (op) {
      case EQ -> f -> a.get(f) == b.get(f) ? 1 : 0;
      case NE -> f -> a.get(f) != b.get(f) ? 1 : 0;
      case LT -> f -> a.get(f) < b.get(f) ? 1 : 0;
      case LE -> f -> a.get(f) <= b.get(f) ? 1 : 0;
      case GT -> f -> a.get(f) > b.get(f) ? 1 : 0;
      case GE -> f -> a.get(f) >= b.get(f) ? 1 : 0;
    };
  }

  private static boolean compare(CompareOp op, ExactNumber a, ExactNumber b) {
    if (a.kind() == ExactNumber.Kind.NAN || b.kind() == ExactNumber.Kind.NAN) {
      return op == CompareOp.NE;
    }
    return Constant.compare(op, BigInteger.valueOf(a.compare(b)), BigInteger.ZERO);
  }

  Value test(Expr.FloatTest test, Expr of) {
    FloatFormat format = Closures.format(of.type());
    if (format == null || !format.ieee() || format.width() > 64) {
      Thing<ExactNumber> exact = exact(of.type() instanceof Type.Exact ? of : new ToExact(of));
      return f -> test(test, exact.get(f)) ? 1 : 0;
    }
    Value v = closures.value(of);
    long magnitude = Closures.ones(format.exponent() + format.fraction());
    long infinity = Closures.ones(format.exponent()) << format.fraction();
    long quiet = 1L << format.fraction() - 1;
    int sign = format.exponent() + format.fraction();
    long least = 1L << format.fraction();
    return switch (test) {
      case NAN -> f -> (v.get(f) & magnitude) > infinity ? 1 : 0;
      case SNAN ->
          f -> {
            long bits = v.get(f);
            return (bits & magnitude) > infinity && (bits & quiet) == 0 ? 1 : 0;
          };
      case INFINITE -> f -> (v.get(f) & magnitude) == infinity ? 1 : 0;
      case FINITE -> f -> (v.get(f) & magnitude) < infinity ? 1 : 0;
      case NEGATIVE -> f -> v.get(f) >>> sign & 1;
      case SUBNORMAL ->
          f -> {
            long bits = v.get(f) & magnitude;
            return bits != 0 && bits < least ? 1 : 0;
          };
    };
  }

  private static boolean test(Expr.FloatTest test, ExactNumber value) {
    return switch (test) {
      case NAN -> value.kind() == ExactNumber.Kind.NAN;
      case SNAN -> value.kind() == ExactNumber.Kind.NAN && value.invalid();
      case INFINITE -> value.kind() == ExactNumber.Kind.INFINITE;
      case FINITE -> value.isFinite();
      case NEGATIVE -> value.negative();
      case SUBNORMAL -> throw new IllegalArgumentException("an exact number is never subnormal");
    };
  }

  Value call(Expr.ExactFunction function, Expr of) {
    return switch (function) {
      case SIGN -> {
        Thing<ExactNumber> exact = exact(of);
        yield f -> exact.get(f).sign();
      }
      case FLOOR, POW2, EXPONENT -> throw new NotCompiled(of);
    };
  }

  // ------------------------------------------------------------------ exact numbers

  Thing<ExactNumber> exact(Expr expr) {
    return switch (expr) {
      case Expr.LocalValue(var local) when local.type() instanceof Type.Exact -> {
        int slot = closures.slot(local);
        yield f -> (ExactNumber) f.things[slot];
      }
      case ToExact(var of) -> toExact(of);
      case Unary(var op, var of, _) when op == UnaryOp.NEGATE -> {
        Thing<ExactNumber> a = exact(of);
        yield f -> a.get(f).negate();
      }
      case Expr.Binary(var op, var left, var right, _) -> {
        Thing<ExactNumber> a = exact(left);
        Thing<ExactNumber> b = exact(right);
        yield switch (op) {
          case ADD -> f -> a.get(f).add(b.get(f));
          case SUB -> f -> a.get(f).add(b.get(f).negate());
          case MUL -> f -> a.get(f).multiply(b.get(f));
          default -> throw new NotCompiled(expr);
        };
      }
      case Expr.Select(var condition, var yes, var no, _) -> {
        Value c = closures.value(condition);
        Thing<ExactNumber> y = exact(yes);
        Thing<ExactNumber> n = exact(no);
        yield f -> c.get(f) != 0 ? y.get(f) : n.get(f);
      }
      case Expr.Round(var of, var given, Type.Exact _) -> {
        Thing<ExactNumber> a = exact(of);
        Rounding mode = closures.rounding(given);
        yield f -> Floats.toIntegral(f, a.get(f), mode);
      }
      case Expr.Mute(var flag, var of) -> {
        Thing<ExactNumber> a = exact(of);
        int keep = ~Kernel.bit(flag);
        yield f -> {
          int before = f.flags;
          f.flags = 0;
          ExactNumber result = a.get(f);
          f.flags = before | f.flags & keep;
          return result;
        };
      }
      case Expr.ExactCall(var function, var of, _)
          when function == Expr.ExactFunction.POW2 && Closures.isLong(of.type()) -> {
        Value exponent = closures.value(of);
        yield f -> ExactNumber.of(BigInteger.ONE, (int) exponent.get(f));
      }
      case Expr.SumTerms(var terms, _) -> {
        int slot = closures.slot(terms);
        if (wholeSums.containsKey(terms.slot())) {
          yield f -> ExactNumber.of(BigInteger.valueOf(f.slots[slot]));
        }
        yield f -> (ExactNumber) f.things[slot];
      }
      default -> throw new NotCompiled(expr);
    };
  }

  private Thing<ExactNumber> toExact(Expr of) {
    FloatFormat format = Closures.format(of.type());
    if (format != null) {
      Value v = closures.value(of);
      return f -> Floats.exact(format, v.get(f));
    }
    Thing<BigInteger> big = closures.big(of);
    return f -> ExactNumber.of(big.get(f));
  }
}
