package tessera.isaspec.text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.parser.IsaParser;

/// Copies items out of the parse tree.
final class ItemReader extends TermReader {

  ItemReader(Source source, Diagnostics diagnostics) {
    super(source, 0, diagnostics);
  }

  List<Item> items(List<IsaParser.ItemContext> contexts) {
    return contexts.stream().map(this::item).toList();
  }

  private Item item(IsaParser.ItemContext context) {
    ParserRuleContext inner = (ParserRuleContext) context.getChild(0);
    Span span = span(context);
    return switch (inner) {
      case IsaParser.ExtensionContext c -> extension(c);
      case IsaParser.ParamContext c -> param(c);
      case IsaParser.ConstantContext c -> new Item.Const(c.id().getText(), expr(c.expr()), span);
      case IsaParser.TrapContext c ->
          new Item.Trap(
              c.id().getText(),
              parameters(c.parameters()),
              expr(c.expr(0)),
              second(c.expr()),
              span);
      case IsaParser.TypeNameContext c -> new Item.TypeName(c.id().getText(), type(c.type()), span);
      case IsaParser.FloatTypeContext c -> floatType(c);
      case IsaParser.RecordContext c -> record(c);
      case IsaParser.StateContext c ->
          new Item.State(c.stateItem().stream().map(this::stateItem).toList(), span);
      case IsaParser.AccessContext c -> access(c);
      case IsaParser.FormatContext c -> format(c);
      case IsaParser.OperandContext c -> operand(c);
      case IsaParser.RuleDefContext c -> rule(c);
      case IsaParser.WindowContext c -> window(c);
      case IsaParser.EnvContext c -> env(c);
      case IsaParser.LoopContext c -> loop(c);
      case IsaParser.RealContext c -> real(c);
      case IsaParser.FnContext c ->
          new Item.Function(
              Item.FunctionKind.FN,
              c.id().getText(),
              typeParameters(c.typeParameters()),
              parameters(c.parameters()),
              c.type() == null ? null : type(c.type()),
              c.expr() == null ? null : expr(c.expr()),
              c.block() == null ? List.of() : block(c.block()),
              span);
      case IsaParser.ActionContext c ->
          new Item.Function(
              Item.FunctionKind.ACTION,
              c.id().getText(),
              typeParameters(c.typeParameters()),
              parameters(c.parameters()),
              c.type() == null ? null : type(c.type()),
              null,
              block(c.block()),
              span);
      case IsaParser.ShapeContext c ->
          new Item.Function(
              Item.FunctionKind.SHAPE,
              c.id().getText(),
              typeParameters(c.typeParameters()),
              parameters(c.parameters()),
              null,
              null,
              block(c.block()),
              span);
      case IsaParser.TableContext c ->
          new Item.Table(c.id().getText(), expr(c.expr(0)), type(c.type()), expr(c.expr(1)), span);
      case IsaParser.ListContext c -> new Item.ListOf(c.id().getText(), array(c.array()), span);
      case IsaParser.FormContext c ->
          new Item.Form(
              c.id(0).getText(),
              parameters(c.parameters()),
              c.id(1).getText(),
              optionalArgs(c.args()),
              sections(c.section()),
              span);
      case IsaParser.InsnContext c ->
          new Item.Insn(
              name(c.name()),
              c.id().getText(),
              optionalArgs(c.args()),
              sections(c.section()),
              span(c.name()),
              span);
      case IsaParser.FamilyContext c ->
          new Item.Family(columns(c.columns()), items(c.item()), span);
      case IsaParser.AliasContext c ->
          new Item.Alias(
              holedText(c.STRING()),
              c.target().stream().map(this::target).toList(),
              c.getChild(3).getText().equals("{"),
              c.expr() == null ? null : expr(c.expr()),
              hasWord(c, "prefer"),
              span);
      case IsaParser.OnContext c -> on(c);
      case IsaParser.AgentContext c -> new Item.Agent(c.id(0).getText(), span);
      case IsaParser.MachineContext c -> machine(c);
      default -> throw new AssertionError(inner.getClass());
    };
  }

  private static boolean hasWord(ParserRuleContext context, String word) {
    return context.children.stream()
        .anyMatch(c -> c instanceof TerminalNode && c.getText().equals(word));
  }

