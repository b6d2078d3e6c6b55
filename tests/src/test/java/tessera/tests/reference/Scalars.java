package tessera.tests.reference;

import java.math.BigInteger;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/// What the scalar float instructions do: F, D, Zfhmin, Zfh, Zfbfmin and Zfa.
final class Scalars {
  /// A meaning, and what its operands are like.
  ///
  /// @param source the format of its float operands, or null
  /// @param narrow a format that rounding to may tie in
  /// @param memory whether rs1 is an address
  record Row(@Nullable Format source, Format narrow, boolean memory, Step.Meaning meaning) {
    /// {@return what the instruction does where the float unit may be off}
    Step.Meaning guarded() {
      return s -> {
        Step.require(s.world.fs != 0, "the float unit is off");
        meaning.run(s);
      };
    }
  }

  /// The whole table.
  static final Table<Row> TABLE = new Table<>();

  private Scalars() {}

  private interface Two {
    long bits(Format f, Datum a, Datum b, Mode mode, Flags flags);
  }

  private static Row floats(Format f, Step.Meaning meaning) {
    return new Row(f, f, false, meaning);
  }

  private static void two(String name, Two operation) {
    TABLE.row(
        name + "\\.([sdh])",
        m -> {
          Format f = Format.of(m.group(1));
          return floats(
              f,
              s -> {
                Mode mode = s.mode();
                Datum a = s.real(f, s.rs1());
                Datum b = s.real(f, s.rs2());
                s.real(f, s.rd(), operation.bits(f, a, b, mode, s.flags));
              });
        });
  }

  private static void fused(String name, UnaryOperator<Datum> factor, UnaryOperator<Datum> term) {
    TABLE.row(
        name + "\\.([sdh])",
        m -> {
          Format f = Format.of(m.group(1));
          return floats(
              f,
              s -> {
                Mode mode = s.mode();
                Datum a = factor.apply(s.real(f, s.rs1()));
                Datum b = s.real(f, s.rs2());
                Datum c = term.apply(s.real(f, s.rs3()));
                s.real(f, s.rd(), Ieee.fused(f, a, b, c, mode, s.flags));
              });
        });
  }

  private static void compare(String name, Ieee.Relation relation, boolean quiet) {
    TABLE.row(
        name + "\\.([sdh])",
        m -> {
          Format f = Format.of(m.group(1));
          return floats(
              f,
              s -> {
                Datum a = s.real(f, s.rs1());
                Datum b = s.real(f, s.rs2());
                s.x(s.rd(), Ieee.holds(relation, a, b, quiet, s.flags) ? 1 : 0);
              });
        });
  }

  /// {@return the sign bit of fsgnj, fsgnjn or fsgnjx}
  static boolean sign(String kind, boolean own, boolean other) {
    return switch (kind) {
      case "n" -> !other;
      case "x" -> own != other;
      default -> other;
    };
  }

  static {
    two("fadd", Ieee::sum);
    two("fsub", Ieee::difference);
    two("fmul", Ieee::product);
    two("fdiv", Ieee::quotient);
    // 20.6: fnmsub is -(rs1 * rs2) + rs3, fnmadd is -(rs1 * rs2) - rs3
    fused("fmadd", a -> a, c -> c);
    fused("fmsub", a -> a, Datum::negated);
    fused("fnmsub", Datum::negated, c -> c);
    fused("fnmadd", Datum::negated, Datum::negated);
    compare("feq", Ieee.Relation.EQ, true);
    compare("flt", Ieee.Relation.LT, false);
    compare("fle", Ieee.Relation.LE, false);
    compare("fltq", Ieee.Relation.LT, true);
    compare("fleq", Ieee.Relation.LE, true);
    TABLE
        .row("fsqrt\\.([sdh])", Scalars::root)
        .row("fsgnj(|n|x)\\.([sdh])", Scalars::signs)
        .row("f(min|max)(m?)\\.([sdh])", Scalars::extremes)
        .row("fclass\\.([sdh])", Scalars::classes)
        .row("fround(|nx)\\.([sdh])", Scalars::integral)
        .row("fcvt\\.([wl])(u?)\\.([sdh])", Scalars::toWhole)
        .row("fcvt\\.([sdh])\\.([wl])(u?)", Scalars::fromWhole)
        .row("fcvt\\.(s|d|h|bf16)\\.(s|d|h|bf16)", Scalars::convert)
        .row("fcvtmod\\.w\\.d", _ -> floats(Format.DOUBLE, Scalars::modular))
        .row("fli\\.([sdh])", Scalars::constants)
        .row("fmv\\.x\\.([wdh])", Scalars::toX)
        .row("fmv\\.([wdh])\\.x", Scalars::fromX)
        .row("fl([wdh])", Scalars::load)
        .row("fs([wdh])", Scalars::store);
  }

  private static Row root(MatchResult m) {
    Format f = Format.of(m.group(1));
    return floats(
        f,
        s -> {
          Mode mode = s.mode();
          s.real(f, s.rd(), Ieee.root(f, s.real(f, s.rs1()), mode, s.flags));
        });
  }

  private static Row signs(MatchResult m) {
    String kind = m.group(1);
    Format f = Format.of(m.group(2));
    long top = f.sign(true);
    return floats(
        f,
        s -> {
          long a = s.bits(f, s.rs1());
          boolean negative = sign(kind, (a & top) != 0, (s.bits(f, s.rs2()) & top) != 0);
          s.real(f, s.rd(), a & ~top | f.sign(negative));
        });
  }

