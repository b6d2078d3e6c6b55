package tessera.cli;

import java.util.List;

/// Help texts out of the registry, at most 80 columns wide.
final class HelpPage {
  private static final int WIDTH = 80;
  private static final int NAME_COLUMN = 14;
  private static final int FLAG_COLUMN = 30;

  private HelpPage() {}

  /// {@return the page that lists all verbs by group}
  static String all(List<Verb> registry) {
    StringBuilder out = new StringBuilder();
    out.append("Tessera: a RISC-V AI-coprocessor lab. One text defines the machine; assembler,\n");
    out.append("disassembler, emulator and manual follow from it.\n\n");
    out.append("usage: tessera VERB [options] [operands]\n");
    for (Verb.Group group : Verb.Group.values()) {
      List<Verb> members = registry.stream().filter(verb -> verb.group() == group).toList();
      if (!members.isEmpty()) {
        out.append('\n').append(group.title()).append('\n');
        members.forEach(verb -> entry(out, "  " + verb.name(), NAME_COLUMN, verb.summary()));
      }
    }
    out.append("\noptions of every verb\n");
    Flags.GLOBAL.forEach(flag -> entry(out, "  " + flag.shown(), FLAG_COLUMN, flag.help()));
    out.append("\n'tessera help VERB' says more about one verb.\n");
    return out.toString();
  }

  /// {@return the page of one verb}
  static String verb(Verb verb) {
    StringBuilder out = new StringBuilder();
    String operands = verb.operands().usage();
    String options = verb.flags().isEmpty() ? "" : " [options]";
    out.append("usage: tessera ").append(verb.name()).append(options);
    out.append(operands.isEmpty() ? "" : " " + operands).append("\n\n");
    wrap(out, "", capital(verb.summary()) + ".");
    for (String paragraph : verb.details()) {
      out.append('\n');
      wrap(out, "", paragraph);
    }
    if (!verb.flags().isEmpty()) {
      out.append("\noptions\n");
      verb.flags().forEach(flag -> entry(out, "  " + flag.shown(), FLAG_COLUMN, flag.help()));
    }
    out.append("\noptions of every verb\n");
    Flags.GLOBAL.forEach(flag -> entry(out, "  " + flag.shown(), FLAG_COLUMN, flag.help()));
    if (!verb.examples().isEmpty()) {
      out.append("\nexamples\n");
      for (Verb.Example example : verb.examples()) {
        out.append("  ").append(example.command()).append('\n');
        wrap(out, "      ", example.purpose());
      }
    }
    return out.toString();
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static void entry(StringBuilder out, String name, int column, String text) {
    out.append(name);
    int at = name.length();
    if (at >= column) {
      out.append('\n');
      at = 0;
    }
    for (String line : TextBlock.lines(text, WIDTH - column)) {
      out.append(" ".repeat(column - at)).append(line).append('\n');
      at = 0;
    }
  }

  private static void wrap(StringBuilder out, String indent, String text) {
    TextBlock.lines(text, WIDTH - indent.length())
        .forEach(line -> out.append(indent).append(line).append('\n'));
  }
}
