package tessera.emulator.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tessera.emulator.Exit;
import tessera.emulator.Hart;
import tessera.emulator.Snapshot;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernels;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;

/// Every vector instruction on random states is what qemu makes of it, in the plain evaluator and
/// in the interpreter. `-Dtessera.vector.cases=N` runs N cases of each.
@Tag("oracle")
final class VectorOracleTest {
  /// qemu 7.2 knows nothing of these, or stops: its decoder asserts on conversions towards zero.
  private static final String UNKNOWN =
      "vfn?w?cvt.rtz.*|v[fn]*w?cvtbf16.*|vfwmaccbf16.*|vandn.*|vro[lr].*|vwsll.*|vbrev8?.v|vrev8.v|vclz.v|vctz.v|vcpop.v";

  /// qemu 7.2 does not reset vstart in these (3.7: every vector instruction does).
  private static final String KEEPS_VSTART = "vslideup.*|vmv.x.s|vfmv.f.s|vmv.s.x|vfmv.s.f";

  /// qemu 7.2 leaves some agnostic elements of these alone, as it may.
  private static final String OTHER_POLICY = "vmv.s.x|vfmv.s.f|vslidedown.*";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"128, false, 1", "256, false, 2", "512, false, 3", "128, true, 4"})
  void agrees(int vlen, boolean ones, long seed) throws IOException, InterruptedException {
    require("qemu-riscv64", "qemu-user");
    require("riscv64-linux-gnu-as", "binutils-riscv64-linux-gnu");
    Isa isa = isa(vlen, ones);
    String more = ones ? ",rvv_ta_all_1s=true,rvv_ma_all_1s=true" : "";
    QemuVectors qemu = QemuVectors.in(folder, vlen, more);
    List<VectorCase> cases = cases(isa, vlen, seed, ones, qemu.template);
    List<String> found = new ArrayList<>();
    Engines engines = new Engines(isa, isa.evaluator(), Interpreter.of(isa, Kernels.none()));
    for (int from = 0; from < cases.size(); from += 1000) {
      List<VectorCase> some = cases.subList(from, Math.min(cases.size(), from + 1000));
      List<QemuVectors.After> after = qemu.run(some);
      for (int i = 0; i < some.size(); i++) {
        compare(some.get(i), after.get(i), engines, qemu.template, found);
      }
    }
    assertTrue(cases.size() > 500, "too few instructions");
    assertEquals(List.of(), found);
  }

  private static List<VectorCase> cases(
      Isa isa, int vlen, long seed, boolean ones, byte[] template) {
    Evaluator evaluator = isa.evaluator();
    Random random = new Random(seed);
    int each = Integer.getInteger("tessera.vector.cases", 1);
    List<VectorCase> cases = new ArrayList<>();
    for (Instruction insn : isa.instructions()) {
      boolean vector = insn.extension().matches("V|Zv.*") && !insn.name().matches(UNKNOWN);
      if (vector && !(ones && insn.name().matches(OTHER_POLICY))) {
        for (int i = 0; i < each; i++) {
          cases.add(
              random.nextInt(8) == 0
                  ? VectorCase.random(insn, vlen, random)
                  : VectorCase.mostlyLegal(insn, vlen, random, isa, evaluator, template));
        }
      }
    }
    return cases;
  }

  /// What is compared with qemu.
  private record Engines(Isa isa, Evaluator evaluator, Interpreter interpreter) {}

  private static void compare(
      VectorCase c, QemuVectors.After after, Engines engines, byte[] template, List<String> found) {
    Isa isa = engines.isa();
    Evaluator evaluator = engines.evaluator();
    Hart plain = c.hart(isa, evaluator, template);
    @Nullable String trap = null;
    Decoded decoded = isa.decoder().decode(c.word);
    try {
      if (decoded == null) {
        trap = "illegal";
      } else {
        evaluator.step(decoded, plain);
      }
    } catch (GuestTrap t) {
      trap = t.trap();
    }
    String difference = difference(c, after, isa, evaluator, plain, trap);
    if (difference != null && found.size() < 20) {
      found.add(c + ": " + difference);
    }
    Hart fast = c.hart(isa, evaluator, template);
    Exit exit = engines.interpreter().run(fast, 1);
    String caught = exit instanceof Exit.Trapped(var t) ? t.trap() : null;
    if (found.size() < 20
        && (!Objects.equals(trap, caught) || !Snapshot.of(plain).equals(snapshot(fast, plain)))) {
      found.add(c + ": the interpreter differs from the evaluator: " + trap + ", " + caught);
    }
  }

  /// The evaluator has not counted.
  private static Object snapshot(Hart hart, Hart like) {
    hart.retired(like.retired());
    return Snapshot.of(hart);
  }

  private static void require(String tool, String debianPackage) {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    String message = tool + " is missing: install the Debian package " + debianPackage;
    if ("required".equals(System.getProperty("oracles"))) {
      assertTrue(there, message);
    }
    assumeTrue(there, message);
  }

  /// {@return V as qemu has it: reserved encodings run}
  static Isa isa(int vlen, boolean allOnes) {
    return Isa.load(
            Isa.Request.bundled("edge16")
                .isa("rv64imfdv_zicsr_zvfh")
                .set(Map.of("VLEN", "" + vlen))
                .choose(new Isa.Choices(false, allOnes)))
        .orThrow();
  }

  /// {@return how a hart differs from qemu's, or null}
  private static @Nullable String difference(
      VectorCase c,
      QemuVectors.After after,
      Isa isa,
      Evaluator evaluator,
      Hart hart,
      @Nullable String trap) {
    String theirs = after.signal() == 0 ? null : after.signal() == 4 ? "illegal" : "access_fault";
    if (!Objects.equals(trap, theirs)) {
      if (c.insn.name().matches("vmv\\dr.v") && (c.vtype < 0 || c.vstart > 0)) {
        return null; // reserved there; qemu 7.2 does not look at vill
      }
      return "we " + trap + ", qemu " + theirs;
    }
    StringBuilder out = new StringBuilder();
    int bytes = c.v.length / 32;
    byte[] v = hart.bytes(VectorCase.file(isa, "v"));
    for (int r = 0; r < 32; r++) {
      byte[] a = Arrays.copyOfRange(v, r * bytes, (r + 1) * bytes);
      byte[] b = Arrays.copyOfRange(after.v(), r * bytes, (r + 1) * bytes);
      // A segment that traps may have been loaded in part (7.8.1); its element is done again.
      boolean partial = trap != null && (c.loads() || c.stores()) && (c.word >>> 29 & 7) != 0;
      if (!partial && !Arrays.equals(a, b)) {
        out.append(
            "\n  v"
                + r
                + " before "
                + hex(Arrays.copyOfRange(c.v, r * bytes, (r + 1) * bytes))
                + "\n      ours   "
                + hex(a)
                + "\n      qemu   "
                + hex(b));
      }
    }
    for (int i = 0; i < 32; i++) {
      long a = hart.readRegister(VectorCase.file(isa, "x"), i);
      if (trap == null && i != 3 && i != 0 && a != after.x()[i]) {
        out.append(
            "\n  x" + i + " " + Long.toHexString(a) + " qemu " + Long.toHexString(after.x()[i]));
      }
      long f = hart.readRegister(VectorCase.file(isa, "f"), i);
      if (f != after.f()[i]) {
        out.append(
            "\n  f" + i + " " + Long.toHexString(f) + " qemu " + Long.toHexString(after.f()[i]));
      }
    }
    // qemu 7.2 leaves vstart as it is where no element is to be done; the manual (3.7) resets it.
    boolean whole = c.insn.name().matches("v[ls]\\dr.*|vmv\\dr.*");
    boolean keeps = c.insn.name().matches(KEEPS_VSTART);
    boolean skipped = (whole || keeps || c.vstart >= after.vl()) && after.vstart() == c.vstart;
    if (!skipped) {
      check(out, "vstart", after.vstart(), isa, evaluator, hart);
    }
    check(out, "vl", after.vl(), isa, evaluator, hart);
    check(out, "vtype", after.vtype(), isa, evaluator, hart);
    check(out, "vcsr", after.vcsr(), isa, evaluator, hart);
    check(out, "fcsr", after.fcsr(), isa, evaluator, hart);
    boolean segment = trap != null && c.stores() && (c.word >>> 29 & 7) != 0;
    byte[] theirMemory = after.memory();
    if (theirMemory != null && !segment) {
      byte[] ours = new byte[VectorCase.BYTES];
      hart.memory().read(VectorCase.MEMORY, ours, 0, ours.length);
      int at = Arrays.mismatch(ours, theirMemory);
      if (at >= 0) {
        out.append("\n  memory at " + at);
      }
    }
    return out.isEmpty() ? null : out.toString();
  }

  private static void check(
      StringBuilder out, String csr, long theirs, Isa isa, Evaluator evaluator, Hart hart) {
    long ours = evaluator.readCsr(VectorCase.csr(isa, csr), hart);
    if (ours != theirs) {
      out.append("\n  " + csr + " " + Long.toHexString(ours) + " qemu " + Long.toHexString(theirs));
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (int i = Math.min(bytes.length, 32) - 1; i >= 0; i--) {
      out.append("%02x".formatted(bytes[i]));
    }
    return out.toString();
  }
}
