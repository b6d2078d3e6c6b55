package tessera.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernel;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.kernel.Matmul;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.Texts;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;

/// The interpreter does what the texts say: one instruction at a time, from random states, it
/// leaves what the plain evaluator leaves, and tells the same.
class EnginesAgreeTest {
  private static final long BASE = 0x8000_0000L;
  private static final int SIZE = 1 << 16;
  private static final Isa ISA =
      Isa.load(Isa.Request.bundled("tiny4").isa(Texts.everything().replace("_zihpm", "")))
          .orThrow();
  private static final Interpreter SHARED = Interpreter.of(ISA, Kernels.none());
  private static final Evaluator EVALUATOR = ISA.evaluator();
  private static final Engine REFERENCE = Reference.of(ISA);

  private static final byte[] NOISE = noise();

  private Instruction at = ISA.instructions().getFirst();

  /// Keeps what it is told as text.
  private static final class Listener implements Observer {
    final List<String> told = new ArrayList<>();

    @Override
    public Detail detail() {
      return Detail.EVERY;
    }

    @Override
    public void retired(InstructionInfo info, Step step) {
      told.add(info + " " + step);
    }

    @Override
    public void retired(InstructionInfo info, long times, long taken) {
      throw new AssertionError("sums were not asked for");
    }
  }

  private static byte[] noise() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static Hart hart(long seed, long word) {
    Random random = new Random(seed);
    Memory memory = Memory.of(BASE, SIZE, 1 << 20);
    int all = Region.READ | Region.WRITE | Region.EXECUTE;
    memory.map(Region.memory("ram", Region.Kind.RAM, BASE, SIZE, all));
    memory.fill(BASE, NOISE, 0, SIZE);
    Hart hart = Hart.of(ISA, memory, 0);
    for (RegisterFile file : ISA.registerFiles()) {
      for (int r = 0; r < file.count(); r++) {
        fill(hart, file, r, random);
      }
    }
    for (Csr csr : ISA.csrs()) {
      if (random.nextInt(4) == 0) {
        EVALUATOR.writeCsr(csr, value(random), hart);
      }
    }
    configure(hart, random);
    // At times an instruction lies in two pages
    hart.pc(random.nextInt(8) == 0 ? BASE + 0xffe : BASE + 0x100 + 2L * random.nextInt(32));
    memory.store(hart.pc(), 4, word, AccessKind.STORE);
    return hart;
  }

  private static void fill(Hart hart, RegisterFile file, int r, Random random) {
    if (file.count() == 1 || file.zero() != null && file.zero() == r) {
      return;
    }
    if (file.width() > 64) {
      for (int i = 0; i < file.width(); i += 8) {
        int b = random.nextInt(4) == 0 ? 0x3f : random.nextInt(256);
        hart.writeBits(file, (long) r * file.width() + i, 8, b);
      }
      return;
    }
    long v = value(random);
    boolean boxed = file.name().equals("f") && random.nextInt(8) != 0;
    hart.writeRegister(file, r, boxed ? v | -1L << 32 : v);
  }

  /// Units are mostly on, sizes mostly fit.
  private static void configure(Hart hart, Random random) {
    long units = (1L + random.nextInt(3)) << 13 | (1L + random.nextInt(3)) << 9;
    set(hart, "mstatus", random.nextInt(10) == 0 ? 0 : units);
    set(hart, "tstatus", random.nextInt(10) == 0 ? 0 : 1L + random.nextInt(3));
    set(hart, "fcsr", random.nextInt(32) | (long) random.nextInt(8) << 5);
    set(hart, "tm", random.nextInt(6));
    set(hart, "tn", random.nextInt(6));
    set(hart, "tk", random.nextInt(18));
    set(hart, "tcfg", random.nextInt(3) == 0 ? random.nextInt(16) : 0);
    set(hart, "tstart", random.nextInt(4) == 0 ? random.nextInt(4) : 0);
    vectors(hart, random);
  }

  /// What `vsetvl` could have left: as many elements at most as there are.
  private static void vectors(Hart hart, Random random) {
    int sew = random.nextInt(4);
    int lmul = List.of(0, 1, 2, 3, 5, 6, 7).get(random.nextInt(7));
    int eighths = lmul < 4 ? 8 << lmul : 1 << lmul - 5;
    boolean ill = eighths < 1 << sew || random.nextInt(10) == 0;
    int most =
        ill
            ? 0
            : Objects.requireNonNull(hart.isa().registerFile("v")).width() * eighths / (64 << sew);
    set(hart, "vtype", ill ? 1L << 63 : sew << 3 | lmul | (long) random.nextInt(4) << 6);
    set(hart, "vl", random.nextInt(3) == 0 ? most : random.nextInt(most + 1));
    set(hart, "vstart", random.nextInt(4) == 0 ? random.nextInt(most + 1) : 0);
    set(hart, "vcsr", random.nextInt(8));
  }

