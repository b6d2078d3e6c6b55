package tessera.assembler;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Input;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.LineReader;
import tessera.assembler.parser.Macro;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.Nodes;
import tessera.assembler.parser.Statement;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.Program;
import tessera.elf.Attributes;
import tessera.elf.Symbol;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.encoding.Decoder;

/// Reads the text of one object from top to bottom into a program. An error ends its statement
/// only.
final class Assembly {
  private final Isa isa;
  private final Program program;
  private final Diagnostics diagnostics;
  private final Options options;
  private final Scope scope;
  private final Instructions instructions;
  private final Emitter emitter;
  private final Directives directives;
  private final List<Candidate> raw;
  private final LineReader reader = new LineReader();
  private final List<Attributes.Attribute> attributes = new ArrayList<>();
  private final Input input = new Input();
  private final Conditions conditions = new Conditions();
  private final MacroDirectives macros;
  private final Sources files;
  private final @Nullable String folder;
  private boolean ended;

  Assembly(Assembler assembler, Program program, Options options) {
    this.isa = assembler.isa();
    this.program = program;
    this.diagnostics = program.diagnostics();
    this.options = options;
    this.scope = new Scope(program);
    this.instructions = new Instructions(isa, assembler.mnemonics(), scope);
    this.emitter = new Emitter(assembler, program);
    this.raw = assembler.rawFormats();
    this.files = assembler.files();
    this.folder = assembler.folder();
    this.macros = new MacroDirectives(this, input, conditions);
    this.directives = new Directives(this);
    apply();
  }

  Isa isa() {
    return isa;
  }

  Program program() {
    return program;
  }

  Options options() {
    return options;
  }

  Scope scope() {
    return scope;
  }

  Sources files() {
    return files;
  }

  /// {@return where the texts are, if their own lines are wanted in the tables; else null}
  @Nullable String folder() {
    return folder;
  }

  /// {@return the place in a text given that led to this one}
  Span given(Span at) {
    Span place = at;
    for (Input.Cause cause = input.cause(place.source());
        cause != null;
        cause = input.cause(place.source())) {
      place = cause.at();
    }
    return place;
  }

  MacroDirectives macros() {
    return macros;
  }

