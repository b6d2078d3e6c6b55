package tessera.emulator.vector;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tessera.emulator.Hart;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.GuestTrap;

/// Compares the text of V with qemu on random words and states.
///
/// Arguments: VLEN, cases an instruction, seed, a pattern of names.
public final class VectorCampaign {
  private VectorCampaign() {}

  public static void main(String[] args) throws Exception {
    int vlen = Integer.parseInt(args[0]);
    int each = Integer.parseInt(args[1]);
    long seed = Long.parseLong(args[2]);
    Isa isa = isa(vlen, args.length > 4 ? args[4] : "rv64imfdv_zicsr", false);
    Map<String, Integer> counts = new TreeMap<>();
    Path folder = Files.createTempDirectory("vectors");
    QemuVectors qemu = QemuVectors.in(folder, vlen, args.length > 5 ? args[5] : "");
    List<Instruction> wanted =
        isa.instructions().stream().filter(i -> i.name().startsWith("v") && i.name().matches(args[3])
                && !i.name().matches("vfn?w?cvt.rtz.*")).toList();
    long ran = 0;
    Evaluator drawing = Evaluator.of(isa);
    long trapped = 0;
    for (int from = 0; from < wanted.size(); from += 40) {
      List<VectorCase> cases = new ArrayList<>();
      Random random = new Random(seed + from);
      for (Instruction insn : wanted.subList(from, Math.min(from + 40, wanted.size()))) {
        for (int i = 0; i < each; i++) {
          cases.add(
              i % 5 == 0
                  ? VectorCase.random(insn, vlen, random)
                  : VectorCase.mostlyLegal(insn, vlen, random, isa, drawing, qemu.template));
        }
      }
      List<QemuVectors.After> after = qemu.run(cases);
      Evaluator evaluator = Evaluator.of(isa);
      for (int i = 0; i < cases.size(); i++) {
        ran++;
        trapped += after.get(i).signal() != 0 ? 1 : 0;
        String found;
        try {
          found = difference(cases.get(i), after.get(i), isa, evaluator, qemu.template);
        } catch (RuntimeException e) {
          found = "our own " + e;
        }
        if (found != null) {
          int n = counts.merge(cases.get(i).insn.name(), 1, Integer::sum);
          if (n <= 2) {
            System.out.println(cases.get(i) + ": " + found);
          }
        }
      }
    }
    System.out.println(ran + " cases, " + trapped + " trapped under qemu, differences in " + counts);
  }

  static Isa isa(int vlen, String name, boolean allOnes) {
    return Isa.load(
            Isa.Request.bundled("edge16")
                .isa(name)
                .set(Map.of("VLEN", "" + vlen))
                .choose(new Isa.Choices(false, allOnes)))
        .orThrow();
  }

  /// {@return how the text differs from qemu, or null}
  static String difference(
      VectorCase c, QemuVectors.After after, Isa isa, Evaluator evaluator, byte[] template) {
    Hart hart = c.hart(isa, evaluator, template);
    String trap = null;
    try {
      var decoded = isa.decoder().decode(c.word);
      if (decoded == null) {
        trap = "illegal";
      } else {
        evaluator.step(decoded, hart);
      }
    } catch (GuestTrap t) {
      trap = t.trap();
    }
    return difference(c, after, isa, evaluator, hart, trap);
  }

  static String difference(
      VectorCase c, QemuVectors.After after, Isa isa, Evaluator evaluator, Hart hart, String trap) {
    String theirs = after.signal() == 0 ? null : after.signal() == 4 ? "illegal" : "access_fault";
    if (!java.util.Objects.equals(trap, theirs)) {
      if (c.insn.name().matches("vmv\\dr.v") && (c.vtype < 0 || c.vstart > 0)) {
        return null; // reserved there; qemu 7.2 does not look at vill
      }
      String why = "";
      var decoded = isa.decoder().decode(c.word);
      Hart fresh = c.hart(isa, evaluator, new byte[VectorCase.BYTES]);
      if (decoded != null && evaluator.meaning(decoded, fresh) != null) {
        for (var k : evaluator.meaning(decoded, fresh).conditions()) {
          if (evaluator.value(k.holds(), decoded, fresh, Map.of()).signum() == 0) {
            why = ": " + k.text();
          }
        }
      }
      return "we " + trap + ", qemu " + theirs + why;
    }
    StringBuilder out = new StringBuilder();
    int bytes = c.v.length / 32;
    byte[] v = hart.bytes(isa.registerFile("v"));
    for (int r = 0; r < 32; r++) {
      byte[] a = Arrays.copyOfRange(v, r * bytes, (r + 1) * bytes);
      byte[] b = Arrays.copyOfRange(after.v(), r * bytes, (r + 1) * bytes);
      // A segment that traps may have been loaded in part (7.8.1); its element is done again.
      boolean partial = trap != null && (c.loads() || c.stores()) && (c.word >>> 29 & 7) != 0;
      if (!partial && !Arrays.equals(a, b)) {
        out.append("\n  v" + r + " before " + hex(Arrays.copyOfRange(c.v, r * bytes, (r + 1) * bytes)) + "\n      ours   " + hex(a) + "\n      qemu   " + hex(b));
      }
    }
    for (int i = 0; i < 32; i++) {
      long a = hart.readRegister(isa.registerFile("x"), i);
      if (trap == null && i != 3 && i != 0 && a != after.x()[i]) {
        out.append("\n  x" + i + " " + Long.toHexString(a) + " qemu " + Long.toHexString(after.x()[i]));
      }
      long f = hart.readRegister(isa.registerFile("f"), i);
      if (f != after.f()[i]) {
        out.append("\n  f" + i + " " + Long.toHexString(f) + " qemu " + Long.toHexString(after.f()[i]));
      }
    }
    // qemu 7.2 leaves vstart as it is where no element is to be done; the manual (3.7) resets it.
    boolean whole = c.insn.name().matches("v[ls]\\dr.*|vmv\\dr.*");
    boolean keeps = c.insn.name().matches("vslideup.*|vmv.x.s|vfmv.f.s|vmv.s.x|vfmv.s.f");
    boolean skipped = (whole || keeps || c.vstart >= after.vl()) && after.vstart() == c.vstart;
    if (!skipped) {
      check(out, "vstart", after.vstart(), isa, evaluator, hart);
    }
    check(out, "vl", after.vl(), isa, evaluator, hart);
    check(out, "vtype", after.vtype(), isa, evaluator, hart);
    check(out, "vcsr", after.vcsr(), isa, evaluator, hart);
    check(out, "fcsr", after.fcsr(), isa, evaluator, hart);
    boolean segment = trap != null && c.stores() && (c.word >>> 29 & 7) != 0;
    if (after.memory() != null && !segment) {
      byte[] ours = new byte[VectorCase.BYTES];
      hart.memory().read(VectorCase.MEMORY, ours, 0, ours.length);
      int at = Arrays.mismatch(ours, after.memory());
      if (at >= 0) {
        out.append("\n  memory at " + at);
      }
    }
    return out.isEmpty() ? null : out.toString();
  }

  private static void check(StringBuilder out, String csr, long theirs, Isa isa, Evaluator evaluator, Hart hart) {
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