  private @Nullable Term second(List<IsaParser.ExprContext> exprs) {
    return exprs.size() > 1 ? expr(exprs.get(1)) : null;
  }

  private List<Term.Arg> optionalArgs(IsaParser.@Nullable ArgsContext context) {
    return context == null ? List.of() : args(context);
  }

  private Item.Extension extension(IsaParser.ExtensionContext c) {
    List<Item.Need> needs =
        c.need().stream()
            .map(n ->
                new Item.Need(
                    n.id(0).getText(), n.id().size() > 1 ? n.id(1).getText() : null, span(n)))
            .toList();
    boolean block = c.getStop().getText().equals("}");
    return new Item.Extension(
        c.id().getText(), needs, ids(c.ids()), block ? items(c.item()) : null, span(c));
  }

  private Item.Param param(IsaParser.ParamContext c) {
    Term value = null;
    Term condition = null;
    for (int i = 0; i + 1 < c.getChildCount(); i++) {
      if (c.getChild(i + 1) instanceof IsaParser.ExprContext e) {
        if (c.getChild(i).getText().equals("=")) {
          value = expr(e);
        } else {
          condition = expr(e);
        }
      }
    }
    return new Item.Param(
        c.id().getText(),
        c.type() == null ? null : type(c.type()),
        c.range() == null ? null : range(c.range()),
        value,
        condition,
        c.STRING() == null ? null : unquote(c.STRING()),
        span(c));
  }

  private Item.FloatType floatType(IsaParser.FloatTypeContext c) {
    List<Item.FloatPart> parts =
        c.floatPart().stream()
            .map(p -> new Item.FloatPart(p.id(0).getText(), p.getChild(1).getText(), span(p)))
            .toList();
    return new Item.FloatType(c.id().getText(), parts, span(c));
  }

  private Item.Record record(IsaParser.RecordContext c) {
    List<Item.RecordPart> parts =
        c.recordPart().stream()
            .map(p ->
                new Item.RecordPart(p.id().getText(), small(p.NUMBER()), type(p.type()), span(p)))
            .toList();
    return new Item.Record(c.id().getText(), parts, span(c));
  }

  private int small(TerminalNode node) {
    Term term = number(node.getText(), span(node.getSymbol()));
    if (term instanceof Term.Num(BigInteger value, _, _) && value.bitLength() < 31) {
      return value.intValue();
    }
    diagnostics.add(
        Diagnostic.error(
            "literal-fit",
            span(node.getSymbol()),
            "expected a small whole number, got " + node.getText()));
    return 0;
  }

  // State

  private Item.StateItem stateItem(IsaParser.StateItemContext context) {
    ParserRuleContext inner = (ParserRuleContext) context.getChild(0);
    return switch (inner) {
      case IsaParser.RegContext c ->
          new Item.StateItem.Reg(
              c.id().getText(),
              c.expr() == null ? null : expr(c.expr()),
              type(c.type()),
              traits(c.trait()),
              span(c));
      case IsaParser.CsrContext c -> csr(c);
      case IsaParser.ModeDefContext c ->
          new Item.StateItem.ModeOf(
              c.id().getText(),
              bitwise(c.bitwise()),
              range(c.range()),
              c.expr() == null ? null : expr(c.expr()),
              span(c));
      case IsaParser.MemoryContext c ->
          new Item.StateItem.MemoryOf(
              c.id().getText(), traits(c.trait()), c.on().stream().map(this::on).toList(), span(c));
      case IsaParser.StateFamilyContext c ->
          new Item.StateItem.StateFamily(
              columns(c.columns()), c.stateItem().stream().map(this::stateItem).toList(), span(c));
      case IsaParser.GiveFieldContext c -> giveField(c);
      default -> throw new AssertionError(inner.getClass());
    };
  }

  private Item.StateItem giveField(IsaParser.GiveFieldContext c) {
    List<IsaParser.IdContext> ids = c.path().id();
    if (ids.size() != 2) {
      diagnostics.add(
          Diagnostic.error(
              "syntax", span(c.path()), "expected CSR.FIELD, got " + c.path().getText()));
    }
    return new Item.StateItem.GiveField(
        ids.getFirst().getText(), ids.getLast().getText(), expr(c.expr()), span(c));
  }

