package tessera.tests.reference;

import java.math.BigInteger;

/// A real that is not negative, exact.
sealed interface Magnitude {
  /// What is left behind the whole number: nothing, less than a half, a half, more.
  int EXACT = 0;

  int BELOW = 1;
  int HALF = 2;
  int ABOVE = 3;

  /// A number of units and what is left.
  ///
  /// @param tail EXACT to ABOVE
  record Part(BigInteger whole, int tail) {}

  boolean isZero();

  /// {@return the exponent e with 2^e <= this < 2^(e+1); not for zero}
  int log2();

  /// {@return this in units of 2^unit}
  Part in(int unit);

  /// @param den above 0
  record Fraction(BigInteger num, BigInteger den) implements Magnitude {
    static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

    static Fraction of(BigInteger whole) {
      return new Fraction(whole, BigInteger.ONE);
    }

    /// {@return whole * 2^by}
    static Fraction scaled(BigInteger whole, int by) {
      return by >= 0 ? of(whole.shiftLeft(by)) : new Fraction(whole, BigInteger.ONE.shiftLeft(-by));
    }

    Fraction times(Fraction b) {
      return new Fraction(num.multiply(b.num), den.multiply(b.den));
    }

    Fraction over(Fraction b) {
      return new Fraction(num.multiply(b.den), den.multiply(b.num));
    }

    int compare(Fraction b) {
      return num.multiply(b.den).compareTo(b.num.multiply(den));
    }

    @Override
    public boolean isZero() {
      return num.signum() == 0;
    }

    @Override
    public int log2() {
      int e = num.bitLength() - den.bitLength();
      BigInteger n = e < 0 ? num.shiftLeft(-e) : num;
      BigInteger d = e > 0 ? den.shiftLeft(e) : den;
      return n.compareTo(d) >= 0 ? e : e - 1;
    }

    @Override
    public Part in(int unit) {
      BigInteger n = unit < 0 ? num.shiftLeft(-unit) : num;
      BigInteger d = unit > 0 ? den.shiftLeft(unit) : den;
      BigInteger[] parts = n.divideAndRemainder(d);
      int half = parts[1].shiftLeft(1).compareTo(d);
      return new Part(
          parts[0], parts[1].signum() == 0 ? EXACT : half < 0 ? BELOW : half == 0 ? HALF : ABOVE);
    }
  }

  /// The square root of a fraction.
  record Root(Fraction of) implements Magnitude {
    @Override
    public boolean isZero() {
      return of.isZero();
    }

    @Override
    public int log2() {
      return Math.floorDiv(of.log2(), 2);
    }

    @Override
    public Part in(int unit) {
      Part square = of.in(2 * unit);
      BigInteger root = square.whole().sqrt();
      if (square.tail() == EXACT && root.multiply(root).equals(square.whole())) {
        return new Part(root, EXACT);
      }
      // (root + 1/2)^2 in quarters of a squared unit
      BigInteger middle = root.multiply(root).add(root).shiftLeft(2).add(BigInteger.ONE);
      Part quarters = of.in(2 * unit - 2);
      int half = quarters.whole().compareTo(middle);
      return new Part(root, half < 0 ? BELOW : half > 0 || quarters.tail() != EXACT ? ABOVE : HALF);
    }
  }
}
