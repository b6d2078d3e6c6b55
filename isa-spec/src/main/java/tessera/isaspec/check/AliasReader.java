package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;
import tessera.isaspec.text.Holed;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Term;

/// Makes pseudo-instructions of `alias` items. One whose target the ISA lacks does not exist.
final class AliasReader {
  private static final Type HOLE = Type.sint(64);

  private final Definitions defs;
  private final Binder binder;
  private final Map<String, Instruction> instructions;
  private final java.util.Set<String> everywhere;

  /// @param instructions those of the ISA, by name
  /// @param everywhere the names of all instructions of all texts, in the ISA or not
  AliasReader(
      Definitions defs, Map<String, Instruction> instructions, java.util.Set<String> everywhere) {
    this.defs = defs;
    this.binder = Binder.global(defs);
    this.instructions = instructions;
    this.everywhere = everywhere;
  }

  /// {@return the alias, or null where the ISA lacks a target}
  @Nullable Alias read(Item.Alias item, Scope scope) {
    Template whole = template(item.text(), scope);
    List<Alias.Step> steps = new ArrayList<>();
    Map<String, OperandClass> holes = new LinkedHashMap<>();
    for (Section.Target target : item.targets()) {
      String name = binder.fill(target.name(), scope);
      Instruction instruction = instructions.get(name);
      if (instruction == null) {
        unknown(target, name);
        return null;
      }
      steps.add(step(instruction, target, scope, whole.holes(), holes));
    }
    for (String hole : whole.holes()) {
      if (!holes.containsKey(hole)) {
        throw new SpecError(
            "operand-missing",
            item.text().span(),
            "no target of this alias takes {" + hole + "} as it is");
      }
    }
    Split split = split(whole);
    return new Alias(
        split.mnemonic(),
        split.operands(),
        Map.copyOf(holes),
        steps,
        condition(item, scope, holes),
        item.prefer(),
        item.text().span());
  }

  /// A target may belong to an extension that the ISA leaves out; a name that no text knows is an
  /// error.
  private void unknown(Section.Target target, String name) {
    if (!everywhere.contains(name)) {
      String near = Suggestion.nearest(name, everywhere);
      if (near != null
          && defs.active.size() > 1
          && near.equals(name.toLowerCase(java.util.Locale.ROOT))) {
        throw new SpecError(
            Diagnostic.error(
                    "unknown-name", target.span(), "there is no instruction '" + name + "'")
                .help("did you mean '" + near + "'?"));
      }
    }
  }

  private record Split(String mnemonic, Template operands) {}

  private static Split split(Template whole) {
    List<Template.Piece> rest = new ArrayList<>(whole.pieces());
    String first = rest.getFirst() instanceof Template.Piece.Text(var text) ? text : "";
    int space = first.indexOf(' ');
    String mnemonic = space < 0 ? first : first.substring(0, space);
    String tail = space < 0 ? "" : first.substring(space + 1).stripLeading();
    rest.removeFirst();
    if (!tail.isEmpty()) {
      rest.addFirst(new Template.Piece.Text(tail));
    }
    return new Split(mnemonic, new Template(rest));
  }

  private Template template(Holed text, Scope scope) {
    List<Template.Piece> pieces = new ArrayList<>();
    for (Holed.Piece piece : text.pieces()) {
      switch (piece) {
        case Holed.Piece.Chars(var chars) -> join(chars, pieces);
        case Holed.Piece.Hole(var raw, var term) -> {
          if (scope.get(raw) != null || !(term instanceof Term.Name)) {
            join(binder.shown(binder.bind(term, scope, null), term.span()), pieces);
          } else {
            pieces.add(new Template.Piece.Hole(raw));
          }
        }
      }
    }
    return new Template(pieces);
  }

