package tessera.isaspec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.GuestTrap;

/// Files as users write them: each loads beside the bundled texts, its words decode, and its
/// instructions compute what Java computes.
class UserExtensionTest {
  private static final Path FOLDER = Path.of("src/test/resources/filetests/spec/users");
  private static final int RUNS = 200;

  private final Random random = new Random(7);

  private static TestHart hart(String file) {
    return hart("edge16", file);
  }

  private static TestHart hart(String machine, String file) {
    try {
      Source source = new Source(file, Files.readString(FOLDER.resolve(file)));
      Isa.Result result = Isa.load(Isa.Request.bundled(machine).with(source));
      if (result instanceof Isa.Result.Ok(_, var warnings)) {
        assertEquals(List.of(), warnings);
      }
      Isa isa = result.orThrow();
      return new TestHart(isa, isa.evaluator());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Long> operands(Object... pairs) {
    Map<String, Long> all = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
    }
    return all;
  }

  /// A number with many zeros, ones, and boundary bytes.
  private long biased() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(4);
      case 1 -> -random.nextInt(4);
      case 2 -> 0x7f80_0080_7fff_8000L;
      case 3 -> 1L << random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private void binary(TestHart hart, String insn, Map<String, Long> more, LongBinaryOperator java) {
    for (int i = 0; i < RUNS; i++) {
      long a = biased();
      long b = biased();
      hart.x(10, a);
      hart.x(11, b);
      Map<String, Long> all = operands("rd", 12, "rs1", 10);
      if (hart.decoded(insn, Map.of()).instruction().hasOperand("rs2")) {
        all.put("rs2", 11L);
      }
      all.putAll(more);
      hart.step(insn, all);
      assertEquals(java.applyAsLong(a, b), hart.x(12), () -> "%s %x %x".formatted(insn, a, b));
    }
  }

  // xdot.isa: a saturating dot product

  @Test
  void dotProductSaturates() {
    TestHart hart = hart("xdot.isa");
    for (int w = 0; w < 3; w++) {
      int width = 8 << w;
      for (int i = 0; i < RUNS; i++) {
        long a = biased();
        long b = biased();
        long c = biased();
        hart.x(5, a);
        hart.x(6, b);
        hart.x(7, c);
        hart.csrValue("xdotflags", 0);
        hart.step("xd.dots", operands("rd", 7, "rs1", 5, "rs2", 6, "w", w));
        BigInteger sum = BigInteger.valueOf((long) (int) c);
        for (int k = 0; k < 64 / width; k++) {
          sum = sum.add(element(a, k, width).multiply(element(b, k, width)));
        }
        BigInteger most = BigInteger.valueOf(Integer.MAX_VALUE);
        BigInteger clamped = sum.min(most).max(most.not());
        assertEquals(clamped.longValue(), hart.x(7));
        assertEquals(clamped.equals(sum) ? 0 : 1, hart.csrValue("xdotflags"));
      }
    }
    Decoded decoded = hart.decoded("xd.dots", operands("rd", 7, "rs1", 5, "rs2", 6));
    assertEquals(0, hart.decoded("xd.dots", operands("w", 0)).operand("w"));
    assertThrows(IllegalArgumentException.class, () -> hart.decoded("xd.dots", operands("w", 3)));
    assertEquals(0x5b, decoded.word() & 0x7f);
  }

  private static BigInteger element(long of, int k, int width) {
    long shifted = of >> k * width;
    return BigInteger.valueOf(shifted << 64 - width >> 64 - width);
  }

  // xpair.isa: suffixes, a rounding shift

  @Test
  void pairRounds() {
    TestHart hart = hart("xpair.isa");
    for (int mode = 0; mode < 4; mode++) {
      for (int k : new int[] {0, 1, 2, 7, 31}) {
        Map<String, Long> more = operands("mode", mode, "k", k);
        int m = mode;
        binary(hart, "xp.add", more, (a, b) -> rounded(a + b, k, m));
        binary(hart, "xp.mix", more, (a, b) -> rounded(mixed(a, b), k, m));
      }
    }
    Instruction add = hart.decoded("xp.add", Map.of()).instruction();
    assertEquals(
        List.of("xp.add", "xp.add.rnu", "xp.add.rod", "xp.add.rdn"),
        add.spellings().stream().map(Instruction.Spelling::mnemonic).toList());
  }

  private static long rounded(long value, int amount, int mode) {
    if (amount == 0) {
      return value;
    }
    long low = value & (1L << amount) - 1;
    long up =
        switch (mode) {
          case 1 -> value >>> amount - 1 & 1;
          case 2 -> low != 0 && (value >>> amount & 1) == 0 ? 1 : 0;
          default -> 0;
        };
    return (value >>> amount) + up;
  }

  private static long mixed(long a, long b) {
    long all = 0;
    for (int i = 0; i < 4; i++) {
      all += a * (2L * i + 1);
      if (i % 2 == 1) {
        all ^= b;
      }
    }
    return all;
  }

  // xtile.isa: matrix products with other types

  @Test
  void matrixProductsOfOtherTypes() {
    TestHart hart = hart("tiny4", "xtile.isa");
    hart.csrValue("tstatus", 1);
    hart.csrValue("mstatus", 0x2000);
    int m = 3;
    int n = 2;
    int k = 7;
    hart.csrValue("tm", m);
    hart.csrValue("tn", n);
    hart.csrValue("tk", k);
    int rowBits = hart.register("mt", 0).bitLength() + 8 * tkb(hart);
    int[][] a = new int[m][k];
    int[][] b = new int[n][k];
    BigInteger left = BigInteger.ZERO;
    BigInteger right = BigInteger.ZERO;
    for (int t = 0; t < k; t++) {
      for (int i = 0; i < m; i++) {
        a[i][t] = random.nextInt(16) - 8;
        left = left.or(BigInteger.valueOf(a[i][t] & 15).shiftLeft(i * rowBits + 4 * t));
      }
      for (int j = 0; j < n; j++) {
        b[j][t] = random.nextInt(256) - 128;
        right = right.or(BigInteger.valueOf(b[j][t] & 255).shiftLeft(j * rowBits + 8 * t));
      }
    }
    hart.register("mt", 0, left);
    hart.register("mt", 4, right);
    hart.step("xt.mma.i4.i8", operands("a", 0, "b", 4, "c", 0, "zi", 1));
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int sum = 0;
        for (int t = 0; t < k; t++) {
          sum += a[i][t] * b[j][t];
        }
        int at = (i * tnmax(hart) + j) * 32;
        assertEquals(sum, hart.register("mc", 0).shiftRight(at).intValue());
      }
    }
    assertEquals(3, hart.csrValue("tstatus"), "written tile state is dirty");
  }

  private static int tkb(TestHart hart) {
    return (int) hart.csrValue("tkb");
  }

  private static int tnmax(TestHart hart) {
    return (int) hart.csrValue("tnmax");
  }

  // xstate.isa: state of its own

  @Test
  void ownState() {
    TestHart hart = hart("xstate.isa");
    assertEquals(0xbeef, hart.register("last", 0).intValue());
    assertEquals(0b011, hart.csrValue("xstatus"));
    assertEquals(1, hart.csrValue("xsize"));
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < 20; i++) {
      long a = biased();
      long b = biased();
      hart.x(5, a);
      hart.x(6, b);
      hart.step("xs.acc", operands("rd", 7, "qd", 2, "rs1", 5, "rs2", 6));
      BigInteger mask = BigInteger.ONE.shiftLeft(96).subtract(BigInteger.ONE);
      BigInteger product = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).and(mask);
      assertEquals(sum.longValue(), hart.x(7), "reads see the state before the step");
      sum = sum.add(product).and(mask);
      assertEquals(sum, hart.register("acc", 2));
      assertEquals(product.intValue() & 0xffff, hart.register("last", 0).intValue());
    }
    assertEquals(4, hart.csrValue("xstatus") >> 8, "register 2 is dirty");
    hart.step("xs.get", operands("rd", 8, "qd", 2));
    assertEquals(sum.intValue() & 0xffff, hart.x(8));
    hart.x(5, 3);
    hart.step("xs.size", operands("rs1", 5));
    assertEquals(1, hart.csrValue("xsize"), "3 is no size");
    hart.x(5, 2);
    hart.step("xs.size", operands("rs1", 5));
    assertEquals(2, hart.csrValue("xsize"));
    assertEquals(3, hart.csrValue("xcount"));
    hart.step("xs.get", operands("rd", 8, "qd", 2));
    assertEquals(sum.intValue() & 0xffffffffL, hart.x(8));
    hart.x(5, 0x123456789L);
    hart.step("xs.put", operands("qd", 7, "rs1", 5));
    assertEquals(new BigInteger("234567890000000000000000", 16), hart.register("acc", 7));
    hart.step("xs.last", operands("rd", 9));
    assertEquals(hart.register("last", 0).longValue() << 8 | 0x84, hart.x(9));
    hart.csrValue("xstatus", 0);
    TestHart before = hart.copy();
    GuestTrap trap = assertThrows(GuestTrap.class, () -> hart.step("xs.last", operands("rd", 9)));
    assertEquals("illegal", trap.trap());
    assertEquals(before.contents(), hart.contents());
  }

  // xbits.isa: bit manipulation

  @Test
  void bits() {
    TestHart hart = hart("xbits.isa");
    binary(hart, "xb.clmul", Map.of(), UserExtensionTest::carryless);
    binary(hart, "xb.cpop", Map.of(), (a, b) -> Long.bitCount(a));
    binary(hart, "xb.clz", Map.of(), (a, b) -> Long.numberOfLeadingZeros(a));
    binary(hart, "xb.rev8", Map.of(), (a, b) -> Long.reverseBytes(a));
    binary(hart, "xb.orcb", Map.of(), (a, b) -> bytes(a, b, (p, q) -> p == 0 ? 0 : 0xff));
    binary(
        hart, "xb.max8", Map.of(), (a, b) -> bytes(a, b, (p, q) -> Math.max((byte) p, (byte) q)));
    binary(hart, "xb.perm", Map.of(), (a, b) -> bytes(a, b, (p, q) -> q < 8 ? a >> 8 * q : 0xff));
    binary(hart, "xb.sort2", Map.of(), UserExtensionTest::sort2);
    binary(hart, "xb.class", Map.of(), (a, b) -> a == 0 ? 0 : a < 0 ? -1 : 1);
    binary(hart, "xb.lut", Map.of(), UserExtensionTest::lut);
    assertTrue(
        hart.decoded("xb.cpop", Map.of()).instruction().templates().getFirst().holes().size() == 2);
  }

  private static long carryless(long a, long b) {
    long all = 0;
    for (int i = 0; i < 64; i++) {
      all ^= (b >> i & 1) != 0 ? a << i : 0;
    }
    return all;
  }

  private static long bytes(long a, long b, LongBinaryOperator f) {
    long all = 0;
    for (int i = 0; i < 8; i++) {
      all |= (f.applyAsLong(a >> 8 * i & 0xff, b >> 8 * i & 0xff) & 0xff) << 8 * i;
    }
    return all;
  }

  private static long sort2(long a, long b) {
    long low = Math.min(a & 0xffffffffL, a >>> 32);
    long high = Math.max(a & 0xffffffffL, a >>> 32);
    return (b & 1) != 0 ? low << 32 | high : high << 32 | low;
  }

  private static long lut(long a, long b) {
    long out = a;
    for (int i = 0; i < 16; i++) {
      out ^= b & 15;
      out = Long.rotateRight(out, 4);
    }
    return switch ((int) (b & 3)) {
      case 0 -> out;
      case 1 -> ~out;
      case 2 -> out & ~0xffff0000L;
      default -> out | 1;
    };
  }
}
