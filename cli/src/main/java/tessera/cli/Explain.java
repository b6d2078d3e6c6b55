package tessera.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.emulator.timing.Counter;
import tessera.isaspec.Csr;
import tessera.isaspec.Extension;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Codes;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.syntax.Alias;

/// `tessera explain TOPIC`: what the specification says about one name.
final class Explain {
  static final Verb VERB =
      new Verb(
          "explain",
          Verb.Group.SELF,
          "explain an instruction, CSR, counter or topic",
          Verb.Operands.of("[TOPIC]", 0, 1),
          IsaOptions.FLAGS,
          List.of(
              "TOPIC is a mnemonic, a pseudo-instruction, a CSR, an extension, a counter, a"
                  + " machine, the code of a diagnostic, or one of: instructions, csrs, counters,"
                  + " diagnostics, exit-codes. With --isa, a"
                  + " specification file of your own is part of what can be explained."),
          List.of(
              new Verb.Example("tessera explain addi", "encoding, syntax, meaning, cost"),
              new Verb.Example("tessera explain mac.useful", "what a counter counts"),
              new Verb.Example("tessera explain --isa my.isa my.insn", "an instruction of yours"),
              new Verb.Example("tessera explain exit-codes", "what a script can rely on")),
          Explain::run);

  private static final List<String> TOPICS =
      List.of("instructions", "csrs", "counters", "diagnostics", "exit-codes");

  private Explain() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String topic = invocation.operands().isEmpty() ? "" : invocation.operands().getFirst();
    String page = withoutIsa(topic);
    if (page == null) {
      page = about(topic, IsaOptions.load(invocation, terminal));
    }
    if (invocation.json()) {
      String text = page;
      terminal
          .out()
          .print(
              Json.object(
                  "tessera-explain-1",
                  json -> {
                    json.writeStringProperty("topic", topic);
                    json.writeStringProperty("text", text);
                  }));
    } else {
      terminal.out().print(page);
    }
    return ExitCode.OK.code();
  }

  /// {@return a page that needs no specification, or null}
  private static @Nullable String withoutIsa(String topic) {
    if (topic.isEmpty()) {
      return "tessera explain TOPIC\n\ntopics: "
          + String.join(", ", TOPICS)
          + ",\nand every mnemonic, CSR, extension, counter and machine\n";
    }
    if (topic.equals("exit-codes")) {
      return exitCodes();
    }
    if (topic.equals("counters")) {
      return counters();
    }
    String given = Codes.all().get(topic);
    if (given != null) {
      return "diagnostic " + topic + ", given for\n\n" + TextBlock.filled(given, 80);
    }
    if (topic.equals("diagnostics")) {
      return String.join("\n", Codes.all().keySet()) + "\n";
    }
    for (Counter family : Counter.values()) {
      if (family.template().equals(topic) || family.names().contains(topic)) {
        return counter(topic, family);
      }
    }
    return null;
  }

  private static String about(String topic, Isa isa) {
    StringBuilder out = new StringBuilder();
    switch (topic) {
      case "instructions" -> mnemonics(isa).forEach(name -> out.append(name).append('\n'));
      case "csrs" ->
          isa.csrs()
              .forEach(csr -> out.append(String.format("0x%03x  %s%n", csr.number(), csr.name())));
      default -> named(topic, isa, out);
    }
    if (out.isEmpty() && Machines.names().contains(topic.replace('-', '_'))) {
      out.append("see: tessera machines ").append(topic).append('\n');
    }
    if (out.isEmpty()) {
      throw unknown(topic, isa);
    }
    return out.toString();
  }

  private static void named(String topic, Isa isa, StringBuilder out) {
    for (Instruction instruction : isa.instructions()) {
      boolean spelled = instruction.spellings().stream().anyMatch(s -> s.mnemonic().equals(topic));
      if (spelled || instruction.name().equals(topic)) {
        separate(out);
        out.append(InstructionPage.of(instruction));
      }
    }
    List<Alias> aliases =
        isa.aliases().stream().filter(alias -> alias.mnemonic().equals(topic)).toList();
    if (!aliases.isEmpty()) {
      separate(out);
      out.append("pseudo-instruction ").append(topic).append('\n');
      aliases.forEach(alias -> out.append(Sources.itemText(alias.span())));
    }
    Csr csr = isa.csr(topic);
    if (csr != null) {
      separate(out);
      out.append(String.format("CSR %s, number 0x%03x", csr.name(), csr.number()));
      out.append(csr.readOnly() ? ", read-only" : "").append("\n\n");
      out.append(Sources.item(csr.span()));
    }
    for (Extension extension : isa.extensions()) {
      if (extension.name().equalsIgnoreCase(topic)) {
        separate(out);
        out.append("extension ").append(extension.name());
        out.append(
            extension.requires().isEmpty()
                ? ""
                : ", needs " + String.join(", ", extension.requires()));
        out.append('\n').append(extension.doc().isBlank() ? "" : extension.doc() + "\n");
        Set<String> members = new LinkedHashSet<>();
        isa.instructions().stream()
            .filter(i -> i.extension().equals(extension.name()))
            .forEach(i -> i.spellings().forEach(s -> members.add(s.mnemonic())));
        out.append(members.isEmpty() ? "" : "\n").append(TextBlock.wrapped(members, 80));
      }
    }
  }

  private static void separate(StringBuilder out) {
    out.append(out.isEmpty() ? "" : "\n");
  }

  private static Set<String> mnemonics(Isa isa) {
    Set<String> names = new LinkedHashSet<>();
    isa.instructions().forEach(i -> i.spellings().forEach(s -> names.add(s.mnemonic())));
    return names;
  }

  private static Failure unknown(String topic, Isa isa) {
    List<String> known = new ArrayList<>(TOPICS);
    known.addAll(mnemonics(isa));
    isa.aliases().forEach(alias -> known.add(alias.mnemonic()));
    isa.csrs().forEach(csr -> known.add(csr.name()));
    isa.extensions().forEach(e -> known.add(e.name().toLowerCase(Locale.ROOT)));
    known.addAll(Machines.names());
    known.addAll(Codes.all().keySet());
    for (Counter family : Counter.values()) {
      known.addAll(family.names());
    }
    String near = Suggestion.nearest(topic, known);
    return Failure.of(
        ExitCode.USAGE,
        "unknown-topic",
        "nothing is called '" + topic + "'",
        near == null ? "see: tessera explain instructions" : "did you mean '" + near + "'?");
  }

  private static String exitCodes() {
    StringBuilder out = new StringBuilder("exit status of tessera\n\n");
    for (ExitCode code : ExitCode.values()) {
      out.append(String.format("  %3d  %s%n", code.code(), code.meaning()));
    }
    out.append(
        "\n'run' passes the guest's own exit code through, unless --exit-code tool is\ngiven.\n");
    return out.toString();
  }

  private static String counters() {
    StringBuilder out = new StringBuilder();
    for (Counter family : Counter.values()) {
      out.append(family.template()).append("  (").append(family.measure().word()).append(")\n");
    }
    out.append("\n'tessera explain NAME' gives the exact definition of one.\n");
    return out.toString();
  }

  private static String counter(String topic, Counter family) {
    StringBuilder out = new StringBuilder();
    out.append("counter ").append(topic).append(", in ").append(family.measure().word());
    out.append("\n\n").append(TextBlock.filled(family.definition(), 80));
    for (Counter.Axis axis : family.axes()) {
      out.append('\n').append(axis.label()).append(": ");
      out.append(String.join(", ", axis.values())).append('\n');
    }
    return out.toString();
  }
}
