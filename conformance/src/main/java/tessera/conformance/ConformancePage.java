package tessera.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tessera.conformance.dut.QemuUser;
import tessera.isaspec.Csr;
import tessera.isaspec.Extension;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Texts;

/// The page `docs/conformance.md`: prose from a resource, and what the texts and the lists of
/// waivers say.
public final class ConformancePage {
  private ConformancePage() {}

  /// {@return the page}
  public static String text() {
    Isa isa = Isa.load(Isa.Request.bundled("edge16").isa(Texts.everything())).orThrow();
    return resource("conformance.md")
        .replace("{extensions}", extensions(isa))
        .replace("{total}", total(isa))
        .replace("{campaigns}", campaigns())
        .replace("{qemu}", waivers(Waivers.qemu()))
        .replace("{llvm}", waivers(Waivers.llvm()));
  }

  private static String campaigns() {
    return CampaignRecord.parse(resource("campaigns.txt")).stream()
        .map(CampaignRecord::markdown)
        .collect(Collectors.joining());
  }

  private static String total(Isa isa) {
    long csrs = isa.csrs().stream().map(Csr::number).distinct().count();
    return String.format(
        Locale.ROOT,
        "%,d instructions, %d CSRs, %d pseudo-instructions",
        isa.instructions().size(),
        csrs,
        isa.aliases().size());
  }

  private static String extensions(Isa isa) {
    Map<String, Long> counts =
        isa.instructions().stream()
            .collect(
                Collectors.groupingBy(
                    Instruction::extension, LinkedHashMap::new, Collectors.counting()));
    Map<String, String> qemu = QemuUser.capabilities();
    Map<String, String> references = references();
    StringBuilder table = new StringBuilder("| Extension | Instructions | Compared with |\n");
    table.append("|---|---|---|\n");
    for (Extension e : isa.extensions()) {
      long n = counts.getOrDefault(e.name(), 0L);
      if (n > 0) {
        table
            .append("| ")
            .append(e.name())
            .append(" | ")
            .append(n)
            .append(" | ")
            .append(
                judges(
                    qemu.containsKey(e.name()) || isPart(isa, e, qemu), references.get(e.name())))
            .append(" |\n");
      }
    }
    return table.toString();
  }

  private static String judges(boolean qemu, @Nullable String reference) {
    List<String> all = new ArrayList<>();
    if (qemu) {
      all.add("qemu 7.2");
    }
    if (reference != null) {
      all.add(reference);
    }
    return all.isEmpty() ? "-" : String.join(", ", all);
  }

  /// {@return the extensions that tests compare with a reference that is independent of the texts,
  /// and what that is}
  public static Map<String, String> references() {
    Map<String, String> all = new LinkedHashMap<>();
    resource("references")
        .lines()
        .filter(l -> !l.isBlank() && !l.startsWith("#"))
        .map(l -> l.trim().split("\\s+", 2))
        .forEach(words -> all.put(words[0], words[1]));
    return all;
  }

  /// Whether it is a part of one that qemu has, such as Zaamo of A.
  private static boolean isPart(Isa isa, Extension part, Map<String, String> qemu) {
    return isa.extensions().stream()
        .anyMatch(e -> qemu.containsKey(e.name()) && e.requires().contains(part.name()));
  }

  private static String waivers(Waivers waivers) {
    StringBuilder table =
        new StringBuilder("| Instructions | What differs | Why |\n|---|---|---|\n");
    for (Waivers.Waiver w : waivers.all()) {
      String condition = w.condition();
      List<String> cells =
          List.of(
              "`" + w.names() + "`",
              w.kind() + (condition == null ? "" : " if `" + condition + "`"),
              w.reason());
      table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return table.toString();
  }

  private static String resource(String name) {
    try (InputStream in =
        ConformancePage.class.getResourceAsStream("/tessera/conformance/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
