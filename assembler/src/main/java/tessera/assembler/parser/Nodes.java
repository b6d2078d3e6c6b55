package tessera.assembler.parser;

import java.util.ArrayDeque;
import java.util.Deque;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.Expression.BinaryOp;
import tessera.assembler.relocate.Expression.UnaryOp;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// Makes expression trees of what the grammar found.
public final class Nodes {
  private final Statement statement;

  public Nodes(Statement statement) {
    this.statement = statement;
  }

  /// {@return an operand: an expression, or a relocation function of one}
  public Node.Operand operand(AsmParser.OperandContext context) {
    return switch (context) {
      case AsmParser.RelocationContext r ->
          new Node.Operand(r.IDENTIFIER().getText(), expression(r.expression()), span(r));
      case AsmParser.PlainContext p -> new Node.Operand(null, expression(p.expression()), span(p));
      default -> throw new AssertionError(context);
    };
  }

  /// {@return an expression}
  ///
  /// @throws SyntaxError if it holds a number of more than 64 bits, or is too long
  public Node expression(AsmParser.ExpressionContext context) {
    // Operators of one rank lean left, so a long sum is walked in a loop and not by recursion.
    Deque<AsmParser.BinaryContext> spine = new ArrayDeque<>();
    AsmParser.ExpressionContext at = context;
    while (at instanceof AsmParser.BinaryContext binary) {
      spine.push(binary);
      at = binary.expression(0);
    }
    if (spine.size() > Expression.DEEPEST) {
      throw new SyntaxError(
          Diagnostic.error(
              "too-deep",
              span(context),
              "an expression of more than " + Expression.DEEPEST + " terms"));
    }
    Node node = leaf(at);
    for (AsmParser.BinaryContext binary : spine) {
      node =
          new Node.Binary(
              binary(binary.op.getText()), node, expression(binary.expression(1)), span(binary));
    }
    return node;
  }

  private Node leaf(AsmParser.ExpressionContext context) {
    return switch (context) {
      case AsmParser.GroupContext group -> expression(group.expression());
      case AsmParser.UnaryContext unary -> unary(unary);
      case AsmParser.NumberContext number -> number(number);
      case AsmParser.CharacterContext character ->
          new Node.Number(Literals.character(character.getText()), span(character));
      case AsmParser.LocalContext local -> local(local);
      case AsmParser.ReferenceContext reference ->
          new Node.Name(LineReader.name(reference.name()), span(reference));
      default -> throw new AssertionError(context);
    };
  }

  private Node number(AsmParser.NumberContext context) {
    Long value = LineReader.integer(context.start);
    if (value == null) {
      throw new SyntaxError(
          Diagnostic.error(
              "number", span(context), "'" + context.getText() + "' is not a number of 64 bits"));
    }
    return new Node.Number(value, span(context));
  }

  private Node local(AsmParser.LocalContext context) {
    String text = context.getText();
    if (text.length() > 10) {
      throw new SyntaxError(
          Diagnostic.error("number", span(context), "a numeric label has at most 9 digits"));
    }
    return new Node.Local(
        Integer.parseInt(text.substring(0, text.length() - 1)), text.endsWith("f"), span(context));
  }

  private Node unary(AsmParser.UnaryContext context) {
    Node of = expression(context.expression());
    return switch (context.op.getText()) {
      case "-" -> new Node.Unary(UnaryOp.NEGATE, of, span(context));
      case "~" -> new Node.Unary(UnaryOp.COMPLEMENT, of, span(context));
      case "!" -> new Node.Unary(UnaryOp.NOT, of, span(context));
      default -> of;
    };
  }

  private static BinaryOp binary(String op) {
    return switch (op) {
      case "*" -> BinaryOp.MULTIPLY;
      case "/" -> BinaryOp.DIVIDE;
      case "%" -> BinaryOp.REMAINDER;
      case "<<" -> BinaryOp.SHIFT_LEFT;
      case ">>" -> BinaryOp.SHIFT_RIGHT;
      case "|" -> BinaryOp.OR;
      case "&" -> BinaryOp.AND;
      case "^" -> BinaryOp.XOR;
      case "!" -> BinaryOp.OR_NOT;
      case "+" -> BinaryOp.ADD;
      case "-" -> BinaryOp.SUBTRACT;
      case "==", "=" -> BinaryOp.EQUAL;
      case "<>", "!=" -> BinaryOp.NOT_EQUAL;
      case "<" -> BinaryOp.LESS;
      case ">" -> BinaryOp.GREATER;
      case "<=" -> BinaryOp.LESS_EQUAL;
      case ">=" -> BinaryOp.GREATER_EQUAL;
      case "&&" -> BinaryOp.BOTH;
      case "||" -> BinaryOp.EITHER;
      default -> throw new AssertionError(op);
    };
  }

  /// {@return the place of what a rule matched}
  public Span span(ParserRuleContext context) {
    Token last = context.stop == null ? context.start : context.stop;
    return statement.span(context.start.getStartIndex(), last.getStopIndex() + 1);
  }
}
