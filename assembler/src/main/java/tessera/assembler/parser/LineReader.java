package tessera.assembler.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// Reads statements, one at a time.
public final class LineReader {
  /// The deepest nesting of brackets and signs, so that no statement runs a parser out of stack.
  private static final int DEEPEST = 200;

  private static final Set<String> SIGNS = Set.of("-", "+", "~", "!");

  private final AsmLexer lexer = new AsmLexer(CharStreams.fromString(""));
  private final CommonTokenStream stream = new CommonTokenStream(lexer);
  private final AsmParser parser = new AsmParser(stream);

  private int serial;

  public LineReader() {
    lexer.removeErrorListeners();
    parser.removeErrorListeners();
    parser.setErrorHandler(new FirstError());
  }

  /// {@return the statement's labels and its first name}
  ///
  /// @throws SyntaxError where it can not be read
  public Line read(Statement statement) {
    lexer.setInputStream(CharStreams.fromString(statement.text()));
    stream.setTokenSource(lexer);
    stream.fill();
    parser.setTokenStream(stream);
    List<Token> tokens = List.copyOf(stream.getTokens());
    checkDepth(statement, tokens);
    AsmParser.HeadContext head;
    try {
      head = parser.head();
    } catch (FirstError.Stop stop) {
      throw new SyntaxError(unexpected(statement, stop));
    }
    serial++;
    Line line =
        new Line(
            statement,
            this,
            serial,
            tokens,
            labels(statement, head),
            body(statement, head),
            stream.index());
    if (line.body() instanceof Line.Body.None && line.first() < line.end()) {
      throw new SyntaxError(strayToken(line));
    }
    return line;
  }

  private static Diagnostic strayToken(Line line) {
    String text = line.text(line.first());
    String message =
        text.startsWith("\"")
            ? "a string without its closing quote, or where none can stand"
            : "expected a label, a directive or an instruction, got '" + text + "'";
    return Diagnostic.error("syntax", line.span(line.first()), message);
  }

  private static void checkDepth(Statement statement, List<Token> tokens) {
    int depth = 0;
    int signs = 0;
    for (Token token : tokens) {
      String text = token.getText();
      depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
      signs = SIGNS.contains(text) ? signs + 1 : 0;
      if (depth + signs > DEEPEST) {
        throw new SyntaxError(
            Diagnostic.error(
                "too-deep", span(statement, token), "brackets nest deeper than " + DEEPEST));
      }
    }
  }

  private static List<Line.Label> labels(Statement statement, AsmParser.HeadContext head) {
    List<Line.Label> labels = new ArrayList<>();
    for (AsmParser.LabelContext label : head.label()) {
      Span span = span(statement, label.start);
      labels.add(
          label.INTEGER() == null
              ? new Line.Label(name(label.name()), null, span)
              : new Line.Label("", number(label.INTEGER().getText(), span), span));
    }
    return labels;
  }

  private static int number(String text, Span span) {
    if (text.length() > 9 || !text.chars().allMatch(Character::isDigit)) {
      throw new SyntaxError(
          Diagnostic.error("syntax", span, "a numeric label is a decimal number below 10^9"));
    }
    return Integer.parseInt(text);
  }

  private static Line.Body body(Statement statement, AsmParser.HeadContext head) {
    if (head.assignment() != null) {
      AsmParser.AssignmentContext a = head.assignment();
      return new Line.Body.Assignment(
          name(a.name()), a.stop.getText().equals("=="), span(statement, a.start));
    }
    if (head.operation() != null) {
      Token name = head.operation().start;
      return new Line.Body.Operation(name.getText(), span(statement, name));
    }
    return new Line.Body.None();
  }

  /// {@return the name that a token or string spells}
  public static String name(AsmParser.NameContext name) {
    return name.STRING() == null ? name.getText() : Literals.text(name.STRING().getText());
  }

  private static Span span(Statement statement, Token token) {
    int from = token.getStartIndex();
    return token.getType() == Token.EOF
        ? statement.span(statement.text().stripTrailing().length(), 0)
        : statement.span(from, token.getStopIndex() + 1);
  }

  /// {@return what a rule makes of the tokens of a line from `index` on}
  <C> C parse(Line line, int index, Function<AsmParser, C> rule) {
    bind(line, index);
    try {
      return rule.apply(parser);
    } catch (FirstError.Stop stop) {
      throw new SyntaxError(unexpected(line, stop));
    }
  }

  private void bind(Line line, int index) {
    if (line.serial() != serial) {
      throw new IllegalStateException("the line is not the latest that was read");
    }
    parser.reset();
    stream.seek(index);
  }

  Line.Read operand(Line line, int index) {
    bind(line, index);
    AsmParser.OperandContext operand = parser.operand();
    return new Line.Read(new Nodes(line.statement()).operand(operand), stream.index());
  }

  Diagnostic unexpected(Line line, FirstError.Stop stop) {
    return unexpected(line.statement(), stop);
  }

  private static Diagnostic unexpected(Statement statement, FirstError.Stop stop) {
    Token token = stop.token();
    if (token.getText().equals("\"")) {
      return Diagnostic.error(
          "syntax", span(statement, token), "a string without its closing quote");
    }
    String got =
        token.getType() == Token.EOF ? "the end of the statement" : "'" + token.getText() + "'";
    String message =
        stop.expected().isEmpty()
            ? "unexpected " + (token.getType() == Token.EOF ? "end of the statement" : got)
            : "expected " + stop.expected() + ", got " + got;
    return Diagnostic.error("syntax", span(statement, token), message);
  }

  /// {@return the number of a token, or null}
  static @Nullable Long integer(Token token) {
    return Literals.integer(token.getText());
  }
}