  private static void join(String chars, List<Template.Piece> pieces) {
    if (!pieces.isEmpty() && pieces.getLast() instanceof Template.Piece.Text(var before)) {
      pieces.set(pieces.size() - 1, new Template.Piece.Text(before + chars));
    } else {
      pieces.add(new Template.Piece.Text(chars));
    }
  }

  private Alias.Step step(
      Instruction instruction,
      Section.Target target,
      Scope scope,
      List<String> holes,
      Map<String, OperandClass> classes) {
    Map<String, Alias.Argument> arguments = new LinkedHashMap<>();
    for (Term.Arg arg : target.args()) {
      if (!(arg instanceof Term.Arg.Named(var field, var term, var span))) {
        throw new SpecError("syntax", target.span(), "write field = value");
      }
      if (!instruction.hasOperand(field)) {
        List<String> known = instruction.operands().stream().map(Operand::name).toList();
        Diagnostic d =
            Diagnostic.error(
                "undef-field", span, "'" + instruction.name() + "' has no operand '" + field + "'");
        String near = Suggestion.nearest(field, known);
        throw new SpecError(
            d.help(
                near != null
                    ? "did you mean '" + near + "'?"
                    : "it has " + String.join(", ", known)));
      }
      Alias.Argument argument = argument(term, scope, holes);
      arguments.put(field, argument);
      String hole =
          switch (argument) {
            case Alias.Argument.Hole(var name) -> name;
            case Alias.Argument.Relocated(_, var name) -> name;
            case Alias.Argument.Constant _, Alias.Argument.Computed _ -> null;
          };
      if (hole != null) {
        classes.putIfAbsent(hole, instruction.operand(field).operandClass());
      }
    }
    return new Alias.Step(instruction, Map.copyOf(arguments));
  }

  private Alias.Argument argument(Term term, Scope scope, List<String> holes) {
    if (term instanceof Term.Name(var name, _) && holes.contains(name) && scope.get(name) == null) {
      return new Alias.Argument.Hole(name);
    }
    if (term instanceof Term.Call(Term.Name(var function, _), var args, _)
        && args.size() == 1
        && args.getFirst() instanceof Term.Arg.Plain(Term.Name(var hole, _))
        && holes.contains(hole)) {
      boolean same = function.equals("zext") || function.equals("sext");
      return same ? new Alias.Argument.Hole(hole) : new Alias.Argument.Relocated(function, hole);
    }
    Scope inner = scope.inner();
    List<String> used = new ArrayList<>();
    for (String hole : holes) {
      if (scope.get(hole) == null) {
        inner.put(hole, new Value.Dyn(Make.toInt(new Expr.FieldValue(hole, HOLE))));
        used.add(hole);
      }
    }
    Value value = binder.bind(term, inner, null);
    if (value instanceof Value.Num n && n.whole()) {
      return new Alias.Argument.Constant(n.numerator().longValueExact());
    }
    Expr expr = binder.convert.asInt(value, term.span());
    if (expr instanceof Expr.Literal(_, var constant)) {
      return new Alias.Argument.Constant(constant.longValueExact());
    }
    return new Alias.Argument.Computed(
        used, values -> FieldEvaluator.value(expr, numbers(values)).longValue());
  }

  private static Map<String, BigInteger> numbers(Map<String, Long> values) {
    Map<String, BigInteger> numbers = new HashMap<>();
    values.forEach((name, value) -> numbers.put(name, BigInteger.valueOf(value)));
    return numbers;
  }

  private @Nullable Predicate<Map<String, Long>> condition(
      Item.Alias item, Scope scope, Map<String, OperandClass> holes) {
    if (item.condition() == null) {
      return null;
    }
    Scope inner = scope.inner();
    holes
        .keySet()
        .forEach(h -> inner.put(h, new Value.Dyn(Make.toInt(new Expr.FieldValue(h, HOLE)))));
    Expr holds = binder.condition(item.condition(), inner);
    return values -> FieldEvaluator.holds(holds, numbers(values));
  }
}
