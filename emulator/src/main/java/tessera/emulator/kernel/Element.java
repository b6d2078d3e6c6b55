package tessera.emulator.kernel;

import org.jspecify.annotations.Nullable;
import tessera.isaspec.semantics.FloatFormat;
import tessera.isaspec.semantics.Type;

/// The element types that matrix kernels read. Every value of each is exact in a `double`, and so
/// is the product of any two.
enum Element {
  I8(1),
  U8(1),
  BF16(2),
  F32(4);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  /// {@return the element for a type, or null}
  static @Nullable Element of(Type type) {
    return switch (type) {
      case Type.Bits(var reading, int width) when width == 8 ->
          reading == Type.Reading.SINT ? I8 : U8;
      case Type.Floating(FloatFormat f) when ieee(f, 8, 7) -> BF16;
      case Type.Floating(FloatFormat f) when ieee(f, 8, 23) -> F32;
      default -> null;
    };
  }

  private static boolean ieee(FloatFormat f, int exponent, int fraction) {
    return f.exponent() == exponent
        && f.fraction() == fraction
        && f.signed()
        && f.hasZero()
        && f.hasInfinity()
        && f.ieee()
        && f.storage() == f.width()
        && f.stored() == null;
  }

  int bytes() {
    return bytes;
  }

  boolean isWhole() {
    return this == I8 || this == U8;
  }

  /// {@return the value of the element at a byte, as a float; a NaN is quiet}
  float read(byte[] from, int at) {
    return switch (this) {
      case I8 -> from[at];
      case U8 -> from[at] & 0xff;
      case BF16 -> Float.intBitsToFloat(Cells.readHalf(from, at) << 16);
      case F32 -> Float.intBitsToFloat(Cells.read(from, at));
    };
  }

  /// {@return whether the element at a byte is a signalling NaN}
  boolean isSignalling(byte[] from, int at) {
    return switch (this) {
      case I8, U8 -> false;
      case BF16 -> Cells.isSignalling(Cells.readHalf(from, at) << 16);
      case F32 -> Cells.isSignalling(Cells.read(from, at));
    };
  }
}
