package tessera.emulator.device;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.LongSupplier;
import tessera.emulator.memory.Device;

/// Timer and software interrupts: `msip` at +0, `mtimecmp` at +0x4000, `mtime` at +0xBFF8. Time
/// comes from cycles, so that runs repeat.
public final class Clint implements Device {
  /// Bytes of its registers.
  public static final long SIZE = 0x10000;

  /// Ticks of `mtime` a second.
  public static final long HERTZ = 10_000_000;

  private static final long COMPARE = 0x4000;
  private static final long TIME = 0xbff8;

  private final LongSupplier cycles;
  private final long hertz;
  private final boolean[] software;
  private final long[] compare;
  private final Runnable changed;
  private long offset;

  private Clint(int harts, LongSupplier cycles, long hertz, Runnable changed) {
    this.changed = changed;
    this.cycles = cycles;
    this.hertz = hertz;
    this.software = new boolean[harts];
    this.compare = new long[harts];
    Arrays.fill(compare, -1);
  }

  /// {@return the timer of some harts}
  ///
  /// @param cycles the cycles until now
  /// @param hertz cycles a second
  /// @param changed called after a store, which may change the level of a line
  public static Clint of(int harts, LongSupplier cycles, long hertz, Runnable changed) {
    return new Clint(harts, cycles, hertz, changed);
  }

  /// {@return `mtime`}
  public long time() {
    return offset + ticks();
  }

  private long ticks() {
    long now = cycles.getAsLong();
    // Whole seconds apart, so that the product does not overflow for 29,000 years.
    return now / hertz * HERTZ + now % hertz * HERTZ / hertz;
  }

  /// {@return the level of a hart's timer interrupt}
  public long timer(int hart) {
    return Long.compareUnsigned(time(), compare[hart]) >= 0 ? 1 : 0;
  }

  /// {@return the cycle, later than now, in which a hart's timer interrupt changes by itself;
  /// `Long.MAX_VALUE`: it stays as it is for 292 years}
  public long due(int hart) {
    long now = time();
    long left = compare[hart] - now;
    if (Long.compareUnsigned(now, compare[hart]) >= 0 || left < 0) {
      return Long.MAX_VALUE;
    }
    BigInteger ticks = BigInteger.valueOf(left).add(BigInteger.valueOf(ticks()));
    BigInteger cycle =
        ticks
            .multiply(BigInteger.valueOf(hertz))
            .add(BigInteger.valueOf(HERTZ - 1))
            .divide(BigInteger.valueOf(HERTZ));
    return cycle.bitLength() > 62 ? Long.MAX_VALUE : cycle.longValue();
  }

  /// {@return the level of a hart's software interrupt}
  public long software(int hart) {
    return software[hart] ? 1 : 0;
  }

  @Override
  public long load(long at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | word(at + i & ~7L) >>> 8 * (at + i & 7) & 255;
    }
    return value;
  }

  @Override
  public void store(long at, int bytes, long value) {
    for (int i = 0; i < bytes; ) {
      long place = at + i & ~7L;
      long old = word(place);
      long fresh = old;
      do {
        int shift = (int) (8 * (at + i & 7));
        fresh = fresh & ~(255L << shift) | (value >>> 8 * i & 255) << shift;
        i++;
      } while (i < bytes && (at + i & 7) != 0);
      word(place, fresh);
    }
    changed.run();
  }

  /// The 64 bits at a multiple of 8: one register, or the `msip` of two harts.
  private long word(long at) {
    if (at == TIME) {
      return time();
    }
    if (at >= COMPARE) {
      int hart = (int) (at - COMPARE >>> 3);
      return hart < compare.length ? compare[hart] : 0;
    }
    int hart = (int) (at >>> 2);
    return level(hart) | level(hart + 1) << 32;
  }

  private long level(int hart) {
    return hart < software.length && software[hart] ? 1 : 0;
  }

  private void word(long at, long value) {
    if (at == TIME) {
      offset += value - time();
    } else if (at >= COMPARE) {
      int hart = (int) (at - COMPARE >>> 3);
      if (hart < compare.length) {
        compare[hart] = value;
      }
    } else {
      level((int) (at >>> 2), value & 1);
      level((int) (at >>> 2) + 1, value >>> 32 & 1);
    }
  }

  private void level(int hart, long value) {
    if (hart < software.length) {
      software[hart] = value != 0;
    }
  }
}
