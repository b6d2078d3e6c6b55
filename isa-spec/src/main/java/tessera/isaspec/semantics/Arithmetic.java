package tessera.isaspec.semantics;

import java.math.BigInteger;

/// What operators mean on whole numbers and bits. The checker folds constants with it, the
/// evaluator runs with it.
///
/// Bits read as `bits` or `uint` are represented by their unsigned value, as `sint` by their signed
/// one.
public final class Arithmetic {
  private static final BigInteger[] ONES = new BigInteger[129];

  static {
    for (int n = 0; n < ONES.length; n++) {
      ONES[n] = BigInteger.ONE.shiftLeft(n).subtract(BigInteger.ONE);
    }
  }

  private Arithmetic() {}

  /// {@return the value of type `type` with the same low bits; for other types the value itself}
  public static BigInteger wrap(BigInteger value, Type type) {
    if (!(type instanceof Type.Bits(var reading, int width))) {
      return value;
    }
    BigInteger low = value.and(ones(width));
    return reading == Type.Reading.SINT && width > 0 && low.testBit(width - 1)
        ? low.subtract(BigInteger.ONE.shiftLeft(width))
        : low;
  }

  /// {@return 2^n - 1}
  public static BigInteger ones(int n) {
    return n < ONES.length ? ONES[n] : BigInteger.ONE.shiftLeft(n).subtract(BigInteger.ONE);
  }

  /// {@return whether `value` is one of the type's}
  public static boolean fits(BigInteger value, Type type) {
    return switch (type) {
      case Type.Bits(var reading, int width) ->
          switch (reading) {
            case UINT -> value.signum() >= 0 && value.bitLength() <= width;
            case SINT -> value.bitLength() < width;
            // a negative number fits `bits<N>` from -2^(N-1)
            case BITS ->
                value.signum() < 0 ? value.bitLength() < width : value.bitLength() <= width;
          };
      case Type.Int(var min, var max) -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
      case Type.Exact() -> true;
      case Type.Bool() -> value.signum() >= 0 && value.bitLength() <= 1;
      case Type.Floating _, Type.Array _, Type.Tuple _ -> false;
    };
  }

  /// {@return `left op right` in `type`; division is total with the architecture's corner cases}
  public static BigInteger binary(Expr.BinaryOp op, BigInteger left, BigInteger right, Type type) {
    return wrap(
        switch (op) {
          case ADD -> left.add(right);
          case SUB -> left.subtract(right);
          case MUL -> left.multiply(right);
          case DIV -> divide(left, right, type);
          case REM -> remainder(left, right, type);
          case AND -> left.and(right);
          case OR -> left.or(right);
          case XOR -> left.xor(right);
          case SHL -> shiftLeft(left, right, type);
          case SHR -> left.shiftRight(amount(right));
          case MIN -> left.min(right);
          case MAX -> left.max(right);
        },
        type);
  }

  private static BigInteger shiftLeft(BigInteger left, BigInteger right, Type type) {
    boolean gone =
        type instanceof Type.Bits(_, int width) && right.compareTo(BigInteger.valueOf(width)) >= 0;
    return gone ? BigInteger.ZERO : left.shiftLeft(amount(right));
  }

  private static int amount(BigInteger n) {
    return n.bitLength() > 20 ? 1 << 20 : n.intValue();
  }

  /// x/0 has all bits set; the least number by -1 is itself (by wrapping).
  private static BigInteger divide(BigInteger left, BigInteger right, Type type) {
    if (type instanceof Type.Bits) {
      return right.signum() == 0 ? BigInteger.ONE.negate() : left.divide(right);
    }
    return floorDivide(left, right);
  }

  /// x%0 is x.
  private static BigInteger remainder(BigInteger left, BigInteger right, Type type) {
    if (type instanceof Type.Bits) {
      return right.signum() == 0 ? left : left.remainder(right);
    }
    return left.subtract(floorDivide(left, right).multiply(right));
  }

  /// {@return the quotient rounded down}
  public static BigInteger floorDivide(BigInteger left, BigInteger right) {
    BigInteger[] parts = left.divideAndRemainder(right);
    return parts[1].signum() != 0 && (parts[1].signum() < 0) != (right.signum() < 0)
        ? parts[0].subtract(BigInteger.ONE)
        : parts[0];
  }

  /// {@return whether `left op right`}
  public static boolean compare(Expr.CompareOp op, int sign) {
    return switch (op) {
      case EQ -> sign == 0;
      case NE -> sign != 0;
      case LT -> sign < 0;
      case LE -> sign <= 0;
      case GT -> sign > 0;
      case GE -> sign >= 0;
    };
  }
}
