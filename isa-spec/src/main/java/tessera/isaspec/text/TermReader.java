package tessera.isaspec.text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.parser.IsaParser;

/// Copies expressions, types and statements out of the parse tree.
class TermReader {
  private static final int LONGEST_NUMBER = 1000;

  final Source source;
  final Diagnostics diagnostics;
  private final int base;

  TermReader(Source source, int base, Diagnostics diagnostics) {
    this.source = source;
    this.base = base;
    this.diagnostics = diagnostics;
  }

  Span span(ParserRuleContext context) {
    Token stop = context.getStop() == null ? context.getStart() : context.getStop();
    int from = base + context.getStart().getStartIndex();
    return new Span(source, from, Math.max(from, base + stop.getStopIndex() + 1));
  }

  Span span(Token token) {
    return new Span(source, base + token.getStartIndex(), base + token.getStopIndex() + 1);
  }

  // Expressions

  Term expr(IsaParser.ExprContext context) {
    return switch (context) {
      case IsaParser.LambdaContext c -> new Term.Lambda(ids(c.ids()), expr(c.expr()), span(c));
      case IsaParser.ChoiceContext c ->
          c.expr().isEmpty()
              ? or(c.or())
              : new Term.Choice(or(c.or()), expr(c.expr(0)), expr(c.expr(1)), span(c));
      default -> throw new AssertionError(context.getClass());
    };
  }

  private Term or(IsaParser.OrContext context) {
    return chain(context.and().stream().map(this::and).toList(), Term.Infix.EITHER);
  }

  private Term and(IsaParser.AndContext context) {
    return chain(context.compare().stream().map(this::compare).toList(), Term.Infix.BOTH);
  }

  private static Term chain(List<Term> terms, Term.Infix op) {
    Term result = terms.getFirst();
    for (Term term : terms.subList(1, terms.size())) {
      result = new Term.Binary(op, result, term, result.span().to(term.span()));
    }
    return result;
  }

  private Term compare(IsaParser.CompareContext context) {
    Term left = bitwise(context.bitwise(0));
    if (context.compareOp() != null) {
      Term right = bitwise(context.bitwise(1));
      return new Term.Binary(infix(context.compareOp().getText()), left, right, span(context));
    }
    return context.range() == null
        ? left
        : new Term.Within(left, range(context.range()), span(context));
  }

  Term bitwise(IsaParser.BitwiseContext context) {
    if (context.sum() != null) {
      return sum(context.sum());
    }
    StringBuilder op = new StringBuilder();
    for (ParseTree child : context.children) {
      if (child instanceof TerminalNode) {
        op.append(child.getText());
      }
    }
    return new Term.Binary(
        infix(op.toString()),
        bitwise(context.bitwise(0)),
        bitwise(context.bitwise(1)),
        span(context));
  }

  Term sum(IsaParser.SumContext context) {
    if (context.postfix() != null) {
      return postfix(context.postfix());
    }
    if (context.sum().size() == 1) {
      Term of = sum(context.sum(0));
      return new Term.Unary(prefix(context.getChild(0).getText()), of, span(context));
    }
    String op = context.getChild(1).getText();
    return new Term.Binary(infix(op), sum(context.sum(0)), sum(context.sum(1)), span(context));
  }

  private static Term.Prefix prefix(String sign) {
    return switch (sign) {
      case "-" -> Term.Prefix.MINUS;
      case "~" -> Term.Prefix.COMPLEMENT;
      default -> Term.Prefix.NOT;
    };
  }

  private static Term.Infix infix(String sign) {
    for (Term.Infix op : Term.Infix.values()) {
      if (op.sign().equals(sign)) {
        return op;
      }
    }
    throw new AssertionError(sign);
  }

  Term postfix(IsaParser.PostfixContext context) {
    Term term = primary(context.primary());
    for (IsaParser.SuffixContext suffix : context.suffix()) {
      Span span = term.span().to(span(suffix));
      term =
          switch (suffix) {
            case IsaParser.MemberContext c -> new Term.Member(term, c.id().getText(), span);
            case IsaParser.CallContext c -> new Term.Call(term, args(c.args()), span);
            case IsaParser.AtContext c -> at(term, c.index(), span);
            case IsaParser.TypedContext c -> typed(term, c, span);
            case IsaParser.RereadContext c -> new Term.As(term, c.id().getText(), span);
            default -> throw new AssertionError(suffix.getClass());
          };
    }
    return term;
  }

