package tessera.cli;

import java.util.ArrayList;
import java.util.List;

/// Options that several verbs share, so that they mean and read the same everywhere.
final class Flags {
  static final Flag HELP = Flag.of("h", "help", "show this page");
  static final Flag VERBOSE = Flag.of("v", "verbose", "say more about what is done and why");
  static final Flag QUIET = Flag.of("q", "quiet", "no progress and no summary line");
  static final Flag FORMAT =
      choice("format", "how the result is written on standard output", "text", "json");
  static final Flag COLOR =
      choice("color", "colour in diagnostics; NO_COLOR is honoured", "auto", "always", "never");

  /// What every verb takes, before or after its name.
  static final List<Flag> GLOBAL = List.of(FORMAT, COLOR, VERBOSE, QUIET, HELP);

  static final Flag ISA =
      texts("isa", "VALUE", "a specification file to add (.isa), or an ISA string (rv64imf_xta)");
  static final Flag MACHINE =
      text("machine", "NAME|FILE", "the machine: a name (see 'machines') or an .isa file");
  static final Flag SET = texts("set", "NAME=VALUE", "override a parameter of the machine");
  static final Flag RESERVED =
      new Flag(
          null,
          "reserved",
          new Flag.Value.Choice(List.of("strict", "lenient")),
          "encodings that the ISA reserves: refused, or run (default strict)");
  static final Flag AGNOSTIC =
      new Flag(
          null,
          "agnostic",
          new Flag.Value.Choice(List.of("undisturbed", "ones")),
          "elements that a program must not rely on: kept, or all ones");
  static final Flag OUTPUT = new Flag("o", "output", new Flag.Value.FileName("OUT"), "output file");

  private Flags() {}

  /// {@return some options and more}
  static List<Flag> with(List<Flag> some, Flag... more) {
    List<Flag> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  static Flag text(String name, String label, String help) {
    return new Flag(null, name, new Flag.Value.Text(label), help);
  }

  static Flag texts(String name, String label, String help) {
    return new Flag(null, name, new Flag.Value.Texts(label), help + " (repeatable)");
  }

  static Flag file(String name, String label, String help) {
    return new Flag(null, name, new Flag.Value.FileName(label), help);
  }

  static Flag optionalFile(String name, String label, String help) {
    return new Flag(null, name, new Flag.Value.OptionalFile(label), help);
  }

  static Flag count(String name, String label, long least, String help) {
    return new Flag(null, name, new Flag.Value.Count(label, least, Long.MAX_VALUE), help);
  }

  static Flag choice(String name, String help, String... words) {
    return new Flag(null, name, new Flag.Value.Choice(List.of(words)), help);
  }
}
