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
  /// @param condition null: always; else terms with ` and ` between them: `vill` before; `only
  ///   vstart` or `only vd vstart`: nothing else differs (vd: the registers from the destination
  ///   on); `expects 20`: this value everywhere; `one segment`: an access fault is expected, and
  ///   one element of each register or one stretch of memory differs; `behind *.v`: such an
  ///   instruction, or a word with such bits, stands before; else part of the text of the only
  ///   condition that fails
  /// @param reason what is wrong, with the manual's clause
  public record Waiver(String names, String kind, @Nullable String condition, String reason) {}

  /// The bytes of eight fields, and of one more where they begin within a word.
  private static final int SEGMENT = 72;

  /// The digits of the widest element.
  private static final int ELEMENT = 16;

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
    if (waiver.condition() == null) {
      return true;
    }
    for (String term : waiver.condition().split(" and ", -1)) {
      if (!holds(term, isa, finding, decoded)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(
      String term, Isa isa, Differential.Finding finding, @Nullable Decoded decoded) {
    Snapshot before = finding.given().before();
    List<Differences.Row> rows = finding.rows();
    String[] words = term.split(" ", 2);
    return switch (words[0]) {
      case "vill" -> csr(isa, before, "vtype") < 0;
      case "only" ->
          rows.stream().allMatch(r -> isOneOf(List.of(words[1].split(" ", -1)), r, decoded));
      case "expects" ->
          rows.stream().allMatch(r -> r.expected().matches("0*" + Pattern.quote(words[1])));
      case "one" -> isOneSegment(finding);
      case "behind" -> isBehind(isa, finding.given(), words[1]);
      default -> decoded != null && fails(isa, before, decoded, term);
    };
  }

  private static boolean isOneOf(
      List<String> names, Differences.Row row, @Nullable Decoded decoded) {
    if (names.contains("vd") && decoded != null && row.what().matches("v\\d+")) {
      long distance = Long.parseLong(row.what().substring(1)) - decoded.operand("vd");
      return distance >= 0 && distance < 8;
    }
    return names.contains(row.what());
  }

  /// Whether what differs may be the segment whose access faults: in each register one element, or
  /// as much of memory as eight fields take.
  private static boolean isOneSegment(Differential.Finding finding) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Differences.Row row : finding.rows()) {
      if (row.what().startsWith("[")) {
        long at = Long.parseLong(row.what().substring(1, row.what().length() - 1), 16);
        first = Math.min(first, at);
        last = Math.max(last, at);
      } else if (!row.what().matches("v\\d+") || !isOneElement(row)) {
        return false;
      }
    }
    return last - first <= SEGMENT
        && finding.expected() instanceof Outcome.Stopped stopped
        && stopped.trap().equals("access_fault");
  }

  private static boolean isOneElement(Differences.Row row) {
    int first = -1;
    int last = -1;
    for (int i = 0; i < row.expected().length(); i++) {
      if (row.expected().charAt(i) != row.actual().charAt(i)) {
        first = first < 0 ? i / ELEMENT : first;
        last = i / ELEMENT;
      }
    }
    return first == last;
  }

  private static boolean isBehind(Isa isa, Case given, String names) {
    List<Case.Placed> words = given.words();
    for (Case.Placed placed : words.subList(0, words.size() - 1)) {
      Decoded decoded = isa.decoder().decode(placed.word());
      if (names.startsWith("0x")
          ? hasBits(names, placed.word())
          : decoded != null && matches(names, decoded.instruction().name())) {
        return true;
      }
    }
    return false;
  }

  private static boolean fails(Isa isa, Snapshot before, Decoded decoded, String condition) {
    Hart hart = InProcess.hart(isa, before.pc());
    before.install(hart);
    List<Bound.Condition> failing = Operands.of(isa).failing(decoded, hart);
    return failing != null
        && !failing.isEmpty()
        && failing.stream().allMatch(c -> c.text().contains(condition));
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
