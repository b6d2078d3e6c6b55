package tessera.assembler.parser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// A macro, or the body of `.irp` and `.irpc`, as GNU as expands them: text for text.
///
/// @param name in small letters, since GNU as does not tell them apart
/// @param at where it was defined
public record Macro(String name, List<Parameter> parameters, Passage body, Span at) {

  /// What a parameter demands.
  public enum Demand {
    /// nothing: without a value its default stands, or no text
    NONE,
    /// a value (`:req`)
    REQUIRED,
    /// all that is left (`:vararg`)
    REST
  }

  /// A parameter; its default is empty where none is given.
  public record Parameter(String name, Demand demand, String preset) {}

  /// How an expansion is done.
  ///
  /// @param number what `\@` stands for
  /// @param alternate whether parameters need no backslash (`.altmacro`)
  /// @param locals numbers for the names after `LOCAL`
  public record Manner(int number, boolean alternate, IntSupplier locals) {}

  /// {@return a macro from what follows `.macro` and the statements up to `.endm`}
  ///
  /// @throws SyntaxError where the head can not be read
  public static Macro of(Statement head, int from, List<Statement> body, boolean alternate) {
    Scan scan = new Scan(head, from, alternate);
    scan.skipBlanks();
    int start = scan.at();
    String name = scan.name().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw scan.error("a macro needs a name");
    }
    Span at = scan.span(start, scan.at());
    scan.skipComma();
    return new Macro(name, scan.parameters(), passage(head, body), at);
  }

  /// {@return the body of `.irp` or `.irpc` over one parameter}
  public static Macro loop(
      String directive, Statement head, String parameter, List<Statement> body) {
    return new Macro(
        directive,
        List.of(new Parameter(parameter, Demand.NONE, "")),
        passage(head, body),
        head.span());
  }

  private static Passage passage(Statement head, List<Statement> body) {
    return Passage.of(body, head.source());
  }

  /// {@return the arguments of a call, by parameter}
  ///
  /// @param from where they start in the call
  /// @throws SyntaxError where they do not fit the parameters
  public Map<String, String> arguments(Statement call, int from, Manner manner, Values values) {
    Scan scan = new Scan(call, from, manner.alternate());
    Map<String, String> given = new HashMap<>();
    boolean byName = false;
    int next = 0;
    scan.skipBlanks();
    while (!scan.atEnd()) {
      int start = scan.at();
      String name = scan.nameBeforeEquals();
      if (!name.isEmpty()) {
        byName = true;
        scan.skipEquals();
        Parameter parameter = parameter(name);
        String value =
            parameter != null && parameter.demand() == Demand.REST
                ? scan.rest()
                : scan.argument(values);
        if (parameter == null) {
          throw unknown(name, scan.span(start, start + name.length()));
        }
        given.put(name, value);
      } else if (byName) {
        throw scan.error(start, "an argument without a name after one with a name");
      } else if (next == parameters.size()) {
        throw new SyntaxError(tooMany(scan.span(start, scan.end())));
      } else {
        Parameter parameter = parameters.get(next++);
        given.put(
            parameter.name(),
            parameter.demand() == Demand.REST ? scan.rest() : scan.argument(values));
      }
      scan.skipComma();
    }
    complete(given, call);
    return given;
  }

  private void complete(Map<String, String> given, Statement call) {
    for (Parameter parameter : parameters) {
      if (given.getOrDefault(parameter.name(), "").isEmpty()) {
        if (parameter.demand() == Demand.REQUIRED) {
          throw new SyntaxError(
              Diagnostic.error(
                      "macro-argument",
                      call.span(),
                      "macro '" + name + "' needs a value for '" + parameter.name() + "'")
                  .note(at, "defined here"));
        }
        given.put(parameter.name(), parameter.preset());
      }
    }
  }

  private @Nullable Parameter parameter(String wanted) {
    return parameters.stream().filter(p -> p.name().equals(wanted)).findFirst().orElse(null);
  }

  private SyntaxError unknown(String wanted, Span span) {
    return new SyntaxError(
        Diagnostic.error(
                "macro-argument", span, "macro '" + name + "' has no parameter '" + wanted + "'")
            .note(at, "defined here" + list()));
  }

  private Diagnostic tooMany(Span span) {
    return Diagnostic.error(
            "macro-argument",
            span,
            "macro '" + name + "' takes " + count(parameters.size()) + ", and this is one more")
        .note(at, "defined here" + list());
  }

  private static String count(int n) {
    return n == 0 ? "no arguments" : n == 1 ? "1 argument" : n + " arguments";
  }

  private String list() {
    return parameters.isEmpty()
        ? ""
        : " with " + String.join(", ", parameters.stream().map(Parameter::name).toList());
  }

  /// {@return the statements that it makes of these arguments, in a source that is the twin of the
  /// one it was defined in}
  public List<Statement> expand(Map<String, String> arguments, Manner manner, Source twin) {
    return new Expander(body, arguments, manner).run().statements(twin);
  }

  /// {@return a source equal to the one it was defined in, but not the same}
  public Source twin() {
    return new Source(body.source().name(), body.source().text());
  }

  /// Copies a body and puts arguments where parameters are named.
  private static final class Expander {
    private final Passage body;
    private final Map<String, String> arguments;
    private final Manner manner;
    private final Map<String, String> locals = new HashMap<>();
    private final Passage out;
    private int at;
    private boolean quoted;

    Expander(Passage body, Map<String, String> arguments, Manner manner) {
      this.body = body;
      this.arguments = arguments;
      this.manner = manner;
      this.out = new Passage(body.source());
    }

    Passage run() {
      while (at < body.length()) {
        char c = body.at(at);
        if (c == '\\') {
          backslash();
        } else if (c == '&') {
          ampersand();
        } else if (manner.alternate() && startsName(at)) {
          bareName();
        } else {
          quoted ^= c == '"';
          out.copy(body, at++);
        }
      }
      return out;
    }

    private boolean startsName(int index) {
      return index < body.length()
          && Statement.isPartOfName(body.at(index))
          && !Character.isDigit(body.at(index));
    }

    private int nameEnd(int from) {
      int end = from;
      while (startsName(from) && end < body.length() && Statement.isPartOfName(body.at(end))) {
        end++;
      }
      return end;
    }

    private String word(int from, int to) {
      return body.text().substring(from, to);
    }

    private boolean follows(int index, char c) {
      return index < body.length() && body.at(index) == c;
    }

    private void backslash() {
      int next = at + 1;
      if (follows(next, '(')) {
        int close = body.text().indexOf(')', next);
        int end = close < 0 ? body.length() : close;
        for (int i = next + 1; i < end; i++) {
          out.copy(body, i);
        }
        at = Math.min(end + 1, body.length());
      } else if (follows(next, '@')) {
        out.replace(body, at, next + 1, Integer.toString(manner.number()));
        at = next + 1;
      } else if (follows(next, '&')) {
        out.copy(body, at);
        out.copy(body, next);
        at = next + 1;
      } else {
        named(next, '\'');
      }
    }

    /// A parameter's name after a backslash, with an apostrophe or not.
    private void named(int from, char closing) {
      int end = nameEnd(from);
      String value = arguments.get(word(from, end));
      if (value == null) {
        for (int i = at; i < end; i++) {
          out.copy(body, i);
        }
        at = Math.max(end, at + 1);
        return;
      }
      int stop = follows(end, closing) ? end + 1 : end;
      out.replace(body, at, stop, value);
      at = stop;
    }

    /// GNU as takes `&name` and `&name&` for a parameter as well.
    private void ampersand() {
      if (startsName(at + 1)) {
        named(at + 1, '&');
      } else {
        out.copy(body, at++);
      }
    }

    private void bareName() {
      int end = nameEnd(at);
      String word = word(at, end);
      if (word.equalsIgnoreCase("local") && !quoted && follows(end, ' ')) {
        local(end);
        return;
      }
      String value = locals.getOrDefault(word, arguments.get(word));
      if (value == null) {
        for (; at < end; at++) {
          out.copy(body, at);
        }
      } else {
        int stop = follows(end, '\'') ? end + 1 : end;
        out.replace(body, at, stop, value);
        at = stop;
      }
    }

    /// `LOCAL a, b` makes names that no other expansion has.
    private void local(int from) {
      int line = body.text().indexOf('\n', from);
      int end = line < 0 ? body.length() : line;
      for (String name : Words.of(word(from, end))) {
        if (!name.equals(",")) {
          locals.put(name, String.format(".LL%04x", manner.locals().getAsInt()));
        }
      }
      at = end;
    }
  }

  /// What an expression is worth at a place, for `%expression` under `.altmacro`.
  @FunctionalInterface
  public interface Values {
    long value(String expression, Span at);
  }

  /// {@return the values of `.irp`, one after the other}
  public static List<String> values(Statement head, int from, boolean alternate, Values values) {
    Scan scan = new Scan(head, from, alternate);
    List<String> result = new ArrayList<>();
    scan.skipBlanks();
    while (!scan.atEnd()) {
      result.add(scan.argument(values));
      scan.skipComma();
    }
    return result.isEmpty() ? List.of("") : result;
  }
}
