package tessera.tests.reference;

import java.math.BigInteger;

/// The rounding modes in the order of their codes (unprivileged manual, 20.2), and to odd, which
/// only one vector conversion has.
enum Mode {
  RNE,
  RTZ,
  RDN,
  RUP,
  RMM,
  ODD;

  /// {@return the whole number next to one}
  BigInteger whole(Magnitude.Part part, boolean negative) {
    boolean odd = part.whole().testBit(0);
    boolean up =
        switch (this) {
          case RNE -> part.tail() == Magnitude.ABOVE || part.tail() == Magnitude.HALF && odd;
          case RMM -> part.tail() >= Magnitude.HALF;
          case RTZ -> false;
          case RDN -> negative && part.tail() > 0;
          case RUP -> !negative && part.tail() > 0;
          case ODD -> !odd && part.tail() > 0;
        };
    return up ? part.whole().add(BigInteger.ONE) : part.whole();
  }

  /// {@return whether an overflow becomes infinity, not the largest number (IEEE 754, 7.4)}
  boolean overflowsToInfinity(boolean negative) {
    return switch (this) {
      case RNE, RMM -> true;
      case RTZ, ODD -> false;
      case RDN -> negative;
      case RUP -> !negative;
    };
  }
}
