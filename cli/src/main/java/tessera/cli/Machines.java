package tessera.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.Texts;
import tessera.isaspec.diagnostic.Source;

/// `tessera machines [NAME]`: the machines that programs can run on.
final class Machines {
  static final Verb VERB =
      new Verb(
          "machines",
          Verb.Group.TRUST,
          "list machines, or describe one",
          Verb.Operands.of("[NAME|FILE.isa]", 0, 1),
          List.of(Flags.ISA, Flags.SET),
          List.of(
              "Without NAME, lists the bundled machines. With it, shows the machine's parameters"
                  + " and units, after --set where that is given."),
          List.of(
              new Verb.Example("tessera machines", "what is there to choose from"),
              new Verb.Example("tessera machines edge16", "the default machine in numbers")),
          Machines::run);

  private static final String FOLDER = "machines/";

  private Machines() {}

  private static int run(Invocation invocation, Terminal terminal) {
    if (invocation.operands().isEmpty()) {
      List<Machine> all = names().stream().map(name -> Isa.bundled(name).machine()).toList();
      terminal.out().print(invocation.json() ? json(all) : list(all));
      return ExitCode.OK.code();
    }
    String name = invocation.operands().getFirst();
    Isa.Request request = IsaOptions.request(invocation.with(Flags.MACHINE, name), terminal);
    Machine machine = IsaOptions.load(request, invocation, terminal).machine();
    terminal.out().print(invocation.json() ? json(List.of(machine)) : describe(machine));
    return ExitCode.OK.code();
  }

  /// {@return the bundled machines' names}
  static List<String> names() {
    return Texts.bundled().stream()
        .map(Source::name)
        .filter(name -> name.startsWith(FOLDER))
        .map(name -> name.substring(FOLDER.length(), name.length() - ".isa".length()))
        .toList();
  }

  private static final int WIDTH = 80;
  private static final String INDENT = " ".repeat(12);

  private static String list(List<Machine> machines) {
    StringBuilder out = new StringBuilder();
    for (Machine machine : machines) {
      boolean chosen = machine.name().equals(IsaOptions.DEFAULT_MACHINE);
      out.append(
          String.format(
              "%-12s %s%s%n",
              machine.name(), Isa.shortName(machine.isa()), chosen ? "  (default)" : ""));
      parameters(machine, out);
    }
    return out.toString();
  }

  private static void parameters(Machine machine, StringBuilder out) {
    wrap(
        machine.parameters().entrySet().stream()
            .map(parameter -> " " + parameter.getKey() + "=" + parameter.getValue())
            .toList(),
        INDENT,
        out);
  }

  /// Appends texts in as many lines as they need.
  private static void wrap(List<String> texts, String indent, StringBuilder out) {
    int room = 0;
    for (String text : texts) {
      if (text.length() > room) {
        out.append(out.charAt(out.length() - 1) == '\n' ? "" : "\n");
        out.append(indent);
        room = WIDTH - indent.length();
      }
      out.append(text);
      room -= text.length();
    }
    out.append('\n');
  }

  private static String describe(Machine machine) {
    StringBuilder out = new StringBuilder();
    out.append("machine ").append(machine.name()).append(" for\n");
    wrap(List.of(machine.isa().split("(?=_)")), "  ", out);
    out.append("\nparameters\n");
    machine
        .parameters()
        .forEach((name, value) -> {
          boolean set = machine.overridden().contains(name);
          out.append(String.format("  %-12s %d%s%n", name, value, set ? "  (set)" : ""));
        });
    out.append("\nunits\n");
    for (Machine.Unit unit : machine.units()) {
      out.append(String.format("  %-8s %-12s", unit.name(), unit.kind().word()));
      Map<String, Object> keys = new TreeMap<>(unit.keys());
      keys.putAll(unit.words());
      keys.forEach((key, value) -> out.append(' ').append(key).append('=').append(value));
      out.append('\n');
    }
    if (!machine.costs().isEmpty()) {
      out.append("\ncosts\n");
      machine
          .costs()
          .forEach((of, costs) -> {
            out.append(String.format("  %-21s", of));
            costs.forEach((key, value) -> out.append(' ').append(key).append('=').append(value));
            out.append('\n');
          });
    }
    return out.toString();
  }

  private static String json(List<Machine> machines) {
    return Json.object(
        "tessera-machines-1",
        json -> {
          json.writeArrayPropertyStart("machines");
          for (Machine machine : machines) {
            json.writeStartObject();
            json.writeStringProperty("name", machine.name());
            json.writeStringProperty("isa", machine.isa());
            json.writeObjectPropertyStart("parameters");
            machine.parameters().forEach(json::writeNumberProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("units");
            for (Machine.Unit unit : machine.units()) {
              json.writeStartObject();
              json.writeStringProperty("name", unit.name());
              json.writeStringProperty("kind", unit.kind().word());
              json.writeObjectPropertyStart("keys");
              unit.keys().forEach(json::writeNumberProperty);
              unit.words().forEach(json::writeStringProperty);
              json.writeEndObject();
              json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
