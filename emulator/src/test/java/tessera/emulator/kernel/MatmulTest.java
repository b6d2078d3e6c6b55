package tessera.emulator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tessera.emulator.Hart;
import tessera.emulator.kernel.Dyadic.Raised;
import tessera.isaspec.semantics.Flag;
import tessera.isaspec.semantics.Type;

final class MatmulTest {
  private static final int NV = Cells.bit(Flag.NV);
  private static final int OF = Cells.bit(Flag.OF);

  /// How operands are drawn; the flags that a kind of numbers provokes must come out of some runs.
  enum Numbers {
    ANY_BITS,
    MODEST,
    FAR_APART,
    CANCELLING,
    SUBNORMAL,
    /// products on and near the halfway point below the least subnormal
    TIES,
    SPECIAL,
    HUGE
  }

  record Product(Type a, Type b, Type c, String step) {}

  private static final List<Product> WHOLE =
      List.of(
          new Product(TileCalls.I8, TileCalls.I8, TileCalls.I32, "modular"),
          new Product(TileCalls.I8, TileCalls.U8, TileCalls.I32, "modular"),
          new Product(TileCalls.U8, TileCalls.I8, TileCalls.I32, "modular"),
          new Product(TileCalls.U8, TileCalls.U8, TileCalls.I32, "modular"));

  private static final List<Product> FLOATS =
      List.of(
          new Product(TileCalls.BF16, TileCalls.BF16, TileCalls.F32, "quantum"),
          new Product(TileCalls.BF16, TileCalls.I8, TileCalls.F32, "quantum"),
          new Product(TileCalls.BF16, TileCalls.U8, TileCalls.F32, "quantum"),
          new Product(TileCalls.F32, TileCalls.F32, TileCalls.F32, "fused"));

  /// One multiplication: a geometry, sizes, operands.
  private static final class Case {
    final TileCalls calls;
    final Product product;
    final ShapeCall call;
    final long[] values;
    final int from;
    final Random random;
    final Hart before;

    Case(Product product, Numbers numbers, long seed) {
      this.random = new Random(seed);
      this.product = product;
      int[][] groups = {{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {1, 4}};
      int[] g = groups[random.nextInt(groups.length)];
      int rows = 4 * (1 + random.nextInt(5));
      int columns = 4 * (1 + random.nextInt(5));
      int bytes = 4 * (1 + random.nextInt(random.nextInt(6) == 0 ? 250 : 24));
      this.calls = new TileCalls(rows, columns, bytes, g[0], g[1]);
      this.call = calls.call(product.a, product.b, product.c, product.step);
      int w = Math.max(TileCalls.storage(product.a), TileCalls.storage(product.b));
      int m = random.nextInt(g[0] * rows + 1);
      this.values =
          new long[] {
            m,
            random.nextInt(g[1] * columns + 1),
            random.nextInt(8 * bytes / w + 1),
            random.nextInt(2),
            random.nextInt(2)
          };
      this.from = m == 0 || random.nextBoolean() ? 0 : random.nextInt(m);
      this.before = calls.hart();
      fill(numbers);
    }

    private void fill(Numbers numbers) {
      random.nextBytes(before.bytes(calls.mt));
      random.nextBytes(before.bytes(calls.mc));
      byte[] mt = before.bytes(calls.mt);
      byte[] mc = before.bytes(calls.mc);
      boolean floats = !product.step.equals("modular");
      if (!floats && numbers == Numbers.HUGE) {
        Arrays.fill(mt, (byte) 0xff);
        mt[random.nextInt(mt.length)] = (byte) 0x80;
      }
      int half = mt.length / 2;
      if (floats) {
        fill(mt, 0, half, product.a, numbers);
        if (product.b instanceof Type.Floating) {
          fill(mt, half, mt.length, product.b, numbers);
        }
        fill(mc, 0, mc.length, TileCalls.F32, numbers);
      }
    }

    private void fill(byte[] file, int from, int to, Type type, Numbers numbers) {
      boolean narrow = type.equals(TileCalls.BF16);
      for (int at = from; at < to; at += narrow ? 2 : 4) {
        int bits = draw(numbers);
        if (narrow) {
          file[at] = (byte) (bits >>> 16);
          file[at + 1] = (byte) (bits >>> 24);
        } else {
          Cells.write(file, at, bits);
        }
      }
    }

    private int draw(Numbers numbers) {
      int bits = random.nextInt();
      int keep = bits & 0x807f_ffff;
      return switch (numbers) {
        case ANY_BITS -> bits;
        case MODEST -> keep | 110 + random.nextInt(20) << 23;
        case FAR_APART -> keep | 60 + random.nextInt(130) << 23;
        // Few fractions and exponents, so that many products are equal but for their sign
        case CANCELLING -> bits & 0x8040_0000 | 127 + random.nextInt(2) * 25 << 23;
        case SUBNORMAL -> keep | random.nextInt(3) * random.nextInt(70) << 23;
        case TIES -> bits & 0x8000_0000 | 52 - (bits & 1) * (15 + random.nextInt(15)) << 23;
        case SPECIAL ->
            switch (random.nextInt(24)) {
              case 0 -> bits & 0x8000_0000 | 0x7f80_0000;
              case 1 -> bits | 0x7f81_0000;
              case 2 -> bits & 0x8000_0000 | 0x7f81_0000;
              case 3, 4, 5, 6 -> bits & 0x8000_0000;
              default -> keep | 120 + random.nextInt(14) << 23;
            };
        case HUGE -> keep | 185 + random.nextInt(10) << 23;
      };
    }

    /// {@return a hart with the same operands}
    Hart copy() {
      Hart hart = calls.hart();
      System.arraycopy(before.bytes(calls.mt), 0, hart.bytes(calls.mt), 0, length(calls.mt));
      System.arraycopy(before.bytes(calls.mc), 0, hart.bytes(calls.mc), 0, length(calls.mc));
      return hart;
    }

    private int length(tessera.isaspec.RegisterFile file) {
      return before.bytes(file).length;
    }

    @Override
    public String toString() {
      return product
          + " "
          + Arrays.toString(values)
          + " from "
          + from
          + " of "
          + calls.rows
          + "x"
          + calls.columns
          + "x"
          + calls.bytes
          + " "
          + calls.gm
          + "x"
          + calls.gn;
    }
  }