  private static void set(Hart hart, String name, long bits) {
    Csr csr = ISA.csr(name);
    if (csr != null) {
      hart.writeCsr(csr, bits);
    }
  }

  private static long value(Random random) {
    return switch (random.nextInt(11)) {
      case 0 -> random.nextInt(4);
      case 1 -> -random.nextInt(4);
      case 2 -> 1L << random.nextInt(64);
      case 3 -> BASE + random.nextInt(SIZE);
      case 4 -> BASE + SIZE - random.nextInt(32);
      case 5 -> (1L << random.nextInt(64)) - 1;
      case 6 -> Float.floatToRawIntBits((float) random.nextGaussian()) & 0xffffffffL;
      case 7 -> 0x7f800000L + random.nextInt(3) * 0x200000L;
      case 8 -> Double.doubleToRawLongBits(random.nextGaussian());
      case 9 -> 0x7ff00000_00000000L + random.nextInt(3) * 0x40000_00000000L;
      default -> random.nextLong();
    };
  }

  private static void compare(Interpreter interpreter, Instruction insn, long seed) {
    long word = Words.random(ISA, insn, new Random(seed));
    Hart plain = hart(seed, word);
    Hart fast = hart(seed, word);
    Listener expected = new Listener();
    Listener actual = new Listener();
    plain.observer(expected);
    fast.observer(actual);
    String what = insn.name() + " " + Long.toHexString(word) + " seed " + seed;
    Exit first = REFERENCE.run(plain, 1);
    Exit second = interpreter.run(fast, 1);
    assertEquals(text(first), text(second), what);
    assertEquals(Snapshot.of(plain), Snapshot.of(fast), what);
    assertEquals(expected.told, actual.told, what);
    assertEquals(memory(plain), memory(fast), what);
  }

  private static String text(Exit exit) {
    return exit instanceof Exit.Trapped(var trap)
        ? trap.trap() + " " + trap.cause() + " " + Long.toHexString(trap.value())
        : exit.toString();
  }

  private static int memory(Hart hart) {
    byte[] bytes = new byte[SIZE];
    hart.memory().read(BASE, bytes, 0, SIZE);
    return java.util.Arrays.hashCode(bytes);
  }

  /// First with every shape run by its text, then those that call shapes with kernels.
  @Test
  void oneInstructionFromRandomStates() {
    Set<Instruction> calling = new LinkedHashSet<>();
    Interpreter plain = Interpreter.of(ISA, declining(() -> calling.add(at)));
    agree(plain, ISA.instructions());
    Interpreter kernels = Interpreter.of(ISA, Matmul.kernels());
    agree(kernels, calling);
    assertEquals(List.of(), kernels.refutedKernels(), "kernels that differ from their text");
    assertTrue(calling.size() > 3, calling.size() + " instructions call shapes");
  }

  /// Kernels that are none, and tell that they were asked for.
  private static Kernels declining(Runnable asked) {
    Map<String, Kernel.Factory> factories = new HashMap<>();
    for (String name : Matmul.kernels().factories().keySet()) {
      factories.put(
          name,
          _ -> {
            asked.run();
            return null;
          });
    }
    return new Kernels(factories);
  }

  /// A tile load whose first row leaves memory in its fourth byte.
  @Test
  void aFaultingRowLeavesNothing() {
    Instruction load = ISA.instruction("ta.ld.a.");
    assertNotNull(load);
    compare(SHARED, load, 1_910_772_658L);
  }

  /// Shrinks to the first instruction and the least seed that differ.
  @Property(tries = 400)
  void anyInstructionFromAnyState(
      @ForAll @IntRange(max = 100_000) int which, @ForAll @IntRange(max = 100_000) int seed) {
    List<Instruction> all = ISA.instructions();
    compare(SHARED, all.get(which % all.size()), seed);
  }

  private void agree(Interpreter interpreter, Collection<Instruction> instructions) {
    int n = Integer.getInteger("tessera.agree", 3);
    for (Instruction insn : instructions) {
      at = insn;
      for (int i = 0; i < n; i++) {
        compare(interpreter, insn, 1000L * i + insn.name().hashCode());
      }
    }
    Map<String, String> evaluated = interpreter.evaluated();
    assertEquals(Map.of(), evaluated, "instructions that the plain evaluator runs");
  }
}
