package tessera.cli;

import java.util.List;
import java.util.Map;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.diagnostic.Diagnostic;

/// `tessera check [FILE.isa...]`: whether specification texts are right.
final class Check {
  static final Verb VERB =
      new Verb(
          "check",
          Verb.Group.WRITE,
          "check specification files",
          Verb.Operands.of("[FILE.isa...]", 0, Integer.MAX_VALUE),
          IsaOptions.FLAGS,
          List.of(
              "Reads the bundled specification and the files on top of it, and checks all of it:"
                  + " names, widths, encodings, legality, meaning, costs. All that is wrong is said"
                  + " in one run. Without a file, the bundled texts are checked alone."),
          List.of(
              new Verb.Example("tessera check my.isa", "is my extension right?"),
              new Verb.Example(
                  "tessera check --machine wide64 my.isa", "and on the largest machine?")),
          Check::run);

  private Check() {}

  private static int run(Invocation invocation, Terminal terminal) {
    Isa.Request request = IsaOptions.request(invocation, terminal);
    for (String file : invocation.operands()) {
      request = request.with(InputFile.text(terminal, file));
    }
    switch (Isa.load(request.checkEverything())) {
      case Isa.Result.Failed(List<Diagnostic> diagnostics) -> throw IsaOptions.failed(diagnostics);
      case Isa.Result.Ok(Isa isa, List<Diagnostic> warnings) -> {
        if (invocation.json()) {
          terminal.out().print(json(isa, warnings));
        } else {
          IsaOptions.warn(warnings, invocation, terminal);
          terminal.out().println(summary(isa));
        }
      }
    }
    return ExitCode.OK.code();
  }

  private static Map<String, Integer> counts(Isa isa) {
    return Map.of(
        "extensions", isa.extensions().size(),
        "instructions", isa.instructions().size(),
        "aliases", isa.aliases().size(),
        "csrs", isa.csrs().size(),
        "registerFiles", isa.registerFiles().size());
  }

  private static String summary(Isa isa) {
    Machine machine = isa.machine();
    return "ok: "
        + isa.name()
        + " on "
        + machine.name()
        + ", "
        + isa.extensions().size()
        + " extensions, "
        + isa.instructions().size()
        + " instructions, "
        + isa.aliases().size()
        + " aliases, "
        + isa.csrs().size()
        + " CSRs";
  }

  private static String json(Isa isa, List<Diagnostic> warnings) {
    return Json.object(
        "tessera-check-1",
        json -> {
          json.writeStringProperty("status", "ok");
          json.writeStringProperty("isa", isa.name());
          json.writeStringProperty("machine", isa.machine().name());
          counts(isa).entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .forEach(e -> json.writeNumberProperty(e.getKey(), e.getValue()));
          DiagnosticsJson.add(json, warnings);
        });
  }
}
