package tessera.assembler.parser;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/// Stops a parse at its first error: what follows it in one statement is noise.
final class FirstError extends DefaultErrorStrategy {
  private static final int MOST_SHOWN = 4;

  /// Where a parse stopped and what could have stood there. Carries no stack: trying an expression
  /// at a place where there may be none is ordinary.
  static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Token token;
    private final String expected;

    Stop(Token token, String expected) {
      super(expected, null, false, false);
      this.token = token;
      this.expected = expected;
    }

    Token token() {
      return token;
    }

    String expected() {
      return expected;
    }
  }

  @Override
  public void recover(Parser recognizer, RecognitionException e) {
    throw stop(recognizer, e.getOffendingToken());
  }

  @Override
  public Token recoverInline(Parser recognizer) {
    throw stop(recognizer, recognizer.getCurrentToken());
  }

  @Override
  public void reportError(Parser recognizer, RecognitionException e) {
    // said once, by whoever catches the stop
  }

  @Override
  public void sync(Parser recognizer) {
    // no guessing ahead: the rule itself finds the error
  }

  private static Stop stop(Parser recognizer, Token at) {
    return new Stop(at, words(recognizer.getExpectedTokens()));
  }

  private static String words(IntervalSet expected) {
    List<String> words = new ArrayList<>();
    boolean expression = expected.contains(AsmParser.INTEGER) && expected.contains(AsmParser.LOCAL);
    if (expression) {
      words.add("an expression");
    }
    for (int type : expected.toArray()) {
      String word = word(type, expression);
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words.size() > MOST_SHOWN ? "" : String.join(" or ", words);
  }

  private static String word(int type, boolean expression) {
    return switch (type) {
      case Token.EOF -> "the end of the statement";
      case AsmParser.IDENTIFIER -> expression ? "" : "a name";
      case AsmParser.STRING -> expression ? "" : "a string";
      case AsmParser.INTEGER, AsmParser.FLOAT -> expression ? "" : "a number";
      case AsmParser.LOCAL, AsmParser.CHARACTER -> "";
      default -> {
        String literal = AsmParser.VOCABULARY.getLiteralName(type);
        yield literal == null || expression && "'-' '+' '~' '!' '('".contains(literal)
            ? ""
            : literal;
      }
    };
  }
}
