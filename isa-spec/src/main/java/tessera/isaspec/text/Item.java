package tessera.isaspec.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;

/// A top-level item as written.
public sealed interface Item {
  Span span();

  /// `items` is null for the form that opens a file.
  record Extension(
      String name, List<Need> needs, List<String> conflicts, @Nullable List<Item> items, Span span)
      implements Item {}

  record Need(String name, @Nullable String condition, Span span) {}

  record Param(
      String name,
      @Nullable Term type,
      Term.@Nullable Range range,
      @Nullable Term value,
      @Nullable Term condition,
      @Nullable String text,
      Span span)
      implements Item {}

  record Const(String name, Term value, Span span) implements Item {}

  record Trap(String name, List<Parameter> parameters, Term cause, @Nullable Term value, Span span)
      implements Item {}

  record TypeName(String name, Term type, Span span) implements Item {}

  record FloatType(String name, List<FloatPart> parts, Span span) implements Item {}

  /// `key value`; `value` as written.
  record FloatPart(String key, String value, Span span) {}

  record Record(String name, List<RecordPart> parts, Span span) implements Item {}

  record RecordPart(String name, long at, Term type, Span span) {}

  record State(List<StateItem> items, Span span) implements Item {}

  record Access(
      String name,
      List<Parameter> typeParameters,
      List<String> indices,
      Term type,
      Term get,
      @Nullable String setParameter,
      List<Statement> set,
      Span span)
      implements Item {}

  record Format(String name, int length, List<Field> fields, Span span) implements Item {}

  /// @param operandClass null: the field's bits as a number
  /// @param fixed null: not fixed
  record Field(
      String name,
      List<Chunk> chunks,
      @Nullable Term operandClass,
      @Nullable Long fixed,
      boolean ignored,
      Span span) {}

  /// Bits of the word, or (`width` > 0) a constant.
  record Chunk(int hi, int lo, long constant, int width) {}

  record Operand(String name, Term type, List<OperandPart> parts, Span span) implements Item {}

  /// A part of an operand class.
  sealed interface OperandPart {
    record Texts(List<OperandText> texts) implements OperandPart {}

    record Flags(String letters) implements OperandPart {}

    record None(String text) implements OperandPart {}

    record Register(String file, @Nullable Term number, Span span) implements OperandPart {}

    record CsrName() implements OperandPart {}

    record Integer(boolean hex, @Nullable Term modulo) implements OperandPart {}

    record Pcrel() implements OperandPart {}

    record Step(Term value) implements OperandPart {}

    record Default(Term value) implements OperandPart {}

    record Relocation(List<String> functions) implements OperandPart {}

    record Nested(String name, int hi, int lo, String operandClass, Span span)
        implements OperandPart {}

    record Asm(List<Holed> templates) implements OperandPart {}
  }

  record OperandText(
      Holed text, Term value, @Nullable String index, Term.@Nullable Range range, Span span) {}

  record Rule(
      String name,
      List<Parameter> parameters,
      @Nullable String file,
      boolean reserved,
      Term condition,
      @Nullable Holed text,
      Span span)
      implements Item {}

  record Window(
      String name,
      List<Parameter> parameters,
      List<String> indices,
      Term type,
      Term at,
      List<Term> extents,
      Term spanned,
      boolean overlap,
      List<Section.Let> lets,
      List<Section.Legal> legals,
      Span span)
      implements Item {}

  record Env(
      String name,
      List<Parameter> parameters,
      List<Section.Legal> legals,
      @Nullable Term round,
      List<Arrow> arrows,
      Span span)
      implements Item {}

  record Arrow(String flag, Term target, Span span) {}

  record Loop(
      String name,
      String index,
      List<Bound> bounds,
      List<After> after,
      List<Section.Legal> legals,
      Span span)
      implements Item {}

  /// `from to most active masked tail tail_bool restart`.
  record Bound(String key, Term value, Span span) {}

