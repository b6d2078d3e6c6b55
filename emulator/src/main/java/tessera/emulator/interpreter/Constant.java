package tessera.emulator.interpreter;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Expr.Literal;
import tessera.isaspec.semantics.Type;

/// Arithmetic on literals, with the meaning that [Expr] gives it.
final class Constant {
  private Constant() {}

  /// {@return a literal of the low bits of `value`, or of the number itself where it has no width}
  static Literal of(Type type, BigInteger value) {
    return switch (type) {
      case Type.Bits(var reading, int width) -> new Literal(type, read(value, reading, width));
      case Type.Floating(var format) -> new Literal(type, low(value, format.width()));
      case Type.Int _, Type.Bool _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          new Literal(type, value);
    };
  }

  /// {@return a literal number}
  static Literal number(long value) {
    return new Literal(Type.Int.of(value), BigInteger.valueOf(value));
  }

  static Literal bool(boolean value) {
    return new Literal(Type.BOOL, value ? BigInteger.ONE : BigInteger.ZERO);
  }

  static BigInteger low(BigInteger value, int width) {
    return value.signum() >= 0 && value.bitLength() <= width
        ? value
        : value.and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
  }

  static BigInteger read(BigInteger value, Type.Reading reading, int width) {
    BigInteger bits = low(value, width);
    return reading == Type.Reading.SINT && bits.testBit(width - 1)
        ? bits.subtract(BigInteger.ONE.shiftLeft(width))
        : bits;
  }

  /// {@return the number of bits of a value, or -1 where it has none}
  static int width(Type type) {
    return switch (type) {
      case Type.Bits(_, int width) -> width;
      case Type.Floating(var format) -> format.width();
      case Type.Bool _ -> 1;
      case Type.Int _, Type.Exact _, Type.Array _, Type.Tuple _ -> -1;
    };
  }

  static @Nullable Literal binary(Expr.BinaryOp op, BigInteger a, BigInteger b, Type type) {
    return switch (type) {
      case Type.Int _ -> {
        BigInteger value = number(op, a, b);
        yield value == null ? null : new Literal(type, value);
      }
      case Type.Bits(_, int width) -> of(type, bits(op, a, b, width));
      case Type.Bool _, Type.Floating _, Type.Exact _, Type.Array _, Type.Tuple _ -> null;
    };
  }

  /// {@return the value of a binary operator on whole numbers or bits}
  static BigInteger binaryValue(Expr.BinaryOp op, BigInteger a, BigInteger b, Type type) {
    Literal value = binary(op, a, b, type);
    if (value == null) {
      throw new ArithmeticException(op + " of " + a + " and " + b);
    }
    return value.value();
  }

  private static @Nullable BigInteger number(Expr.BinaryOp op, BigInteger a, BigInteger b) {
    return switch (op) {
      case ADD -> a.add(b);
      case SUB -> a.subtract(b);
      case MUL -> a.multiply(b);
      case DIV -> b.signum() <= 0 ? null : a.subtract(a.mod(b)).divide(b);
      case REM -> b.signum() <= 0 ? null : a.mod(b);
      case AND -> a.and(b);
      case OR -> a.or(b);
      case XOR -> a.xor(b);
      case SHL -> b.bitLength() > 16 ? null : a.shiftLeft(b.intValue());
      case SHR -> b.bitLength() > 30 ? null : a.shiftRight(b.intValue());
      case MIN -> a.min(b);
      case MAX -> a.max(b);
    };
  }

  private static BigInteger bits(Expr.BinaryOp op, BigInteger a, BigInteger b, int width) {
    boolean beyond = b.signum() < 0 || b.compareTo(BigInteger.valueOf(width)) >= 0;
    return switch (op) {
      case ADD -> a.add(b);
      case SUB -> a.subtract(b);
      case MUL -> a.multiply(b);
      case DIV -> b.signum() == 0 ? BigInteger.ONE.negate() : a.divide(b);
      case REM -> b.signum() == 0 ? a : a.remainder(b);
      case AND -> a.and(b);
      case OR -> a.or(b);
      case XOR -> a.xor(b);
      case SHL -> beyond ? BigInteger.ZERO : a.shiftLeft(b.intValue());
      case SHR -> a.shiftRight(beyond ? width : b.intValue());
      case MIN -> a.min(b);
      case MAX -> a.max(b);
    };
  }

  static boolean compare(Expr.CompareOp op, BigInteger a, BigInteger b) {
    int order = a.compareTo(b);
    return switch (op) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
    };
  }

  /// {@return a whole number shifted right, rounded by a fixed-point mode}
  static BigInteger roundOff(BigInteger value, int amount, int mode) {
    BigInteger floor = value.shiftRight(amount);
    BigInteger twice = value.subtract(floor.shiftLeft(amount)).shiftLeft(1);
    int half = twice.compareTo(BigInteger.ONE.shiftLeft(amount));
    boolean up =
        switch (mode) {
          case 0 -> half >= 0;
          case 1 -> half > 0 || half == 0 && floor.testBit(0);
          case 2 -> false;
          default -> twice.signum() != 0 && !floor.testBit(0);
        };
    return up ? floor.add(BigInteger.ONE) : floor;
  }
}
