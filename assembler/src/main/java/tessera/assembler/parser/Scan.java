package tessera.assembler.parser;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// Takes the text after a macro's name, or after a directive that wants text, apart as GNU as does
/// it: blanks count only between two names, commas and blanks separate, brackets and quotes hold
/// together.
public final class Scan {

  private final Statement statement;
  private final boolean alternate;
  private final String text;
  private final int[] places;
  private int at;

  /// @param from where in the statement it starts
  /// @param alternate whether `<…>`, `%…` and `!` have their meaning (`.altmacro`)
  public Scan(Statement statement, int from, boolean alternate) {
    this.statement = statement;
    this.alternate = alternate;
    StringBuilder kept = new StringBuilder();
    this.places = squeeze(statement.text(), from, kept);
    this.text = kept.toString();
  }

  /// Drops the blanks that GNU as drops before it looks at operands.
  private static int[] squeeze(String from, int start, StringBuilder kept) {
    int[] places = new int[from.length() - start + 1];
    boolean quoted = false;
    for (int i = start; i < from.length(); i++) {
      char c = from.charAt(i);
      if (!quoted && Character.isWhitespace(c)) {
        int next = i;
        while (next < from.length() && Character.isWhitespace(from.charAt(next))) {
          next++;
        }
        boolean between =
            !kept.isEmpty()
                && next < from.length()
                && isWord(kept.charAt(kept.length() - 1))
                && (isWord(from.charAt(next)) || from.charAt(next) == '\\');
        if (between) {
          places[kept.length()] = i;
          kept.append(' ');
        }
        i = next - 1;
        continue;
      }
      quoted ^= c == '"' && !(quoted && from.charAt(i - 1) == '\\');
      places[kept.length()] = i;
      kept.append(c);
    }
    places[kept.length()] = from.stripTrailing().length();
    return places;
  }

  private static boolean isWord(char c) {
    return Statement.isPartOfName(c);
  }

  boolean atEnd() {
    return at >= text.length();
  }

  int at() {
    return at;
  }

  int end() {
    return text.length();
  }

  Span span(int from, int to) {
    return statement.span(places[from], to <= from ? 0 : places[to - 1] + 1);
  }

  SyntaxError error(String message) {
    return error(at, message);
  }

  SyntaxError error(int from, String message) {
    return new SyntaxError(
        Diagnostic.error("macro-argument", span(from, Math.min(from + 1, end())), message));
  }

  void skipBlanks() {
    while (!atEnd() && text.charAt(at) == ' ') {
      at++;
    }
  }

  void skipComma() {
    skipBlanks();
    if (!atEnd() && text.charAt(at) == ',') {
      at++;
    }
    skipBlanks();
  }

  void skipEquals() {
    at++;
  }

  /// {@return the name that starts here, which it passes over; empty if none does}
  String name() {
    int from = at;
    while (!atEnd()
        && isWord(text.charAt(at))
        && !(at == from && Character.isDigit(text.charAt(at)))) {
      at++;
    }
    return text.substring(from, at);
  }

  /// {@return the name before a `=`, or nothing, and then it stays where it is}
  String nameBeforeEquals() {
    int from = at;
    String name = name();
    boolean assigned =
        !atEnd() && text.charAt(at) == '=' && !(at + 1 < end() && text.charAt(at + 1) == '=');
    if (!assigned || name.isEmpty()) {
      at = from;
      return "";
    }
    return name;
  }

  /// {@return all that is left}
  String rest() {
    String rest = text.substring(Math.min(at, end()));
    at = end();
    return rest;
  }

  // Parameters

  List<Macro.Parameter> parameters() {
    List<Macro.Parameter> parameters = new ArrayList<>();
    boolean bracket = !atEnd() && text.charAt(at) == '(';
    at += bracket ? 1 : 0;
    skipBlanks();
    while (!atEnd() && !(bracket && text.charAt(at) == ')')) {
      int from = at;
      Macro.Parameter parameter = parameter();
      if (parameters.stream().anyMatch(p -> p.name().equals(parameter.name()))) {
        throw error(from, "there is a parameter '" + parameter.name() + "' already");
      }
      boolean closed = !parameters.isEmpty() && parameters.getLast().demand() == Macro.Demand.REST;
      if (closed) {
        throw error(from, "a parameter after one that takes all the rest (:vararg)");
      }
      parameters.add(parameter);
      skipComma();
    }
    return parameters;
  }

