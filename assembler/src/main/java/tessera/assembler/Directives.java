package tessera.assembler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.AsmParser;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.LineReader;
import tessera.assembler.parser.Literals;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.Nodes;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.Fragment;
import tessera.assembler.relocate.Numbers;
import tessera.assembler.relocate.Program;
import tessera.elf.Symbol;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;

/// What the names that start with a dot do.
final class Directives {

  /// Does what one directive says.
  @FunctionalInterface
  interface Handler {
    void read(Line line, Span at);
  }

  private final Assembly assembly;
  private final Program program;
  private final FrameDirectives frames;
  private final LineDirectives lines;
  private final Map<String, Handler> handlers = new HashMap<>();

  Directives(Assembly assembly) {
    this.assembly = assembly;
    this.program = assembly.program();
    this.frames = new FrameDirectives(assembly);
    this.lines = new LineDirectives(assembly, assembly.folder());
    contents();
    symbols();
    places();
    ignored();
    assembly.macros().addTo(handlers);
    new SectionDirectives(assembly, this).addTo(handlers);
    new OptionDirectives(assembly).addTo(handlers);
    frames.addTo(handlers);
    lines.addTo(handlers);
    handlers.put(".insn", assembly::raw);
  }

  /// Does what a directive says.
  ///
  /// @throws SyntaxError saying what is wrong with it
  void read(Line line, String name, Span at) {
    Handler handler = handlers.get(name);
    if (handler == null) {
      Diagnostic error =
          Diagnostic.error("unknown-directive", at, "unknown directive '" + name + "'");
      String nearest = Suggestion.nearest(name, handlers.keySet());
      throw new SyntaxError(
          nearest == null ? error : error.help("did you mean '" + nearest + "'?"));
    }
    handler.read(line, at);
  }

  /// Adds what directives asked for that stands at the end of an object.
  void finish() {
    lines.finish();
    frames.finish();
  }

  /// Notes that an instruction stands here.
  void instruction(Span at) {
    lines.instruction(at);
  }

  /// {@return whether there is such a directive}
  boolean knows(String name) {
    return handlers.containsKey(name);
  }

  private void put(Handler handler, String... names) {
    for (String name : names) {
      handlers.put(name, handler);
    }
  }

  // Arguments

  List<Node> expressions(Line line) {
    AsmParser.ExpressionsContext arguments = line.arguments(AsmParser::expressions);
    Nodes nodes = new Nodes(line.statement());
    return arguments.expression().stream().map(nodes::expression).toList();
  }

  /// {@return arguments, null for one that is left out, and at least `least` of them}
  private List<@Nullable Node> optionals(Line line) {
    AsmParser.OptionalsContext arguments = line.arguments(AsmParser::optionals);
    Nodes nodes = new Nodes(line.statement());
    List<@Nullable Node> result = new ArrayList<>();
    result.add(nodes.expression(arguments.expression()));
    result.addAll(optionals(line, arguments.optional()));
    return result;
  }

  List<@Nullable Node> optionals(Line line, List<AsmParser.OptionalContext> optionals) {
    Nodes nodes = new Nodes(line.statement());
    List<@Nullable Node> result = new ArrayList<>();
    for (AsmParser.OptionalContext optional : optionals) {
      result.add(optional.expression() == null ? null : nodes.expression(optional.expression()));
    }
    return result;
  }

  private static @Nullable Node at(List<@Nullable Node> nodes, int index) {
    return index < nodes.size() ? nodes.get(index) : null;
  }

  long required(@Nullable Node node, long otherwise) {
    return node == null ? otherwise : assembly.scope().required(node);
  }

  Node single(Line line) {
    return new Nodes(line.statement()).expression(line.arguments(AsmParser::lone).expression());
  }

  /// {@return the names after a directive, with their places}
  Map<String, Span> names(Line line) {
    Map<String, Span> names = new LinkedHashMap<>();
    Nodes nodes = new Nodes(line.statement());
    for (AsmParser.NameContext name : line.arguments(AsmParser::names).name()) {
      names.putIfAbsent(LineReader.name(name), nodes.span(name));
    }
    return names;
  }