  private static Row extremes(MatchResult m) {
    boolean most = m.group(1).equals("max");
    boolean spreads = !m.group(2).isEmpty();
    Format f = Format.of(m.group(3));
    return floats(
        f,
        s -> {
          long a = s.bits(f, s.rs1());
          long b = s.bits(f, s.rs2());
          s.real(f, s.rd(), Ieee.extreme(f, a, b, most, spreads, s.flags));
        });
  }

  private static Row classes(MatchResult m) {
    Format f = Format.of(m.group(1));
    return floats(f, s -> s.x(s.rd(), Ieee.classOf(f, s.bits(f, s.rs1()))));
  }

  private static Row integral(MatchResult m) {
    boolean tells = m.group(1).equals("nx");
    Format f = Format.of(m.group(2));
    return floats(
        f,
        s -> {
          Mode mode = s.mode();
          s.real(f, s.rd(), Ieee.integral(f, s.real(f, s.rs1()), mode, tells, s.flags));
        });
  }

  /// The result of 32 bits is sign-extended, also the unsigned one (20.7).
  private static Row toWhole(MatchResult m) {
    int width = m.group(1).equals("w") ? 32 : 64;
    boolean signed = m.group(2).isEmpty();
    Format f = Format.of(m.group(3));
    return floats(
        f,
        s -> {
          Mode mode = s.mode();
          BigInteger n = Ieee.toWhole(s.real(f, s.rs1()), width, signed, mode, s.flags);
          s.x(s.rd(), width == 32 ? n.intValue() : n.longValue());
        });
  }

  private static Row fromWhole(MatchResult m) {
    Format f = Format.of(m.group(1));
    int width = m.group(2).equals("w") ? 32 : 64;
    boolean signed = m.group(3).isEmpty();
    return new Row(
        null,
        f,
        false,
        s -> {
          Mode mode = s.mode();
          BigInteger n = whole(s.world.x[s.rs1()], width, signed);
          s.real(f, s.rd(), Ieee.fromWhole(f, n, mode, s.flags));
        });
  }

  /// {@return the low bits as a whole number}
  static BigInteger whole(long bits, int width, boolean signed) {
    BigInteger n = new BigInteger(Long.toUnsignedString(bits));
    n = n.mod(BigInteger.ONE.shiftLeft(width));
    return signed && n.testBit(width - 1) ? n.subtract(BigInteger.ONE.shiftLeft(width)) : n;
  }

  private static Row convert(MatchResult m) {
    Format to = Format.of(m.group(1));
    Format from = Format.of(m.group(2));
    return new Row(
        from,
        to,
        false,
        s -> {
          Mode mode = s.mode();
          s.real(to, s.rd(), Ieee.convert(to, s.real(from, s.rs1()), mode, s.flags));
        });
  }

  private static void modular(Step s) {
    s.x(s.rd(), Ieee.modular(s.real(Format.DOUBLE, s.rs1()), s.flags));
  }

  /// The table of Zfa, 25.1: numerators in units of 2^-16, behind the two that depend on the
  /// format.
  private static final long[] CONSTANTS = {
    -65536, 0, 1, 2, 256, 512, 4096, 8192, 16384, 20480, 24576, 28672, 32768, 40960, 49152, 57344,
    65536, 81920, 98304, 114688, 131072, 163840, 196608, 262144, 524288, 1048576, 8388608, 16777216,
    1L << 31, 1L << 32
  };

  private static Row constants(MatchResult m) {
    Format f = Format.of(m.group(1));
    return new Row(
        null,
        f,
        false,
        s -> {
          int which = s.rs1();
          long bits =
              switch (which) {
                case 1 -> 1L << f.fraction(); // the least positive normal number
                case 30 -> f.infinity(false);
                case 31 -> f.nan();
                default -> constant(f, CONSTANTS[which]);
              };
          s.real(f, s.rd(), bits);
        });
  }

  /// What half precision cannot hold, 2^16, is infinity there; nothing raises flags.
  private static long constant(Format f, long numerator) {
    Magnitude size = Magnitude.Fraction.scaled(BigInteger.valueOf(Math.abs(numerator)), -16);
    return f.round(numerator < 0, size, Mode.RNE, new Flags());
  }

  private static Row toX(MatchResult m) {
    int width = Format.of(m.group(1)).width();
    return floats(
        Format.of(m.group(1)), s -> s.x(s.rd(), s.world.f[s.rs1()] << 64 - width >> 64 - width));
  }

  private static Row fromX(MatchResult m) {
    Format f = Format.of(m.group(1));
    return new Row(null, f, false, s -> s.real(f, s.rd(), f.low(s.world.x[s.rs1()])));
  }

  private static Row load(MatchResult m) {
    Format f = Format.of(m.group(1));
    return new Row(
        null,
        f,
        true,
        s -> {
          long imm = s.word << 32 >> 52;
          s.real(f, s.rd(), s.world.load(s.world.x[s.rs1()] + imm, f.width() / 8));
        });
  }

  private static Row store(MatchResult m) {
    Format f = Format.of(m.group(1));
    return new Row(
        f,
        f,
        true,
        s -> {
          long imm = s.word << 32 >> 57 << 5 | s.rd();
          s.world.store(s.world.x[s.rs1()] + imm, f.width() / 8, s.world.f[s.rs2()]);
        });
  }
}
