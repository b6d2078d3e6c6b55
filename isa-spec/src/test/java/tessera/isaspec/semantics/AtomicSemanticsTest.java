package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.LongBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tessera.isaspec.Isa;
import tessera.isaspec.TestHart;

/// Atomic accesses by value: what they read, write and reserve, and how they trap.
class AtomicSemanticsTest {
  private static final Isa ISA = Isa.bundled("edge16");
  private static final long AT = 0x2000;

  private final Evaluator evaluator = ISA.evaluator();
  private TestHart hart = new TestHart(ISA, evaluator);

  private static final Map<String, LongBinaryOperator> OPERATIONS =
      Map.of(
          "amoadd", Long::sum,
          "amoswap", (_, b) -> b,
          "amoxor", (a, b) -> a ^ b,
          "amoor", (a, b) -> a | b,
          "amoand", (a, b) -> a & b,
          "amomin", Math::min,
          "amomax", Math::max,
          "amominu", (a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b,
          "amomaxu", (a, b) -> Long.compareUnsigned(a, b) > 0 ? a : b);

  @BeforeEach
  void reset() {
    hart = new TestHart(ISA, evaluator);
  }

  private void amo(String name, long address, long value) {
    hart.x(5, address);
    hart.x(6, value);
    hart.step(name, Map.of("rd", 7L, "rs1", 5L, "rs2", 6L));
  }

  private long load(int bytes) {
    return hart.load(AT, bytes, AccessKind.LOAD);
  }

  /// The low word with its sign.
  private static long word(long value) {
    return value << 32 >> 32;
  }

  @Property(tries = 200)
  void readModifyWrite(@ForAll long old, @ForAll long value) {
    for (Map.Entry<String, LongBinaryOperator> op : OPERATIONS.entrySet()) {
      reset();
      hart.store(AT, 8, old, AccessKind.STORE);
      amo(op.getKey() + ".d", AT, value);
      assertEquals(old, hart.x(7), op.getKey());
      assertEquals(op.getValue().applyAsLong(old, value), load(8), op.getKey());
      // Of a word, comparisons see its sign, and the bytes beside it stay.
      hart.store(AT, 8, old, AccessKind.STORE);
      amo(op.getKey() + ".w", AT, value);
      assertEquals(word(old), hart.x(7), op.getKey());
      long word = op.getValue().applyAsLong(word(old), word(value));
      assertEquals(old & ~0xffff_ffffL | word & 0xffff_ffffL, load(8), op.getKey());
    }
  }

  @Test
  void resultMayGoWhereTheOperandsAre() {
    hart.store(AT, 8, 40, AccessKind.STORE);
    hart.x(5, AT);
    hart.step("amoadd.d", Map.of("rd", 5L, "rs1", 5L, "rs2", 5L));
    assertEquals(40, hart.x(5));
    assertEquals(40 + AT, load(8));
    hart.x(5, AT);
    hart.x(6, 3);
    hart.step("amoswap.d", Map.of("rd", 0L, "rs1", 5L, "rs2", 6L));
    assertEquals(3, load(8));
    assertEquals(0, hart.x(0));
  }

  @Test
  void conditionalStoresOnceAfterReserve() {
    hart.store(AT, 4, 0x8000_0001L, AccessKind.STORE);
    hart.x(5, AT);
    hart.x(6, 9);
    hart.step("sc.w", Map.of("rd", 7L, "rs1", 5L, "rs2", 6L));
    assertEquals(1, hart.x(7));
    assertEquals(0x8000_0001L, load(4));
    hart.step("lr.w", Map.of("rd", 8L, "rs1", 5L));
    assertEquals(0xffff_ffff_8000_0001L, hart.x(8));
    assertTrue(hart.isReserved(0, 0));
    hart.step("sc.w", Map.of("rd", 7L, "rs1", 5L, "rs2", 6L));
    assertEquals(0, hart.x(7));
    assertEquals(9, load(4));
    hart.x(6, 10);
    hart.step("sc.w", Map.of("rd", 7L, "rs1", 5L, "rs2", 6L));
    assertEquals(1, hart.x(7));
    assertEquals(9, load(4));
  }

  /// It succeeds only inside what is reserved, and always gives the reservation up.
  @ParameterizedTest
  @CsvSource({"lr.d, 0, sc.w, 0, 0", "lr.d, 0, sc.w, 4, 0", "lr.d, 0, sc.d, 8, 1"})
  @CsvSource({"lr.w, 0, sc.d, 0, 1", "lr.w, 4, sc.w, 0, 1", "lr.w, 4, sc.w, 4, 0"})
  void conditionalStaysInside(String reserve, int from, String conditional, int at, long failed) {
    hart.x(5, AT + from);
    hart.step(reserve, Map.of("rd", 8L, "rs1", 5L));
    amo(conditional, AT + at, -1);
    assertEquals(failed, hart.x(7));
    assertFalse(hart.isReserved(0, 0));
    assertEquals(failed == 0, hart.load(AT + at, 4, AccessKind.LOAD) != 0);
  }

  @ParameterizedTest
  @CsvSource({"lr.w, 2, 4", "lr.d, 4, 4", "sc.w, 1, 6", "sc.d, 4, 6", "amoadd.w, 2, 6"})
  void misalignedTraps(String name, int offset, long cause) {
    hart.x(5, AT + offset);
    TestHart before = hart.copy();
    Map<String, Long> operands =
        name.startsWith("lr")
            ? Map.of("rd", 7L, "rs1", 5L)
            : Map.of("rd", 7L, "rs1", 5L, "rs2", 5L);
    GuestTrap trap = assertThrows(GuestTrap.class, () -> hart.step(name, operands));
    assertEquals(cause, trap.cause());
    assertEquals(AT + offset, trap.value());
    assertEquals(before.contents(), hart.contents());
  }

  @ParameterizedTest
  @CsvSource({"lr.w, 5", "sc.w, 7", "amoor.w, 7"})
  void nowhereTraps(String name, long cause) {
    hart.end = AT;
    hart.x(5, AT);
    Map<String, Long> operands =
        name.startsWith("lr")
            ? Map.of("rd", 7L, "rs1", 5L)
            : Map.of("rd", 7L, "rs1", 5L, "rs2", 5L);
    GuestTrap trap = assertThrows(GuestTrap.class, () -> hart.step(name, operands));
    assertEquals(cause, trap.cause());
    assertEquals(AT, trap.value());
    assertFalse(hart.isReserved(0, 0));
  }
}
