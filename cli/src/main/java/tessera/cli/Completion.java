package tessera.cli;

import java.util.List;

/// `tessera completion SHELL`: a script that completes verbs, options and their values.
final class Completion {
  static final Verb VERB =
      new Verb(
          "completion",
          Verb.Group.SELF,
          "print a completion script for a shell",
          Verb.Operands.of("bash|zsh|fish", 1, 1),
          List.of(),
          List.of("The script is made from the same table as the help."),
          List.of(
              new Verb.Example("source <(tessera completion bash)", "for this bash"),
              new Verb.Example(
                  "tessera completion fish > ~/.config/fish/completions/tessera.fish",
                  "for every fish")),
          Completion::run);

  private Completion() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String shell = invocation.operands().getFirst();
    String script =
        switch (shell) {
          case "bash" -> CompletionScript.bash(Main.VERBS);
          case "zsh" -> CompletionScript.zsh(Main.VERBS);
          case "fish" -> CompletionScript.fish(Main.VERBS);
          default ->
              throw Failure.of(
                  ExitCode.USAGE,
                  "bad-choice",
                  "there is a script for bash, zsh and fish; got '" + shell + "'");
        };
    terminal.out().print(script);
    return ExitCode.OK.code();
  }
}