  private Item.StateItem csr(IsaParser.CsrContext c) {
    List<Item.CsrFieldOf> fields = new ArrayList<>();
    List<Item.On> ons = new ArrayList<>();
    boolean rest = false;
    for (IsaParser.CsrPartContext part : c.csrPart()) {
      if (part.csrField() != null) {
        fields.add(csrField(part.csrField()));
      } else if (part.on() != null) {
        ons.add(on(part.on()));
      } else {
        rest = true;
      }
    }
    return new Item.StateItem.CsrOf(
        name(c.name()),
        sum(c.sum()),
        traits(c.trait()),
        c.postfix() == null ? null : postfix(c.postfix()),
        fields,
        rest,
        ons,
        span(c));
  }

  private Item.CsrFieldOf csrField(IsaParser.CsrFieldContext c) {
    Term computed = null;
    Term warl = null;
    Term counts = null;
    Term runs = null;
    for (int i = 0; i + 1 < c.getChildCount(); i++) {
      if (c.getChild(i + 1) instanceof IsaParser.ExprContext e) {
        switch (c.getChild(i).getText()) {
          case "=" -> computed = expr(e);
          case "warl" -> warl = expr(e);
          case "counts" -> counts = expr(e);
          default -> runs = expr(e);
        }
      }
    }
    int[] bits = bits(c.bits());
    String input = c.id().size() > 1 ? c.id(1).getText() : null;
    return new Item.CsrFieldOf(
        c.id(0).getText(),
        bits[0],
        bits[1],
        computed,
        warl,
        input,
        counts,
        runs,
        traits(c.trait()),
        span(c));
  }

  private int[] bits(IsaParser.BitsContext c) {
    int hi = small(c.NUMBER(0));
    int lo = c.NUMBER().size() > 1 ? small(c.NUMBER(1)) : hi;
    return new int[] {hi, lo};
  }

  private List<Item.Trait> traits(List<IsaParser.TraitContext> contexts) {
    return contexts.stream().map(this::trait).toList();
  }

  private Item.Trait trait(IsaParser.TraitContext c) {
    return switch (c.getStart().getText()) {
      case "reset" -> new Item.Trait.Reset(expr(c.expr()));
      case "zero" -> new Item.Trait.Zero(small(c.NUMBER()));
      case "names" -> new Item.Trait.Names(c.texts().STRING().stream().map(this::unquote).toList());
      case "needs" -> new Item.Trait.Needs(expr(c.expr()));
      case "ro" -> new Item.Trait.ReadOnly();
      case "shared" -> new Item.Trait.Shared();
      default ->
          new Item.Trait.Dirty(
              c.dirtying().stream()
                  .map(d -> new Item.Dirtying(postfix(d.postfix()), expr(d.expr()), span(d)))
                  .toList());
    };
  }

  private Item.Access access(IsaParser.AccessContext c) {
    return new Item.Access(
        c.id(0).getText(),
        typeParameters(c.typeParameters()),
        ids(c.ids()),
        type(c.type()),
        expr(c.expr()),
        c.id().size() > 1 ? c.id(1).getText() : null,
        c.block() == null ? List.of() : block(c.block()),
        span(c));
  }

  // Encoding and assembly

  private Item.Format format(IsaParser.FormatContext c) {
    return new Item.Format(
        c.id().getText(), small(c.NUMBER()), c.field().stream().map(this::field).toList(), span(c));
  }

  private Item.Field field(IsaParser.FieldContext context) {
    return switch (context) {
      case IsaParser.PlainFieldContext c -> {
        int[] bits = bits(c.bits());
        yield new Item.Field(
            c.id().getText(),
            List.of(new Item.Chunk(bits[0], bits[1], 0, 0)),
            c.type() == null ? null : type(c.type()),
            c.NUMBER() == null ? null : (long) small(c.NUMBER()),
            hasWord(c, "ignored"),
            span(c));
      }
      case IsaParser.ScatteredFieldContext c ->
          new Item.Field(
              c.id().getText(),
              c.chunk().stream().map(this::chunk).toList(),
              type(c.type()),
              null,
              false,
              span(c));
      default -> throw new AssertionError(context.getClass());
    };
  }

