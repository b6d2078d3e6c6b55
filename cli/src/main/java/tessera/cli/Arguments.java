package tessera.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Suggestion;

/// Understands a command line: global options, the verb, its options and operands.
final class Arguments {
  private final List<Verb> registry;

  Arguments(List<Verb> registry) {
    this.registry = registry;
  }

  /// {@return the verb of that name, or null}
  static @Nullable Verb find(List<Verb> registry, String name) {
    for (Verb verb : registry) {
      if (verb.name().equals(name)) {
        return verb;
      }
    }
    return null;
  }

  /// {@return the words that name a verb}
  static List<String> names(List<Verb> registry) {
    return registry.stream().map(Verb::name).toList();
  }

  /// Finds the verb among the words.
  ///
  /// @return its place, or the number of words when there is none
  /// @throws Failure when an option before it is no global one
  int verbAt(List<String> words) {
    List<String> rest = parse(Flags.GLOBAL, words, true, "").getArgList();
    int at = words.size() - rest.size();
    if (at < words.size() && words.get(at).length() > 1 && words.get(at).startsWith("-")) {
      throw misplaced(words.get(at));
    }
    return at;
  }

  /// {@return the command line `words`, whose verb stands at `at`}
  ///
  /// @throws Failure when it cannot be understood
  Invocation invocation(Verb verb, List<String> words, int at) {
    List<String> mine = new ArrayList<>(words.subList(0, at));
    mine.removeIf("--"::equals);
    List<String> after = words.subList(at + 1, words.size());
    int dashes = after.indexOf("--");
    List<String> tail = dashes < 0 ? List.of() : after.subList(dashes + 1, after.size());
    mine.addAll(dashes < 0 ? after : after.subList(0, dashes));

    List<Flag> flags = new ArrayList<>(verb.flags());
    flags.addAll(Flags.GLOBAL);
    CommandLine line = parse(flags, mine, false, verb.name());
    Map<Flag, List<String>> values = values(flags, line);
    List<String> operands = new ArrayList<>(line.getArgList());
    if (!verb.operands().guestArguments()) {
      operands.addAll(tail);
      tail = List.of();
    }
    if (!values.containsKey(Flags.HELP)) {
      check(verb, values, operands);
    }
    return new Invocation(verb, values, operands, tail);
  }

  private CommandLine parse(List<Flag> flags, List<String> words, boolean stop, String verb) {
    Options options = new Options();
    flags.forEach(flag -> options.addOption(option(flag)));
    // An abbreviated option would change its meaning on the day that another one is added.
    DefaultParser parser = DefaultParser.builder().setAllowPartialMatching(false).get();
    try {
      String[] all = words.stream().map(word -> withEquals(word, flags)).toArray(String[]::new);
      return parser.parse(options, all, stop);
    } catch (UnrecognizedOptionException e) {
      throw unknown(e.getOption(), flags, verb);
    } catch (MissingArgumentException e) {
      Flag flag = flag(flags, e.getOption());
      throw usage(
          verb, "missing-value", "option '--" + flag.name() + "' wants a value: " + flag.label());
    } catch (ParseException e) {
      throw usage(verb, "bad-option", String.valueOf(e.getMessage()));
    }
  }

  /// An option whose value may be left out never takes the word behind it.
  private static String withEquals(String word, List<Flag> flags) {
    boolean bare =
        flags.stream()
            .anyMatch(
                f -> f.value() instanceof Flag.Value.OptionalFile && word.equals("--" + f.name()));
    return bare ? word + "=" : word;
  }

  private static Option option(Flag flag) {
    return Option.builder(flag.letter()).longOpt(flag.name()).hasArg(flag.takesValue()).get();
  }

