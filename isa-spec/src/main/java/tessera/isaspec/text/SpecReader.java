package tessera.isaspec.text;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.parser.IsaLexer;
import tessera.isaspec.parser.IsaParser;

/// Text to [SpecText]: lexes, parses, and copies the tree into records.
public final class SpecReader {
  /// Nesting beyond this is refused before parsing, since parsing recurses.
  private static final int DEEPEST = 200;

  /// Tokens that may stand around a token without a separator between them: operators nest too.
  private static final int LONGEST = 1000;

  private final Source source;
  private final int base;
  private final Diagnostics diagnostics;

  private SpecReader(Source source, int base, Diagnostics diagnostics) {
    this.source = source;
    this.base = base;
    this.diagnostics = diagnostics;
  }

  /// {@return the text's items, or null after syntax errors, which are added to `diagnostics`}
  public static @Nullable SpecText read(Source source, Diagnostics diagnostics) {
    return new SpecReader(source, 0, diagnostics).file();
  }

  /// {@return the expression in a hole of a name or text; after an error a number 0}
  static Term hole(Source source, int at, String raw, Diagnostics diagnostics) {
    if (raw.matches("[A-Za-z_][A-Za-z_0-9]*")) {
      return new Term.Name(raw, new Span(source, at, at + raw.length()));
    }
    SpecReader reader = new SpecReader(source, at, diagnostics);
    int before = diagnostics.errors();
    IsaParser parser = reader.parser(raw);
    IsaParser.HoleContext tree = parser == null ? null : parser.hole();
    if (tree == null || diagnostics.errors() > before) {
      return new Term.Num(java.math.BigInteger.ZERO, 0, new Span(source, at, at + raw.length()));
    }
    return new TermReader(source, at, diagnostics).expr(tree.expr());
  }

  private @Nullable SpecText file() {
    int before = diagnostics.errors();
    IsaParser parser = parser(source.text());
    if (parser == null) {
      return null;
    }
    IsaParser.FileContext tree = parser.file();
    if (diagnostics.errors() > before) {
      return null;
    }
    List<Item> items = new ItemReader(source, diagnostics).items(tree.item());
    return diagnostics.errors() > before ? null : new SpecText(source, items);
  }

  private @Nullable IsaParser parser(String text) {
    IsaLexer lexer = new IsaLexer(CharStreams.fromString(text, source.name()));
    lexer.removeErrorListeners();
    CommonTokenStream tokens = new CommonTokenStream(lexer);
    tokens.fill();
    if (!depthFits(tokens)) {
      return null;
    }
    IsaParser parser = new IsaParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(new Listener());
    // No decision of the grammar needs full context (docs/decisions.md), so SLL alone is exact.
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    return parser;
  }

  private boolean depthFits(CommonTokenStream tokens) {
    int[] since = new int[DEEPEST + 2];
    int level = 0;
    int open = 0;
    List<Token> all = tokens.getTokens();
    for (int i = 0; i < all.size(); i++) {
      Token token = all.get(i);
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        continue;
      }
      switch (token.getText()) {
        case "(", "[", "{" -> {
          level++;
          since[level] = 0;
        }
        case ")", "]", "}" -> {
          open -= since[level];
          level = Math.max(0, level - 1);
          if (token.getText().equals("}") && !nextIs(all, i, "else")) {
            open -= since[level];
            since[level] = 0;
          }
        }
        case ";", "," -> {
          open -= since[level];
          since[level] = 0;
        }
        default -> {
          since[level]++;
          open++;
        }
      }
      if (level > DEEPEST || open > LONGEST) {
        String what =
            level > DEEPEST
                ? "brackets are nested more than " + DEEPEST + " deep"
                : "this is longer than " + LONGEST + " words without a separator";
        diagnostics.add(
            Diagnostic.error("nesting", span(token), what)
                .help("name a part of it with `let`, `const` or `fn`"));
        return false;
      }
    }
    return true;
  }

  private static boolean nextIs(List<Token> tokens, int i, String word) {
    for (int k = i + 1; k < tokens.size(); k++) {
      if (tokens.get(k).getChannel() == Token.DEFAULT_CHANNEL) {
        return tokens.get(k).getText().equals(word);
      }
    }
    return false;
  }

  private Span span(Token token) {
    int end = source.text().length();
    int from = Math.min(base + token.getStartIndex(), end);
    int to = Math.min(base + token.getStopIndex() + 1, end);
    return new Span(source, from, Math.max(from, to));
  }

  /// Says what could stand in a place in few words: a name, not the hundred soft words.
  private final class Listener extends BaseErrorListener {
    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object offending,
        int line,
        int column,
        String message,
        @Nullable RecognitionException cause) {
      Token token = (Token) offending;
      String got =
          token == null || token.getType() == Token.EOF
              ? "the end of the text"
              : "'" + token.getText() + "'";
      String expected = recognizer instanceof Parser parser ? expected(parser, cause) : "";
      Span at = token == null ? new Span(source, base, base) : span(token);
      String text =
          expected.isEmpty() ? "unexpected " + got : "expected " + expected + ", got " + got;
      diagnostics.add(Diagnostic.error("syntax", at, text));
    }

    private String expected(Parser parser, @Nullable RecognitionException cause) {
      IntervalSet set =
          cause == null || cause instanceof InputMismatchException
              ? parser.getExpectedTokens()
              : cause.getExpectedTokens();
      if (set == null) {
        return "";
      }
      List<String> words = new ArrayList<>();
      if (set.contains(IsaParser.ID)) {
        words.add("a name");
      }
      for (int type : set.toList()) {
        String word = parser.getVocabulary().getLiteralName(type);
        boolean soft = word != null && Character.isLetter(word.charAt(1));
        if (type == IsaParser.NUMBER) {
          words.add("a number");
        } else if (type == IsaParser.STRING) {
          words.add("a text");
        } else if (word != null && !(soft && set.contains(IsaParser.ID))) {
          words.add(word);
        }
      }
      return words.size() > 8
          ? String.join(", ", words.subList(0, 8)) + ", …"
          : String.join(" or ", words);
    }
  }
}
