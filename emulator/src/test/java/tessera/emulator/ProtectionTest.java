package tessera.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;

/// Physical memory protection as the text says it, and as the engines remember it, against a model
/// written from the privileged manual (3.7) alone.
class ProtectionTest {
  private static final Isa ISA = Isa.bundled("tiny4");
  private static final long BASE = 0x8000_0000L;
  private static final long SIZE = 1 << 16;
  private static final int ENTRIES = 16;

  /// The registers and rules of the manual, byte by byte.
  private static final class Model {
    final int[] configuration = new int[ENTRIES];
    final long[] address = new long[ENTRIES];

    void configure(int i, int value) {
      if (configuration[i] >>> 7 == 0) {
        int clean = value & 0b1001_1111;
        configuration[i] = (clean & 0b11) == 0b10 ? clean & ~0b10 : clean;
      }
    }

    void address(int i, long value) {
      boolean locked = configuration[i] >>> 7 == 1;
      boolean topIsLocked =
          i + 1 < ENTRIES
              && configuration[i + 1] >>> 7 == 1
              && (configuration[i + 1] >>> 3 & 3) == 1;
      if (!locked && !topIsLocked) {
        address[i] = value & (1L << 54) - 1;
      }
    }

    /// {@return whether entry i matches the byte}
    private boolean matches(int i, BigInteger at) {
      BigInteger word = at.shiftRight(2);
      BigInteger own = BigInteger.valueOf(address[i]);
      return switch (configuration[i] >>> 3 & 3) {
        case 0 -> false;
        case 1 -> {
          BigInteger low = i == 0 ? BigInteger.ZERO : BigInteger.valueOf(address[i - 1]);
          yield low.compareTo(word) <= 0 && word.compareTo(own) < 0;
        }
        case 2 -> word.equals(own);
        default -> {
          int ones = Long.numberOfTrailingZeros(~address[i]);
          yield word.shiftRight(ones + 1).equals(own.shiftRight(ones + 1));
        }
      };
    }

    boolean allows(long address, int bytes, AccessKind kind, boolean machine) {
      BigInteger first = new BigInteger(Long.toUnsignedString(address));
      for (int i = 0; i < ENTRIES; i++) {
        int inside = 0;
        for (int b = 0; b < bytes; b++) {
          inside += matches(i, first.add(BigInteger.valueOf(b))) ? 1 : 0;
        }
        if (inside > 0) {
          int needed =
              switch (kind) {
                case LOAD, RESERVE -> 1;
                case STORE, AMO -> 2;
                case FETCH -> 4;
              };
          boolean free = machine && configuration[i] >>> 7 == 0;
          return inside == bytes && (free || (configuration[i] & needed) != 0);
        }
      }
      return machine;
    }
  }

  private final Evaluator evaluator = ISA.evaluator();

  private static Csr csr(String name) {
    return Objects.requireNonNull(ISA.csr(name), name);
  }

  private static Hart hart() {
    Memory memory = Memory.of(BASE, SIZE, 1 << 20);
    int all = Region.READ | Region.WRITE | Region.EXECUTE;
    memory.map(Region.memory("ram", Region.Kind.RAM, BASE, SIZE, all));
    return Hart.of(ISA, memory, 0);
  }

  private static void privilege(Hart hart, int level) {
    RegisterFile priv = Objects.requireNonNull(ISA.registerFile("priv"));
    hart.writeRegister(priv, 0, level);
  }

