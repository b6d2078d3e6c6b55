package tessera.cli;

import java.util.List;

/// `tessera version`: which Tessera this is, and which Java runs it.
final class Version {
  /// The version, as in the POM. A constant, since reading a resource costs 10 ms of start-up.
  static final String NUMBER = "0.1.0";

  static final Verb VERB =
      new Verb(
          "version",
          Verb.Group.SELF,
          "say which Tessera this is",
          Verb.Operands.NONE,
          List.of(),
          List.of(),
          List.of(new Verb.Example("tessera version --format json", "for scripts")),
          Version::run);

  private Version() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String build = terminal.build();
    String java = Runtime.version().toString();
    if (invocation.json()) {
      terminal
          .out()
          .print(
              Json.object(
                  "tessera-version-1",
                  json -> {
                    json.writeStringProperty("version", NUMBER);
                    if (!build.isEmpty()) {
                      json.writeStringProperty("build", build);
                    }
                    json.writeStringProperty("java", java);
                  }));
    } else {
      String short12 =
          build.isEmpty()
              ? ""
              : " (build " + build.substring(0, Math.min(12, build.length())) + ")";
      terminal.out().println("tessera " + NUMBER + short12 + ", Java " + java);
    }
    return ExitCode.OK.code();
  }
}