  record After(Term target, Term value, Span span) {}

  record Real(
      String name,
      List<Parameter> parameters,
      List<Special> special,
      String target,
      @Nullable Term compare,
      List<Statement> body,
      Span span)
      implements Item {}

  record Special(Term condition, Term value) {}

  enum FunctionKind {
    FN,
    ACTION,
    SHAPE
  }

  /// @param value the body of the short form; null: `body` holds statements
  record Function(
      FunctionKind kind,
      String name,
      List<Parameter> typeParameters,
      List<Parameter> parameters,
      @Nullable Term result,
      @Nullable Term value,
      List<Statement> body,
      Span span)
      implements Item {}

  record Parameter(String name, @Nullable Term type, @Nullable Term preset, Span span) {}

  record Table(String name, Term length, Term type, Term value, Span span) implements Item {}

  record ListOf(String name, Term value, Span span) implements Item {}

  record Form(
      String name,
      List<Parameter> parameters,
      String base,
      List<Term.Arg> args,
      List<Section> sections,
      Span span)
      implements Item {}

  /// @param nameSpan the place of the name alone
  record Insn(
      Holed name,
      String base,
      List<Term.Arg> args,
      List<Section> sections,
      Span nameSpan,
      Span span)
      implements Item {}

  record Family(Columns columns, List<Item> items, Span span) implements Item {}

  record Columns(List<Column> columns, @Nullable Term where) {}

  /// `names in range` or `names in [rows]`.
  record Column(List<String> names, Term.@Nullable Range range, @Nullable Term rows, Span span) {}

  record Alias(
      Holed text,
      List<Section.Target> targets,
      boolean sequence,
      @Nullable Term condition,
      boolean prefer,
      Span span)
      implements Item {}

  record On(
      String event,
      List<Parameter> parameters,
      @Nullable Term condition,
      List<Statement> body,
      Span span)
      implements Item {}

  record Agent(String name, Span span) implements Item {}

  record Machine(
      String name, String isa, List<Param> params, List<Unit> units, List<CostOf> costs, Span span)
      implements Item {}

  record Unit(String name, String kind, List<Section.Figure> figures, Span span) {}

  record CostOf(boolean ofClass, Holed name, List<Section.Figure> figures, Span span) {}

  /// An item of a `state` block.
  sealed interface StateItem {
    Span span();

    /// @param count null: a single register
    record Reg(String name, @Nullable Term count, Term type, List<Trait> traits, Span span)
        implements StateItem {}

    record CsrOf(
        Holed name,
        Term number,
        List<Trait> traits,
        @Nullable Term shows,
        List<CsrFieldOf> fields,
        boolean rest,
        List<On> ons,
        Span span)
        implements StateItem {}

    record ModeOf(String name, Term value, Term.Range range, @Nullable Term condition, Span span)
        implements StateItem {}

    record MemoryOf(String name, List<Trait> traits, List<On> ons, Span span)
        implements StateItem {}

    record StateFamily(Columns columns, List<StateItem> items, Span span) implements StateItem {}

    /// Gives a declared field its value.
    record GiveField(String csr, String field, Term value, Span span) implements StateItem {}
  }

  record CsrFieldOf(
      String name,
      int hi,
      int lo,
      @Nullable Term computed,
      @Nullable Term warl,
      @Nullable String input,
      @Nullable Term counts,
      @Nullable Term runs,
      List<Trait> traits,
      Span span) {}

  /// A property of state.
  sealed interface Trait {
    record Reset(Term value) implements Trait {}

    record Zero(int register) implements Trait {}

    record Names(List<String> names) implements Trait {}

    record Needs(Term condition) implements Trait {}

    record ReadOnly() implements Trait {}

    record Shared() implements Trait {}

    record Dirty(List<Dirtying> assignments) implements Trait {}
  }

  record Dirtying(Term target, Term value, Span span) {}
}
