package tessera.assembler;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Evaluation;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.Program;
import tessera.assembler.relocate.Value;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// Looks the names of expressions up in a program.
final class Scope {
  private final Program program;

  Scope(Program program) {
    this.program = program;
  }

  /// {@return the expression over the program's symbols; a name that is new becomes a symbol}
  ///
  /// @throws SyntaxError if a numeric label is not there, or the expression nests too deep
  Expression expression(Node node) {
    return expression(node, true);
  }

  /// {@return the number that an expression is, if that is known already; makes no symbol}
  OptionalLong constant(Node node) {
    try {
      return Evaluation.early().number(expression(node, false));
    } catch (SyntaxError e) {
      return OptionalLong.empty();
    }
  }

  /// {@return the number that an expression is}
  ///
  /// @throws SyntaxError if it is not known
  long required(Node node) {
    Expression expression = expression(node, false);
    OptionalLong number = Evaluation.early().number(expression);
    if (number.isPresent()) {
      return number.getAsLong();
    }
    String reason =
        Evaluation.early().value(expression) instanceof Value.Bad(var why)
            ? why
            : "'" + node.span().text() + "' is not a number yet";
    throw new SyntaxError(Diagnostic.error("absolute-expression", node.span(), reason));
  }

  /// {@return whether a name may be a place, as far as is known}
  boolean isPlace(String name) {
    AsmSymbol symbol = program.find(name);
    return symbol == null || !(symbol.definition() instanceof AsmSymbol.Definition.Equal);
  }

  private Expression expression(Node node, boolean commit) {
    Expression result =
        switch (node) {
          case Node.Number(var value, _) -> Expression.of(value);
          case Node.Name name -> name(name, commit);
          case Node.Local local -> local(local, commit);
          case Node.Unary(var op, var of, _) -> Expression.unary(op, expression(of, commit));
          case Node.Binary(var op, var left, var right, _) ->
              Expression.binary(op, expression(left, commit), expression(right, commit));
        };
    if (result.depth() > Expression.DEEPEST) {
      throw new SyntaxError(
          Diagnostic.error("too-deep", node.span(), "this expression nests too deep"));
    }
    return result;
  }

  private Expression name(Node.Name name, boolean commit) {
    if (name.isHere()) {
      return Expression.of(here(commit));
    }
    AsmSymbol symbol = commit ? program.symbol(name.name()) : program.find(name.name());
    if (symbol == null) {
      return Expression.of(AsmSymbol.named(name.name()));
    }
    if (commit) {
      symbol.used(name.span());
    }
    return snapshot(symbol);
  }

  /// What `.set` says now counts, whatever it says later.
  private static Expression snapshot(AsmSymbol symbol) {
    if (symbol.definition() instanceof AsmSymbol.Definition.Equal(var to)) {
      OptionalLong number = Evaluation.early().number(to);
      if (number.isPresent()) {
        return Expression.of(number.getAsLong());
      }
    }
    return Expression.of(symbol);
  }

  private AsmSymbol here(boolean commit) {
    if (commit) {
      return program.here();
    }
    AsmSymbol symbol = new AsmSymbol("", AsmSymbol.Kind.TEMPORARY);
    program.place(symbol, null);
    return symbol;
  }

  private Expression local(Node.Local local, boolean commit) {
    AsmSymbol symbol = program.numeric(local.number(), local.ahead());
    if (symbol == null) {
      throw new SyntaxError(noLabel(local.number(), local.span()));
    }
    if (commit) {
      symbol.used(local.span());
    }
    return Expression.of(symbol);
  }

  private static Diagnostic noLabel(int number, @Nullable Span span) {
    return Diagnostic.error(
        "undefined-label", span, "there is no label '" + number + ":' before this");
  }
}