  Directives directives() {
    return directives;
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  /// {@return what `.attribute` asked for}
  List<Attributes.Attribute> attributes() {
    return attributes;
  }

  /// Lets the program know what the options are now.
  void apply() {
    program.relax(options.relax());
    program.arch(options.arch().arch().toString());
    program.shortNop(options.compressed() ? Long.valueOf(1) : null);
  }

  /// {@return why statements were read that stand in no file given}
  IdentityHashMap<Source, Input.Cause> causes() {
    return input.causes();
  }

  void read(Source source) {
    if (ended) {
      return;
    }
    input.push(source);
    do {
      readInnermost();
      complainOpen(input.leave());
    } while (input.isReading());
  }

  /// Adds what stands at the end of an object.
  void finish() {
    directives.finish();
  }

  /// Reads the innermost text to its end, with all that it asks for.
  private void readInnermost() {
    while (true) {
      try {
        Statement statement = input.nextOfInnermost();
        if (statement == null) {
          return;
        }
        read(statement);
      } catch (SyntaxError error) {
        diagnostics.add(error.diagnostic());
      }
      int conditionsBefore = input.takeAbandoned();
      if (conditionsBefore >= 0) {
        conditions.cut(conditionsBefore);
      }
    }
  }

  private void complainOpen(int depth) {
    for (Conditions.Open open = conditions.takeBeyond(Math.max(0, depth));
        open != null;
        open = conditions.takeBeyond(Math.max(0, depth))) {
      diagnostics.add(
          Diagnostic.error("unbalanced", open.at(), "no .endif closes this before the text ends"));
    }
  }

  /// Ignores all that follows (`.end`).
  void end() {
    ended = true;
    conditions.cut(0);
    input.end();
  }

  private void read(Statement statement) {
    if (conditions.reads()) {
      readAnyway(statement);
    } else {
      macros.skip(statement);
    }
  }

  /// Reads a statement whatever the conditions say.
  void readAnyway(Statement statement) {
    try {
      Line line = reader.read(statement);
      line.labels().forEach(this::label);
      switch (line.body()) {
        case Line.Body.None() -> {}
        case Line.Body.Assignment(var name, var once, var at) ->
            define(name, expression(line), !once, at);
        case Line.Body.Operation(var name, var at) -> operation(line, name, at);
      }
    } catch (SyntaxError error) {
      diagnostics.add(located(error.diagnostic(), statement));
    }
  }

  private static Diagnostic located(Diagnostic d, Statement statement) {
    return d.span() != null
        ? d
        : new Diagnostic(
            d.code(), d.severity(), statement.span(), d.message(), d.notes(), d.help());
  }

  private Expression expression(Line line) {
    Node node = new Nodes(line.statement()).expression(line.arguments(p -> p.lone()).expression());
    return scope.expression(node);
  }

  /// {@return the number that a text is worth here}
  ///
  /// @throws SyntaxError if it is none
  long number(String text, Span at) {
    try {
      Line line = new LineReader().read(Statement.split(new Source("", ". = " + text)).getFirst());
      return scope.required(
          new Nodes(line.statement()).expression(line.arguments(p -> p.lone()).expression()));
    } catch (SyntaxError error) {
      throw new SyntaxError(
          Diagnostic.error("absolute-expression", at, error.diagnostic().message()));
    }
  }

  private void operation(Line line, String name, Span at) {
    Macro macro = directives.knows(name) ? null : macros.find(name);
    if (macro != null) {
      macros.call(macro, line, at);
      return;
    }
    if (name.startsWith(".") && !instructions.knows(name)) {
      directives.read(line, name, at);
      return;
    }
    List<Encoder.Encoded<Expression>> words = instructions.read(line, name, at, options);
    directives.instruction(at);
    emitter.emit(words, at);
  }

  /// An instruction of a format, or a word (`.insn`).
  void raw(Line line, Span at) {
    if (line.isName(line.first())) {
      List<Encoder.Encoded<Expression>> words = instructions.read(line, raw, at, false);
      directives.instruction(at);
      emitter.emit(words, at);
      return;
    }
    List<Node> arguments = directives.expressions(line);
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument", at, ".insn wants a format, or a word and before it its bytes"));
    }
    long word = scope.required(arguments.getLast());
    int bytes = Decoder.length(word);
    long said = arguments.size() == 2 ? scope.required(arguments.getFirst()) : bytes;
    if (said != bytes || word >>> 8 * bytes != 0) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              arguments.getLast().span(),
              String.format("by its low bits, 0x%x is an instruction of %d bytes", word, bytes)));
    }
    directives.instruction(at);
    program.instruction(word, bytes, List.of(), at);
  }

  private void label(Line.Label label) {
    if (label.number() != null) {
      program.placeNumeric(label.number(), label.span());
      return;
    }
    if (label.name().equals(".")) {
      throw new SyntaxError(Diagnostic.error("syntax", label.span(), "'.' is no label"));
    }
    AsmSymbol symbol = program.symbol(label.name());
    if (symbol.isDefined()) {
      diagnostics.add(duplicate(symbol, label.span()));
    } else {
      program.place(symbol, label.span());
    }
  }

  private static Diagnostic duplicate(AsmSymbol symbol, Span at) {
    return Diagnostic.error("duplicate-label", at, "'" + symbol.name() + "' is defined already")
        .note(symbol.definedAt(), "here");
  }

  /// Makes a name stand for an expression.
  ///
  /// @param again whether it may be defined again
  void define(String name, Expression value, boolean again, Span at) {
    if (name.equals(".")) {
      program.origin(value, 0, at);
      return;
    }
    AsmSymbol symbol = program.symbol(name);
    if (symbol.isDefined()) {
      if (!again || !symbol.redefinable()) {
        throw new SyntaxError(duplicate(symbol, at));
      }
      AsmSymbol old = symbol;
      symbol = program.replace(name);
      symbol.inherit(old);
    }
    if (value instanceof Expression.Reference(var other)) {
      symbol.standFor(other);
    }
    symbol.redefinable(again);
    symbol.define(new AsmSymbol.Definition.Equal(value), at);
  }

  /// Gives a symbol a binding that the text asks for.
  void bind(String name, Symbol.Binding binding, Span at) {
    AsmSymbol symbol = program.symbol(name);
    symbol.binding(binding);
    symbol.used(at);
  }
}
