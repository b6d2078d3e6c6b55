package tessera.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Completion scripts out of the registry, one writer a shell.
final class CompletionScript {
  private CompletionScript() {}

  /// {@return a script for bash}
  static String bash(List<Verb> registry) {
    String verbs = String.join("|", Arguments.names(registry));
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # bash completion of tessera: source <(tessera completion bash)
        _tessera() {
          local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= words= i
          COMPREPLY=()
          # bash splits --option=value at the equals sign
          if [[ $cur == = ]]; then cur=
          elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
          for ((i = 1; i < COMP_CWORD; i++)); do
        """);
    out.append("    case ${COMP_WORDS[i]} in ").append(verbs);
    out.append(") verb=${COMP_WORDS[i]}; break ;; esac\n  done\n  case $verb:$prev in\n");
    for (Verb verb : registry) {
      verb.flags().forEach(flag -> bashValue(out, verb.name(), flag));
    }
    Flags.GLOBAL.forEach(flag -> bashValue(out, "*", flag));
    out.append("  esac\n  if [[ $cur == -* ]]; then\n    case $verb in\n");
    for (Verb verb : registry) {
      out.append("      ").append(verb.name()).append(") words='").append(dashed(verb.flags()));
      out.append("' ;;\n");
    }
    out.append("    esac\n    words=\"$words ").append(dashed(Flags.GLOBAL)).append("\"\n");
    out.append("  else\n    case $verb in\n");
    out.append("      '') words='").append(verbs.replace('|', ' ')).append("' ;;\n");
    for (Verb verb : registry) {
      String choices = operandWords(verb, registry);
      if (!choices.isEmpty()) {
        out.append("      ").append(verb.name()).append(") words='").append(choices);
        out.append("' ;;\n");
      }
    }
    out.append("    esac\n  fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n");
    out.append("complete -o bashdefault -o default -F _tessera tessera ./tessera\n");
    return out.toString();
  }

  private static void bashValue(StringBuilder out, String verb, Flag flag) {
    String found =
        switch (flag.value()) {
          case Flag.Value.None() -> "";
          case Flag.Value.Choice(List<String> words) ->
              "COMPREPLY=($(compgen -W '" + String.join(" ", words) + "' -- \"$cur\")); return";
          case Flag.Value.Text(_),
              Flag.Value.Texts(_),
              Flag.Value.FileName(_),
              Flag.Value.OptionalFile(_),
              Flag.Value.Count(_, _, _),
              Flag.Value.Seconds(_) ->
              "return"; // nothing of ours: bash then offers files
        };
    if (!found.isEmpty()) {
      out.append("    ").append(verb).append(":--").append(flag.name());
      out.append(flag.letter() == null ? "" : "|" + verb + ":-" + flag.letter());
      out.append(") ").append(found).append(" ;;\n");
    }
  }

  private static String dashed(List<Flag> flags) {
    return flags.stream().map(flag -> "--" + flag.name()).collect(Collectors.joining(" "));
  }

  /// {@return the words an operand can be, empty when it is a file or a name of the user's}
  private static String operandWords(Verb verb, List<Verb> registry) {
    String usage = verb.operands().usage();
    if (usage.equals("[VERB]")) {
      return String.join(" ", Arguments.names(registry));
    }
    return usage.matches("[a-z]+(\\|[a-z]+)+") ? usage.replace('|', ' ') : "";
  }

  /// {@return a script for zsh}
  static String zsh(List<Verb> registry) {
    StringBuilder out = new StringBuilder();
    out.append("#compdef tessera\n# zsh completion of tessera: source <(tessera completion zsh)\n");
    out.append("_tessera() {\n  local -a verbs\n  verbs=(\n");
    for (Verb verb : registry) {
      out.append("    '").append(verb.name()).append(':').append(zshText(verb.summary()));
      out.append("'\n");
    }
    out.append("  )\n  if (( CURRENT == 2 )); then\n    _describe verb verbs\n    return\n  fi\n");
    out.append("  local verb=${words[2]}\n  shift words\n  (( CURRENT-- ))\n  case $verb in\n");
    for (Verb verb : registry) {
      out.append("    ").append(verb.name()).append(") _arguments");
      List<Flag> flags = new ArrayList<>(verb.flags());
      flags.addAll(Flags.GLOBAL);
      flags.forEach(flag -> zshFlag(out, flag));
      String choices = operandWords(verb, registry);
      if (!verb.operands().usage().isEmpty()) {
        String action = choices.isEmpty() ? "_files" : "(" + choices + ")";
        out.append(" \\\n      '*:operand:").append(action).append('\'');
      }
      out.append(" ;;\n");
    }
    out.append("  esac\n}\ncompdef _tessera tessera\n");
    return out.toString();
  }

  private static void zshFlag(StringBuilder out, Flag flag) {
    String action =
        switch (flag.value()) {
          case Flag.Value.None() -> "";
          case Flag.Value.Choice(List<String> words) -> ":value:(" + String.join(" ", words) + ")";
          case Flag.Value.FileName(_) -> ":file:_files";
          case Flag.Value.OptionalFile(_) -> "::file:_files";
          case Flag.Value.Text(_), Flag.Value.Texts(_) -> ":value:_files";
          case Flag.Value.Count(_, _, _), Flag.Value.Seconds(_) -> ":number:";
        };
    String many = flag.value() instanceof Flag.Value.Texts ? "*" : "";
    String spec = "[" + zshText(flag.help()) + "]" + action + "'";
    String equals = flag.takesValue() ? "=" : "";
    out.append(" \\\n      '").append(many).append("--").append(flag.name()).append(equals);
    out.append(spec);
    if (flag.letter() != null) {
      String plus = flag.takesValue() ? "+" : "";
      out.append(" \\\n      '").append(many).append('-').append(flag.letter()).append(plus);
      out.append(spec);
    }
  }

  private static String zshText(String text) {
    return text.replace("'", "'\\''").replace(":", "\\:").replace("[", "\\[").replace("]", "\\]");
  }

  /// {@return a script for fish}
  static String fish(List<Verb> registry) {
    StringBuilder out = new StringBuilder();
    out.append("# fish completion of tessera: tessera completion fish | source\n");
    for (Verb verb : registry) {
      out.append("complete -c tessera -f -n __fish_use_subcommand -a ").append(verb.name());
      out.append(" -d '").append(fishText(verb.summary())).append("'\n");
    }
    Flags.GLOBAL.forEach(flag -> fishFlag(out, "", flag));
    for (Verb verb : registry) {
      String only = " -n '__fish_seen_subcommand_from " + verb.name() + "'";
      verb.flags().forEach(flag -> fishFlag(out, only, flag));
      String choices = operandWords(verb, registry);
      if (!choices.isEmpty()) {
        out.append("complete -c tessera -f").append(only);
        out.append(" -a '").append(choices).append("'\n");
      }
    }
    return out.toString();
  }

  private static void fishFlag(StringBuilder out, String only, Flag flag) {
    String value =
        switch (flag.value()) {
          case Flag.Value.None() -> "";
          case Flag.Value.Choice(List<String> words) -> " -x -a '" + String.join(" ", words) + "'";
          case Flag.Value.OptionalFile(_) -> " -F";
          case Flag.Value.FileName(_), Flag.Value.Text(_), Flag.Value.Texts(_) -> " -r -F";
          case Flag.Value.Count(_, _, _), Flag.Value.Seconds(_) -> " -x";
        };
    out.append("complete -c tessera").append(only);
    out.append(flag.letter() == null ? "" : " -s " + flag.letter());
    out.append(" -l ").append(flag.name()).append(value);
    out.append(" -d '").append(fishText(flag.help())).append("'\n");
  }

  private static String fishText(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }
}