  private Term typed(Term term, IsaParser.TypedContext c, Span span) {
    Term generic = new Term.Generic(term, typeArg(c.typeArg()), span);
    return c.args() != null
        ? new Term.Call(generic, args(c.args()), span)
        : at(generic, c.index(), span);
  }

  private Term at(Term of, IsaParser.IndexContext context, Span span) {
    List<Term> terms = context.expr().stream().map(this::expr).toList();
    boolean slice = context.getChildCount() == 5 && context.getChild(2).getText().equals(":");
    return slice
        ? new Term.Bits(of, terms.get(0), terms.get(1), span)
        : new Term.At(of, terms, span);
  }

  private Term primary(IsaParser.PrimaryContext context) {
    Span span = span(context);
    if (context.NUMBER() != null) {
      return number(context.getText(), span);
    }
    if (context.STRING() != null) {
      return new Term.Str(unquote(context.STRING()), span);
    }
    if (context.id() != null) {
      return new Term.Name(context.getText(), span);
    }
    if (context.NAME() != null) {
      return new Term.HoledName(holedName(context.NAME()), span);
    }
    if (context.tuple() != null) {
      List<Term> elements = context.tuple().value().stream().map(this::value).toList();
      return elements.size() == 1 ? elements.getFirst() : new Term.Tuple(elements, span);
    }
    if (context.array() != null) {
      return array(context.array());
    }
    if (context.matchExpr() != null) {
      return match(context.matchExpr());
    }
    return new Term.Truth(context.getText().equals("true"), span);
  }

  private Term match(IsaParser.MatchExprContext context) {
    List<Term.Arm> arms = new ArrayList<>();
    for (IsaParser.MatchArmContext arm : context.matchArm()) {
      arms.add(new Term.Arm(pattern(arm.pattern()), expr(arm.expr())));
    }
    return new Term.Match(expr(context.expr()), arms, span(context));
  }

  Term array(IsaParser.ArrayContext context) {
    if (context.id() != null) {
      return new Term.ArrayOver(
          context.id().getText(), range(context.range()), expr(context.expr()), span(context));
    }
    return new Term.Array(context.value().stream().map(this::value).toList(), span(context));
  }

  /// {@return a number; after an error 0}
  Term number(String text, Span span) {
    String digits = text.replace("_", "");
    boolean hex = digits.startsWith("0x");
    boolean binary = digits.startsWith("0b");
    String code = hex || binary ? digits.substring(2) : digits;
    if (code.isEmpty() || code.length() > LONGEST_NUMBER) {
      error(
          "literal-fit",
          span,
          code.isEmpty()
              ? "expected digits after " + digits
              : "a number has at most " + LONGEST_NUMBER + " digits");
      return new Term.Num(BigInteger.ZERO, 1, span);
    }
    if (hex || binary) {
      int width = (hex ? 4 : 1) * code.length();
      return new Term.Num(new BigInteger(code, hex ? 16 : 2), width, span);
    }
    int point = digits.indexOf('.');
    if (point < 0) {
      return new Term.Num(new BigInteger(digits), 0, span);
    }
    int places = digits.length() - point - 1;
    BigInteger all = new BigInteger(digits.substring(0, point) + digits.substring(point + 1));
    return new Term.Fraction(all, BigInteger.TEN.pow(places), span);
  }

  final void error(String code, Span span, String message) {
    diagnostics.add(Diagnostic.error(code, span, message));
  }

  List<Term.Arg> args(IsaParser.ArgsContext context) {
    return context.arg().stream().map(this::arg).toList();
  }

  private Term.Arg arg(IsaParser.ArgContext context) {
    return switch (context) {
      case IsaParser.PlainArgContext c -> new Term.Arg.Plain(value(c.value()));
      case IsaParser.NamedArgContext c ->
          new Term.Arg.Named(c.id().getText(), value(c.value()), span(c));
      case IsaParser.OverArgContext c -> over(c);
      default -> throw new AssertionError(context.getClass());
    };
  }

