package tessera.emulator.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import tessera.isaspec.semantics.Flag;

/// 32-bit cells of a file, and the rules that all float steps share (IEEE 754, round to nearest
/// even): what raises a flag, and the one NaN that results have.
final class Cells {
  static final int NAN = 0x7fc0_0000;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Cells() {}

  /// {@return 16 bits, sign-extended}
  static int readHalf(byte[] from, int at) {
    return (short) SHORT.get(from, at);
  }

  static int read(byte[] from, int at) {
    return (int) INT.get(from, at);
  }

  static void write(byte[] to, int at, int bits) {
    INT.set(to, at, bits);
  }

  /// {@return whether these bits are a NaN whose first fraction bit is 0}
  static boolean isSignalling(int bits) {
    return (bits & 0x7f80_0000) == 0x7f80_0000
        && (bits & 0x0040_0000) == 0
        && (bits & 0x003f_ffff) != 0;
  }

  /// {@return the bits of a result: every NaN becomes the canonical one}
  static int canonical(float value) {
    return Float.isNaN(value) ? NAN : Float.floatToRawIntBits(value);
  }

  @SuppressWarnings("EnumOrdinal") // what Kernel#run promises
  static int bit(Flag flag) {
    return 1 << flag.ordinal();
  }
}
