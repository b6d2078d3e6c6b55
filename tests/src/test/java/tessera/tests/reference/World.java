package tessera.tests.reference;

import java.util.Arrays;
import tessera.conformance.Places;

/// What an instruction sees and changes, as plain arrays.
final class World {
  final long[] x = new long[32];
  final long[] f = new long[32];
  final byte[] v;
  final byte[] memory;
  long pc;
  long fcsr;
  long vtype;
  long vl;
  long vstart;
  long vcsr;

  /// Off, initial, clean or dirty: mstatus.FS and mstatus.VS.
  int fs = 1;

  int vs = 1;

  private World(byte[] v, byte[] memory) {
    this.v = v;
    this.memory = memory;
  }

  /// {@return zeros}
  ///
  /// @param vlen bits of a vector register
  static World of(int vlen) {
    return new World(new byte[32 * vlen / 8], new byte[Places.ARENA_BYTES]);
  }

  World copy() {
    World other = new World(v.clone(), memory.clone());
    System.arraycopy(x, 0, other.x, 0, 32);
    System.arraycopy(f, 0, other.f, 0, 32);
    other.pc = pc;
    other.fcsr = fcsr;
    other.vtype = vtype;
    other.vl = vl;
    other.vstart = vstart;
    other.vcsr = vcsr;
    other.fs = fs;
    other.vs = vs;
    return other;
  }

  int vlen() {
    return v.length * 8 / 32;
  }

  int sew() {
    return 8 << (int) (vtype >> 3 & 7);
  }

  /// {@return LMUL times 8}
  int eighths() {
    int lmul = (int) (vtype & 7);
    return lmul < 4 ? 8 << lmul : 1 << lmul - 5;
  }

  boolean tailAgnostic() {
    return (vtype >> 6 & 1) != 0;
  }

  boolean maskAgnostic() {
    return (vtype >> 7 & 1) != 0;
  }

  /// {@return an element of a register group; its registers lie one behind the other}
  long element(int register, int index, int width) {
    return get(v, register * vlen() / 8 + index * width / 8, width / 8);
  }

  void element(int register, int index, int width, long value) {
    put(v, register * vlen() / 8 + index * width / 8, width / 8, value);
  }

  boolean bit(int register, int index) {
    return (v[register * vlen() / 8 + index / 8] >> index % 8 & 1) != 0;
  }

  void bit(int register, int index, boolean set) {
    int at = register * vlen() / 8 + index / 8;
    v[at] = (byte) (v[at] & ~(1 << index % 8) | (set ? 1 << index % 8 : 0));
  }

  long load(long address, int bytes) {
    return get(memory, Math.toIntExact(address - Places.ARENA), bytes);
  }

  void store(long address, int bytes, long value) {
    put(memory, Math.toIntExact(address - Places.ARENA), bytes, value);
  }

  private static long get(byte[] from, int at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | from[at + i] & 0xff;
    }
    return value;
  }

  private static void put(byte[] to, int at, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      to[at + i] = (byte) (value >>> 8 * i);
    }
  }

  boolean sameRegisters(World other) {
    return Arrays.equals(x, other.x) && Arrays.equals(f, other.f) && Arrays.equals(v, other.v);
  }
}
