package tessera.isaspec.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;
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

  private final Binder binder;
  private final Map<String, Instruction> instructions;
  private final List<Pattern> everywhere;
  private final Set<Source> added;

  /// @param instructions those of the ISA, by name
  /// @param everywhere the names of all instructions of all texts, in the ISA or not, as written
  /// @param added the user's own texts: what they name must be somewhere
  AliasReader(
      Definitions defs,
      Map<String, Instruction> instructions,
      Set<String> everywhere,
      Set<Source> added) {
    this.binder = Binder.global(defs);
    this.instructions = instructions;
    this.everywhere = everywhere.stream().map(AliasReader::pattern).toList();
    this.added = added;
  }

  /// A name with holes may be any name that differs only there.
  private static Pattern pattern(String raw) {
    StringBuilder pattern = new StringBuilder();
    int done = 0;
    for (int open = raw.indexOf('{'); open >= 0; open = raw.indexOf('{', done)) {
      int close = raw.indexOf('}', open);
      if (close < 0) {
        break;
      }
      pattern.append(Pattern.quote(raw.substring(done, open))).append(".*");
      done = close + 1;
    }
    return Pattern.compile(pattern + Pattern.quote(raw.substring(done)));
  }

  /// {@return the alias, or null where the ISA lacks a target}
  @Nullable Alias read(Item.Alias item, Scope scope) {
    Template whole = template(item.text(), scope);
    Split split = split(whole);
    if (!split.mnemonic().matches("[A-Za-z][A-Za-z0-9_.]{0,63}")) {
      throw new SpecError(
          "syntax",
          item.text().span(),
          "an alias begins with a mnemonic, '" + split.mnemonic() + "' is none");
    }
    List<Alias.Step> steps = new ArrayList<>();
    Map<String, OperandClass> holes = new LinkedHashMap<>();
    Map<String, OperandClass> computed = new LinkedHashMap<>();
    for (Section.Target target : item.targets()) {
      String name = binder.fill(target.name(), scope);
      Instruction instruction = instructions.get(name);
      if (instruction == null) {
        unknown(target, name);
        return null;
      }
      steps.add(step(instruction, target, scope, whole.holes(), holes, computed));
    }
    computed.forEach(holes::putIfAbsent);
    for (String hole : whole.holes()) {
      if (!holes.containsKey(hole)) {
        throw new SpecError(
            "operand-missing",
            item.text().span(),
            "no target of this alias takes {" + hole + "} as it is, or computes with it alone");
      }
    }
    return new Alias(
        split.mnemonic(),
        split.operands(),
        Map.copyOf(holes),
        steps,
        condition(item, scope, holes),
        item.prefer(),
        item.text().span());
  }

  /// A target may belong to an extension that the ISA leaves out, and a bundled text may name what
  /// a later one will bring.
  private void unknown(Section.Target target, String name) {
    boolean somewhere = everywhere.stream().anyMatch(p -> p.matcher(name).matches());
    if (!somewhere && added.contains(target.span().source())) {
      Diagnostic d =
          Diagnostic.error("unknown-name", target.span(), "there is no instruction '" + name + "'");
      String near = Suggestion.nearest(name, instructions.keySet());
      throw new SpecError(near == null ? d : d.help("did you mean '" + near + "'?"));
    }
  }

  // Texts

  private record Split(String mnemonic, Template operands) {}

  private static Split split(Template whole) {
    List<Template.Piece> rest = new ArrayList<>(whole.pieces());
    if (rest.isEmpty() || !(rest.getFirst() instanceof Template.Piece.Text(var first))) {
      return new Split("", whole);
    }
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

  // Targets

  private Alias.Step step(
      Instruction instruction,
      Section.Target target,
      Scope scope,
      List<String> holes,
      Map<String, OperandClass> classes,
      Map<String, OperandClass> computed) {
    Map<String, Alias.Argument> arguments = new LinkedHashMap<>();
    for (Term.Arg arg : target.args()) {
      if (!(arg instanceof Term.Arg.Named(var field, var term, var span))) {
        throw new SpecError("syntax", target.span(), "write field = value");
      }
      if (!instruction.hasOperand(field)) {
        throw unknownField(instruction, field, span);
      }
      OperandClass c = instruction.operand(field).operandClass();
      Alias.Argument argument = argument(term, c, scope, holes);
      if (arguments.put(field, argument) != null) {
        throw new SpecError("section-twice", span, "the field '" + field + "' gets two values");
      }
      switch (argument) {
        case Alias.Argument.Hole(var name) -> classes.putIfAbsent(name, c);
        case Alias.Argument.Relocated(_, var name) -> classes.putIfAbsent(name, c);
        case Alias.Argument.Computed(var read, _) -> {
          if (read.size() == 1) {
            computed.putIfAbsent(read.getFirst(), c);
          }
        }
        case Alias.Argument.Constant _ -> {}
      }
    }
    return new Alias.Step(instruction, Map.copyOf(arguments));
  }

  private static SpecError unknownField(Instruction instruction, String field, Span span) {
    List<String> known = instruction.operands().stream().map(Operand::name).toList();
    Diagnostic d =
        Diagnostic.error(
            "undef-field", span, "'" + instruction.name() + "' has no operand '" + field + "'");
    String near = Suggestion.nearest(field, known);
    return new SpecError(
        d.help(
            near != null ? "did you mean '" + near + "'?" : "it has " + String.join(", ", known)));
  }

  private Alias.Argument argument(Term term, OperandClass c, Scope scope, List<String> holes) {
    if (term instanceof Term.Name(var name, _) && holes.contains(name) && scope.get(name) == null) {
      return new Alias.Argument.Hole(name);
    }
    if (term instanceof Term.Call(Term.Name(var function, _), var args, _)
        && args.size() == 1
        && args.getFirst() instanceof Term.Arg.Plain(Term.Name(var hole, _))
        && holes.contains(hole)) {
      boolean same = function.equals("zext") || function.equals("sext");
      if (same || c.relocations().contains(function)) {
        return same ? new Alias.Argument.Hole(hole) : new Alias.Argument.Relocated(function, hole);
      }
    }
    List<String> used = holes.stream().filter(h -> scope.get(h) == null).toList();
    Value value = binder.bind(term, withHoles(used, scope), null);
    Expr expr = binder.convert.asInt(value, term.span());
    if (expr instanceof Expr.Literal(_, var constant)) {
      return constant(constant, c, term.span());
    }
    decidable(expr, term.span());
    List<String> read = used.stream().filter(h -> reads(expr, h)).toList();
    return new Alias.Argument.Computed(
        read, values -> FieldEvaluator.value(expr, numbers(values)).longValue());
  }

  private static boolean reads(Expr expr, String hole) {
    boolean[] found = {false};
    Walk.expr(
        expr, e -> found[0] |= e instanceof Expr.FieldValue(var name, _) && name.equals(hole));
    return found[0];
  }

  private static Alias.Argument constant(BigInteger n, OperandClass c, Span span) {
    boolean fits = n.bitLength() < 63 && c.toField(n.longValue()) >= 0;
    if (!fits) {
      throw new SpecError(
          "literal-fit", span, n + " is no value of an operand of class '" + c.name() + "'");
    }
    return new Alias.Argument.Constant(n.longValue());
  }

  private static Scope withHoles(Collection<String> holes, Scope scope) {
    Scope inner = scope.inner();
    holes.forEach(h -> inner.put(h, new Value.Dyn(Make.toInt(new Expr.FieldValue(h, HOLE)))));
    return inner;
  }

  /// An assembler decides it, from the operands alone.
  private static void decidable(Expr expr, Span span) {
    boolean[] decidable = {Conditions.readsFieldsOnly(expr)};
    Walk.expr(
        expr,
        e ->
            decidable[0] &=
                switch (e) {
                  case Expr.Fold _, Expr.First _, Expr.Round _, Expr.Saturate _ -> false;
                  default -> true;
                });
    if (!decidable[0]) {
      throw new SpecError(
          "stage",
          span,
          "an alias is computed from its operands, without state, folds or rounding");
    }
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
    Expr holds = binder.condition(item.condition(), withHoles(holes.keySet(), scope));
    decidable(holds, item.condition().span());
    return values -> FieldEvaluator.holds(holds, numbers(values));
  }
}
