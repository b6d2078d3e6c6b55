package tessera.emulator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tessera.emulator.Engine;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.Reference;
import tessera.emulator.Snapshot;
import tessera.emulator.Words;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.AccessKind;

/// The kernels do what the bundled text says: a tile product leaves the same state, flags included,
/// whether the plain evaluator runs the text or the interpreter calls a kernel.
final class TextAgreesTest {
  private static final long BASE = 0x8000_0000L;
  private static final Isa SMALL = Isa.bundled("tiny4");
  private static final Isa LARGE = Isa.bundled("edge16");

  @Provide
  Arbitrary<String> products() {
    return Arbitraries.of(
        List.of(
            "ta.mma.i8.i8",
            "ta.mma.i8.u8",
            "ta.mma.u8.i8",
            "ta.mma.u8.u8",
            "ta.mma.bf16.bf16",
            "ta.mma.fp32.fp32"));
  }

  @Property(tries = 300)
  void onSmallTiles(@ForAll("products") String name, @ForAll long seed) {
    agree(SMALL, name, seed, 8);
  }

  @Property(tries = 30)
  void onLargerTiles(@ForAll("products") String name, @ForAll long seed) {
    agree(LARGE, name, seed, 40);
  }

  private static void agree(Isa isa, String name, long seed, int most) {
    Hart plain = hart(isa, name, seed, most);
    Hart fast = hart(isa, name, seed, most);
    Kernels kernels = Matmul.kernels(d -> fail(d.message()));
    run(Reference.of(isa), plain);
    run(Interpreter.of(isa, kernels), fast);
    Map<String, String> expected = Snapshot.of(plain);
    Snapshot.of(fast).forEach((part, value) -> assertEquals(expected.get(part), value, part));
  }

  private static void run(Engine engine, Hart hart) {
    Exit exit = engine.run(hart, 1);
    assertInstanceOf(Exit.BudgetSpent.class, exit, () -> exit + " of " + engine);
  }

  private static Hart hart(Isa isa, String name, long seed, int most) {
    Random random = new Random(seed);
    Memory memory = Memory.of(BASE, 1 << 12, 1 << 20);
    int all = Region.READ | Region.WRITE | Region.EXECUTE;
    memory.map(Region.memory("ram", Region.Kind.RAM, BASE, 1 << 12, all));
    Hart hart = Hart.of(isa, memory, 0);
    for (String file : List.of("mt", "mc")) {
      byte[] bytes = hart.bytes(java.util.Objects.requireNonNull(isa.registerFile(file)));
      random.nextBytes(bytes);
      floats(bytes, random);
    }
    // Groups: 1 x 1, 2 x 1, 1 x 2, 2 x 2, and operands that are aligned for all of them
    int gm = random.nextInt(2);
    int gn = random.nextInt(2);
    int bits = name.contains("fp32") ? 32 : name.contains("bf16") ? 16 : 8;
    long rows = size(isa, "TMMAX", gm);
    long columns = size(isa, "TNMAX", gn);
    long depth = 8 * isa.machine().parameters().getOrDefault("TKB", 0L) / bits;
    long m = random.nextInt((int) Math.min(most, rows) + 1);
    set(hart, "tstatus", 1);
    set(hart, "tcfg", gm | gn << 2);
    set(hart, "tm", m);
    set(hart, "tn", random.nextInt((int) Math.min(most, columns) + 1));
    set(hart, "tk", random.nextInt((int) Math.min(most, depth) + 1));
    set(hart, "tstart", m > 0 && random.nextInt(3) == 0 ? random.nextInt((int) m) : 0);
    long word =
        Words.of(
            isa,
            name,
            Map.of(
                "c",
                0L,
                "a",
                2L * random.nextInt(2),
                "b",
                4L + 2L * random.nextInt(2),
                "zi",
                (long) random.nextInt(2),
                "neg",
                (long) random.nextInt(2)));
    hart.pc(BASE);
    memory.store(BASE, 4, word, AccessKind.STORE);
    return hart;
  }

  private static long size(Isa isa, String parameter, int lg) {
    return isa.machine().parameters().getOrDefault(parameter, 0L) << lg;
  }

  /// Modest floats of either width, with infinities, NaNs and zeros among them.
  private static void floats(byte[] bytes, Random random) {
    int style = random.nextInt(4);
    for (int at = 1; style > 0 && at < bytes.length; at += 2) {
      int exponent = style == 1 ? 120 + random.nextInt(14) : random.nextInt(256);
      int upper = random.nextInt(2) << 15 | exponent << 7 | random.nextInt(128);
      if (style == 3 && random.nextInt(10) == 0) {
        upper = random.nextInt(2) << 15 | (random.nextBoolean() ? 0x7f80 : 0);
      }
      bytes[at] = (byte) (upper >> 8);
      bytes[at - 1] = (byte) upper;
    }
  }

  private static void set(Hart hart, String name, long bits) {
    Csr csr = hart.isa().csr(name);
    if (csr != null) {
      hart.writeCsr(csr, bits);
    }
  }
}
