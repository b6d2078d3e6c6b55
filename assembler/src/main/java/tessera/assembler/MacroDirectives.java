package tessera.assembler;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.AsmParser;
import tessera.assembler.parser.Input;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.Literals;
import tessera.assembler.parser.Macro;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.Scan;
import tessera.assembler.parser.Statement;
import tessera.assembler.parser.SyntaxError;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// The directives that decide which statements are read: macros, repetitions, conditions, files.
final class MacroDirectives {
  private static final Set<String> REPETITIONS =
      Set.of(".rept", ".rep", ".irp", ".irpc", ".irep", ".irepc");

  private final Assembly assembly;
  private final Input input;
  private final Conditions conditions;
  private final Map<String, Macro> macros = new HashMap<>();
  private boolean alternate;
  private int expansions;
  private int locals;

  MacroDirectives(Assembly assembly, Input input, Conditions conditions) {
    this.assembly = assembly;
    this.input = input;
    this.conditions = conditions;
  }

  void addTo(Map<String, Directives.Handler> handlers) {
    handlers.put(".macro", this::define);
    handlers.put(".purgem", this::purge);
    handlers.put(".exitm", (line, at) -> exit(at));
    handlers.put(".mexit", (line, at) -> exit(at));
    handlers.put(".altmacro", (line, at) -> alternate = true);
    handlers.put(".noaltmacro", (line, at) -> alternate = false);
    handlers.put(".rept", this::repeat);
    handlers.put(".rep", this::repeat);
    handlers.put(".irp", (line, at) -> loop(line, at, false));
    handlers.put(".irpc", (line, at) -> loop(line, at, true));
    handlers.put(".endm", (line, at) -> unbalanced(".macro", at));
    handlers.put(".endr", (line, at) -> unbalanced(".rept", at));
    handlers.put(".error", (line, at) -> say(line, at, true));
    handlers.put(".warning", (line, at) -> say(line, at, false));
    handlers.put(".err", (line, at) -> say(line, at, true));
    handlers.put(".include", this::include);
    handlers.put(".incbin", this::bytes);
    addConditions(handlers);
  }

  private static void unbalanced(String open, Span at) {
    throw new SyntaxError(
        Diagnostic.error("unbalanced", at, at.text() + " without " + open + " before it"));
  }

  /// `.error "…"`: what the text itself says is wrong.
  private void say(Line line, Span at, boolean error) {
    String text = line.text(line.first());
    String message = text.startsWith("\"") ? Literals.text(text) : at.text() + " was reached";
    assembly
        .diagnostics()
        .add(
            error
                ? Diagnostic.error("user-error", at, message)
                : Diagnostic.warning("user-warning", at, message));
  }

  // Macros

  private void define(Line line, Span at) {
    List<Statement> body = block(Set.of(".macro"), ".endm", at);
    if (body == null) {
      return;
    }
    Macro macro = Macro.of(line.statement(), line.restFrom(), body, alternate);
    Macro other = macros.get(macro.name());
    if (other != null) {
      throw new SyntaxError(
          Diagnostic.error(
                  "duplicate-macro", macro.at(), "macro '" + macro.name() + "' is defined already")
              .note(other.at(), "here")
              .help(".purgem " + macro.name() + " forgets it"));
    }
    macros.put(macro.name(), macro);
  }

  /// {@return the statements of a block, or null with a complaint if nothing closes it}
  private @Nullable List<Statement> block(Set<String> open, String close, Span at) {
    List<Statement> body = input.block(open, close);
    if (body == null) {
      assembly
          .diagnostics()
          .add(
              Diagnostic.error(
                  "unbalanced", at, "no " + close + " closes this before the text ends"));
    }
    return body;
  }

  private void purge(Line line, Span at) {
    assembly
        .directives()
        .names(line)
        .forEach((name, span) -> {
          if (macros.remove(name.toLowerCase(Locale.ROOT)) == null) {
            throw new SyntaxError(
                Diagnostic.error("unknown-macro", span, "there is no macro '" + name + "'"));
          }
        });
  }

  private void exit(Span at) {
    if (!input.isExpanding()) {
      throw new SyntaxError(
          Diagnostic.error("unbalanced", at, at.text() + " outside of a macro or repetition"));
    }
    conditions.cut(input.leave());
  }