  private void write(Hart hart, Model model, Random random) {
    if (random.nextBoolean()) {
      int k = random.nextInt(2);
      long value = 0;
      for (int i = 0; i < 8; i++) {
        int mode = random.nextInt(4) << 3;
        int lock = random.nextInt(12) == 0 ? 0x80 : 0;
        int entry = random.nextInt(3) == 0 ? random.nextInt(256) & 0x7f : mode | lock;
        value |= (long) (entry | random.nextInt(8)) << 8 * i;
      }
      evaluator.writeCsr(csr("pmpcfg" + 2 * k), value, hart);
      for (int i = 0; i < 8; i++) {
        model.configure(8 * k + i, (int) (value >>> 8 * i) & 255);
      }
    } else {
      int i = random.nextInt(ENTRIES);
      long value = address(random) >>> 2;
      value =
          switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> value | (1L << random.nextInt(14)) - 1;
            case 2 -> -1;
            default -> value;
          };
      evaluator.writeCsr(csr("pmpaddr" + i), value, hart);
      model.address(i, value);
    }
  }

  private static long address(Random random) {
    long page = BASE + (long) random.nextInt(16) * Memory.PAGE;
    return random.nextBoolean() ? page + random.nextInt(64) - 32 : page + random.nextInt(4096);
  }

  @Property(tries = 50)
  void agreesWithTheManual(@ForAll long seed) {
    Random random = new Random(seed);
    Hart hart = hart();
    Model model = new Model();
    for (int round = 0; round < 12; round++) {
      for (int n = 0; n < 3; n++) {
        write(hart, model, random);
      }
      registersAgree(hart, model);
      int level = random.nextBoolean() ? 3 : 0;
      boolean mprv = random.nextBoolean();
      int before = random.nextBoolean() ? 3 : 0;
      evaluator.writeCsr(csr("mstatus"), (mprv ? 1L << 17 : 0) | (long) before << 11, hart);
      privilege(hart, level);
      for (int n = 0; n < 12; n++) {
        AccessKind kind = AccessKind.values()[random.nextInt(5)];
        int bytes = kind == AccessKind.FETCH ? 2 : 1 << random.nextInt(4);
        boolean aligned = kind != AccessKind.LOAD && kind != AccessKind.STORE;
        long at = address(random) & (aligned || random.nextBoolean() ? -bytes : -1);
        boolean machine = (kind != AccessKind.FETCH && mprv ? before : level) == 3;
        boolean allowed = model.allows(at, bytes, kind, machine);
        String what = kind + " of " + bytes + " at " + Long.toHexString(at) + ", seed " + seed;
        assertEquals(allowed, isGranted(() -> evaluator.ask(at, bytes, kind, hart), at), what);
        if (!hart.memory().faults(at, bytes, kind)) {
          // Where nothing is the platform refuses, whatever is remembered.
          assertEquals(allowed, isGranted(() -> hart.ask(at, bytes, kind), at), what);
        }
        if (!hart.memory().faults(at, bytes, kind)
            && hart.isRunGranted(at, bytes, kind)
            && (at & bytes - 1) == 0) {
          assertTrue(allowed, what);
        }
      }
    }
  }

  private static boolean isGranted(Runnable asks, long address) {
    try {
      asks.run();
      return true;
    } catch (GuestTrap trap) {
      assertEquals("access_fault", trap.trap());
      assertEquals(address, trap.value());
      return false;
    }
  }

  private void registersAgree(Hart hart, Model model) {
    for (int i = 0; i < ENTRIES; i++) {
      assertEquals(model.address[i], evaluator.readCsr(csr("pmpaddr" + i), hart), "pmpaddr" + i);
      long all = evaluator.readCsr(csr("pmpcfg" + i / 8 * 2), hart);
      assertEquals(model.configuration[i], (int) (all >>> 8 * (i % 8)) & 255, "entry " + i);
    }
  }

  /// With everything granted, engines need not ask; a yes ends when the state changes.
  @Test
  void grantsAreRemembered() {
    Hart hart = hart();
    Object machine = hart.grants();
    assertTrue(hart.isOpen(AccessKind.LOAD));
    assertTrue(hart.isOpen(AccessKind.FETCH));
    privilege(hart, 0);
    assertFalse(hart.isOpen(AccessKind.LOAD));
    assertFalse(hart.isGranted(BASE, 1, AccessKind.LOAD));
    privilege(hart, 3);
    assertEquals(machine, hart.grants());
    evaluator.writeCsr(csr("mscratch"), 7, hart);
    evaluator.writeCsr(csr("mstatus"), 8, hart);
    assertEquals(machine, hart.grants());
    evaluator.writeCsr(csr("pmpaddr3"), -1, hart);
    evaluator.writeCsr(csr("pmpcfg0"), 0x19L << 24, hart);
    privilege(hart, 0);
    assertTrue(hart.isOpen(AccessKind.LOAD));
    assertFalse(hart.isOpen(AccessKind.STORE));
    assertFalse(hart.isOpen(AccessKind.FETCH));
  }

  /// Without the parameter, an access that is not aligned traps, and is never remembered as
  /// granted.
  @Test
  void misalignedTrapsIfTheMachineSaysSo() {
    Isa strict = Isa.load(Isa.Request.bundled("tiny4").set(Map.of("MISALIGNED", "0"))).orThrow();
    Memory memory = Memory.of(BASE, SIZE, 1 << 20);
    memory.map(Region.memory("ram", Region.Kind.RAM, BASE, SIZE, Region.READ | Region.WRITE));
    Hart hart = Hart.of(strict, memory, 0);
    assertFalse(hart.isOpen(AccessKind.LOAD));
    assertTrue(hart.isGranted(BASE + 4, 4, AccessKind.LOAD));
    assertFalse(hart.isGranted(BASE + 2, 4, AccessKind.LOAD));
    GuestTrap trap = assertTraps(() -> hart.ask(BASE + 2, 4, AccessKind.STORE));
    assertEquals(6, trap.cause());
    assertEquals(BASE + 2, trap.value());
    assertEquals(4, assertTraps(() -> hart.load(BASE + 1, 2, AccessKind.LOAD)).cause());
  }

  private static GuestTrap assertTraps(Runnable asks) {
    try {
      asks.run();
    } catch (GuestTrap trap) {
      return trap;
    }
    throw new AssertionError("no trap");
  }
}