  // Contents

  private void contents() {
    put(numbers(1), ".byte");
    put(numbers(2), ".half", ".hword", ".short", ".2byte");
    put(numbers(4), ".word", ".long", ".int", ".4byte");
    put(numbers(8), ".dword", ".quad", ".8byte");
    put(floats(false), ".float", ".single");
    put(floats(true), ".double");
    put(strings(false), ".ascii");
    put(strings(true), ".asciz", ".string");
    put(this::space, ".zero", ".space", ".skip");
    put(this::fill, ".fill");
    put(leb(false), ".uleb128");
    put(leb(true), ".sleb128");
  }

  private Handler numbers(int size) {
    return (line, at) -> {
      for (Node node : expressions(line)) {
        Expression value = assembly.scope().expression(node);
        if (value instanceof Expression.Constant(var number)) {
          Numbers.warnTruncated(number, size, node.span(), assembly.diagnostics());
          program.number(number, size, node.span());
        } else {
          program.number(value, size, node.span());
        }
      }
    };
  }

  private Handler floats(boolean isDouble) {
    return (line, at) -> {
      for (AsmParser.RealContext real : line.arguments(AsmParser::floats).real()) {
        Span span = new Nodes(line.statement()).span(real);
        double value = number(real.getText(), span, isDouble);
        if (isDouble) {
          program.number(Double.doubleToRawLongBits(value), 8, span);
        } else {
          program.number(Float.floatToRawIntBits((float) value), 4, span);
        }
      }
    };
  }

  /// {@return the number that a text spells; for a float, already rounded to one}
  private static double number(String text, Span span, boolean isDouble) {
    boolean negative = text.startsWith("-");
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    double size =
        switch (digits.toLowerCase(Locale.ROOT)) {
          case "inf", "infinity" -> Double.POSITIVE_INFINITY;
          case "nan" -> Double.NaN;
          default -> decimal(digits, span, isDouble);
        };
    return negative ? -size : size;
  }

  private static double decimal(String digits, Span span, boolean isDouble) {
    try {
      return isDouble ? Double.parseDouble(digits) : Float.parseFloat(digits);
    } catch (NumberFormatException e) {
      throw new SyntaxError(
          Diagnostic.error("number", span, "'" + digits + "' is not a floating-point number"));
    }
  }

  private Handler strings(boolean terminated) {
    return (line, at) ->
        line.arguments(AsmParser::strings)
            .STRING()
            .forEach(s -> {
              program.bytes(Literals.string(s.getText()), at);
              if (terminated) {
                program.number(0, 1, at);
              }
            });
  }

  private void space(Line line, Span at) {
    List<@Nullable Node> arguments = optionals(line);
    Node size = at(arguments, 0);
    long value = required(at(arguments, 1), 0);
    if (size != null) {
      program.repeat(
          assembly.scope().expression(size), new Fragment.Padding.Fill(value, 1), size.span());
    }
  }

