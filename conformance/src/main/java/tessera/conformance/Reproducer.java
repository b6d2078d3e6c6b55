package tessera.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Disassembler;
import tessera.emulator.memory.Memory;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.syntax.Operand;

/// Writes a case as a program for the GNU assembler's syntax: tables of the state before and of the
/// state expected, and the text `replay.s` around the case's words, which loads the one and
/// compares with the other.
public final class Reproducer {
  private final Isa isa;
  private final Differential.Finding finding;

  private Reproducer(Isa isa, Differential.Finding finding) {
    this.isa = isa;
    this.finding = finding;
  }

  /// {@return the writer of a finding}
  public static Reproducer of(Isa isa, Differential.Finding finding) {
    return new Reproducer(isa, finding);
  }

  /// {@return the program: it exits with 0 where the state is as expected, 1 where not; where a
  /// trap is expected, it ends by that}
  public String text() {
    StringBuilder text = new StringBuilder(header());
    int free = free();
    text.append(sections(resource("replay.s"), free));
    text.append("\n  .data\n  .balign 16\n");
    Snapshot before = finding.given().before();
    table(text, "before", before, free);
    if (finding.expected() instanceof Outcome.Stopped stopped) {
      table(text, "expected", stopped.after(), free);
      memory(text, "expected_memory", stopped.after().arena());
    }
    memory(text, "arena", before.arena());
    text.append("arena_end:\nafter:\n  .zero ").append(bytes()).append("\nafter_end:\n");
    return text.toString();
  }

  private String header() {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(finding.device().name()).append(" differs; ").append(isa.name());
    RegisterFile v = isa.registerFile("v");
    text.append(v == null ? "" : " with VLEN " + v.width()).append('\n');
    for (Differences.Row row : finding.rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "# %s: before %s expected %s actual %s%n",
              row.what(),
              row.before(),
              row.expected(),
              row.actual()));
    }
    return text.toString();
  }

  /// The lines between `#if NAME` and `#end` stay where the ISA has the file of that name.
  private String sections(String body, int free) {
    StringBuilder text = new StringBuilder();
    boolean kept = true;
    for (String line : body.lines().toList()) {
      if (line.startsWith("#if ")) {
        kept = isa.registerFile(line.substring(4).trim()) != null;
      } else if (line.startsWith("#end")) {
        kept = true;
      } else if (line.trim().equals("#case")) {
        words(text);
      } else if (kept && !line.contains(" x" + free + ",")) {
        text.append(line.replace("{a}", "x" + free)).append('\n');
      }
    }
    return text.toString();
  }

  private void words(StringBuilder text) {
    Disassembler disassembler = Disassembler.withoutAliases(isa);
    for (Case.Placed word : finding.given().words()) {
      int bytes = Decoder.length(word.word());
      Decoded decoded = isa.decoder().decode(word.word());
      String shown = decoded == null ? "" : disassembler.source(decoded).replace('\t', ' ');
      text.append(
          String.format(
              Locale.ROOT,
              "  .%dbyte 0x%x%s%n",
              bytes,
              word.word(),
              shown.isEmpty() ? "" : "    # " + shown));
    }
  }

  /// A general register that no word names: the program works with it.
  private int free() {
    Set<Long> named = new HashSet<>();
    for (Case.Placed word : finding.given().words()) {
      Decoded decoded = isa.decoder().decode(word.word());
      if (decoded != null) {
        for (Operand operand : decoded.instruction().operands()) {
          RegisterFile file = operand.operandClass().file();
          if (file != null && file.name().equals("x")) {
            named.add(operand.decode(decoded.word()));
          }
        }
      }
    }
    int free = 31;
    while (named.contains((long) free) && free > 3) {
      free--;
    }
    return free;
  }

  /// x, f, fcsr, then vl, vtype, vstart, vcsr and v: in the order and at the offsets of `replay.s`.
  private void table(StringBuilder text, String label, Snapshot s, int free) {
    text.append(label).append(":\n");
    registers(text, s, isa.registerFile("x"), free);
    registers(text, s, isa.registerFile("f"), -1);
    for (String name : new String[] {"fcsr", "vl", "vtype", "vstart", "vcsr"}) {
      Csr csr = isa.csr(name);
      dword(text, csr == null ? 0 : s.csr(csr), name);
    }
    RegisterFile v = isa.registerFile("v");
    if (v != null) {
      byte[] bytes = s.wide(v);
      for (int at = 0; at < bytes.length; at += 8) {
        int register = at * 8 / v.width();
        dword(text, Memory.get(bytes, at, 8), at * 8 % v.width() == 0 ? "v" + register : "");
      }
    }
  }

  private static void registers(
      StringBuilder text, Snapshot s, @Nullable RegisterFile file, int free) {
    for (int r = 0; r < 32; r++) {
      boolean skipped = r == free;
      dword(
          text,
          file == null || skipped ? 0 : s.narrow(file)[r],
          file == null ? "" : file.name() + r);
    }
  }

  /// Addresses of the case become the program's own.
  private static void dword(StringBuilder text, long value, String what) {
    String shown =
        value >= Places.ARENA - 2048 && value <= Places.ARENA + Places.ARENA_BYTES + 2048
            ? "arena + " + (value - Places.ARENA)
            : value >= Places.CODE && value < Places.CODE + Places.SLOT
                ? "case + " + (value - Places.CODE)
                : "0x" + Long.toHexString(value);
    text.append("  .dword ").append(shown);
    text.append(what.isEmpty() ? "" : "    # " + what).append('\n');
  }

  private static void memory(StringBuilder text, String label, byte[] bytes) {
    text.append(label).append(":\n");
    for (int at = 0; at < bytes.length; ) {
      long value = Memory.get(bytes, at, 8);
      int from = at;
      while (at < bytes.length && Memory.get(bytes, at, 8) == value) {
        at += 8;
      }
      text.append("  .fill ").append((at - from) / 8).append(", 8, 0x");
      text.append(Long.toHexString(value)).append('\n');
    }
  }

  private int bytes() {
    RegisterFile v = isa.registerFile("v");
    return (32 + 32 + 5) * 8 + (v == null ? 0 : v.width() / 8 * 32);
  }

  private static String resource(String name) {
    try (InputStream in = Reproducer.class.getResourceAsStream("/tessera/conformance/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