  /// {@return the macro of that name, or null}
  @Nullable Macro find(String name) {
    return macros.isEmpty() ? null : macros.get(name.toLowerCase(Locale.ROOT));
  }

  /// {@return the names of all macros}
  Set<String> names() {
    return macros.keySet();
  }

  /// Reads what a macro makes of a call.
  void call(Macro macro, Line line, Span at) {
    Macro.Manner manner = manner(expansions);
    Map<String, String> arguments =
        macro.arguments(line.statement(), line.restFrom(), manner, this::value);
    expansions++;
    Source twin = macro.twin();
    input.because(twin, new Input.Cause("in expansion of macro '" + macro.name() + "'", at));
    input.expand(List.of(macro.expand(arguments, manner, twin)).iterator(), at, conditions.depth());
  }

  private Macro.Manner manner(int number) {
    return new Macro.Manner(number, alternate, () -> ++locals);
  }

  private long value(String expression, Span at) {
    return assembly.number(expression, at);
  }

  // Repetitions

  private void repeat(Line line, Span at) {
    List<Statement> body = block(REPETITIONS, ".endr", at);
    if (body == null) {
      return;
    }
    Node count = assembly.directives().single(line);
    long times = assembly.scope().required(count);
    if (times < 0) {
      assembly
          .diagnostics()
          .add(Diagnostic.warning("directive-argument", count.span(), "a negative count"));
    }
    Macro macro = Macro.loop(".rept", line.statement(), "", body);
    expand(at, Math.clamp(times, 0, Integer.MAX_VALUE), macro, _ -> Map.of(), _ -> "");
  }

  /// The statements of each round are made when it comes.
  private void expand(
      Span at,
      int rounds,
      Macro macro,
      IntFunction<Map<String, String>> arguments,
      IntFunction<String> described) {
    Iterator<List<Statement>> parts =
        IntStream.range(0, rounds)
            .mapToObj(i -> {
              Source twin = macro.twin();
              input.because(twin, new Input.Cause("in " + macro.name() + described.apply(i), at));
              return macro.expand(arguments.apply(i), manner(expansions), twin);
            })
            .iterator();
    input.expand(parts, at, conditions.depth());
  }

  private void loop(Line line, Span at, boolean characters) {
    List<Statement> body = block(REPETITIONS, ".endr", at);
    if (body == null) {
      return;
    }
    int first = line.first();
    if (!line.isName(first)) {
      throw new SyntaxError(
          Diagnostic.error("macro-argument", line.span(first), "expected the name of a parameter"));
    }
    String parameter = line.text(first);
    int start = line.text(first + 1).equals(",") ? line.end(first + 1) : line.end(first);
    List<String> values =
        characters
            ? characters(line.statement().text().substring(start).strip())
            : Macro.values(line.statement(), start, alternate, this::value);
    expand(
        at,
        values.size(),
        Macro.loop(at.text(), line.statement(), parameter, body),
        i -> Map.of(parameter, values.get(i)),
        i -> " with " + parameter + " = " + values.get(i));
  }

  /// Of a string its characters, else those that are not blank.
  private static List<String> characters(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    String plain = quoted ? text.substring(1, text.length() - 1) : text;
    List<String> found =
        plain
            .codePoints()
            .filter(c -> quoted || !Character.isWhitespace(c))
            .mapToObj(Character::toString)
            .toList();
    return found.isEmpty() ? List.of("") : found;
  }

  // Conditions

  /// Decides whether a condition holds.
  @FunctionalInterface
  private interface Test {
    boolean holds(Line line);
  }

  private void addConditions(Map<String, Directives.Handler> handlers) {
    condition(handlers, ".if", line -> number(line) != 0);
    condition(handlers, ".ifne", line -> number(line) != 0);
    condition(handlers, ".ifeq", line -> number(line) == 0);
    condition(handlers, ".iflt", line -> number(line) < 0);
    condition(handlers, ".ifle", line -> number(line) <= 0);
    condition(handlers, ".ifgt", line -> number(line) > 0);
    condition(handlers, ".ifge", line -> number(line) >= 0);
    condition(handlers, ".ifdef", this::isDefined);
    condition(handlers, ".ifndef", line -> !isDefined(line));
    condition(handlers, ".ifnotdef", line -> !isDefined(line));
    condition(handlers, ".ifb", line -> line.rest().isBlank());
    condition(handlers, ".ifnb", line -> !line.rest().isBlank());
    condition(handlers, ".ifc", MacroDirectives::areEqualTexts);
    condition(handlers, ".ifnc", line -> !areEqualTexts(line));
    condition(handlers, ".ifeqs", MacroDirectives::areEqualStrings);
    condition(handlers, ".ifnes", line -> !areEqualStrings(line));
    handlers.put(
        ".elseif", (line, at) -> conditions.elseIf(conditions.asks(at) && number(line) != 0, at));
    handlers.put(".else", (line, at) -> conditions.otherwise(at));
    handlers.put(".endif", (line, at) -> conditions.end(at));
    handlers.put(".endc", (line, at) -> conditions.end(at));
  }