  private void fill(Line line, Span at) {
    List<@Nullable Node> arguments = optionals(line);
    Node count = at(arguments, 0);
    long size = required(at(arguments, 1), 1);
    long value = required(at(arguments, 2), 0);
    if (size < 0 || size > 8) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "a pattern has 0 to 8 bytes, not " + size));
    }
    if (count != null && size > 0) {
      // GNU as takes at most 4 bytes of the value; the others are 0.
      long kept = size > 4 ? value & 0xffff_ffffL : value;
      program.repeat(
          assembly.scope().expression(count),
          new Fragment.Padding.Fill(kept, (int) size),
          count.span());
    }
  }

  private Handler leb(boolean signed) {
    return (line, at) ->
        expressions(line)
            .forEach(node -> program.leb(assembly.scope().expression(node), signed, node.span()));
  }

  // Symbols

  private void symbols() {
    put(binding(Symbol.Binding.GLOBAL), ".globl", ".global");
    put(binding(Symbol.Binding.LOCAL), ".local");
    put(binding(Symbol.Binding.WEAK), ".weak");
    put(mark(symbol -> symbol.visibility(Symbol.Visibility.HIDDEN)), ".hidden");
    put(mark(symbol -> symbol.visibility(Symbol.Visibility.INTERNAL)), ".internal");
    put(mark(symbol -> symbol.visibility(Symbol.Visibility.PROTECTED)), ".protected");
    put(mark(AsmSymbol::varyConvention), ".variant_cc");
    put(this::type, ".type");
    put(definition((name, value, at) -> size(name, value)), ".size");
    put(definition((name, value, at) -> assembly.define(name, value, true, at)), ".set", ".equ");
    put(definition((name, value, at) -> assembly.define(name, value, false, at)), ".equiv");
    put(this::common, ".comm", ".common");
    put(this::localCommon, ".lcomm");
  }

  private Handler binding(Symbol.Binding binding) {
    return (line, at) -> names(line).forEach((name, span) -> assembly.bind(name, binding, span));
  }

  private Handler mark(Consumer<AsmSymbol> mark) {
    return (line, at) ->
        names(line)
            .forEach((name, span) -> {
              AsmSymbol symbol = program.symbol(name);
              mark.accept(symbol);
              symbol.used(span);
            });
  }

  @FunctionalInterface
  private interface Definition {
    void define(String name, Expression value, Span at);
  }

  private Handler definition(Definition definition) {
    return (line, at) -> {
      AsmParser.DefinitionContext arguments = line.arguments(AsmParser::definition);
      Nodes nodes = new Nodes(line.statement());
      Expression value = assembly.scope().expression(nodes.expression(arguments.expression()));
      definition.define(LineReader.name(arguments.name()), value, nodes.span(arguments.name()));
    };
  }

  private void size(String name, Expression value) {
    program.symbol(name).size(value);
  }

  private void type(Line line, Span at) {
    AsmParser.TypeContext arguments = line.arguments(AsmParser::type);
    String word =
        arguments.STRING() == null
            ? arguments.IDENTIFIER().getText()
            : Literals.text(arguments.STRING().getText());
    Symbol.Type type =
        switch (word) {
          case "function", "STT_FUNC" -> Symbol.Type.FUNC;
          case "object", "STT_OBJECT", "gnu_unique_object" -> Symbol.Type.OBJECT;
          case "tls_object", "STT_TLS" -> Symbol.Type.TLS;
          case "common", "STT_COMMON" -> Symbol.Type.COMMON;
          case "notype", "STT_NOTYPE" -> Symbol.Type.NOTYPE;
          case "gnu_indirect_function", "STT_GNU_IFUNC" -> Symbol.Type.GNU_IFUNC;
          default ->
              throw new SyntaxError(
                  Diagnostic.error(
                      "directive-argument",
                      at,
                      "unknown symbol type '"
                          + word
                          + "'; known are function, object, tls_object,"
                          + " common, notype, gnu_indirect_function"));
        };
    String name = LineReader.name(arguments.name());
    program.symbol(name).type(type);
    if (word.equals("gnu_unique_object")) {
      program.symbol(name).binding(Symbol.Binding.GNU_UNIQUE);
    }
  }

  private void common(Line line, Span at) {
    AsmParser.CommonContext arguments = line.arguments(AsmParser::common);
    Nodes nodes = new Nodes(line.statement());
    long size = assembly.scope().required(nodes.expression(arguments.expression(0)));
    long alignment =
        arguments.expression().size() > 1
            ? assembly.scope().required(nodes.expression(arguments.expression(1)))
            : naturalAlignment(size, 16);
    AsmSymbol symbol = program.symbol(LineReader.name(arguments.name()));
    checkCommon(symbol, size, alignment, nodes.span(arguments.name()));
    if (symbol.asked() == Symbol.Binding.LOCAL) {
      reserve(symbol, size, alignment, at);
    } else {
      symbol.define(new AsmSymbol.Definition.Common(size, alignment), nodes.span(arguments.name()));
    }
    symbol.type(Symbol.Type.OBJECT);
    symbol.size(Expression.of(size));
  }

  private static void checkCommon(AsmSymbol symbol, long size, long alignment, Span at) {
    if (symbol.isDefined() && !(symbol.definition() instanceof AsmSymbol.Definition.Common)) {
      throw new SyntaxError(
          Diagnostic.error("duplicate-label", at, "'" + symbol.name() + "' is defined already")
              .note(symbol.definedAt(), "here"));
    }
    if (size < 0 || size > Program.MOST_ZEROS || Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              at,
              "a size of "
                  + size
                  + " bytes aligned to "
                  + alignment
                  + "; the alignment is a power of two"));
    }
  }

  private static long naturalAlignment(long size, long most) {
    return Math.min(most, size <= 1 ? 1 : Long.highestOneBit(size - 1) << 1);
  }

  private void localCommon(Line line, Span at) {
    AsmParser.CommonContext arguments = line.arguments(AsmParser::common);
    Nodes nodes = new Nodes(line.statement());
    long size = assembly.scope().required(nodes.expression(arguments.expression(0)));
    long alignment =
        arguments.expression().size() > 1
            ? assembly.scope().required(nodes.expression(arguments.expression(1)))
            : Math.min(8, size <= 0 ? 1 : Long.highestOneBit(size));
    AsmSymbol symbol = program.symbol(LineReader.name(arguments.name()));
    checkCommon(symbol, size, alignment, nodes.span(arguments.name()));
    symbol.type(Symbol.Type.OBJECT);
    symbol.size(Expression.of(size));
    reserve(symbol, size, alignment, at);
  }

  /// Reserves room in `.bss`, behind what the text itself puts there.
  private void reserve(AsmSymbol symbol, long size, long alignment, Span at) {
    program.push();
    program.enter(Objects.requireNonNull(program.section(".bss")), 1);
    program.align(Long.numberOfTrailingZeros(alignment), null, Long.MAX_VALUE, at);
    program.place(symbol, at);
    program.repeat(Expression.of(size), new Fragment.Padding.Fill(0, 1), at);
    program.pop();
  }

  // Places

  private void places() {
    put(align(true, 1), ".align", ".p2align");
    put(align(true, 2), ".p2alignw");
    put(align(true, 4), ".p2alignl");
    put(align(false, 1), ".balign");
    put(align(false, 2), ".balignw");
    put(align(false, 4), ".balignl");
    put(this::origin, ".org");
    put((line, at) -> assembly.end(), ".end");
  }

  private Handler align(boolean isPower, int fillSize) {
    return (line, at) -> {
      List<@Nullable Node> arguments = optionals(line);
      Node first = at(arguments, 0);
      Node fill = at(arguments, 1);
      long wanted = required(first, 0);
      int power = isPower ? power(wanted, at) : exactPower(wanted, at);
      long most = required(at(arguments, 2), 0);
      program.align(
          power,
          fill == null ? null : new Fragment.Padding.Fill(required(fill, 0), fillSize),
          most == 0 ? Long.MAX_VALUE : most,
          at);
    };
  }

  private static int power(long wanted, Span at) {
    if (wanted < 0 || wanted > Program.MOST_ALIGNMENT) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              at,
              "an alignment to 2^"
                  + wanted
                  + " bytes; 0 to "
                  + Program.MOST_ALIGNMENT
                  + " are possible"));
    }
    return (int) wanted;
  }

  private static int exactPower(long wanted, Span at) {
    if (wanted != 0 && (wanted < 0 || Long.bitCount(wanted) != 1)) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument", at, "an alignment is a power of two, not " + wanted));
    }
    return wanted == 0 ? 0 : power(Long.numberOfTrailingZeros(wanted), at);
  }

  private void origin(Line line, Span at) {
    List<@Nullable Node> arguments = optionals(line);
    Node target = at(arguments, 0);
    if (target != null) {
      program.origin(
          assembly.scope().expression(target), (int) required(at(arguments, 1), 0), target.span());
    }
  }

  // Without an effect on the contents

  private void ignored() {
    put((line, at) -> {}, ".loc_mark_labels", ".addrsig", ".addrsig_sym");
  }
}