  private static Flag flag(List<Flag> flags, Option option) {
    return flags.stream()
        .filter(f -> f.name().equals(option.getLongOpt()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<Flag, List<String>> values(List<Flag> flags, CommandLine line) {
    Map<Flag, List<String>> values = new LinkedHashMap<>();
    for (Flag flag : flags) {
      if (line.hasOption(flag.name())) {
        String[] given = line.getOptionValues(flag.name());
        values.put(flag, given == null ? List.of() : Arrays.asList(given));
      }
    }
    return values;
  }

  private static void check(Verb verb, Map<Flag, List<String>> values, List<String> operands) {
    List<Diagnostic> wrong = new ArrayList<>();
    values.forEach((flag, given) -> given.forEach(value -> check(flag, value, wrong)));
    Verb.Operands wanted = verb.operands();
    String form = "tessera " + verb.name() + " " + wanted.usage();
    if (operands.size() < wanted.least()) {
      wrong.add(
          Diagnostic.error("missing-operand", null, "'" + verb.name() + "' wants " + wanted.usage())
              .help("the form is: " + form));
    } else if (operands.size() > wanted.most()) {
      String extra = operands.get(wanted.most());
      wrong.add(
          Diagnostic.error(
                  "extra-operand", null, "'" + verb.name() + "' has no use for '" + extra + "'")
              .help(
                  wanted.guestArguments()
                      ? "the guest's own arguments follow after --"
                      : wanted.most() == 0
                          ? "see: tessera help " + verb.name()
                          : "the form is: " + form));
    }
    if (!wrong.isEmpty()) {
      throw Failure.of(ExitCode.USAGE, wrong);
    }
  }

  private static void check(Flag flag, String value, List<Diagnostic> wrong) {
    String named = "option '--" + flag.name() + "'";
    switch (flag.value()) {
      case Flag.Value.Count(_, long least, long most) -> {
        var number = Numbers.count(value);
        if (number.isEmpty()) {
          wrong.add(
              Diagnostic.error("bad-number", null, named + " wants a number, got '" + value + "'")
                  .help("write 1000000, 1_000_000, 1e6, 1M or 0xf4240"));
        } else if (number.getAsLong() < least || number.getAsLong() > most) {
          String range = most == Long.MAX_VALUE ? "at least " + least : least + " to " + most;
          wrong.add(
              Diagnostic.error("number-range", null, named + " wants " + range + ", got " + value));
        }
      }
      case Flag.Value.Seconds(_) -> {
        if (Numbers.seconds(value).isEmpty()) {
          wrong.add(
              Diagnostic.error("bad-number", null, named + " wants seconds, got '" + value + "'")
                  .help("write 10 or 0.5"));
        }
      }
      case Flag.Value.Choice(List<String> words) -> {
        if (!words.contains(value)) {
          String near = Suggestion.nearest(value, words);
          String all = "it is one of " + String.join(", ", words);
          wrong.add(
              Diagnostic.error("bad-choice", null, named + " has no value '" + value + "'")
                  .help(near == null ? all : "did you mean '" + near + "'? " + all));
        }
      }
      case Flag.Value.None(),
          Flag.Value.Text(_),
          Flag.Value.Texts(_),
          Flag.Value.FileName(_),
          Flag.Value.OptionalFile(_) -> {}
    }
  }

  private Failure misplaced(String word) {
    String name = bare(word);
    for (Verb verb : registry) {
      for (Flag flag : verb.flags()) {
        if (flag.name().equals(name) || name.equals(flag.letter())) {
          return Failure.of(
              ExitCode.USAGE,
              "misplaced-option",
              "option '" + word + "' belongs to a verb and must follow it",
              "write: tessera " + verb.name() + " " + word + " ...");
        }
      }
    }
    return unknown(word, Flags.GLOBAL, "");
  }

  private static Failure unknown(String word, List<Flag> flags, String verb) {
    String name = bare(word);
    String near =
        name.length() < 2
            ? null
            : Suggestion.nearest(name, flags.stream().map(Flag::name).toList());
    String shown = word.indexOf('=') < 0 ? word : word.substring(0, word.indexOf('='));
    String whose = verb.isEmpty() ? "" : " for '" + verb + "'";
    String help = "see: tessera help" + (verb.isEmpty() ? "" : " " + verb);
    return Failure.of(
        ExitCode.USAGE,
        "unknown-option",
        "unknown option '" + shown + "'" + whose,
        near == null ? help : "did you mean '--" + near + "'?");
  }

  private static String bare(String word) {
    String name = word.replaceFirst("^--?", "");
    return name.indexOf('=') < 0 ? name : name.substring(0, name.indexOf('='));
  }

  private static Failure usage(String verb, String code, String message) {
    String help = "see: tessera help" + (verb.isEmpty() ? "" : " " + verb);
    return Failure.of(ExitCode.USAGE, code, message, help);
  }

  /// {@return the failure that says there is no such verb}
  static Failure noSuchVerb(List<Verb> registry, String word) {
    String near = Suggestion.nearest(word, names(registry));
    return Failure.of(
        ExitCode.USAGE,
        "unknown-verb",
        "there is no verb '" + word + "'",
        near == null ? "see: tessera help" : "did you mean '" + near + "'?");
  }
}