  private Item.Chunk chunk(IsaParser.ChunkContext c) {
    if (c.bits() != null) {
      int[] bits = bits(c.bits());
      return new Item.Chunk(bits[0], bits[1], 0, 0);
    }
    if (number(c.getText(), span(c)) instanceof Term.Num(var value, int width, _)
        && width > 0
        && width <= 32) {
      return new Item.Chunk(-1, -1, value.longValue(), width);
    }
    error("width", span(c), "expected 1 to 32 bits with a width, as 0b0");
    return new Item.Chunk(-1, -1, 0, 1);
  }

  private Item.Operand operand(IsaParser.OperandContext c) {
    return new Item.Operand(
        c.id().getText(),
        type(c.type()),
        c.operandPart().stream().map(this::operandPart).toList(),
        span(c));
  }

  private Item.OperandPart operandPart(IsaParser.OperandPartContext context) {
    return switch (context) {
      case IsaParser.TextsPartContext c ->
          new Item.OperandPart.Texts(c.operandText().stream().map(this::operandText).toList());
      case IsaParser.FlagsPartContext c -> new Item.OperandPart.Flags(unquote(c.STRING()));
      case IsaParser.NonePartContext c -> new Item.OperandPart.None(unquote(c.STRING()));
      case IsaParser.RegisterPartContext c ->
          new Item.OperandPart.Register(
              c.id().getText(), c.expr() == null ? null : expr(c.expr()), span(c));
      case IsaParser.CsrPartOfOperandContext _ -> new Item.OperandPart.CsrName();
      case IsaParser.IntegerPartContext c -> integer(c);
      case IsaParser.PcrelPartContext _ -> new Item.OperandPart.Pcrel();
      case IsaParser.StepPartContext c -> new Item.OperandPart.Step(expr(c.expr()));
      case IsaParser.DefaultPartContext c -> new Item.OperandPart.Default(expr(c.expr()));
      case IsaParser.RelocationPartContext c -> new Item.OperandPart.Relocation(ids(c.ids()));
      case IsaParser.NestedPartContext c -> {
        int[] bits = bits(c.bits());
        yield new Item.OperandPart.Nested(
            c.id(0).getText(), bits[0], bits[1], c.id(1).getText(), span(c));
      }
      case IsaParser.AsmPartContext c -> new Item.OperandPart.Asm(holedTexts(c.asm().texts()));
      default -> throw new AssertionError(context.getClass());
    };
  }

  private Item.OperandPart integer(IsaParser.IntegerPartContext c) {
    boolean hex = false;
    Term modulo = null;
    for (IsaParser.IntegerTraitContext trait : c.integerTrait()) {
      if (trait.expr() == null) {
        hex = true;
      } else {
        modulo = expr(trait.expr());
      }
    }
    return new Item.OperandPart.Integer(hex, modulo);
  }

  private Item.OperandText operandText(IsaParser.OperandTextContext c) {
    return new Item.OperandText(
        holedText(c.STRING()),
        expr(c.expr()),
        c.id() == null ? null : c.id().getText(),
        c.range() == null ? null : range(c.range()),
        span(c));
  }

  private List<Holed> holedTexts(IsaParser.TextsContext c) {
    return c.STRING().stream().map(this::holedText).toList();
  }

  // Legality, environments, loops, functions

  private Item.Rule rule(IsaParser.RuleDefContext c) {
    return new Item.Rule(
        c.id().getText(),
        parameters(c.parameters()),
        c.path() == null ? null : c.path().getText(),
        hasWord(c, "reserved"),
        expr(c.expr()),
        c.STRING() == null ? null : holedText(c.STRING()),
        span(c));
  }

