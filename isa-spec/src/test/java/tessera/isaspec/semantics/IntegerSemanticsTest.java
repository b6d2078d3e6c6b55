package tessera.isaspec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.LongBinaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tessera.isaspec.Isa;
import tessera.isaspec.TestHart;

/// The text of RV64IM means what Java's own arithmetic says.
class IntegerSemanticsTest {
  private static final int TRIES = 300;
  private static final long WORD = 0xffff_ffffL;

  private static final TestHart FRESH = fresh();

  private static TestHart fresh() {
    Isa isa = Isa.load(Isa.Request.bundled("edge16").isa("rv64imaf_zicsr_zicntr_xta")).orThrow();
    TestHart fresh = new TestHart(isa, isa.evaluator());
    return fresh;
  }

  /// Numbers around the boundaries of bytes, halves, words and doublewords, and any.
  @Provide
  static Arbitrary<Long> numbers() {
    Arbitrary<Long> powers =
        Arbitraries.integers()
            .between(0, 63)
            .flatMap(b -> Arbitraries.longs().between(-2, 2).map(d -> (1L << b) + d));
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-4, 4),
        powers,
        powers.map(n -> -n),
        Arbitraries.of(0x7f80_0080_7fff_8000L, WORD, ~WORD, Long.MIN_VALUE, Long.MAX_VALUE),
        Arbitraries.longs());
  }

  private static Map<String, LongBinaryOperator> binary() {
    Map<String, LongBinaryOperator> all = new LinkedHashMap<>();
    all.put("add", (a, b) -> a + b);
    all.put("sub", (a, b) -> a - b);
    all.put("sll", (a, b) -> a << b);
    all.put("srl", (a, b) -> a >>> b);
    all.put("sra", (a, b) -> a >> b);
    all.put("slt", (a, b) -> a < b ? 1 : 0);
    all.put("sltu", (a, b) -> Long.compareUnsigned(a, b) < 0 ? 1 : 0);
    all.put("xor", (a, b) -> a ^ b);
    all.put("or", (a, b) -> a | b);
    all.put("and", (a, b) -> a & b);
    all.put("addw", (a, b) -> (int) a + (int) b);
    all.put("subw", (a, b) -> (int) a - (int) b);
    all.put("sllw", (a, b) -> (int) a << b);
    all.put("srlw", (a, b) -> (int) a >>> b);
    all.put("sraw", (a, b) -> (int) a >> b);
    all.put("mul", (a, b) -> a * b);
    all.put("mulh", Math::multiplyHigh);
    all.put("mulhu", Math::unsignedMultiplyHigh);
    all.put("mulhsu", (a, b) -> Math.unsignedMultiplyHigh(a, b) - (a < 0 ? b : 0));
    all.put("mulw", (a, b) -> (int) (a * b));
    all.put("div", (a, b) -> b == 0 ? -1 : a == Long.MIN_VALUE && b == -1 ? a : a / b);
    all.put("divu", (a, b) -> b == 0 ? -1 : Long.divideUnsigned(a, b));
    all.put("rem", (a, b) -> b == 0 ? a : b == -1 ? 0 : a % b);
    all.put("remu", (a, b) -> b == 0 ? a : Long.remainderUnsigned(a, b));
    all.put("divw", (a, b) -> (int) b == 0 ? -1 : (int) b == -1 ? -(int) a : (int) a / (int) b);
    all.put("divuw", (a, b) -> (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b));
    all.put("remw", (a, b) -> (int) b == 0 ? (int) a : (int) b == -1 ? 0 : (int) a % (int) b);
    all.put(
        "remuw", (a, b) -> (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b));
    return all;
  }

  private static LongBinaryOperator java(String insn) {
    return Objects.requireNonNull(binary().get(insn));
  }

  @Property(tries = TRIES)
  void registerWithRegister(@ForAll("numbers") long a, @ForAll("numbers") long b) {
    binary()
        .forEach((insn, java) -> {
          TestHart hart = FRESH.copy();
          hart.x(5, a);
          hart.x(6, b);
          hart.step(insn, Map.of("rd", 7L, "rs1", 5L, "rs2", 6L));
          assertEquals(java.applyAsLong(a, b), hart.x(7), insn);
          assertEquals(FRESH.pc() + 4, hart.pc());
          hart.step(insn, Map.of("rd", 5L, "rs1", 5L, "rs2", 6L));
          assertEquals(java.applyAsLong(a, b), hart.x(5), insn + " in place");
          hart.step(insn, Map.of("rd", 0L, "rs1", 5L, "rs2", 6L));
          assertEquals(0, hart.x(0), "x0 swallows writes");
        });
  }

  @Property(tries = TRIES)
  void registerWithImmediate(@ForAll("numbers") long a, @ForAll("numbers") long b) {
    long imm = b << 52 >> 52;
    Map<String, String> same =
        Map.of(
            "addi", "add", "slti", "slt", "sltiu", "sltu", "xori", "xor", "ori", "or", "andi",
            "and", "addiw", "addw");
    same.forEach((insn, register) -> {
      TestHart hart = FRESH.copy();
      hart.x(5, a);
      hart.step(insn, Map.of("rd", 7L, "rs1", 5L, "imm", imm));
      assertEquals(java(register).applyAsLong(a, imm), hart.x(7), insn);
    });
    Map.of(
            "slli", "sll", "srli", "srl", "srai", "sra", "slliw", "sllw", "srliw", "srlw", "sraiw",
            "sraw")
        .forEach((insn, register) -> {
          long shamt = b & (insn.endsWith("w") ? 31 : 63);
          TestHart hart = FRESH.copy();
          hart.x(5, a);
          hart.step(insn, Map.of("rd", 7L, "rs1", 5L, "shamt", shamt));
          assertEquals(java(register).applyAsLong(a, shamt), hart.x(7), insn);
        });
  }

  @Property(tries = TRIES)
  void upperImmediates(@ForAll("numbers") long a) {
    long imm = a & 0xfffff;
    TestHart hart = FRESH.copy();
    hart.pc(0x8000_0000L);
    hart.step("lui", Map.of("rd", 7L, "imm", imm));
    assertEquals(imm << 44 >> 32, hart.x(7));
    hart.step("auipc", Map.of("rd", 7L, "imm", imm));
    assertEquals(0x8000_0004L + (imm << 44 >> 32), hart.x(7));
  }

  @Property(tries = TRIES)
  void branches(@ForAll("numbers") long a, @ForAll("numbers") long b) {
    Map<String, BiPredicate<Long, Long>> tests =
        Map.of(
            "beq", (p, q) -> p.equals(q),
            "bne", (p, q) -> !p.equals(q),
            "blt", (p, q) -> p < q,
            "bge", (p, q) -> p >= q,
            "bltu", (p, q) -> Long.compareUnsigned(p, q) < 0,
            "bgeu", (p, q) -> Long.compareUnsigned(p, q) >= 0);
    tests.forEach((insn, test) -> {
      for (long other : new long[] {b, a}) {
        TestHart hart = FRESH.copy();
        hart.x(5, a);
        hart.x(6, other);
        hart.step(insn, Map.of("rs1", 5L, "rs2", 6L, "to", -64L));
        assertEquals(FRESH.pc() + (test.test(a, other) ? -64 : 4), hart.pc(), insn);
      }
    });
  }

  @Property(tries = TRIES)
  void jumps(@ForAll("numbers") long a) {
    TestHart hart = FRESH.copy();
    hart.step("jal", Map.of("rd", 1L, "to", 2048L));
    assertEquals(FRESH.pc() + 2048, hart.pc());
    assertEquals(FRESH.pc() + 4, hart.x(1));
    hart.x(5, a & ~3L);
    hart.step("jalr", Map.of("rd", 5L, "rs1", 5L, "imm", 1L));
    assertEquals(a & ~3L, hart.pc(), "the lowest bit is dropped, rd = rs1 reads the old value");
    assertEquals(FRESH.pc() + 2052, hart.x(5));
    TestHart before = hart.copy();
    hart.x(6, a | 2);
    before.x(6, a | 2);
    GuestTrap trap =
        assertThrows(
            GuestTrap.class, () -> hart.step("jalr", Map.of("rd", 7L, "rs1", 6L, "imm", 0L)));
    assertEquals("misaligned", trap.trap());
    assertEquals(0, trap.cause());
    assertEquals((a | 2) & ~1L, trap.value());
    assertEquals(before.contents(), hart.contents(), "a trap leaves the state alone");
  }

  @Property(tries = TRIES)
  void loadsAndStores(@ForAll("numbers") long value, @ForAll("numbers") long place) {
    long address = place & 0xffff;
    Map<String, Integer> stores = Map.of("sb", 8, "sh", 16, "sw", 32, "sd", 64);
    Map<String, Integer> loads =
        Map.of("lb", 8, "lh", 16, "lw", 32, "ld", 64, "lbu", 8, "lhu", 16, "lwu", 32);
    TestHart hart = FRESH.copy();
    hart.x(5, address + 16);
    hart.x(6, value);
    stores.forEach((store, width) -> {
      hart.step(store, Map.of("rs1", 5L, "rs2", 6L, "imm", -16L));
      loads.forEach((load, w) -> {
        if (w.equals(width)) {
          hart.step(load, Map.of("rd", 7L, "rs1", 5L, "imm", -16L));
          long up = value << (64 - w);
          assertEquals(load.endsWith("u") ? up >>> (64 - w) : up >> (64 - w), hart.x(7));
        }
      });
    });
  }

  @Property(tries = 20)
  void faultsArePrecise(@ForAll("numbers") long value) {
    TestHart hart = FRESH.copy();
    hart.end = 0x1000;
    hart.x(5, 0xffc);
    hart.x(6, value);
    TestHart before = hart.copy();
    GuestTrap store =
        assertThrows(
            GuestTrap.class, () -> hart.step("sd", Map.of("rs1", 5L, "rs2", 6L, "imm", 0L)));
    assertEquals("access_fault", store.trap());
    assertEquals(7, store.cause());
    assertEquals(0x1000, store.value(), "the first byte that can not be accessed");
    GuestTrap load =
        assertThrows(
            GuestTrap.class, () -> hart.step("ld", Map.of("rd", 6L, "rs1", 5L, "imm", 0L)));
    assertEquals(5, load.cause());
    assertEquals(before.contents(), hart.contents());
  }
}
