package tessera.cli;

import java.util.List;
import java.util.regex.Pattern;

/// Paints diagnostics for a terminal, when a terminal is there and nobody objects.
final class Colour {
  private static final String RESET = "\033[0m";
  private static final Pattern HEAD = Pattern.compile("(error|warning)(\\[[a-z0-9-]+])");
  private static final Pattern CARET = Pattern.compile("^( {6}\\| *)(\\^+)");
  private static final Pattern ASIDE = Pattern.compile("^ {3}(note|help):");

  private final boolean on;

  private Colour(boolean on) {
    this.on = on;
  }

  /// {@return what `--color`, NO_COLOR and the terminal together ask for}
  static Colour of(List<String> words, Terminal terminal) {
    String wish = "auto";
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("--color=")) {
        wish = word.substring("--color=".length());
      } else if (word.equals("--color") && i + 1 < words.size()) {
        wish = words.get(i + 1);
      }
    }
    return of(wish, terminal);
  }

  /// {@return what a command line that is understood and the terminal together ask for}
  static Colour of(Invocation invocation, Terminal terminal) {
    return of(invocation.text(Flags.COLOR, "auto"), terminal);
  }

  private static Colour of(String wish, Terminal terminal) {
    String refused = terminal.environment().getOrDefault("NO_COLOR", "");
    String kind = terminal.environment().getOrDefault("TERM", "");
    boolean auto = terminal.errIsTerminal() && refused.isEmpty() && !kind.equals("dumb");
    return new Colour(wish.equals("always") || !wish.equals("never") && auto);
  }

  /// {@return the rendered diagnostics with colours, if they are wanted}
  String paint(String text) {
    if (!on) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.lines().forEach(line -> out.append(paintLine(line)).append('\n'));
    return out.toString();
  }

  private static String paintLine(String line) {
    String painted = CARET.matcher(line).replaceFirst("$1\033[1;32m$2" + RESET);
    painted = ASIDE.matcher(painted).replaceFirst("   \033[1;36m$1" + RESET + ":");
    var head = HEAD.matcher(painted);
    if (!head.find()) {
      return painted;
    }
    String hue = head.group(1).equals("error") ? "\033[1;31m" : "\033[1;33m";
    return head.replaceFirst(hue + "$1$2" + RESET);
  }
}
