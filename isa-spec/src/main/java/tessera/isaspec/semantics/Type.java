package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.List;

/// The type of a bound expression. After binding every width is a constant.
public sealed interface Type {

  /// How bits are read as a number.
  enum Reading {
    /// no order, no division
    BITS,
    UINT,
    SINT;

    /// {@return the language's word}
    public String word() {
      return switch (this) {
        case BITS -> "bits";
        case UINT -> "uint";
        case SINT -> "sint";
      };
    }
  }

  /// A whole number of a statically known interval, both ends inclusive.
  record Int(BigInteger min, BigInteger max) implements Type {
    /// {@return the type of exactly one number}
    public static Int of(long value) {
      return new Int(BigInteger.valueOf(value), BigInteger.valueOf(value));
    }

    /// {@return the interval from `min` to `max`}
    public static Int of(long min, long max) {
      return new Int(BigInteger.valueOf(min), BigInteger.valueOf(max));
    }

    @Override
    public String toString() {
      return min.equals(max) ? min.toString() : min + " .. " + max.add(BigInteger.ONE);
    }
  }

  /// `width` bits, modular.
  record Bits(Reading reading, int width) implements Type {
    @Override
    public String toString() {
      return reading.word() + "<" + width + ">";
    }
  }

  /// True or false.
  record Bool() implements Type {
    @Override
    public String toString() {
      return "bool";
    }
  }

  /// A floating-point value; represented by its bits.
  record Floating(FloatFormat format) implements Type {
    @Override
    public String toString() {
      return format.name();
    }
  }

  /// An unrounded number (language.md 7): the real line, infinities, NaN and signed zeros.
  record Exact() implements Type {
    @Override
    public String toString() {
      return "exact";
    }
  }

  /// `length` elements; element 0 is the low end.
  record Array(Type element, int length) implements Type {
    @Override
    public String toString() {
      return element + "[" + length + "]";
    }
  }

  /// Several values.
  record Tuple(List<Type> elements) implements Type {
    @Override
    public String toString() {
      return elements.toString();
    }
  }

  Bool BOOL = new Bool();
  Exact EXACT = new Exact();

  /// {@return `bits<width>`}
  static Bits bits(int width) {
    return new Bits(Reading.BITS, width);
  }

  /// {@return `uint<width>`}
  static Bits uint(int width) {
    return new Bits(Reading.UINT, width);
  }

  /// {@return `sint<width>`}
  static Bits sint(int width) {
    return new Bits(Reading.SINT, width);
  }
}