  private Item.Window window(IsaParser.WindowContext c) {
    Term at = null;
    Term spanned = null;
    List<Term> extents = List.of();
    boolean overlap = false;
    List<Section.Let> lets = new ArrayList<>();
    List<Section.Legal> legals = new ArrayList<>();
    for (IsaParser.WindowPartContext part : c.windowPart()) {
      switch (part) {
        case IsaParser.AtPartContext p -> at = expr(p.expr());
        case IsaParser.ExtentPartContext p -> extents = p.expr().stream().map(this::expr).toList();
        case IsaParser.SpanPartContext p -> spanned = expr(p.expr());
        case IsaParser.OverlapPartContext _ -> overlap = true;
        case IsaParser.LetPartContext p -> lets.add(let(p.let()));
        case IsaParser.LegalPartContext p -> legals.add(legal(p.legal()));
        default -> throw new AssertionError(part.getClass());
      }
    }
    if (at == null || extents.isEmpty() || spanned == null) {
      error("syntax", span(c), "a window needs `at`, `extent` and `span`");
    } else if (extents.size() != ids(c.ids()).size()) {
      error("syntax", span(c), "a window has one extent for each index");
    }
    Term none = new Term.Num(BigInteger.ZERO, 0, span(c));
    return new Item.Window(
        c.path().getText(),
        parameters(c.parameters()),
        ids(c.ids()),
        type(c.type()),
        at == null ? none : at,
        extents,
        spanned == null ? none : spanned,
        overlap,
        lets,
        legals,
        span(c));
  }

  private Item.Env env(IsaParser.EnvContext c) {
    Term round = null;
    List<Section.Legal> legals = new ArrayList<>();
    List<Item.Arrow> arrows = new ArrayList<>();
    for (IsaParser.EnvPartContext part : c.envPart()) {
      if (part.legal() != null) {
        legals.add(legal(part.legal()));
      } else if (part.postfix() != null) {
        arrows.add(new Item.Arrow(part.id().getText(), postfix(part.postfix()), span(part)));
      } else {
        round = expr(part.expr());
      }
    }
    return new Item.Env(
        c.id().getText(), parameters(c.parameters()), legals, round, arrows, span(c));
  }

  private Item.Loop loop(IsaParser.LoopContext c) {
    List<Item.Bound> bounds = new ArrayList<>();
    List<Item.After> after = new ArrayList<>();
    List<Section.Legal> legals = new ArrayList<>();
    for (IsaParser.LoopPartContext part : c.loopPart()) {
      switch (part) {
        case IsaParser.BoundPartContext p ->
            bounds.add(new Item.Bound(p.loopBound().getText(), expr(p.expr()), span(p)));
        case IsaParser.AfterPartContext p ->
            after.add(new Item.After(postfix(p.postfix()), expr(p.expr()), span(p)));
        case IsaParser.LoopLegalContext p -> legals.add(legal(p.legal()));
        default -> throw new AssertionError(part.getClass());
      }
    }
    return new Item.Loop(c.id(0).getText(), c.id(1).getText(), bounds, after, legals, span(c));
  }

  private Item.Real real(IsaParser.RealContext c) {
    List<Item.Special> special =
        c.special().stream().map(s -> new Item.Special(expr(s.expr(0)), expr(s.expr(1)))).toList();
    return new Item.Real(
        c.id(0).getText(),
        parameters(c.parameters()),
        special,
        c.id(1).getText(),
        c.expr() == null ? null : expr(c.expr()),
        c.block() == null ? List.of() : block(c.block()),
        span(c));
  }

  private List<Item.Parameter> parameters(IsaParser.@Nullable ParametersContext context) {
    if (context == null) {
      return List.of();
    }
    return context.parameter().stream()
        .map(p ->
            new Item.Parameter(
                p.id().getText(),
                p.type() == null ? null : type(p.type()),
                p.value() == null ? null : value(p.value()),
                span(p)))
        .toList();
  }

  private List<Item.Parameter> typeParameters(IsaParser.@Nullable TypeParametersContext context) {
    if (context == null) {
      return List.of();
    }
    return context.typeParameter().stream()
        .map(p ->
            new Item.Parameter(
                p.id().getText(), p.type() == null ? null : type(p.type()), null, span(p)))
        .toList();
  }

  // Instructions

  private List<Section> sections(List<IsaParser.SectionContext> contexts) {
    return contexts.stream().map(this::section).toList();
  }

