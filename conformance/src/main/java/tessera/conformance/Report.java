package tessera.conformance;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Disassembler;
import tessera.isaspec.Csr;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;

/// A case on which a device differs, for people: one screen, and a program that runs it again.
public final class Report {
  private final Isa isa;
  private final Differential.Finding finding;
  private final Disassembler disassembler;

  private Report(Isa isa, Differential.Finding finding) {
    this.isa = isa;
    this.finding = finding;
    this.disassembler = Disassembler.withoutAliases(isa);
  }

  /// {@return the report of a finding}
  public static Report of(Isa isa, Differential.Finding finding) {
    return new Report(isa, finding);
  }

  /// {@return a file name: the instruction that differs, and its word}
  public String name() {
    Case.Placed last = finding.given().words().getLast();
    Decoded decoded = isa.decoder().decode(last.word());
    Instruction insn = decoded == null ? null : decoded.instruction();
    return String.format(
        Locale.ROOT,
        "%s-%x",
        insn == null ? "reserved" : insn.name().replaceAll("[^A-Za-z0-9]+", "_"),
        last.word());
  }

  /// {@return the words and what differs}
  public String screen() {
    StringBuilder text = new StringBuilder();
    text.append("\n")
        .append(finding.device().name())
        .append(" differs from the specification on\n");
    for (Case.Placed word : finding.given().words()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %8x:  %08x  %s%n",
              finding.given().before().pc() + word.at(),
              word.word(),
              disassembler.text(word.word(), finding.given().before().pc() + word.at(), null)));
    }
    text.append(configuration(finding.given().before()));
    if (finding.expected() instanceof Outcome.Stopped stopped) {
      text.append(
          String.format(
              Locale.ROOT,
              "expected: stops at %x with '%s'%n",
              stopped.after().pc(),
              stopped.trap()));
    }
    rows(text, finding.rows());
    return text.toString();
  }

  private String configuration(Snapshot s) {
    StringBuilder text = new StringBuilder();
    for (String name : List.of("fcsr", "vtype", "vl", "vstart", "vcsr")) {
      @Nullable Csr csr = isa.csr(name);
      if (csr != null) {
        text.append(String.format(Locale.ROOT, "  %s = %x", name, s.csr(csr)));
      }
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  private static void rows(StringBuilder text, List<Differences.Row> rows) {
    int shown = Math.min(rows.size(), 12);
    int width = 8;
    for (Differences.Row row : rows.subList(0, shown)) {
      width = Math.max(width, Math.max(row.before().length(), row.expected().length()));
    }
    if (width > 40) {
      for (Differences.Row row : rows.subList(0, shown)) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-9s before   %s%n            expected %s%n            actual   %s%n",
                row.what(),
                row.before(),
                row.expected(),
                row.actual()));
      }
    } else {
      String format = "  %-11s %-" + width + "s  %-" + width + "s  %s%n";
      text.append(String.format(Locale.ROOT, format, "", "before", "expected", "actual"));
      for (Differences.Row row : rows.subList(0, shown)) {
        text.append(
            String.format(
                Locale.ROOT, format, row.what(), row.before(), row.expected(), row.actual()));
      }
    }
    if (shown < rows.size()) {
      text.append("  and ").append(rows.size() - shown).append(" more\n");
    }
  }

  /// {@return a program that loads the state, runs the words and compares}
  public String program() {
    return Reproducer.of(isa, finding).text();
  }
}