  private Term.Arg over(IsaParser.OverArgContext c) {
    Term by = null;
    Term condition = null;
    for (int i = 0; i < c.getChildCount(); i++) {
      String word = c.getChild(i).getText();
      if (c.getChild(i) instanceof TerminalNode && word.equals("by")) {
        by = expr((IsaParser.ExprContext) c.getChild(i + 1));
      } else if (c.getChild(i) instanceof TerminalNode && word.equals("if")) {
        condition = expr((IsaParser.ExprContext) c.getChild(i + 1));
      }
    }
    Term value = expr(c.expr().getLast());
    return new Term.Arg.Over(c.id().getText(), range(c.range()), by, condition, value, span(c));
  }

  Term.Range range(IsaParser.RangeContext context) {
    return switch (context) {
      case IsaParser.FromToContext c -> new Term.Range.FromTo(sum(c.sum(0)), sum(c.sum(1)));
      case IsaParser.SetOfContext c ->
          new Term.Range.SetOf(c.expr().stream().map(this::expr).toList());
      case IsaParser.NamedRangeContext c -> new Term.Range.Named(c.getText(), span(c));
      default -> throw new AssertionError(context.getClass());
    };
  }

  Term.Pattern pattern(IsaParser.PatternContext context) {
    Span span = span(context);
    if (context.id() != null) {
      return new Term.Pattern.Bind(context.getText(), span);
    }
    if (context.NUMBER() != null) {
      return new Term.Pattern.Constant(number(context.getText(), span));
    }
    if (context.STRING() != null) {
      return new Term.Pattern.Constant(new Term.Str(unquote(context.STRING()), span));
    }
    if (!context.pattern().isEmpty()) {
      return new Term.Pattern.Tuple(context.pattern().stream().map(this::pattern).toList());
    }
    return new Term.Pattern.Constant(new Term.Truth(context.getText().equals("true"), span));
  }

  // Types

  Term type(IsaParser.TypeContext context) {
    Term type;
    if (context.generic() != null) {
      type = generic(context.generic());
    } else if (context.id() != null) {
      type = new Term.Name(context.id().getText(), span(context.id()));
    } else {
      type = new Term.Tuple(context.type().stream().map(this::type).toList(), span(context));
    }
    for (IsaParser.ExprContext length : context.expr()) {
      type = new Term.At(type, List.of(expr(length)), span(context));
    }
    return type;
  }

  private Term generic(IsaParser.GenericContext context) {
    Term base = new Term.Name(context.id().getText(), span(context.id()));
    return new Term.Generic(base, typeArg(context.typeArg()), span(context));
  }

  private Term typeArg(IsaParser.TypeArgContext context) {
    return context.generic() != null ? generic(context.generic()) : sum(context.sum());
  }

  Term value(IsaParser.ValueContext context) {
    return context.generic() != null ? generic(context.generic()) : expr(context.expr());
  }

  // Statements

  List<Statement> block(IsaParser.BlockContext context) {
    return context.stmt().stream().map(this::statement).toList();
  }

  private Statement statement(IsaParser.StmtContext context) {
    ParserRuleContext inner = (ParserRuleContext) context.getChild(0);
    Span span = span(context);
    return switch (inner) {
      case IsaParser.LetContext c -> {
        Section.Let let = let(c);
        yield new Statement.Let(let.pattern(), let.type(), let.value(), span);
      }
      case IsaParser.VarContext c ->
          new Statement.Var(c.id().getText(), optionalType(c.type()), expr(c.expr()), span);
      case IsaParser.AssignOrCallContext c -> assignOrCall(c);
      case IsaParser.IfElseContext c -> ifElse(c);
      case IsaParser.ChooseContext c -> choose(c);
      case IsaParser.RepeatContext c ->
          new Statement.Repeat(
              c.id().getText(),
              range(c.range()),
              c.expr() == null ? null : expr(c.expr()),
              block(c.block()),
              span);
      case IsaParser.EachContext c -> each(c);
      case IsaParser.RaiseContext c ->
          new Statement.Raise(
              c.id().getText(), c.args() == null ? List.of() : args(c.args()), span);
      case IsaParser.RequireContext c ->
          new Statement.Require(
              expr(c.expr()), c.STRING() == null ? null : holedText(c.STRING()), span);
      case IsaParser.LeaveContext c -> leave(c);
      case IsaParser.StopContext _ -> new Statement.Stop(span);
      default -> throw new AssertionError(inner.getClass());
    };
  }