  private Section section(IsaParser.SectionContext context) {
    ParserRuleContext inner = (ParserRuleContext) context.getChild(0);
    Span span = span(context);
    return switch (inner) {
      case IsaParser.EncContext c ->
          new Section.Enc(c.encPart().stream().map(this::encPart).toList(), span);
      case IsaParser.AsmContext c -> new Section.Asm(holedTexts(c.texts()), span);
      case IsaParser.MnemonicContext c -> new Section.Mnemonic(holedText(c.STRING()), span);
      case IsaParser.RequiresContext c -> new Section.Requires(ids(c.ids()), span);
      case IsaParser.LegalContext c -> legal(c);
      case IsaParser.UseEnvContext c ->
          new Section.UseEnv(c.id().getText(), optionalArgs(c.args()), span);
      case IsaParser.ViewContext c ->
          new Section.View(
              c.id().getText(), expr(c.expr()), c.type() == null ? null : type(c.type()), span);
      case IsaParser.LetContext c -> let(c);
      case IsaParser.OpContext c -> new Section.Op(block(c.block()), span);
      case IsaParser.CostContext c -> new Section.Cost(figures(c.figures()), span);
      case IsaParser.HintContext c -> new Section.Hint(expr(c.expr()), span);
      case IsaParser.IntrinsicContext c -> new Section.Intrinsic(holedText(c.STRING()), span);
      case IsaParser.DocContext c -> new Section.Doc(prose(c.TEXT().getText()), span);
      case IsaParser.ExpandsContext c ->
          new Section.Expands(target(c.target()), hasWord(c, "named"), span);
      default -> throw new AssertionError(inner.getClass());
    };
  }

  private static String prose(String literal) {
    return literal.substring(3, literal.length() - 3).stripIndent().strip();
  }

  private Section.EncPart encPart(IsaParser.EncPartContext c) {
    boolean value = c.expr() != null;
    return new Section.EncPart(
        c.id(0).getText(),
        value ? expr(c.expr()) : null,
        value ? null : c.id(1).getText(),
        span(c));
  }

  private Section.Legal legal(IsaParser.LegalContext c) {
    return new Section.Legal(
        c.getStart().getText().equals("reserved"),
        expr(c.expr()),
        c.STRING() == null ? null : holedText(c.STRING()),
        span(c));
  }

  private Section.Target target(IsaParser.TargetContext c) {
    return new Section.Target(name(c.name()), args(c.args()), span(c));
  }

  private List<Section.Figure> figures(IsaParser.FiguresContext c) {
    return c.figure().stream()
        .map(f -> new Section.Figure(f.id().getText(), expr(f.expr()), span(f)))
        .toList();
  }

  private Item.Columns columns(IsaParser.ColumnsContext c) {
    List<Item.Column> columns = new ArrayList<>();
    for (IsaParser.ColumnContext column : c.column()) {
      List<String> names = column.id() != null ? List.of(column.id().getText()) : ids(column.ids());
      columns.add(
          new Item.Column(
              names,
              column.range() == null ? null : range(column.range()),
              column.array() == null ? null : array(column.array()),
              span(column)));
    }
    return new Item.Columns(columns, c.expr() == null ? null : expr(c.expr()));
  }

  // What surrounds instructions

  private Item.On on(IsaParser.OnContext c) {
    return new Item.On(
        c.id().getText(),
        parameters(c.parameters()),
        c.expr() == null ? null : expr(c.expr()),
        block(c.block()),
        span(c));
  }

  private Item.Machine machine(IsaParser.MachineContext c) {
    List<Item.Param> params = new ArrayList<>();
    List<Item.Unit> units = new ArrayList<>();
    List<Item.CostOf> costs = new ArrayList<>();
    for (IsaParser.MachinePartContext part : c.machinePart()) {
      if (part.param() != null) {
        params.add(param(part.param()));
      } else if (part.unit() != null) {
        IsaParser.UnitContext u = part.unit();
        units.add(
            new Item.Unit(u.id(0).getText(), u.id(1).getText(), figures(u.figures()), span(u)));
      } else {
        IsaParser.CostOfContext k = part.costOf();
        costs.add(
            new Item.CostOf(hasWord(k, "class"), name(k.name()), figures(k.figures()), span(k)));
      }
    }
    return new Item.Machine(c.id(0).getText(), c.id(1).getText(), params, units, costs, span(c));
  }
}