  private static Kernel plain(Case c) {
    return new PlainMatmul(call(c.call));
  }

  private static Kernel fast(Case c) {
    return assertInstanceOf(VectorMatmul.class, Matmul.kernel(call(c.call)));
  }

  private static MatmulCall call(ShapeCall shape) {
    MatmulCall call = MatmulCall.of(shape);
    assertNotNull(call);
    return call;
  }

  private static void assertEqual(Case c, Hart one, Hart two) {
    assertTrue(
        Arrays.equals(one.bytes(c.calls.mc), two.bytes(c.calls.mc)),
        () -> c + " differs at " + Arrays.mismatch(one.bytes(c.calls.mc), two.bytes(c.calls.mc)));
    assertTrue(Arrays.equals(c.before.bytes(c.calls.mt), two.bytes(c.calls.mt)));
  }

  // --- fast = plain ---

  @Property(tries = 400)
  void vectorsEqualThePlainTwin(
      @ForAll("products") Product product, @ForAll("numbers") Numbers numbers, @ForAll long seed) {
    Case c = new Case(product, numbers, seed);
    Hart one = c.copy();
    Hart two = c.copy();
    int flags = plain(c).run(one, c.values, c.from);
    Kernel fast = fast(c);
    assertEquals(flags, fast.run(two, c.values, c.from), c::toString);
    assertEqual(c, one, two);
    // The same kernel again on what it made: nothing of the first run is left in its panels
    plain(c).run(one, c.values, 0);
    fast.run(two, c.values, 0);
    assertEqual(c, one, two);
  }

  @Provide
  Arbitrary<Product> products() {
    List<Product> all = new ArrayList<>(WHOLE);
    all.addAll(FLOATS);
    return Arbitraries.of(all);
  }

  @Provide
  Arbitrary<Numbers> numbers() {
    return Arbitraries.of(Numbers.values());
  }

  // --- plain = arithmetic without widths ---

  @Property(tries = 200)
  void wholeSumsAreModular(
      @ForAll("whole") Product product, @ForAll boolean huge, @ForAll long seed) {
    Case c = new Case(product, huge ? Numbers.HUGE : Numbers.ANY_BITS, seed);
    Hart hart = c.copy();
    assertEquals(0, plain(c).run(hart, c.values, c.from));
    Hart expected = c.copy();
    for (int i = c.from; i < c.values[0]; i++) {
      for (int j = 0; j < c.values[1]; j++) {
        long sum = 0;
        for (int k = 0; k < c.values[2]; k++) {
          long product1 = (long) element(c, true, i, k) * element(c, false, j, k);
          sum += c.values[4] == 1 ? -product1 : product1;
        }
        int at = z(c, i, j);
        int start = c.values[3] == 1 ? 0 : Cells.read(expected.bytes(c.calls.mc), at);
        Cells.write(expected.bytes(c.calls.mc), at, (int) (start + sum));
      }
    }
    assertEqual(c, expected, hart);
  }

  @Provide
  Arbitrary<Product> whole() {
    return Arbitraries.of(WHOLE);
  }