  Section.Let let(IsaParser.LetContext c) {
    return new Section.Let(pattern(c.pattern()), optionalType(c.type()), value(c.value()), span(c));
  }

  private @Nullable Term optionalType(IsaParser.@Nullable TypeContext context) {
    return context == null ? null : type(context);
  }

  private Statement assignOrCall(IsaParser.AssignOrCallContext c) {
    Term target = postfix(c.postfix());
    return c.assignOp() == null
        ? new Statement.CallOnly(target, span(c))
        : new Statement.Assign(target, c.assignOp().getText(), expr(c.expr()), span(c));
  }

  private Statement ifElse(IsaParser.IfElseContext c) {
    List<Statement> otherwise = List.of();
    if (c.ifElse() != null) {
      otherwise = List.of(ifElse(c.ifElse()));
    } else if (c.block().size() == 2) {
      otherwise = block(c.block(1));
    }
    return new Statement.If(expr(c.expr()), block(c.block(0)), otherwise, span(c));
  }

  private Statement choose(IsaParser.ChooseContext c) {
    List<Statement.Case> cases = new ArrayList<>();
    for (int i = 0; i < c.pattern().size(); i++) {
      cases.add(new Statement.Case(pattern(c.pattern(i)), block(c.block(i))));
    }
    return new Statement.Choose(expr(c.expr()), cases, span(c));
  }

  private Statement each(IsaParser.EachContext c) {
    boolean every = false;
    boolean agnostic = false;
    String carry = null;
    Term start = null;
    for (IsaParser.EachTraitContext trait : c.eachTrait()) {
      if (trait.id() != null) {
        carry = trait.id().getText();
        start = expr(trait.expr());
      } else {
        every = true;
        agnostic = trait.getChildCount() == 2;
      }
    }
    return new Statement.Each(
        c.getStart().getText().equals("resume"),
        c.id(0).getText(),
        c.id(1).getText(),
        c.range() == null ? null : range(c.range()),
        every,
        agnostic,
        carry,
        start,
        block(c.block()),
        span(c));
  }

  private Statement leave(IsaParser.LeaveContext c) {
    Term value = expr(c.expr());
    return switch (c.getStart().getText()) {
      case "await" -> new Statement.Await(value, span(c));
      case "jump" -> new Statement.Jump(value, span(c));
      default -> new Statement.Return(value, span(c));
    };
  }

  // Words and texts

  List<String> ids(IsaParser.@Nullable IdsContext context) {
    return context == null
        ? List.of()
        : context.id().stream().map(ParserRuleContext::getText).toList();
  }

  /// {@return the text between quotes; after an error as it stands}
  final String unquote(TerminalNode node) {
    String literal = node.getText();
    String inner = literal.substring(1, literal.length() - 1);
    if (inner.indexOf('\\') < 0) {
      return inner;
    }
    try {
      return inner.translateEscapes();
    } catch (IllegalArgumentException _) {
      error("syntax", span(node.getSymbol()), "this text has an unknown escape");
      return inner;
    }
  }

  /// {@return a name, with the holes it has between backquotes}
  Holed name(IsaParser.NameContext context) {
    return context.NAME() != null
        ? holedName(context.NAME())
        : new Holed(List.of(new Holed.Piece.Chars(context.getText())), span(context));
  }

  Holed holedName(TerminalNode node) {
    String text = node.getText();
    return holed(text.substring(1, text.length() - 1), node.getSymbol());
  }

  Holed holedText(TerminalNode node) {
    return holed(unquote(node), node.getSymbol());
  }

  private Holed holed(String text, Token token) {
    List<Holed.Piece> pieces = new ArrayList<>();
    int start = base + token.getStartIndex() + 1;
    int done = 0;
    for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', done)) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        break;
      }
      if (open > done) {
        pieces.add(new Holed.Piece.Chars(text.substring(done, open)));
      }
      String raw = text.substring(open + 1, close);
      pieces.add(
          new Holed.Piece.Hole(raw, SpecReader.hole(source, start + open + 1, raw, diagnostics)));
      done = close + 1;
    }
    if (done < text.length() || pieces.isEmpty()) {
      pieces.add(new Holed.Piece.Chars(text.substring(done)));
    }
    return new Holed(pieces, span(token));
  }
}
