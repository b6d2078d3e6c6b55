package tessera.assembler.parser;

import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/// The words of a text as a line would be split.
public final class Words {
  private Words() {}

  /// {@return the words of `text`}
  public static List<String> of(String text) {
    AsmLexer lexer = new AsmLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    return lexer.getAllTokens().stream().map(Token::getText).toList();
  }
}
