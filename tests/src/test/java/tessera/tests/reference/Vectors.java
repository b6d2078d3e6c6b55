package tessera.tests.reference;

import java.math.BigInteger;
import java.util.function.IntPredicate;
import java.util.regex.MatchResult;
import tessera.tests.reference.Lane.Element;
import tessera.tests.reference.Lane.Kind;
import tessera.tests.reference.Lane.Shape;
import tessera.tests.reference.Lane.Source;
import tessera.tests.reference.Magnitude.Fraction;

/// What the vector float instructions do (V at 16, 32 and 64 bits, so Zvfh; Zvfbfmin, Zvfbfwma),
/// and those of Zvbb.
final class Vectors {
  /// A shape, whether its narrow floats are bfloat16, and an element.
  record Row(Shape shape, boolean brain, Element element) {
    Step.Meaning meaning(boolean ones) {
      return Lane.meaning(shape, brain, ones, element);
    }
  }

  /// The whole table of float instructions.
  static final Table<Row> FLOATS = new Table<>();

  /// The whole table of Zvbb.
  static final Table<Row> BITS = new Table<>();

  /// A meaning that depends on whether agnostic elements become all ones.
  interface Predicated {
    Step.Meaning meaning(boolean ones);
  }

  /// Those that work on element 0 alone, whatever LMUL is.
  static final Table<Predicated> SCALAR_MOVES = new Table<>();

  private Vectors() {}

  private static boolean any(int sew) {
    return sew >= 8;
  }

  private static boolean real(int sew) {
    return sew >= 16;
  }

  private static boolean narrowReal(int sew) {
    return sew == 16 || sew == 32;
  }

  private static boolean narrow(int sew) {
    return sew <= 32;
  }

  private static boolean half(int sew) {
    return sew == 16;
  }

  // ------------------------------------------------------------------ shapes

  private static Source source(String suffix) {
    return switch (suffix) {
      case "v" -> Source.VECTOR;
      case "f" -> Source.FLOAT;
      case "x" -> Source.X;
      case "i" -> Source.UIMM;
      default -> throw new IllegalArgumentException(suffix);
    };
  }

  private static Shape floats(int d, int b, Source source, int a, IntPredicate sews) {
    return new Shape(Kind.ELEMENTS, d, b, source, a, false, false, false, true, sews);
  }

  private static Shape accumulating(int d, Source source, IntPredicate sews) {
    return new Shape(Kind.ELEMENTS, d, 1, source, 1, true, false, false, true, sews);
  }

  private static Row row(Shape shape, Element element) {
    return new Row(shape, false, element);
  }

  // ------------------------------------------------------------------ float arithmetic

  private interface Operation {
    long bits(Format f, Datum b, Datum a, Mode mode, Flags flags);
  }