  private Macro.Parameter parameter() {
    int from = at;
    String name = name();
    if (name.isEmpty()) {
      throw error(from, "expected the name of a parameter, got '" + text.charAt(from) + "'");
    }
    skipBlanks();
    Macro.Demand demand = Macro.Demand.NONE;
    if (!atEnd() && text.charAt(at) == ':') {
      at++;
      skipBlanks();
      int start = at;
      demand =
          switch (name().toLowerCase(Locale.ROOT)) {
            case "req" -> Macro.Demand.REQUIRED;
            case "vararg" -> Macro.Demand.REST;
            default -> throw error(start, "a parameter is ':req' or ':vararg'");
          };
      skipBlanks();
    }
    String preset = "";
    if (!atEnd() && text.charAt(at) == '=') {
      at++;
      preset =
          argument((_, span) -> {
            throw new SyntaxError(
                Diagnostic.error("macro-argument", span, "a default is text, not an expression"));
          });
    }
    return new Macro.Parameter(name, demand, preset);
  }

  // Arguments

  /// {@return the argument that starts here, its quotes taken off}
  String argument(Macro.Values values) {
    skipBlanks();
    if (atEnd()) {
      return "";
    }
    char c = text.charAt(at);
    if (c == '%' && alternate) {
      return expression(values);
    }
    if (c == '<' && alternate) {
      return bracketed();
    }
    if (c == '"' || c == '\'' && alternate) {
      String inner = quoted();
      return alternate ? '"' + inner + '"' : inner;
    }
    return plain();
  }

  private String expression(Macro.Values values) {
    int from = ++at;
    while (!atEnd() && text.charAt(at) != ',' && text.charAt(at) != ' ') {
      at++;
    }
    return Long.toString(values.value(text.substring(from, at), span(from, at)));
  }

  private String bracketed() {
    StringBuilder out = new StringBuilder();
    int depth = 0;
    int from = at;
    for (; !atEnd(); at++) {
      char c = text.charAt(at);
      boolean escaped = c == '!' && at + 1 < end();
      int before = depth;
      depth += escaped ? 0 : c == '<' ? 1 : c == '>' ? -1 : 0;
      if (depth == 0) {
        at++;
        return out.toString();
      }
      if (escaped) {
        at++;
      }
      if (before > 0) {
        out.append(text.charAt(at));
      }
    }
    throw error(from, "'<' without its '>'");
  }

  /// Strings side by side are one; two quotes stand for one, an escaped quote keeps its backslash.
  private String quoted() {
    char quote = text.charAt(at);
    int from = at;
    StringBuilder out = new StringBuilder();
    at++;
    boolean escaped = false;
    while (!atEnd()) {
      char c = text.charAt(at);
      if (c == quote && !escaped) {
        at++;
        if (atEnd() || text.charAt(at) != quote) {
          return out.toString();
        }
      }
      if (alternate && c == '!' && at + 1 < end()) {
        at++;
        c = text.charAt(at);
      }
      escaped = c == '\\' && !escaped;
      out.append(c);
      at++;
    }
    throw error(from, "a string without its closing quote");
  }

  private String plain() {
    StringBuilder out = new StringBuilder();
    Deque<Character> open = new ArrayDeque<>();
    while (!atEnd()) {
      char c = text.charAt(at);
      if (c == ',' || c == ' ' && open.isEmpty() || c == '<' && alternate) {
        break;
      }
      switch (c) {
        case '"' -> {
          int close = text.indexOf(c, at + 1);
          int last = close < 0 ? end() - 1 : close;
          out.append(text, at, last);
          at = last;
          c = text.charAt(at);
        }
        case '(', '[' -> open.push(c);
        case ')', ']' -> {
          if (!open.isEmpty() && open.peek() == (c == ')' ? '(' : '[')) {
            open.pop();
          }
        }
        default -> {}
      }
      out.append(c);
      at++;
    }
    return out.toString();
  }

  // Texts

  /// {@return the text up to a comma that stands outside of quotes, trimmed; it passes over both}
  public String upToComma() {
    skipBlanks();
    int from = at;
    if (!atEnd() && text.charAt(at) == '"') {
      int close = text.indexOf('"', at + 1);
      at = close < 0 ? end() : close + 1;
    }
    while (!atEnd() && text.charAt(at) != ',') {
      at++;
    }
    String found = text.substring(from, at).strip();
    at = Math.min(at + 1, end() + 1);
    return found;
  }

  /// {@return whether nothing is left, not even what a comma would end}
  public boolean isPastEnd() {
    return at > text.length();
  }

  /// {@return the rest of the text, trimmed}
  public String remaining() {
    return text.substring(Math.min(at, end())).strip();
  }
}