  /// The address by the rules of xta.md 2, not by the view.
  private static int z(Case c, int i, int j) {
    TileCalls t = c.calls;
    int register = i / t.rows * t.gn + j / t.columns;
    return register * 4 * t.rows * t.columns + (i % t.rows * t.columns + j % t.columns) * 4;
  }

  private static int operand(Case c, boolean first, int i) {
    TileCalls t = c.calls;
    int per = first ? t.rows : t.columns;
    int size = Math.max(t.rows, t.columns) * t.bytes;
    return ((first ? 0 : 4) + i / per) * size + i % per * t.bytes;
  }

  private static int element(Case c, boolean first, int i, int k) {
    byte value = c.before.bytes(c.calls.mt)[operand(c, first, i) + k];
    return (first ? c.product.a : c.product.b).equals(TileCalls.I8) ? value : value & 0xff;
  }

  private static Dyadic number(Case c, boolean first, int i, int k) {
    Type type = first ? c.product.a : c.product.b;
    byte[] mt = c.before.bytes(c.calls.mt);
    int at = operand(c, first, i);
    if (type.equals(TileCalls.BF16)) {
      return Dyadic.decode(mt[at + 2 * k] & 0xff | (mt[at + 2 * k + 1] & 0xff) << 8, 8, 7);
    }
    return type.equals(TileCalls.F32)
        ? Dyadic.decode(Cells.read(mt, at + 4 * k) & 0xffff_ffffL, 8, 23)
        : Dyadic.whole(element(c, first, i, k));
  }

  @Property(tries = 600)
  void floatSumsAreRoundedAsTheRulesSay(
      @ForAll("floats") Product product, @ForAll("numbers") Numbers numbers, @ForAll long seed) {
    Case c = new Case(product, numbers, seed);
    Hart hart = c.copy();
    int flags = plain(c).run(hart, c.values, c.from);
    Hart expected = c.copy();
    Raised raised = new Raised();
    for (int i = c.from; i < c.values[0]; i++) {
      for (int j = 0; j < c.values[1]; j++) {
        int at = z(c, i, j);
        int start = c.values[3] == 1 ? 0 : Cells.read(expected.bytes(c.calls.mc), at);
        Cells.write(expected.bytes(c.calls.mc), at, sum(c, i, j, start, raised));
      }
    }
    assertEqual(c, expected, hart);
    assertEquals((raised.invalid ? NV : 0) + (raised.overflow ? OF : 0), flags, c::toString);
  }

  @Provide
  Arbitrary<Product> floats() {
    return Arbitraries.of(FLOATS);
  }

  private static int sum(Case c, int i, int j, int start, Raised raised) {
    int group = c.product.step.equals("fused") ? 1 : 2;
    int bits = start;
    for (int k = 0; k < c.values[2]; k += group) {
      List<Dyadic> terms = new ArrayList<>();
      for (int t = k; t < Math.min(k + group, c.values[2]); t++) {
        Dyadic product = number(c, true, i, t).times(number(c, false, j, t), raised);
        terms.add(c.values[4] == 1 ? product.negate() : product);
      }
      Dyadic acc = Dyadic.decode(bits & 0xffff_ffffL, 8, 23);
      if (group == 1) {
        terms.add(acc);
        bits = Dyadic.sum(terms, raised).toFloat(raised);
      } else {
        int d = Dyadic.sum(terms, raised).toFloat(raised);
        Dyadic rounded = Dyadic.decode(d & 0xffff_ffffL, 8, 23);
        bits = Dyadic.sum(List.of(acc, rounded), raised).toFloat(raised);
      }
    }
    return bits;
  }

  /// The properties above draw what they claim to: each flag alone, and both.
  @Test
  void drawnNumbersRaiseEveryFlag() {
    int seen = 0;
    for (long seed = 0; seed < 60; seed++) {
      for (Product product : FLOATS) {
        for (Numbers numbers : Numbers.values()) {
          Case c = new Case(product, numbers, seed);
          seen |= 1 << plain(c).run(c.copy(), c.values, c.from);
        }
      }
    }
    for (int flags : new int[] {0, NV, OF, NV + OF}) {
      assertTrue((seen >> flags & 1) == 1, "flags " + flags);
    }
  }

  // --- rules one by one ---

