package tessera.compiler.graph;

/// What the element functions are worth. Floats are computed in `double` and rounded by the caller,
/// once: for sums, products, quotients and roots of `f32` that is the correctly rounded result.
final class Arithmetic {
  private static final int ERF_TERMS = 200;
  private static final double ERF_SATURATES = 6.5;

  private Arithmetic() {}

  static double apply(UnaryFn fn, double x) {
    return switch (fn) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case SQRT -> Math.sqrt(x);
      case RECIP -> 1 / x;
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case EXP -> StrictMath.exp(x);
      case LOG -> StrictMath.log(x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case ERF -> erf(x);
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case NOT -> throw new IllegalArgumentException("not of a float");
    };
  }

  static long apply(UnaryFn fn, DType dtype, long x) {
    return switch (fn) {
      case NEG -> dtype.wrap(-x);
      case ABS -> dtype.kind() == DType.Kind.SIGNED ? dtype.wrap(Math.abs(x)) : x;
      case SIGN -> dtype.kind() == DType.Kind.SIGNED ? Long.signum(x) : x == 0 ? 0 : 1;
      case NOT -> dtype == DType.BOOL ? 1 - x : dtype.wrap(~x);
      case SQRT, RECIP, FLOOR, CEIL, ROUND, EXP, LOG, TANH, SIGMOID, ERF, SIN, COS ->
          throw new IllegalArgumentException(fn + " of an integer");
    };
  }

  static double apply(BinaryFn fn, double a, double b) {
    return switch (fn) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case REM -> a % b;
      case POW -> pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case AND, OR, XOR, EQ, LT, LE -> throw new IllegalArgumentException(fn + " gives no float");
    };
  }

  static long apply(BinaryFn fn, DType dtype, long a, long b) {
    return switch (fn) {
      case ADD -> dtype.wrap(a + b);
      case SUB -> dtype.wrap(a - b);
      case MUL -> dtype.wrap(a * b);
      case DIV -> dtype.wrap(b == 0 ? -1 : dtype == DType.U64 ? Long.divideUnsigned(a, b) : a / b);
      case REM -> b == 0 ? a : dtype == DType.U64 ? Long.remainderUnsigned(a, b) : a % b;
      case POW -> dtype.wrap(pow(dtype, a, b));
      case MAX -> order(dtype, a, b) >= 0 ? a : b;
      case MIN -> order(dtype, a, b) <= 0 ? a : b;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case EQ, LT, LE -> throw new IllegalArgumentException(fn + " gives a bool");
    };
  }

  /// Whether a comparison of floats holds; with a NaN none does.
  static boolean holds(BinaryFn fn, double a, double b) {
    return switch (fn) {
      case EQ -> a == b;
      case LT -> a < b;
      case LE -> a <= b;
      case ADD, SUB, MUL, DIV, REM, POW, MAX, MIN, AND, OR, XOR ->
          throw new IllegalArgumentException(fn + " does not compare");
    };
  }

  static boolean holds(BinaryFn fn, DType dtype, long a, long b) {
    int order = order(dtype, a, b);
    return switch (fn) {
      case EQ -> order == 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case ADD, SUB, MUL, DIV, REM, POW, MAX, MIN, AND, OR, XOR ->
          throw new IllegalArgumentException(fn + " does not compare");
    };
  }

  /// A float as an integer of type `to`: the fraction dropped, saturated; a NaN counts as the
  /// greatest.
  static long toInteger(DType to, double x) {
    if (to == DType.BOOL) {
      return x != 0 ? 1 : 0;
    }
    if (to == DType.U64) {
      return unsigned64(x);
    }
    long greatest = to.greatest();
    return Double.isNaN(x) ? greatest : Math.clamp((long) x, to.least(), greatest);
  }

  /// An integer of type `from` as the nearest `double`, for a cast to a shorter float: where the
  /// `double` is inexact its last bit is odd, so that a second rounding does no harm.
  static double toReal(DType from, long x) {
    boolean negative = from != DType.U64 && x < 0;
    long magnitude = negative ? -x : x;
    int excess = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(magnitude) - 53);
    long sticky = (magnitude & (1L << excess) - 1) == 0 ? 0 : 1;
    double real = (double) (magnitude >>> excess | sticky) * (1L << excess);
    return negative ? -real : real;
  }

  private static long unsigned64(double x) {
    if (Double.isNaN(x) || x >= 0x1p64) {
      return -1;
    }
    return x < 0x1p63 ? Math.max(0, (long) x) : (long) (x - 0x1p63) + Long.MIN_VALUE;
  }

  private static int order(DType dtype, long a, long b) {
    return dtype == DType.U64 ? Long.compareUnsigned(a, b) : Long.compare(a, b);
  }

  /// As C's `pow`, which differs from Java's where the result does not depend on a NaN or an
  /// infinity.
  private static double pow(double a, double b) {
    return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : StrictMath.pow(a, b);
  }

  private static long pow(DType dtype, long base, long exponent) {
    if (dtype.kind() == DType.Kind.SIGNED && exponent < 0) {
      return base == 1 || (base == -1 && exponent % 2 == 0) ? 1 : base == -1 ? -1 : 0;
    }
    long power = 1;
    for (long square = base, left = exponent; left != 0; left >>>= 1, square *= square) {
      power = (left & 1) == 1 ? power * square : power;
    }
    return power;
  }

  /// The series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): all its terms have one sign, so
  /// nothing cancels (Abramowitz and Stegun 7.1.6).
  private static double erf(double x) {
    if (Double.isNaN(x) || Math.abs(x) > ERF_SATURATES) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < ERF_TERMS; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
  }
}
