package tessera.emulator.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.MemoryFault;

/// Memory against an array that has no pages, at the edges of pages and regions.
class MemoryTest {
  private static final long BASE = 0x8000_0000L;
  private static final int SIZE = 3 * Memory.PAGE + 100;
  private static final int ALL = Region.READ | Region.WRITE;

  private static Memory memory() {
    Memory memory = Memory.of(BASE, 4L * Memory.PAGE, 1 << 20);
    memory.map(Region.memory("ram", Region.Kind.RAM, BASE, SIZE, ALL));
    memory.map(Region.memory("pad", Region.Kind.SCRATCHPAD, 0x4000_0000L, 64, ALL));
    memory.map(Region.memory("rom", Region.Kind.RAM, 0x1000, 64, Region.READ));
    memory.map(Region.memory("top", Region.Kind.RAM, -64, 64, ALL));
    return memory;
  }

  @Property
  void keepsWhatIsStored(
      @ForAll @IntRange(max = SIZE - 8) int at,
      @ForAll @IntRange(min = 1, max = 8) int bytes,
      @ForAll long value) {
    Memory memory = memory();
    memory.store(BASE + at, bytes, value, AccessKind.STORE);
    long mask = bytes == 8 ? -1 : (1L << 8 * bytes) - 1;
    assertEquals(value & mask, memory.load(BASE + at, bytes, AccessKind.LOAD));
    byte[] around = new byte[SIZE];
    memory.read(BASE, around, 0, SIZE);
    for (int i = 0; i < SIZE; i++) {
      boolean inside = i >= at && i < at + bytes;
      assertEquals(inside ? (byte) (value >>> 8 * (i - at)) : 0, around[i]);
    }
  }

  @Property
  void copiesRuns(
      @ForAll @IntRange(max = SIZE - 1) int at, @ForAll @IntRange(max = 9000) int length) {
    Memory memory = memory();
    byte[] from = new byte[length];
    for (int i = 0; i < length; i++) {
      from[i] = (byte) (i * 7 + 1);
    }
    if (at + length <= SIZE) {
      memory.write(BASE + at, from, 0, length);
      byte[] to = new byte[length];
      memory.read(BASE + at, to, 0, length);
      assertArrayEquals(from, to);
    } else {
      MemoryFault fault =
          assertThrows(MemoryFault.class, () -> memory.write(BASE + at, from, 0, length));
      assertEquals(BASE + SIZE, fault.address());
      assertEquals(0, memory.load(BASE + at, 1, AccessKind.LOAD), "nothing of it is stored");
    }
  }

  @Property
  void faultsNameTheFirstBadByte(
      @ForAll @IntRange(min = -9, max = 9) int beside,
      @ForAll @IntRange(min = 1, max = 8) int bytes) {
    Memory memory = memory();
    for (long edge : new long[] {BASE, BASE + SIZE, 0x1000, 0x1040, 0x4000_0040L, -64, 0}) {
      long at = edge + beside;
      long first = -1;
      for (int i = 0; i < bytes && first < 0; i++) {
        first = memory.region(at + i) == null ? i : -1;
      }
      assertEquals(first >= 0, memory.faults(at, bytes, AccessKind.LOAD));
      if (first >= 0) {
        long bad = at + first;
        MemoryFault fault =
            assertThrows(MemoryFault.class, () -> memory.load(at, bytes, AccessKind.LOAD));
        assertEquals(bad, fault.address());
      } else {
        assertEquals(0, memory.load(at, bytes, AccessKind.LOAD));
      }
    }
  }

  @Example
  void permissionsHold() {
    Memory memory = memory();
    assertThrows(MemoryFault.class, () -> memory.store(0x1000, 4, 1, AccessKind.STORE));
    assertThrows(MemoryFault.class, () -> memory.load(BASE, 4, AccessKind.FETCH));
    memory.fill(0x1000, new byte[] {1, 2, 3, 4}, 0, 4);
    assertEquals(0x04030201, memory.load(0x1000, 4, AccessKind.LOAD));
  }

  @Example
  void untouchedMemoryCostsNothing() {
    Memory memory = memory();
    assertEquals(0, memory.load(BASE + 5000, 8, AccessKind.LOAD));
    assertEquals(0, memory.touched());
    memory.store(BASE + 5000, 1, 1, AccessKind.STORE);
    assertEquals(Memory.PAGE, memory.touched());
  }

  @Example
  void watchersHearOfEveryStore() {
    Memory memory = memory();
    List<Long> heard = new ArrayList<>();
    memory.watch(BASE + 4092, 8, (address, _) -> heard.add(address - BASE));
    memory.store(BASE + 4088, 4, 1, AccessKind.STORE);
    memory.store(BASE + 4095, 1, 1, AccessKind.STORE);
    memory.store(BASE + 4096, 4, 1, AccessKind.STORE);
    memory.store(BASE + 4100, 4, 1, AccessKind.STORE);
    memory.write(BASE + 4080, new byte[64], 0, 64);
    assertEquals(List.of(4095L, 4096L, 4080L, 4096L), heard);
  }

  @Example
  void devicesAnswerWholeAccesses() {
    Memory memory = memory();
    List<String> asked = new ArrayList<>();
    memory.map(
        Region.device(
            "device",
            0x2000,
            16,
            new Device() {
              @Override
              public long load(long offset, int bytes) {
                asked.add("load " + offset + " " + bytes);
                return 5;
              }

              @Override
              public void store(long offset, int bytes, long value) {
                asked.add("store " + offset + " " + bytes + " " + value);
              }
            }));
    assertEquals(5, memory.load(0x2008, 4, AccessKind.LOAD));
    memory.store(0x2004, 8, 9, AccessKind.STORE);
    assertEquals(List.of("load 8 4", "store 4 8 9"), asked);
    assertTrue(memory.faults(0x200c, 8, AccessKind.LOAD));
  }
}