  /// One product row: a and b of bf16, the accumulator's start.
  private static int[] one(float start, float... pairs) {
    TileCalls calls = new TileCalls(4, 4, 4 * ((pairs.length + 1) / 2), 1, 1);
    Hart hart = calls.hart();
    for (int k = 0; 2 * k < pairs.length; k++) {
      put(hart.bytes(calls.mt), 2 * k, pairs[2 * k]);
      put(hart.bytes(calls.mt), 4 * calls.mt.width() / 8 + 2 * k, pairs[2 * k + 1]);
    }
    Cells.write(hart.bytes(calls.mc), 0, Float.floatToRawIntBits(start));
    ShapeCall call = calls.call(TileCalls.BF16, TileCalls.BF16, TileCalls.F32, "quantum");
    Kernel kernel = Matmul.kernel(call(call));
    int flags = kernel.run(hart, new long[] {1, 1, pairs.length / 2, 0, 0}, 0);
    return new int[] {Cells.read(hart.bytes(calls.mc), 0), flags};
  }

  private static void put(byte[] file, int at, float value) {
    int bits = Float.floatToRawIntBits(value);
    file[at] = (byte) (bits >>> 16);
    file[at + 1] = (byte) (bits >>> 24);
  }

  private static void assertOne(float expected, int flags, int[] actual) {
    assertEquals(Float.floatToIntBits(expected), actual[0], Float.intBitsToFloat(actual[0]) + "");
    assertEquals(flags, actual[1]);
  }

  @Test
  void zerosKeepTheirSigns() {
    assertOne(-0f, 0, one(-0f, 0f, -1f));
    assertOne(-0f, 0, one(-0f, 0f, -1f, -0f, 1f));
    assertOne(0f, 0, one(-0f, 0f, -1f, 0f, 1f));
    assertOne(0f, 0, one(-0f, 1f, 1f, 1f, -1f));
  }

  @Test
  void aQuantumIsExactBeforeItIsRounded() {
    float tiny = 0x1p-133f;
    float small = 0x1p-75f;
    // Half of the least subnormal, and a hair more
    assertOne(0x1p-149f, 0, one(0f, small, small, tiny, tiny));
    assertOne(0f, 0, one(0f, small, small, 0f, 0f));
    assertOne(1f, 0, one(1f, 0x1p100f, 0x1p20f, -0x1p100f, 0x1p20f));
  }

  @Test
  void flagsAreRaisedWhereTheyAreDue() {
    float inf = Float.POSITIVE_INFINITY;
    assertOne(Float.NaN, NV, one(0f, inf, 0f));
    assertOne(Float.NaN, NV, one(0f, inf, 1f, inf, -1f));
    assertOne(Float.NaN, NV, one(inf, inf, -1f));
    assertOne(Float.NaN, 0, one(0f, Float.NaN, 1f));
    assertOne(Float.NaN, NV, one(0f, Float.intBitsToFloat(0x7f81_0000), 1f));
    assertOne(inf, 0, one(0f, inf, 1f));
    assertOne(inf, OF, one(0f, 0x1p100f, 0x1p100f));
    assertOne(inf, OF, one(Float.MAX_VALUE, 0x1.8p63f, 0x1p64f));
    assertOne(Float.NaN, NV + OF, one(inf, 0x1p100f, -0x1p100f));
  }

  @Test
  void longRowsOfTheLargestBytesAreExact() {
    TileCalls calls = new TileCalls(8, 20, 1024, 1, 1);
    Hart hart = calls.hart();
    Arrays.fill(hart.bytes(calls.mt), (byte) 0xff);
    ShapeCall call = calls.call(TileCalls.U8, TileCalls.U8, TileCalls.I32, "modular");
    Kernel kernel = Matmul.kernel(call(call));
    for (int n = 1; n <= 2; n++) {
      assertEquals(0, kernel.run(hart, new long[] {7, 20, 1023, 0, 0}, 0));
      assertEquals(n * 1023 * 255 * 255, Cells.read(hart.bytes(calls.mc), (6 * 20 + 19) * 4));
    }
  }

  // --- when there is a kernel ---

  @Test
  void onlyKnownProductsHaveAKernel() {
    TileCalls t = new TileCalls(16, 16, 64, 1, 1);
    assertNull(MatmulCall.of(t.call(TileCalls.I8, TileCalls.I8, TileCalls.I32, "saturating")));
    assertNull(MatmulCall.of(t.call(TileCalls.I8, TileCalls.I8, TileCalls.I32, "quantum")));
    assertNull(MatmulCall.of(t.call(TileCalls.BF16, TileCalls.BF16, TileCalls.F32, "modular")));
    assertNull(MatmulCall.of(t.call(TileCalls.BF16, TileCalls.BF16, TileCalls.I32, "quantum")));
    assertNull(MatmulCall.of(t.call(TileCalls.F32, TileCalls.F32, TileCalls.F32, "quantum")));
    assertNull(MatmulCall.of(t.call(Type.sint(16), TileCalls.I8, TileCalls.I32, "modular")));
    assertNotNull(MatmulCall.of(t.call(TileCalls.I8, TileCalls.U8, TileCalls.I32, "modular")));
  }
}
