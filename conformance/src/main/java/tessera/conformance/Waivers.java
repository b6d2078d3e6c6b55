package tessera.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tessera.conformance.dut.InProcess;
import tessera.emulator.Hart;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;

/// What a foreign tool is known to do wrong, or where the manual leaves it the choice: read from
/// one text, which says why.
public final class Waivers {
  /// A line of the text.
  ///
  /// @param names the instructions, or the word's fixed bits as `match/mask`
  /// @param kind `skip`: never run; `lost`, `runs` (we trap), `traps` (it traps), `result`, `any`
  ///   of one instruction; `after`: it differs only behind others
  /// @param condition null: always; else part of the text of the only condition that fails, or
  ///   `vstart>=vl`, or `faults`: an access fault is expected, or `only vstart`: nothing else
  ///   differs
  /// @param reason what is wrong, with the manual's clause
  public record Waiver(String names, String kind, @Nullable String condition, String reason) {}

  private final List<Waiver> all;

  private Waivers(List<Waiver> all) {
    this.all = all;
  }

  /// {@return what is known of qemu 7.2}
  public static Waivers qemu() {
    return parse(text("qemu-7.2.waivers"));
  }

  /// {@return where LLVM 19 and the texts disagree on what is an instruction, and why}
  public static Waivers llvm() {
    return parse(text("llvm-mc-19.waivers"));
  }

  /// {@return lines that GNU as 2.40 refuses, and why}
  public static Waivers gnu() {
    return parse(text("as-2.40.waivers"));
  }

  /// {@return whether a line is one that an assembler refuses for a known reason: the kind is
  /// `line`, the condition a part of its message}
  public boolean isRefusedRightly(String name, String message) {
    return all.stream()
        .anyMatch(w -> {
          String part = w.condition();
          return w.kind().equals("line")
              && matches(w.names(), name)
              && (part == null || message.contains(part));
        });
  }

  /// {@return why it is none to look into that only one side knows a word, or null}
  public @Nullable String reason(Encodings.Undecided undecided) {
    String kind = undecided.ours() == null ? "theirs" : "ours";
    for (Waiver waiver : all) {
      boolean named =
          waiver.names().startsWith("0x")
              ? hasBits(waiver.names(), undecided.word())
              : matches(waiver.names(), undecided.name());
      if (named && waiver.kind().equals(kind)) {
        return waiver.names() + ": " + waiver.reason();
      }
    }
    return null;
  }

  /// {@return the waivers of a text: a line is names, kind and reason, apart by two blanks}
  public static Waivers parse(String text) {
    List<Waiver> all = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.trim().split("\\s{2,}", 3);
        String[] kind = parts[1].split(" if ", 2);
        all.add(new Waiver(parts[0], kind[0], kind.length > 1 ? kind[1] : null, parts[2]));
      }
    }
    return new Waivers(List.copyOf(all));
  }

  private static String text(String name) {
    try (InputStream in = Waivers.class.getResourceAsStream("/tessera/conformance/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return all lines}
  public List<Waiver> all() {
    return all;
  }

  /// {@return whether an instruction is never run}
  public boolean isSkipped(String name) {
    return all.stream().anyMatch(w -> w.kind().equals("skip") && matches(w.names(), name));
  }

  /// {@return why a difference is none to look into, or null}
  ///
  /// @param finding of one instruction alone
  public @Nullable String reason(Isa isa, Differential.Finding finding) {
    List<Case.Placed> words = finding.given().words();
    long word = words.getLast().word();
    Decoded decoded = isa.decoder().decode(word);
    String kind = words.size() == 1 ? kind(finding.rows()) : "after";
    for (Waiver waiver : all) {
      boolean named =
          waiver.names().startsWith("0x")
              ? hasBits(waiver.names(), word)
              : decoded != null && matches(waiver.names(), decoded.instruction().name());
      boolean like = waiver.kind().equals(kind) || waiver.kind().equals("any") && words.size() == 1;
      if (named && like && holds(waiver, isa, finding, decoded)) {
        return waiver.names() + ": " + waiver.reason();
      }
    }
    return null;
  }

  private static boolean holds(
      Waiver waiver, Isa isa, Differential.Finding finding, @Nullable Decoded decoded) {
    Snapshot before = finding.given().before();
    String condition = waiver.condition();
    if (condition == null) {
      return true;
    }
    if (condition.equals("faults")) {
      return finding.expected() instanceof Outcome.Stopped stopped
          && stopped.trap().equals("access_fault");
    }
    if (condition.equals("only vstart")) {
      return finding.rows().stream().allMatch(r -> r.what().equals("vstart"));
    }
    if (condition.equals("vstart>=vl")) {
      return csr(isa, before, "vstart") != 0
          && csr(isa, before, "vstart") >= csr(isa, before, "vl");
    }
    if (decoded == null) {
      return false;
    }
    Hart hart = InProcess.hart(isa, before.pc());
    before.install(hart);
    List<Bound.Condition> failing = Operands.of(isa).failing(decoded, hart);
    return failing != null && failing.size() == 1 && failing.getFirst().text().contains(condition);
  }

  private static long csr(Isa isa, Snapshot s, String name) {
    Csr csr = isa.csr(name);
    return csr == null ? 0 : s.csr(csr);
  }

  /// Behind the case's code lies an illegal word: who stops there ran.
  private static String kind(List<Differences.Row> rows) {
    String kind = "result";
    for (Differences.Row row : rows) {
      switch (row.what()) {
        case "device" -> kind = "lost";
        case "trap" -> kind = "trap";
        case "pc" -> kind = row.expected().equals(row.before()) ? "runs" : "traps";
        default -> {}
      }
    }
    return kind;
  }

  private static boolean hasBits(String bits, long word) {
    String[] parts = bits.split("/", -1);
    long match = Long.decode(parts[0]);
    long mask = Long.decode(parts[1]);
    return (word & mask) == match;
  }

  private static boolean matches(String names, String name) {
    for (String glob : names.split(",", -1)) {
      String regex = Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
      if (Pattern.matches(regex, name)) {
        return true;
      }
    }
    return false;
  }
}
