package tessera.assembler.parser;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// A statement, read as far as its first name. What follows is read as that name demands: the
/// arguments of a directive by a rule of the grammar, the operands of an instruction token by
/// token. It is good until the next line is read.
public final class Line {

  /// A label before the statement; a number makes it a numeric one.
  public record Label(String name, @Nullable Integer number, Span span) {}

  /// What a statement does.
  public sealed interface Body {
    /// Nothing but its labels.
    record None() implements Body {}

    /// `name = …`
    record Assignment(String name, boolean once, Span span) implements Body {}

    /// A directive or an instruction.
    record Operation(String name, Span span) implements Body {}
  }

  /// An operand that is an expression, and the token after it.
  public record Read(Node.Operand operand, int next) {}

  private final Statement statement;
  private final LineReader reader;
  private final int serial;
  private final List<Token> tokens;
  private final List<Label> labels;
  private final Body body;
  private final int first;
  private final Map<Integer, Object> operands = new HashMap<>();

  Line(
      Statement statement,
      LineReader reader,
      int serial,
      List<Token> tokens,
      List<Label> labels,
      Body body,
      int first) {
    this.statement = statement;
    this.reader = reader;
    this.serial = serial;
    this.tokens = tokens;
    this.labels = labels;
    this.body = body;
    this.first = first;
  }

  public Statement statement() {
    return statement;
  }

  public List<Label> labels() {
    return labels;
  }

  public Body body() {
    return body;
  }

  /// {@return the index of the first token after the name}
  public int first() {
    return first;
  }

  /// {@return the index after the last token}
  public int end() {
    return tokens.size() - 1;
  }

  /// {@return where in the statement the text after the name starts}
  public int restFrom() {
    return end(first - 1);
  }

  /// {@return the text after the name}
  public String rest() {
    return statement.text().substring(restFrom());
  }

  /// {@return where in the statement a token ends}
  public int end(int index) {
    return index < 0 ? 0 : tokens.get(index).getStopIndex() + 1;
  }

  /// Makes sure that nothing stands at a token.
  ///
  /// @throws SyntaxError if something does
  public void requireEnd(int index) {
    if (index < end()) {
      throw new SyntaxError(
          Diagnostic.error(
              "syntax",
              span(index),
              "expected the end of the statement, got '" + text(index) + "'"));
    }
  }

  /// {@return the text of a token; at the end it is empty}
  public String text(int index) {
    return index >= end() ? "" : tokens.get(index).getText();
  }

  /// {@return whether a token is a name}
  public boolean isName(int index) {
    return index < end() && tokens.get(index).getType() == AsmParser.IDENTIFIER;
  }

  /// {@return whether a token is a number, whole or not}
  public boolean isNumber(int index) {
    int type = tokens.get(Math.min(index, end())).getType();
    return type == AsmParser.INTEGER || type == AsmParser.FLOAT;
  }

  /// {@return the place of a token; of the end, the place after the last one}
  public Span span(int index) {
    Token token = tokens.get(Math.min(index, end()));
    if (index >= end()) {
      int last = statement.text().stripTrailing().length();
      return statement.span(last, last);
    }
    return statement.span(token.getStartIndex(), token.getStopIndex() + 1);
  }

  /// {@return the place of tokens `from` to `to`, the last not included}
  public Span span(int from, int to) {
    return to <= from ? span(from) : span(from).to(span(to - 1));
  }

  /// {@return the place of all that is not labels}
  public Span operationSpan() {
    return switch (body) {
      case Body.None _ -> span(0, end());
      case Body.Assignment(_, _, var at) -> at.to(span(end() - 1));
      case Body.Operation(_, var at) -> at.to(span(end() - 1));
    };
  }

  /// {@return the expression or relocation function that starts at a token, or null}
  public @Nullable Read operand(int index) {
    return operands.computeIfAbsent(index, this::readOperand) instanceof Read read ? read : null;
  }

  private Object readOperand(int index) {
    try {
      return reader.operand(this, index);
    } catch (FirstError.Stop stop) {
      return stop;
    } catch (SyntaxError error) {
      return error;
    }
  }

  /// {@return why no expression starts at a token}
  public Diagnostic noOperand(int index) {
    return switch (operands.computeIfAbsent(index, this::readOperand)) {
      case FirstError.Stop stop -> reader.unexpected(this, stop);
      case SyntaxError error -> error.diagnostic();
      default -> throw new IllegalArgumentException("there is an expression");
    };
  }

  /// {@return what a rule of the grammar makes of all after the name}
  ///
  /// @throws SyntaxError where it does not fit
  public <C> C arguments(Function<AsmParser, C> rule) {
    return reader.parse(this, first, rule);
  }

  /// {@return the text of the source from token `from` to token `to`, the last not included}
  public String source(int from, int to) {
    return to <= from
        ? ""
        : statement
            .text()
            .substring(tokens.get(from).getStartIndex(), tokens.get(to - 1).getStopIndex() + 1);
  }

  /// {@return which of its reader's lines this is}
  int serial() {
    return serial;
  }
}
