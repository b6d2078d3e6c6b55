package tessera.isaspec.semantics;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// A binary floating-point format: sign, biased exponent, fraction, from high to low bits.
///
/// @param exponent bits of the exponent field
/// @param fraction bits of the fraction field
/// @param signed whether there is a sign bit
/// @param hasInfinity whether the all-ones exponent with fraction 0 is an infinity
/// @param hasZero whether the all-zeros encoding is zero
/// @param nan the one NaN encoding without its sign; null: IEEE's (all-ones exponent, fraction not
///   0)
/// @param hasNan whether the format has a NaN at all
/// @param storage bits an element occupies in a register or in memory
/// @param stored the format whose bits are read and rounded once (tf32 lies in an f32), or null
public record FloatFormat(
    String name,
    int exponent,
    int fraction,
    boolean signed,
    boolean hasInfinity,
    boolean hasZero,
    @Nullable BigInteger nan,
    boolean hasNan,
    int storage,
    @Nullable FloatFormat stored) {

  /// {@return the number of bits of a value}
  public int width() {
    return (signed ? 1 : 0) + exponent + fraction;
  }

  /// {@return the exponent's bias}
  public int bias() {
    return (1 << (exponent - 1)) - 1;
  }

  /// {@return whether NaNs are IEEE's: all-ones exponent, the fraction's top bit tells quiet ones}
  public boolean ieee() {
    return hasNan && nan == null;
  }

  /// {@return the largest biased exponent of a finite value}
  public int largestExponent() {
    return ieee() || hasInfinity ? (1 << exponent) - 2 : (1 << exponent) - 1;
  }

  /// {@return the canonical NaN's bits; only where there is one}
  public BigInteger canonicalNan() {
    if (!hasNan) {
      throw new IllegalArgumentException(name + " has no NaN");
    }
    return nan != null ? nan : ones(exponent + 1).shiftLeft(fraction - 1);
  }

  /// {@return positive infinity's bits; only where there is one}
  public BigInteger infinity() {
    if (!hasInfinity) {
      throw new IllegalArgumentException(name + " has no infinity");
    }
    return ones(exponent).shiftLeft(fraction);
  }

  /// {@return the bits of the largest finite value}
  public BigInteger largest() {
    BigInteger top = BigInteger.valueOf(largestExponent()).shiftLeft(fraction).or(ones(fraction));
    return top.equals(nan) ? top.subtract(BigInteger.ONE) : top;
  }

  private static BigInteger ones(int n) {
    return BigInteger.ONE.shiftLeft(n).subtract(BigInteger.ONE);
  }
}