  private void condition(Map<String, Directives.Handler> handlers, String name, Test test) {
    handlers.put(
        name,
        (line, at) -> {
          boolean holds;
          try {
            holds = test.holds(line);
          } catch (SyntaxError error) {
            // Neither branch is read: what it would say is noise.
            conditions.beginSkipped(at);
            throw error;
          }
          conditions.begin(holds, at);
        });
  }

  private long number(Line line) {
    return assembly.scope().required(assembly.directives().single(line));
  }

  private boolean isDefined(Line line) {
    return assembly.directives().names(line).keySet().stream()
        .limit(1)
        .map(assembly.program()::find)
        .anyMatch(s -> s != null && s.isDefined());
  }

  private static boolean areEqualTexts(Line line) {
    Scan scan = new Scan(line.statement(), line.restFrom(), false);
    String first = scan.upToComma();
    if (scan.isPastEnd()) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument", line.operationSpan(), "expected two texts with a comma"));
    }
    return first.equals(scan.remaining());
  }

  private static boolean areEqualStrings(Line line) {
    List<byte[]> strings =
        line.arguments(AsmParser::strings).STRING().stream()
            .map(s -> Literals.string(s.getText()))
            .toList();
    if (strings.size() != 2) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", line.operationSpan(), "expected two strings"));
    }
    return Arrays.equals(strings.getFirst(), strings.getLast());
  }

  /// Follows the conditions where nothing is read.
  void skip(Statement statement) {
    String directive = statement.directive();
    switch (directive) {
      case ".else", ".elseif", ".endif", ".endc" -> assembly.readAnyway(statement);
      default -> {
        if (directive.startsWith(".if")) {
          conditions.beginSkipped(statement.span());
        }
      }
    }
  }

  // Files

  private Sources.Answer.Found file(Line line, Span at) {
    String name = line.text(line.first());
    if (!name.startsWith("\"")) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              line.span(line.first()),
              "expected a file's name" + " in quotes"));
    }
    Span span = line.span(line.first());
    String path = Literals.text(name);
    return switch (assembly.files().find(path, at.source())) {
      case Sources.Answer.Found found -> found;
      case Sources.Answer.Refused(var reason, var help) ->
          throw new SyntaxError(
              Diagnostic.error("no-file", span, "'" + path + "' " + reason).help(help));
    };
  }

  private void include(Line line, Span at) {
    Sources.Answer.Found file = file(line, at);
    line.requireEnd(line.first() + 1);
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(file.contents().asBuffer()).toString();
      input.include(new Source(file.name(), text), at, conditions.depth());
    } catch (CharacterCodingException e) {
      throw new SyntaxError(
          Diagnostic.error("no-file", line.span(line.first()), file.name() + " is no text"));
    }
  }

  /// `.incbin "file", skip, count`
  private void bytes(Line line, Span at) {
    Sources.Answer.Found file = file(line, at);
    AsmParser.ExcerptContext arguments = line.arguments(AsmParser::excerpt);
    List<@Nullable Node> numbers = assembly.directives().optionals(line, arguments.optional());
    int length = file.contents().length();
    long skip = numbers.isEmpty() ? 0 : assembly.directives().required(numbers.getFirst(), 0);
    long count =
        numbers.size() < 2
            ? length - skip
            : assembly.directives().required(numbers.getLast(), length - skip);
    if (skip < 0 || count < 0 || skip > length || count > length - skip) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              line.operationSpan(),
              "bytes " + skip + " to " + (skip + count) + " of a file of " + length));
    }
    assembly.program().bytes(file.contents().slice((int) skip, (int) (skip + count)).toArray(), at);
  }
}
