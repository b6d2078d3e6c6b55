package tessera.tests.reference;

/// What the bits of a float stand for (IEEE 754, 3.2 and 3.3).
sealed interface Datum {
  record Nan(boolean signalling) implements Datum {}

  record Infinity(boolean negative) implements Datum {}

  /// A finite number, zeros with their signs.
  record Finite(boolean negative, Magnitude.Fraction size) implements Datum {}

  default Datum negated() {
    return switch (this) {
      case Nan nan -> nan;
      case Infinity(var negative) -> new Infinity(!negative);
      case Finite(var negative, var size) -> new Finite(!negative, size);
    };
  }

  default boolean isZero() {
    return this instanceof Finite(_, var size) && size.isZero();
  }

  /// {@return its sign; a NaN has none}
  default boolean isNegative() {
    return switch (this) {
      case Nan _ -> false;
      case Infinity(var negative) -> negative;
      case Finite(var negative, _) -> negative;
    };
  }
}
