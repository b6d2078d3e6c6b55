package tessera.cli;

import java.util.List;

/// `tessera help [VERB]`: what the tool and each verb can do.
final class Help {
  static final Verb VERB =
      new Verb(
          "help",
          Verb.Group.SELF,
          "explain the tool or one verb",
          Verb.Operands.of("[VERB]", 0, 1),
          List.of(),
          List.of(
              "Without VERB, lists all verbs. 'tessera VERB --help' does the same as 'tessera help VERB'."),
          List.of(new Verb.Example("tessera help run", "all about running programs")),
          Help::run);

  private Help() {}

  /// Answers a command line that names no verb.
  ///
  /// @return the exit status: a usage error unless help was asked for
  static int withoutVerb(List<String> words, Terminal terminal) {
    boolean asked = words.contains("--help") || words.contains("-h");
    (asked ? terminal.out() : terminal.err()).print(HelpPage.all(Main.VERBS));
    return (asked ? ExitCode.OK : ExitCode.USAGE).code();
  }

  private static int run(Invocation invocation, Terminal terminal) {
    if (invocation.operands().isEmpty()) {
      terminal.out().print(HelpPage.all(Main.VERBS));
      return ExitCode.OK.code();
    }
    String name = invocation.operands().getFirst();
    Verb verb = Arguments.find(Main.VERBS, name);
    if (verb == null) {
      throw Arguments.noSuchVerb(Main.VERBS, name);
    }
    terminal.out().print(HelpPage.verb(verb));
    return ExitCode.OK.code();
  }
}