  private static Operation operation(String name) {
    return switch (name) {
      case "add" -> Ieee::sum;
      case "sub" -> Ieee::difference;
      case "rsub" -> (f, b, a, mode, flags) -> Ieee.difference(f, a, b, mode, flags);
      case "mul" -> Ieee::product;
      case "div" -> Ieee::quotient;
      case "rdiv" -> (f, b, a, mode, flags) -> Ieee.quotient(f, a, b, mode, flags);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Element arithmetic(String name) {
    Operation operation = operation(name);
    return l -> operation.bits(l.to(), l.realB(), l.realA(), l.mode, l.flags);
  }

  /// 31.13.6 and 7: what is multiplied with vs1 or rs1, and the signs.
  private static Element fused(String name) {
    boolean minusProduct = name.startsWith("n");
    String rest = minusProduct ? name.substring(1) : name;
    boolean factor = rest.equals("madd") || rest.equals("msub");
    boolean minusTerm = minusProduct == (rest.equals("madd") || rest.equals("macc"));
    return l -> {
      Datum x = minusProduct ? l.realA().negated() : l.realA();
      Datum y = factor ? l.realD() : l.realB();
      Datum z = factor ? l.realB() : l.realD();
      return Ieee.fused(l.to(), x, y, minusTerm ? z.negated() : z, l.mode, l.flags);
    };
  }

  private static Row compare(MatchResult m) {
    Shape shape =
        new Shape(Kind.MASK, 1, 1, source(m.group(2)), 1, false, false, false, true, Vectors::real);
    return row(shape, l -> holds(m.group(1), l) ? 1 : 0);
  }

  private static boolean holds(String name, Lane l) {
    Datum b = l.realB();
    Datum a = l.realA();
    return switch (name) {
      case "eq" -> Ieee.holds(Ieee.Relation.EQ, b, a, true, l.flags);
      case "ne" -> !Ieee.holds(Ieee.Relation.EQ, b, a, true, l.flags);
      case "lt" -> Ieee.holds(Ieee.Relation.LT, b, a, false, l.flags);
      case "le" -> Ieee.holds(Ieee.Relation.LE, b, a, false, l.flags);
      case "gt" -> Ieee.holds(Ieee.Relation.LT, a, b, false, l.flags);
      case "ge" -> Ieee.holds(Ieee.Relation.LE, a, b, false, l.flags);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Row signs(MatchResult m) {
    return row(
        floats(1, 1, source(m.group(2)), 1, Vectors::real),
        l -> {
          long top = l.one().sign(true);
          boolean negative = Scalars.sign(m.group(1), (l.b & top) != 0, (l.a & top) != 0);
          return l.b & ~top | l.one().sign(negative);
        });
  }

  private static long extreme(Lane l, String name, long x, long y) {
    return Ieee.extreme(l.one(), x, y, name.equals("max"), false, l.flags);
  }

  private static Shape reduction(int d, IntPredicate sews) {
    return new Shape(Kind.REDUCTION, d, 1, Source.NONE, d, false, false, false, true, sews);
  }

  // ------------------------------------------------------------------ conversion

  private static int wide(String part) {
    return part.equals("w") ? 2 : 1;
  }

  private static Mode mode(Lane l, String name) {
    return switch (name) {
      case "rtz." -> Mode.RTZ;
      case "rod." -> Mode.ODD;
      default -> l.mode;
    };
  }

  /// `vf[wn]cvt.[rtz.]x[u].f.[vw]`
  private static Row toWhole(MatchResult m) {
    String size = m.group(1);
    boolean signed = m.group(3).isEmpty();
    int d = size.equals("w") ? 2 : 1;
    int b = wide(m.group(4));
    IntPredicate sews =
        size.equals("w") ? Vectors::narrowReal : size.equals("n") ? Vectors::narrow : Vectors::real;
    return row(
        floats(d, b, Source.NONE, 0, sews),
        l -> {
          Mode mode = mode(l, m.group(2));
          return Ieee.toWhole(l.realB(), d * l.sew, signed, mode, l.flags).longValue();
        });
  }

  /// `vf[wn]cvt.f.x[u].[vw]`
  private static Row fromWhole(MatchResult m) {
    String size = m.group(1);
    boolean signed = m.group(2).isEmpty();
    int d = size.equals("w") ? 2 : 1;
    int b = wide(m.group(3));
    IntPredicate sews =
        size.equals("w") ? Vectors::narrow : size.equals("n") ? Vectors::narrowReal : Vectors::real;
    return row(
        floats(d, b, Source.NONE, 0, sews),
        l -> Ieee.fromWhole(l.to(), l.wholeB(signed), l.mode, l.flags));
  }

  private static Row between(int d, int b, String mode, boolean brain) {
    return new Row(
        floats(d, b, Source.NONE, 0, brain ? Vectors::half : Vectors::narrowReal),
        brain,
        l -> Ieee.convert(l.to(), l.realB(), mode(l, mode), l.flags));
  }

  // ------------------------------------------------------------------ estimates

  /// {@return the seven bits of 1 / sqrt(x) or 1 / x for x from `low` up to `high`: those whose
  /// greatest relative error over the interval is least (31.13.9 and 10)}
  private static int seven(double low, double high, boolean root) {
    double atLow = root ? Math.sqrt(low) : low;
    double atHigh = root ? Math.sqrt(high) : high;
    int best = 0;
    double least = 1;
    for (int t = 0; t < 128; t++) {
      double y = (128 + t) / 256.0;
      double error = Math.max(Math.abs(1 - atLow * y), Math.abs(1 - atHigh * y));
      if (error < least) {
        least = error;
        best = t;
      }
    }
    return best;
  }

  private static long reciprocal(Lane l) {
    Format f = l.one();
    Datum x = l.realB();
    if (!(x instanceof Datum.Finite(var negative, var size))) {
      return x instanceof Datum.Nan ? Ieee.convert(f, x, l.mode, l.flags) : f.sign(x.isNegative());
    }
    if (size.isZero()) {
      l.flags.raise(Flags.DZ);
      return f.infinity(negative);
    }
    int e = size.log2();
    // 2^-e times an estimate between 1/2 and 1; beyond the greatest exponent it is an overflow
    if (-e - 1 > f.bias()) {
      l.flags.raise(Flags.OF | Flags.NX);
      return l.mode.overflowsToInfinity(negative) ? f.infinity(negative) : f.largest(negative);
    }
    double interval = top(size, e, 7);
    int estimate = 128 + seven(1 + interval, 1 + interval + 1 / 128.0, false);
    return f.round(
        negative, Fraction.scaled(BigInteger.valueOf(estimate), -e - 8), Mode.RTZ, new Flags());
  }

  /// {@return so many bits behind the leading one, as a fraction}
  private static double top(Fraction size, int e, int bits) {
    long units = size.in(e - bits).whole().longValueExact();
    return (double) units / (1L << bits) - 1;
  }

  private static long reciprocalRoot(Lane l) {
    Format f = l.one();
    Datum x = l.realB();
    if (x.isZero()) {
      l.flags.raise(Flags.DZ);
      return f.infinity(x.isNegative());
    }
    if (x instanceof Datum.Nan) {
      return Ieee.convert(f, x, l.mode, l.flags);
    }
    if (x.isNegative()) {
      l.flags.raise(Flags.NV);
      return f.nan();
    }
    if (!(x instanceof Datum.Finite(_, var size))) {
      return 0;
    }
    int e = size.log2();
    int odd = Math.floorMod(e, 2);
    double interval = top(size, e, 6);
    double low = (1 + interval) * (1 << odd);
    double high = (1 + interval + 1 / 64.0) * (1 << odd);
    BigInteger estimate = BigInteger.valueOf(128 + seven(low, high, true));
    return f.round(false, Fraction.scaled(estimate, -(e - odd) / 2 - 8), Mode.RTZ, new Flags());
  }

  static {
    FLOATS
        .row(
            "vf(add|sub|mul|div)\\.v([vf])|vf(rsub|rdiv)\\.v(f)",
            m ->
                row(
                    floats(1, 1, source(either(m, 2, 4)), 1, Vectors::real),
                    arithmetic(either(m, 1, 3))))
        .row(
            "vfw(add|sub|mul)\\.v([vf])",
            m ->
                row(
                    floats(2, 1, source(m.group(2)), 1, Vectors::narrowReal),
                    arithmetic(m.group(1))))
        .row(
            "vfw(add|sub)\\.w([vf])",
            m ->
                row(
                    floats(2, 2, source(m.group(2)), 1, Vectors::narrowReal),
                    arithmetic(m.group(1))))
        .row(
            "vf(n?m(?:add|sub|acc|sac))\\.v([vf])",
            m -> row(accumulating(1, source(m.group(2)), Vectors::real), fused(m.group(1))))
        .row(
            "vfw(n?m(?:acc|sac))\\.v([vf])",
            m -> row(accumulating(2, source(m.group(2)), Vectors::narrowReal), fused(m.group(1))))
        .row(
            "vfwmaccbf16\\.v([vf])",
            m -> new Row(accumulating(2, source(m.group(1)), Vectors::half), true, fused("macc")))
        .row("vfsgnj(|n|x)\\.v([vf])", Vectors::signs)
        .row(
            "vf(min|max)\\.v([vf])",
            m ->
                row(
                    floats(1, 1, source(m.group(2)), 1, Vectors::real),
                    l -> extreme(l, m.group(1), l.b, l.a)))
        .row("vmf(eq|le|lt|ne|gt|ge)\\.v([vf])", Vectors::compare)
        .row(
            "vfsqrt\\.v",
            _ ->
                row(
                    floats(1, 1, Source.NONE, 0, Vectors::real),
                    l -> Ieee.root(l.one(), l.realB(), l.mode, l.flags)))
        .row(
            "vfrec7\\.v",
            _ -> row(floats(1, 1, Source.NONE, 0, Vectors::real), Vectors::reciprocal))
        .row(
            "vfrsqrt7\\.v",
            _ -> row(floats(1, 1, Source.NONE, 0, Vectors::real), Vectors::reciprocalRoot))
        .row(
            "vfclass\\.v",
            _ -> row(floats(1, 1, Source.NONE, 0, Vectors::real), l -> Ieee.classOf(l.one(), l.b)))
        .row("vf(|w|n)cvt\\.(|rtz\\.)x(u?)\\.f\\.([vw])", Vectors::toWhole)
        .row("vf(|w|n)cvt\\.f\\.x(u?)\\.([vw])", Vectors::fromWhole)
        .row("vfwcvt\\.f\\.f\\.v", _ -> between(2, 1, "", false))
        .row("vfncvt\\.(|rod\\.)f\\.f\\.w", m -> between(1, 2, m.group(1), false))
        .row("vfwcvtbf16\\.f\\.f\\.v", _ -> between(2, 1, "", true))
        .row("vfncvtbf16\\.f\\.f\\.w", _ -> between(1, 2, "", true))
        .row(
            "vfred[ou]sum\\.vs",
            _ ->
                row(
                    reduction(1, Vectors::real),
                    l -> Ieee.sum(l.one(), l.realD(), l.realB(), l.mode, l.flags)))
        .row(
            "vfwred[ou]sum\\.vs",
            _ ->
                row(
                    reduction(2, Vectors::narrowReal),
                    l -> Ieee.sum(l.two(), l.realD(), l.realB(), l.mode, l.flags)))
        .row(
            "vfred(min|max)\\.vs",
            m -> row(reduction(1, Vectors::real), l -> extreme(l, m.group(1), l.d, l.b)))
        .row(
            "vfmerge\\.vfm",
            _ ->
                row(
                    new Shape(
                        Kind.ELEMENTS,
                        1,
                        1,
                        Source.FLOAT,
                        1,
                        false,
                        false,
                        true,
                        true,
                        Vectors::real),
                    l -> l.world.bit(0, l.i) ? l.a : l.b))
        .row("vfmv\\.v\\.f", _ -> row(floats(1, 0, Source.FLOAT, 1, Vectors::real), l -> l.a))
        .row(
            "vfslide1up\\.vf",
            _ ->
                row(
                    new Shape(
                        Kind.ELEMENTS,
                        1,
                        1,
                        Source.FLOAT,
                        1,
                        false,
                        true,
                        false,
                        true,
                        Vectors::real),
                    l -> l.i == 0 ? l.a : l.b(l.i - 1)))
        .row(
            "vfslide1down\\.vf",
            _ ->
                row(
                    floats(1, 1, Source.FLOAT, 1, Vectors::real),
                    l -> l.i == l.vl() - 1 ? l.a : l.b(l.i + 1)));
    SCALAR_MOVES
        .row("vfmv\\.f\\.s", _ -> _ -> Vectors::toFloat)
        .row("vfmv\\.s\\.f", _ -> ones -> s -> fromFloat(s, ones));
    bits();
  }

  private static String either(MatchResult m, int one, int other) {
    return m.group(one) != null ? m.group(one) : m.group(other);
  }

  // ------------------------------------------------------------------ element 0

  private static Format moved(Step s) {
    Step.require(s.world.vs != 0 && s.world.fs != 0, "a unit is off");
    s.mode(7);
    Step.require(s.world.vtype >= 0, "vill");
    Step.require(real(s.world.sew()), "SEW");
    return Format.of(s.world.sew());
  }

  /// Whatever vl and vstart are (31.16.2).
  private static void toFloat(Step s) {
    Format f = moved(s);
    s.real(f, s.rd(), s.world.element(s.rs2(), 0, f.width()));
    s.world.vstart = 0;
  }

  /// The rest of the register is tail, whatever LMUL is.
  private static void fromFloat(Step s, boolean ones) {
    Format f = moved(s);
    World w = s.world;
    if (w.vstart < w.vl) {
      w.element(s.rd(), 0, f.width(), s.bits(f, s.rs1()));
      for (int k = 1; ones && w.tailAgnostic() && k < w.vlen() / f.width(); k++) {
        w.element(s.rd(), k, f.width(), -1);
      }
    }
    w.vstart = 0;
  }

  // ------------------------------------------------------------------ Zvbb

  private static Row bits(int d, Source source, IntPredicate sews, Element element) {
    return row(
        new Shape(
            Kind.ELEMENTS,
            d,
            1,
            source,
            source == Source.NONE ? 0 : 1,
            false,
            false,
            false,
            false,
            sews),
        element);
  }

  private static long rotateLeft(Lane l, long by) {
    long result = 0;
    for (int k = 0; k < l.sew; k++) {
      result |= (l.b >>> k & 1) << (k + by) % l.sew;
    }
    return result;
  }

  /// {@return the bits of an element moved, each to where it goes}
  private static Row moving(java.util.function.IntBinaryOperator to) {
    return bits(
        1,
        Source.NONE,
        Vectors::any,
        l -> {
          long result = 0;
          for (int k = 0; k < l.sew; k++) {
            result |= (l.b >>> k & 1) << to.applyAsInt(k, l.sew);
          }
          return result;
        });
  }

  private static void bits() {
    BITS.row("vandn\\.v([vx])", m -> bits(1, source(m.group(1)), Vectors::any, l -> l.b & ~l.a))
        .row(
            "vrol\\.v([vx])",
            m -> bits(1, source(m.group(1)), Vectors::any, l -> rotateLeft(l, l.a & l.sew - 1)))
        .row(
            "vror\\.v([vx])",
            m ->
                bits(
                    1,
                    source(m.group(1)),
                    Vectors::any,
                    l -> rotateLeft(l, l.sew - (l.a & l.sew - 1))))
        // six bits of immediate, the sixth in the place of funct6's lowest
        .row(
            "vror\\.vi",
            _ ->
                bits(
                    1,
                    Source.UIMM,
                    Vectors::any,
                    l -> {
                      long by = l.a | (long) l.step.field(26, 26) << 5;
                      return rotateLeft(l, l.sew - (by & l.sew - 1));
                    }))
        .row(
            "vwsll\\.v([vxi])",
            m -> bits(2, source(m.group(1)), Vectors::narrow, l -> l.b << (l.a & 2 * l.sew - 1)))
        .row("vbrev\\.v", _ -> moving((k, sew) -> sew - 1 - k))
        .row("vbrev8\\.v", _ -> moving((k, _) -> k / 8 * 8 + 7 - k % 8))
        .row("vrev8\\.v", _ -> moving((k, sew) -> sew - 8 - k / 8 * 8 + k % 8))
        .row(
            "vclz\\.v",
            _ ->
                bits(
                    1,
                    Source.NONE,
                    Vectors::any,
                    l -> Long.numberOfLeadingZeros(l.b) - (64 - l.sew)))
        .row(
            "vctz\\.v",
            _ ->
                bits(
                    1,
                    Source.NONE,
                    Vectors::any,
                    l -> l.b == 0 ? l.sew : Long.numberOfTrailingZeros(l.b)))
        .row("vcpop\\.v", _ -> bits(1, Source.NONE, Vectors::any, l -> Long.bitCount(l.b)));
  }
}
